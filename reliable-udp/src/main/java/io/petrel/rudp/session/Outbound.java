package io.petrel.rudp.session;

import io.petrel.codecs.wire.CloseMode;
import io.petrel.codecs.wire.CloseReason;
import io.petrel.rudp.congestion.CongestionPhase;
import io.petrel.rudp.flow.ReceiveStream;
import io.petrel.rudp.flow.SendStream;
import io.petrel.rudp.recovery.Recovery;
import io.petrel.rudp.recovery.SentPackets;
import io.petrel.transport.datagram.DatagramSink;
import io.petrel.transport.time.Deadline;

/**
 * What a session sends, and when: control frames at once, bytes to be sent again before new ones,
 * all of them within the window and at the pacer's rate; probes regardless of both. Streams take
 * turns, packet by packet.
 */
final class Outbound {
  /** A turn ends after this many datagrams, so that other sessions get theirs. */
  static final int DATAGRAMS_A_TURN = 64;

  /** Pieces of streams in a packet; what is left of it is then not worth another frame. */
  private static final int MOST_PIECES = 8;

  /** A frame for fewer bytes than this is not worth its header while there are more to come. */
  private static final int SMALLEST_PIECE = 64;

  /** A peer that has forgotten the session says so in a datagram no longer than what it answers. */
  private static final int SHORTEST_PING = 64;

  /** Ranges in an acknowledgement that rides on data. */
  private static final int CARRIED_RANGES = 16;

  /** A train as long as a system call takes it. */
  private static final int TRAIN_BYTES = 64 << 10;

  private static final int ALL_RANGES = Integer.MAX_VALUE;

  /** A window that stays closed is asked about at least this often. */
  private static final long LONGEST_BLOCKED_WAIT_NS = 1_000_000_000L;

  /** Between two numbers left out on purpose lie at least this many packets, and at most twice. */
  private static final int SKIP_PERIOD = 256;

  private final SessionCore core;
  private final PacketWriter writer;
  private final RepairCopies copies = new RepairCopies();
  private CloseMode closeMode = CloseMode.GRACEFUL;
  private CloseReason closeReason = CloseReason.APPLICATION;
  private long closeCode;
  private long random;
  private long nextSkip;
  private int turn;
  private long pacedNs = Deadline.NONE;

  // The packet being built.
  private int flags;
  private boolean asks;
  private boolean carriesStream;
  private boolean carriesAgain;
  private boolean isProbe;
  private boolean isCopy;

  Outbound(SessionCore core) {
    this.core = core;
    this.writer = new PacketWriter(core.parameters.remoteId(), core.parameters.checksum());
    this.random = core.parameters.seed();
    scheduleSkip();
  }

  void close(CloseMode mode, CloseReason reason, long code) {
    closeMode = mode;
    closeReason = reason;
    closeCode = code;
    core.closeDue = true;
  }

  CloseReason closeReason() {
    return closeReason;
  }

  /** When the pacer lets the next datagram go, if it keeps one back. */
  long pacedNs() {
    return pacedNs;
  }

  /** Whether an application has written or read since the last poll. */
  boolean isReady() {
    for (int i = 0; i < core.streams.sendCount(); i++) {
      if (core.streams.send(i).isNewlyWritten()) {
        return true;
      }
    }
    for (int i = 0; i < core.streams.receiveCount(); i++) {
      ReceiveStream stream = core.streams.receive(i);
      if (stream.isWindowDue() || stream.ring().breach() < 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether there is anything to send but an acknowledgement that may still wait. */
  boolean isUrgent(long nowNs) {
    if (core.probeDue || isControlDue(nowNs)) {
      return true;
    }
    for (int i = 0; i < core.streams.sendCount(); i++) {
      SendStream stream = core.streams.send(i);
      if (stream.hasMissing() || stream.isNewlyWritten() || stream.sendable() > 0) {
        return true;
      }
    }
    return false;
  }

  /** Writes what may go now; returns how many datagrams that was. */
  int poll(long nowNs, DatagramSink sink, boolean dataAllowed) {
    refresh(nowNs);
    pacedNs = Deadline.NONE;
    int count = 0;
    long credit = core.pacer.sendableBytes(nowNs);
    boolean waiting = dataAllowed && isTrainWorthWaitingFor();
    if (dataAllowed && core.size.isProbeDue(nowNs)) {
      count += probeSize(nowNs, sink);
    }
    while (count < DATAGRAMS_A_TURN) {
      int wanted = dataAllowed && !waiting ? wantedBytes() : 0;
      boolean data = wanted > 0 && isAllowed(wanted, credit);
      if (!data && !core.probeDue && !isControlDue(nowNs)) {
        if (waiting) {
          return count; // what is in flight will be acknowledged, or probed for
        }
        if (wanted > 0) {
          pacedNs = wanted > credit ? core.pacer.nextSendNs(nowNs) : Deadline.NONE;
          return count;
        }
        if (dataAllowed && Deadline.isDue(nowNs, copies.deadlineNs())) {
          int length = copyRepair(nowNs, sink, credit);
          credit -= length;
          count += length > 0 ? 1 : 0;
          continue;
        }
        pacedNs = copies.deadlineNs();
        if (core.recovery.inFlightBytes() < core.recovery.windowBytes()) {
          core.recovery.onApplicationLimited();
        }
        return count;
      }
      int most = core.path.allowed(core.size.current());
      int offset = most < PathCheck.LEAST_DATAGRAM ? DatagramSink.FULL : sink.claim(most);
      if (offset == DatagramSink.FULL) {
        core.path.stall();
        return count;
      }
      writer.begin(sink.buffer(), offset, most);
      int length = build(nowNs, data);
      sink.commit(length);
      if (length == 0) {
        core.path.stall();
        return count;
      }
      core.path.onSent(length);
      credit -= asks ? length : 0;
      count++;
    }
    return count;
  }

  /**
   * A datagram longer than is known to pass, if the peer is known to be there to see it. It may
   * reach beyond the window by its length, since a busy session never has room for all of it; while
   * losses are mended what room there is belongs to them.
   */
  private int probeSize(long nowNs, DatagramSink sink) {
    int length = core.size.probed();
    if (!core.recovery.roundTrip().isMeasured()
        || !core.path.isProven()
        || core.controller.phase() == CongestionPhase.RECOVERY
        || core.recovery.windowBytes() < Math.max(length, core.recovery.inFlightBytes())) {
      return 0;
    }
    int offset = sink.claim(length);
    if (offset == DatagramSink.FULL) {
      return 0;
    }
    writer.begin(sink.buffer(), offset, length);
    begin();
    flags = Recovery.SIZE_PROBE;
    writer.probe();
    asks = true;
    sink.commit(finish(nowNs, false));
    core.size.onProbeSent(core.packets.next() - 1);
    return 1;
  }

  /** What a repair carried goes once more; returns the length, 0 where there is no call for it. */
  private int copyRepair(long nowNs, DatagramSink sink, long credit) {
    long repair = copies.take();
    if (!core.packets.isTracked(repair)
        || core.packets.state(repair) != SentPackets.IN_FLIGHT
        || !core.path.isProven()
        || !isAllowed(core.packets.bytes(repair), credit)
        || !copies.spend(core.counters.bytesSent, core.packets.bytes(repair))) {
      return 0;
    }
    int offset = sink.claim(core.size.current());
    if (offset == DatagramSink.FULL) {
      return 0;
    }
    writer.begin(sink.buffer(), offset, core.size.current());
    begin();
    isCopy = true;
    for (int i = 0; i < core.packets.pieceCount(repair); i++) {
      SendStream stream = core.streams.findSend(core.packets.pieceStream(repair, i));
      int length = core.packets.pieceLength(repair, i);
      if (stream != null && length > 0 && !stream.isStopped()) {
        long end = core.packets.piecePosition(repair, i) + length;
        long position = stream.undeliveredFrom(core.packets.piecePosition(repair, i));
        addAgain(stream, position, end - position);
      }
    }
    int length = writer.isEmpty() ? 0 : finish(nowNs, false);
    sink.commit(length);
    return length;
  }

  private void refresh(long nowNs) {
    boolean blocked = false;
    for (int i = 0; i < core.streams.sendCount(); i++) {
      SendStream stream = core.streams.send(i);
      stream.refresh();
      blocked |= stream.isBlocked();
    }
    if (!blocked) {
      core.blockedProbeNs = Deadline.NONE;
    } else if (core.blockedProbeNs == Deadline.NONE) {
      // A reader at work sends a window by itself; only a silent one is asked.
      core.counters.windowStalls++;
      core.blockedWaitNs = Math.min(core.recovery.probeTimeoutNs(), LONGEST_BLOCKED_WAIT_NS);
      core.blockedProbeNs = nowNs + core.blockedWaitNs;
    } else if (Deadline.isDue(nowNs, core.blockedProbeNs)) {
      core.blockedDue = true;
      core.blockedWaitNs = Math.min(core.blockedWaitNs * 2, LONGEST_BLOCKED_WAIT_NS);
      core.blockedProbeNs = nowNs + core.blockedWaitNs;
    }
  }

  /**
   * Whether the window leaves room for a small part of a train only, while there are bytes for all
   * of it and packets in flight whose acknowledgement will make more room. Without this a busy
   * session's trains shrink to what each acknowledgement sets free, and a system call to a tenth of
   * what it can carry.
   */
  private boolean isTrainWorthWaitingFor() {
    long inFlight = core.recovery.inFlightBytes();
    if (inFlight == 0) {
      return false;
    }
    long window = core.recovery.windowBytes();
    long worth = Math.min(core.pacer.burstBytes() / 2, Math.min(TRAIN_BYTES, window / 4));
    long room = window - inFlight;
    if (room >= worth) {
      return false;
    }
    long unsent = 0;
    for (int i = 0; i < core.streams.sendCount(); i++) {
      SendStream stream = core.streams.send(i);
      if (stream.hasMissing()) {
        return false;
      }
      unsent += stream.sendable();
    }
    return unsent > room;
  }

  /** The length of the next datagram with bytes of a stream; 0 when there is none to send. */
  private int wantedBytes() {
    long most = 0;
    for (int i = 0; i < core.streams.sendCount(); i++) {
      SendStream stream = core.streams.send(i);
      most = Math.max(most, stream.hasMissing() ? stream.missingLength() : stream.sendable());
    }
    return most == 0 ? 0 : (int) Math.min(most + writer.streamOverhead(), core.size.current());
  }

  private boolean isAllowed(int bytes, long credit) {
    return bytes <= credit && core.recovery.inFlightBytes() + bytes <= core.recovery.windowBytes();
  }

  private boolean isControlDue(long nowNs) {
    if (core.acks.isDue(nowNs)
        || core.pingDue
        || core.blockedDue
        || core.closeDue
        || core.path.isDue()) {
      return true;
    }
    for (int i = 0; i < core.streams.receiveCount(); i++) {
      ReceiveStream stream = core.streams.receive(i);
      if (stream.isWindowDue() || stream.isStopDue()) {
        return true;
      }
    }
    for (int i = 0; i < core.streams.sendCount(); i++) {
      SendStream stream = core.streams.send(i);
      if (stream.isOpenDue() || stream.isEndDue()) {
        return true;
      }
    }
    return false;
  }

  private int build(long nowNs, boolean data) {
    begin();
    isProbe = core.probeDue;
    if (core.path.isDue()) {
      addPath();
    }
    boolean acked = addAck(nowNs, data || core.probeDue);
    addControl();
    if (core.probeDue) {
      addProbe();
    } else if (data) {
      addStreams(nowNs);
    }
    if (writer.isEmpty()) {
      return 0;
    }
    return finish(nowNs, acked);
  }

  private void begin() {
    flags = 0;
    asks = false;
    carriesStream = false;
    carriesAgain = false;
    isProbe = false;
    isCopy = false;
  }

  /** An answer asks for nothing: who does not get it asks again. */
  private void addPath() {
    if (core.path.isAnswerDue() && writer.hasRoomForPath()) {
      writer.answer(core.path.takeAnswer());
    }
    if (core.path.isQuestionDue() && writer.hasRoomForPath()) {
      writer.question(core.path.takeQuestion());
      asks = true;
    }
  }

  private boolean addAck(long nowNs, boolean riding) {
    if (!core.acks.isPending() || core.received.count() == 0) {
      return false;
    }
    return writer.ack(
        core.received,
        nowNs - core.largestReceivedNs,
        core.lastStreamId,
        core.lastStreamContiguous,
        riding ? CARRIED_RANGES : ALL_RANGES);
  }

  private void addControl() {
    for (int i = 0; i < core.streams.receiveCount(); i++) {
      ReceiveStream stream = core.streams.receive(i);
      addWindow(stream);
      if (stream.isStopDue() && writer.stop(stream.id())) {
        stream.stopDue(false);
        addControlPiece(stream.id(), SessionCore.PIECE_STOP);
      }
    }
    for (int i = 0; i < core.streams.sendCount(); i++) {
      addStreamControl(core.streams.send(i));
    }
    if (core.blockedDue) {
      core.blockedDue = false;
      for (int i = 0; i < core.streams.sendCount(); i++) {
        SendStream stream = core.streams.send(i);
        if (stream.isBlocked() && writer.blocked(stream.id(), stream.sent())) {
          asks = true;
          flags |= SessionCore.CARRIED_BLOCKED;
        }
      }
    }
    if (core.closeDue && writer.close(closeMode, closeReason, closeCode, core.streams)) {
      core.closeDue = false;
      asks |= closeMode == CloseMode.GRACEFUL;
      flags |= SessionCore.CARRIED_CLOSE;
    }
    if (core.pingDue) {
      core.pingDue = false;
      addPing();
    }
  }

  private void addStreamControl(SendStream stream) {
    if (stream.isOpenDue() && writer.open(stream.id(), stream.ring().capacity())) {
      stream.openDue(false);
      addControlPiece(stream.id(), SessionCore.PIECE_OPEN);
    }
    if (stream.isEndDue()
        && (stream.isStopped()
            ? writer.reset(stream.id(), stream.finalPosition())
            : writer.end(stream.id(), stream.finalPosition()))) {
      stream.endDue(false);
      addControlPiece(stream.id(), SessionCore.PIECE_END);
    }
  }

  private void addControlPiece(int streamId, long piece) {
    core.packets.addPiece(streamId, piece, 0);
    asks = true;
  }

  private void addWindow(ReceiveStream stream) {
    if (!stream.isWindowDue()) {
      return;
    }
    boolean urgent = stream.isWindowUrgent();
    long contiguous = stream.contiguous();
    if (!writer.hasRoomForWindow()) {
      return;
    }
    writer.window(stream.id(), stream.announce(), contiguous, stream.ring().capacity());
    if (urgent) {
      core.pingDue = true; // a window asks for no acknowledgement, a ping beside it does
      flags |= SessionCore.CARRIED_WINDOW;
    }
  }

  /** The oldest bytes in flight once more, and what followed them as far as there is room. */
  private void addProbe() {
    core.probeDue = false;
    long oldest = core.recovery.oldestInFlight();
    if (core.recovery.inFlightBytes() == 0) {
      return;
    }
    core.renew(core.packets.flags(oldest));
    for (int i = 0; i < core.packets.pieceCount(oldest); i++) {
      if (core.packets.pieceLength(oldest, i) == 0) {
        core.renew(core.packets.pieceStream(oldest, i), core.packets.piecePosition(oldest, i));
      }
    }
    addControl();
    for (int i = 0; i < core.packets.pieceCount(oldest); i++) {
      SendStream stream = core.streams.findSend(core.packets.pieceStream(oldest, i));
      if (stream != null && core.packets.pieceLength(oldest, i) > 0 && !stream.isStopped()) {
        long position = stream.undeliveredFrom(core.packets.piecePosition(oldest, i));
        addAgain(stream, position, stream.sent() - position);
      }
    }
    if (!asks) {
      addPing();
    }
  }

  private void addPing() {
    if (writer.ping()) {
      writer.pad(SHORTEST_PING);
      asks = true;
    } else {
      core.pingDue = true;
    }
  }

  private void addStreams(long nowNs) {
    if (core.recovery.inFlightBytes() == 0) {
      core.controller.onIdleRestart(nowNs);
    }
    int count = core.streams.sendCount();
    turn = turn + 1 < count ? turn + 1 : 0;
    int pieces = 0;
    for (int i = 0; i < count && pieces < MOST_PIECES; i++) {
      int index = turn + i < count ? turn + i : turn + i - count;
      SendStream stream = core.streams.send(index);
      while (pieces < MOST_PIECES && stream.hasMissing()) {
        if (addAgain(stream, stream.missingStart(), stream.missingLength()) == 0) {
          return;
        }
        pieces++;
      }
      if (pieces < MOST_PIECES && stream.sendable() > 0) {
        int length = pieceLength(stream.sendable());
        if (length == 0) {
          return;
        }
        addPiece(stream, stream.sent(), length);
        stream.onSent(length);
        pieces++;
      }
    }
  }

  private int addAgain(SendStream stream, long position, long available) {
    int length = pieceLength(available);
    if (length > 0) {
      addPiece(stream, position, length);
      stream.onSentAgain(position, length);
      carriesAgain = true;
      core.counters.retransmittedBytes += length;
    }
    return length;
  }

  private int pieceLength(long available) {
    int room = writer.room() - PacketWriter.STREAM_OVERHEAD;
    if (available <= 0) {
      return 0;
    }
    return room < Math.min(available, SMALLEST_PIECE) ? 0 : (int) Math.min(available, room);
  }

  private void addPiece(SendStream stream, long position, int length) {
    writer.stream(stream.id(), stream.ring(), position, length);
    core.packets.addPiece(stream.id(), position, length);
    asks = true;
    carriesStream = true;
  }

  private int finish(long nowNs, boolean acked) {
    SessionCounters counters = core.counters;
    if (carriesStream) {
      core.acks.onDataSent(nowNs, core.ackDelayNs());
    }
    if (acked) {
      core.acks.onAckSent(nowNs, !carriesStream);
      if (carriesStream) {
        counters.acksCarried++;
      } else {
        counters.acksAlone++;
      }
    }
    if (core.packets.next() - nextSkip >= 0 && !core.packets.isFull()) {
      core.packets.skip();
      scheduleSkip();
    }
    int length = writer.finish(core.packets.next(), core.recovery.lowestAwaited());
    long number = core.recovery.onSent(nowNs, length, flags, asks);
    if (isProbe) {
      core.pingDue |= length > core.size.base(); // a short one beside it: is it the length?
    }
    if (isProbe || isCopy) {
      core.copies.add(number);
    }
    if (carriesAgain && !isCopy && core.recovery.backOff() <= 1) {
      copies.onRepairSent(nowNs, number, core.recovery.roundTrip().smoothedNs());
    }
    if (asks) {
      core.pacer.onSent(nowNs, length);
      core.lastAskedNs = nowNs;
    }
    counters.datagramsSent++;
    counters.bytesSent += length;
    counters.retransmittedDatagrams += carriesAgain ? 1 : 0;
    return length;
  }

  /** A peer that acknowledges what it cannot have seen is found out (RFC 9000 section 21.4). */
  private void scheduleSkip() {
    random = random * 6364136223846793005L + 1442695040888963407L; // Knuth's MMIX generator
    nextSkip = core.packets.next() + SKIP_PERIOD + (random >>> 33) % SKIP_PERIOD;
  }
}
