package io.petrel.rudp.session;

import io.petrel.codecs.wire.CloseMode;
import io.petrel.codecs.wire.CloseReason;
import io.petrel.rudp.congestion.CongestionPhase;
import io.petrel.rudp.flow.ReceiveStream;
import io.petrel.rudp.flow.SendStream;
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

  /** What a lone packet leaves free for an acknowledgement and control frames. */
  private static final int LONE_RESERVE = 256;

  /** A train as long as a system call takes it. */
  private static final int TRAIN_BYTES = 64 << 10;

  /** A window that stays closed is asked about at least this often. */
  private static final long LONGEST_BLOCKED_WAIT_NS = 1_000_000_000L;

  private final SessionCore core;
  private final PacketBuilder packet;
  private final RepairCopies copies = new RepairCopies();
  private long pacedNs = Deadline.NONE;

  // The answer that has left and is not accounted for.
  private int answerLength;
  private long answeredNs;

  Outbound(SessionCore core) {
    this.core = core;
    this.packet = new PacketBuilder(core, copies);
  }

  void close(CloseMode mode, CloseReason reason, long code) {
    packet.close(mode, reason, code);
    core.closeDue = true;
  }

  CloseReason closeReason() {
    return packet.closeReason();
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

  /**
   * Sends the one short packet that is most often all there is; {@link #account} follows when it
   * has left, since what is reckoned before delays it.
   */
  void answer(long nowNs, DatagramSink sink) {
    if (answerLength > 0) {
      return;
    }
    int wanted = loneLength();
    if (wanted == 0 || !isAllowed(wanted, core.pacer.sendableBytes(nowNs))) {
      return;
    }
    int offset = sink.claim(core.size.current());
    if (offset == DatagramSink.FULL) {
      return;
    }
    packet.begin(sink.buffer(), offset, core.size.current());
    packet.addAck(nowNs, true);
    packet.addControl();
    packet.addStreams(nowNs);
    answerLength = packet.complete();
    answeredNs = nowNs;
    sink.commit(answerLength);
    sink.hurry();
  }

  /** Does the accounts of an answer, if one has left; returns how many datagrams that was. */
  int account(long nowNs) {
    if (answerLength == 0) {
      return 0;
    }
    boolean late = nowNs - answeredNs > Session.LATEST_ANSWER_NS;
    packet.account(late ? nowNs : answeredNs, answerLength);
    answerLength = 0;
    return 1;
  }

  /** The length of a packet with all that is to be sent; 0 when one would not do, or none goes. */
  private int loneLength() {
    if (core.probeDue || core.path.isDue() || !core.path.isProven()) {
      return 0;
    }
    long bytes = 0;
    for (int i = 0; i < core.streams.sendCount(); i++) {
      SendStream stream = core.streams.send(i);
      stream.refresh();
      if (stream.hasMissing()) {
        return 0;
      }
      long sendable = stream.sendable();
      bytes += sendable > 0 ? sendable + PacketWriter.STREAM_OVERHEAD : 0;
    }
    return bytes == 0 || bytes > core.size.current() - LONE_RESERVE
        ? 0
        : (int) bytes + packet.streamOverhead();
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
      packet.begin(sink.buffer(), offset, most);
      int length = packet.fill(nowNs, data);
      sink.commit(length);
      if (length == 0) {
        core.path.stall();
        return count;
      }
      core.path.onSent(length);
      credit -= packet.asks() ? length : 0;
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
    packet.begin(sink.buffer(), offset, length);
    sink.commit(packet.fillToProbeSize(nowNs));
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
    packet.begin(sink.buffer(), offset, core.size.current());
    int length = packet.fillWithCopy(nowNs, repair);
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
    return most == 0 ? 0 : (int) Math.min(most + packet.streamOverhead(), core.size.current());
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
}
