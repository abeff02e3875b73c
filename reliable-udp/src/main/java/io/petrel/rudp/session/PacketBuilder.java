package io.petrel.rudp.session;

import io.petrel.codecs.wire.CloseMode;
import io.petrel.codecs.wire.CloseReason;
import io.petrel.rudp.flow.ReceiveStream;
import io.petrel.rudp.flow.SendStream;
import io.petrel.rudp.recovery.Recovery;
import org.agrona.MutableDirectBuffer;

/**
 * One packet after the other: what goes into it, its number, and what is entered when it has been
 * sent. When one may go, {@link Outbound} knows.
 */
final class PacketBuilder {
  /** Pieces of streams in a packet; what is left of it is then not worth another frame. */
  private static final int MOST_PIECES = 8;

  /** A frame for fewer bytes than this is not worth its header while there are more to come. */
  private static final int SMALLEST_PIECE = 64;

  /** A peer that has forgotten the session says so in a datagram no longer than what it answers. */
  private static final int SHORTEST_PING = 64;

  /** Ranges in an acknowledgement that rides on data. */
  private static final int CARRIED_RANGES = 16;

  private static final int ALL_RANGES = Integer.MAX_VALUE;

  /**
   * Before the first number left out on purpose lie at least this many packets and at most twice as
   * many; before each further one twice what lay before the last, up to a bound: whoever lies about
   * what came lies from early on, and each gap costs an honest peer a packet of its own.
   */
  private static final int FIRST_SKIP = 256;

  private static final int LONGEST_SKIP = 16_384;

  private final SessionCore core;
  private final RepairCopies copies;
  private final PacketWriter writer;
  private CloseMode closeMode = CloseMode.GRACEFUL;
  private CloseReason closeReason = CloseReason.APPLICATION;
  private long closeCode;
  private long random;
  private long nextSkip;
  private int skipPeriod = FIRST_SKIP;
  private int turn;

  // The packet being built, or just sent.
  private int flags;
  private boolean asks;
  private boolean carriesAck;
  private boolean carriesStream;
  private boolean carriesAgain;
  private boolean isProbe;
  private boolean isCopy;

  PacketBuilder(SessionCore core, RepairCopies copies) {
    this.core = core;
    this.copies = copies;
    this.writer = new PacketWriter(core.parameters.remoteId(), core.parameters.checksum());
    this.random = core.parameters.seed();
    scheduleSkip();
  }

  void close(CloseMode mode, CloseReason reason, long code) {
    closeMode = mode;
    closeReason = reason;
    closeCode = code;
  }

  CloseReason closeReason() {
    return closeReason;
  }

  /** Bytes of a packet with one stream frame, beside the stream's bytes. */
  int streamOverhead() {
    return writer.streamOverhead();
  }

  /** Whether the packet wants to be acknowledged. */
  boolean asks() {
    return asks;
  }

  /** All that is due, as far as there is room; returns the length, 0 when nothing found any. */
  int fill(long nowNs, boolean data) {
    isProbe = core.probeDue;
    if (core.path.isDue()) {
      addPath();
    }
    addAck(nowNs, data || core.probeDue);
    addControl();
    if (core.probeDue) {
      addProbe();
    } else if (data) {
      addStreams(nowNs);
    }
    if (writer.isEmpty()) {
      return 0;
    }
    return finish(nowNs);
  }

  /** Nothing but its length; returns it. */
  int fillToProbeSize(long nowNs) {
    flags = Recovery.SIZE_PROBE;
    asks = true;
    writer.probe();
    return finish(nowNs);
  }

  /** What is still missing of what a repair carried; returns the length, 0 when nothing is. */
  int fillWithCopy(long nowNs, long repair) {
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
    return writer.isEmpty() ? 0 : finish(nowNs);
  }

  private int finish(long nowNs) {
    int length = complete();
    account(nowNs, length);
    return length;
  }

  /** An empty packet. */
  void begin(MutableDirectBuffer buffer, int offset, int most) {
    writer.begin(buffer, offset, most);
    flags = 0;
    carriesAck = false;
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

  void addAck(long nowNs, boolean riding) {
    carriesAck =
        core.acks.isPending()
            && core.received.count() > 0
            && writer.ack(
                core.received,
                nowNs - core.largestReceivedNs,
                core.lastStreamId,
                core.lastStreamContiguous,
                riding ? CARRIED_RANGES : ALL_RANGES);
  }

  void addControl() {
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

  /** Bytes of the streams in turn, those to be sent again before new ones. */
  void addStreams(long nowNs) {
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

  /** Gives the packet its number. */
  int complete() {
    if (core.packets.next() - nextSkip >= 0 && !core.packets.isFull()) {
      core.packets.skip();
      scheduleSkip();
    }
    return writer.finish(core.packets.next(), core.recovery.lowestAwaited());
  }

  /** What has been written counts as sent. */
  void account(long nowNs, int length) {
    SessionCounters counters = core.counters;
    if (carriesStream) {
      core.acks.onDataSent(nowNs, core.ackDelayNs());
    }
    if (carriesAck) {
      core.acks.onAckSent(nowNs, !carriesStream);
      if (carriesStream) {
        counters.acksCarried++;
      } else {
        counters.acksAlone++;
      }
    }
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
  }

  /** A peer that acknowledges what it cannot have seen is found out (RFC 9000 section 21.4). */
  private void scheduleSkip() {
    random = random * 6364136223846793005L + 1442695040888963407L; // Knuth's MMIX generator
    nextSkip = core.packets.next() + skipPeriod + (random >>> 33) % skipPeriod;
    skipPeriod = Math.min(2 * skipPeriod, LONGEST_SKIP);
  }
}
