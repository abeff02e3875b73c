package io.petrel.rudp.session;

import io.petrel.codecs.wire.CloseMode;
import io.petrel.codecs.wire.CloseReason;
import io.petrel.rudp.congestion.CongestionController;
import io.petrel.rudp.flow.ReceiveStream;
import io.petrel.rudp.flow.SendStream;
import io.petrel.rudp.recovery.Recovery;
import io.petrel.transport.EndReason;
import io.petrel.transport.datagram.DatagramSink;
import io.petrel.transport.ring.SendRing;
import io.petrel.transport.time.Deadline;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One side of a session, without a socket, a thread or a clock.
 *
 * <p>Inputs: {@link #onDatagram} for each datagram, already validated and addressed to this
 * session; {@link #onTimer} when {@link #nextDeadlineNs} has come; and what the application writes
 * into the rings. After any of them, and whenever a ring was written or read, {@link #poll} until
 * it returns 0: it writes the datagrams that may go now.
 *
 * <pre>
 *   OPEN --close here or there--> CLOSING --all delivered both ways--> DRAINING --3 probe timeouts--> ENDED
 *     |                              |                                    ^
 *     +------abort, breach, silence--+------------------------------------+
 * </pre>
 *
 * <p>A graceful close is mutual: who is told of the other's sends its own, so that what either side
 * has accepted is delivered. While draining nothing is said but what answers a peer that has not
 * heard.
 */
public final class Session {
  private enum State {
    OPEN,
    CLOSING,
    DRAINING,
    ENDED
  }

  /** The most datagrams that one {@link #poll} writes; then there may be more. */
  public static final int DATAGRAMS_A_TURN = Outbound.DATAGRAMS_A_TURN;

  /** The largest number of a stream; above it in an id stands the generation. */
  public static final int LARGEST_STREAM = (1 << 24) - 1;

  static final int GENERATION_SHIFT = 24;

  /**
   * An answer that left so long after the time it was given left at that time: a few microseconds
   * are nothing to a round trip. Of a later one the time of the next {@link #poll} is believed.
   */
  public static final long LATEST_ANSWER_NS = 10_000;

  private static final int DRAIN_TIMEOUTS = 3;

  /** How often the network must say that the peer is gone, and how long it must be silent. */
  private static final int UNREACHABLE_LIMIT = 3;

  private static final long LEAST_SILENCE_NS = 100_000_000L;

  private final SessionCore core;
  private final SessionListener listener;
  private final Inbound inbound;
  private final Outbound outbound;
  private State state = State.OPEN;
  private boolean closedHere;
  private boolean closedByPeer;
  private boolean aborted;
  private long stateDeadlineNs = Deadline.NONE;
  private int unreachable;
  private long unreachableSinceNs;
  private @Nullable EndReason endReason;
  private @Nullable Object attachment;

  /**
   * A session just agreed on.
   *
   * @param listener told of streams and of the end.
   */
  public Session(long nowNs, SessionParameters parameters, SessionListener listener) {
    this.core = new SessionCore(nowNs, parameters);
    this.listener = listener;
    this.inbound = new Inbound(core, this, listener);
    this.outbound = new Outbound(core);
    core.afterRecovery(nowNs);
  }

  /** What the session was made with. */
  public SessionParameters parameters() {
    return core.parameters;
  }

  /** What the session has counted so far. */
  public SessionCounters counters() {
    return core.counters;
  }

  /** Packets, losses, round trips. */
  public Recovery recovery() {
    return core.recovery;
  }

  /** The congestion controller. */
  public CongestionController controller() {
    return core.controller;
  }

  /**
   * Adds a stream to send on, with an id that was not used before in this session: what is on its
   * way of an old stream would be taken for the new one's.
   *
   * @param ring of the session's capacity.
   * @return false when there are as many as agreed, or the session is closing.
   */
  public boolean addSend(int streamId, SendRing ring) {
    if (state != State.OPEN
        || core.streams.isSendFull()
        || core.streams.findSend(streamId) != null) {
      return false;
    }
    core.streams.add(new SendStream(streamId, ring, core.parameters.ringCapacity()));
    return true;
  }

  /** The id of a stream: its number, and how often the number was used in this session before. */
  public static int streamId(int number, int generation) {
    return number | (generation << GENERATION_SHIFT);
  }

  /** The number of a stream by its id. */
  public static int streamNumber(int streamId) {
    return streamId & LARGEST_STREAM;
  }

  /**
   * Ends a stream to the peer gracefully: nothing more is accepted, what was accepted is delivered.
   */
  public void endSend(int streamId) {
    SendStream stream = core.streams.findSend(streamId);
    if (stream != null && state == State.OPEN) {
      stream.end();
    }
  }

  /** Wants no more of a stream of the peer's: it is told, what it still sends is passed over. */
  public void stopReceive(int streamId) {
    ReceiveStream stream = core.streams.findReceive(streamId);
    if (stream != null) {
      stream.stop();
    }
  }

  /** A datagram for this session has come. */
  public void onDatagram(long nowNs, DirectBuffer buffer, int offset, int length) {
    if (state == State.ENDED) {
      return;
    }
    if (aborted) {
      core.closeDue = closedHere; // the peer has not heard of it: once more for each datagram
      return;
    }
    outbound.account(nowNs);
    afterInput(nowNs, inbound.onDatagram(nowNs, buffer, offset, length));
    if (state == State.DRAINING && core.acks.isPending()) {
      core.acks.demand(); // the peer waits for it to end, and no later packet would bring it
    }
  }

  private void afterInput(long nowNs, @Nullable CloseReason breach) {
    if (core.mayHaveFinished) {
      finishSends();
    }
    if (breach != null) {
      core.counters.breaches++;
      abort(nowNs, breach, 0, EndReason.PROTOCOL_BREACH);
    } else if (state == State.CLOSING) {
      finishWhenDone(nowNs);
    }
  }

  /** A deadline has come; harmless when none has. */
  public void onTimer(long nowNs) {
    if (state == State.ENDED) {
      return;
    }
    outbound.account(nowNs);
    afterInput(nowNs, inbound.learn(nowNs));
    if (Deadline.isDue(nowNs, stateDeadlineNs)) {
      if (state == State.CLOSING) {
        abort(nowNs, CloseReason.APPLICATION, 0, endOfClose());
      } else {
        state = State.ENDED;
      }
      return;
    }
    if (state == State.DRAINING) {
      return;
    }
    if (Deadline.isDue(nowNs, idleDeadlineNs())) {
      abort(nowNs, CloseReason.IDLE, 0, EndReason.TIMED_OUT);
      return;
    }
    core.path.onTimer(nowNs, core.recovery.probeTimeoutNs());
    if (Deadline.isDue(nowNs, keepaliveDeadlineNs())) {
      core.pingDue = true;
    }
    if (core.recovery.onTimer(nowNs) == Recovery.PROBE) {
      core.probeDue = true;
    }
    core.afterRecovery(nowNs);
  }

  /**
   * Sends the one short packet that answers what has just come, if that is all there is to send,
   * and leaves the accounts to {@link #poll}, which has to follow with a time read after it.
   */
  public void answer(long nowNs, DatagramSink sink) {
    if (state == State.OPEN && core.confirmed) {
      outbound.answer(nowNs, sink);
    }
  }

  /**
   * Writes datagrams that may go now.
   *
   * @return how many; 0 when there is nothing more to do until the next input or deadline.
   */
  public int poll(long nowNs, DatagramSink sink) {
    if (state == State.ENDED || !core.confirmed) {
      return 0;
    }
    if (aborted && !core.closeDue) {
      return 0;
    }
    for (int i = 0; i < core.streams.receiveCount() && !aborted; i++) {
      ReceiveStream stream = core.streams.receive(i);
      if (!stream.isStopped() && stream.ring().breach() < 0) {
        core.counters.breaches++;
        abort(nowNs, CloseReason.RECORD, 0, EndReason.PROTOCOL_BREACH);
      }
    }
    if (isReachable()) {
      outbound.answer(nowNs, sink);
    }
    int sent = outbound.account(nowNs);
    afterInput(nowNs, inbound.learn(nowNs));
    return sent + outbound.poll(nowNs, sink, isReachable());
  }

  /** Whether {@link #poll} would find something that came without a call: bytes written or read. */
  public boolean isReadyToSend() {
    return core.confirmed && (state == State.OPEN || state == State.CLOSING) && outbound.isReady();
  }

  /**
   * Whether anything is under way: bytes written and not yet delivered, bytes received and not yet
   * read, a close. If not, only a datagram, a deadline or the application's writing brings it back.
   */
  public boolean isInUse() {
    // In this order: what a reader has read since the first look shows in the second.
    return state != State.OPEN || !core.confirmed || core.streams.areInUse() || outbound.isReady();
  }

  /** Whether {@link #poll} would find something that does not wait for the application's answer. */
  public boolean isUrgent(long nowNs) {
    return state != State.OPEN || !core.confirmed || outbound.isUrgent(nowNs);
  }

  /** When {@link #onTimer} and {@link #poll} are due, or {@link Deadline#NONE}. */
  public long nextDeadlineNs() {
    if (state == State.ENDED || state == State.DRAINING) {
      return stateDeadlineNs;
    }
    if (core.path.isStalled()) {
      long waitNs = Deadline.earlier(stateDeadlineNs, core.path.deadlineNs());
      return Deadline.earlier(waitNs, idleDeadlineNs());
    }
    long deadlineNs = Deadline.earlier(stateDeadlineNs, core.recovery.deadlineNs());
    deadlineNs = Deadline.earlier(deadlineNs, core.path.deadlineNs());
    deadlineNs = Deadline.earlier(deadlineNs, core.acks.deadlineNs());
    deadlineNs = Deadline.earlier(deadlineNs, outbound.pacedNs());
    deadlineNs = Deadline.earlier(deadlineNs, core.blockedProbeNs);
    deadlineNs = Deadline.earlier(deadlineNs, keepaliveDeadlineNs());
    return Deadline.earlier(deadlineNs, idleDeadlineNs());
  }

  /** Closes gracefully: nothing more is accepted, what was accepted is delivered. */
  public void close(long nowNs) {
    if (state == State.OPEN) {
      closedHere = true;
      beginClosing(nowNs);
    }
  }

  /** Ends at once; what is under way is lost, and the peer is told. */
  public void abort(long nowNs) {
    abort(nowNs, CloseReason.APPLICATION, 0, EndReason.CLOSED_HERE);
  }

  /** The peer is gone: another engine answers in its place, or the same one that has forgotten. */
  public void onPeerForgot(long nowNs, long incarnation) {
    boolean restarted = incarnation != core.parameters.peerIncarnation();
    if (state == State.CLOSING && closedByPeer && !restarted) {
      core.closeAcknowledged = true; // else it would still be there; only its word of it got lost
      finishWhenDone(nowNs);
    }
    end(nowNs, restarted ? EndReason.PEER_RESTARTED : EndReason.CONNECTION_LOST, false);
  }

  /**
   * The network says that nobody is at the peer's port. It may be wrong for a moment, and anybody
   * may say so: it counts when it was said several times while the peer was silent.
   */
  public void onUnreachable(long nowNs) {
    if (state == State.DRAINING || state == State.ENDED) {
      return;
    }
    if (unreachable == 0 || core.lastHeardNs - unreachableSinceNs >= 0) {
      unreachable = 0;
      unreachableSinceNs = nowNs;
    }
    unreachable++;
    long silenceNs = Math.max(DRAIN_TIMEOUTS * core.recovery.probeTimeoutNs(), LEAST_SILENCE_NS);
    if (unreachable >= UNREACHABLE_LIMIT && nowNs - unreachableSinceNs >= silenceNs) {
      end(nowNs, EndReason.CONNECTION_LOST, false);
    } else if (core.recovery.inFlightBytes() == 0) {
      core.pingDue = true;
    }
  }

  /** Whether a packet is newer than any that has come: only such a one shows where the peer is. */
  public boolean isNewest(long packetNumber) {
    return core.received.count() == 0 || packetNumber - core.received.largest() > 0;
  }

  /** Whether it matters where the peer is. */
  public boolean isReachable() {
    return state == State.OPEN || state == State.CLOSING;
  }

  /**
   * The peer's newest packet came from another address, to which everything goes from now on: it is
   * asked to prove that it is there. Until then at most three times what came from there goes
   * there; when that does not come to pass, {@link #isPathFailed} says so.
   *
   * @param unpredictable what the peer has to repeat.
   * @param otherHost whether more has changed than the port: then nothing is known of the path.
   * @param bytes how many have come from there; more by {@link #onUnprovenBytes}.
   */
  public void checkPath(long nowNs, long unpredictable, boolean otherHost, int bytes) {
    core.path.begin(nowNs, unpredictable, otherHost, bytes, core.recovery.probeTimeoutNs());
  }

  /** More came from the address that is not proven yet. */
  public void onUnprovenBytes(int bytes) {
    core.path.onBytes(bytes);
  }

  /** The peer is taken to be where it was proven to be before. */
  public void returnToProvenPath() {
    core.path.end();
  }

  /** Whether the peer has shown that it is where it seems to be. */
  public boolean isPathProven() {
    return core.path.isProven();
  }

  /** Whether the peer was asked often enough and has not answered from where it seemed to be. */
  public boolean isPathFailed() {
    return core.path.isFailed();
  }

  /** The network refused a train because its datagrams are too long for it. */
  public void onTooLong() {
    core.onTooLong();
  }

  /** The longest datagram that is sent at present. */
  public int datagramBytes() {
    return core.size.current();
  }

  /** Times that the path was found to carry less than before. */
  public long blackHoles() {
    return core.size.blackHoles();
  }

  /** Whether the session takes more from the application. */
  public boolean isOpen() {
    return state == State.OPEN;
  }

  /** Whether nothing is left to be done for it: it can be forgotten. */
  public boolean isEnded() {
    return state == State.ENDED;
  }

  /** Why it ended, or null while it has not. */
  public @Nullable EndReason endReason() {
    return endReason;
  }

  /** Ranges of received packets given up for want of a place. */
  public long rangesForgotten() {
    return core.received.forgotten();
  }

  /**
   * Ranges of delivered bytes that found no place and were sent again, of the streams there are.
   */
  public long rangeOverflows() {
    long overflows = 0;
    for (int i = 0; i < core.streams.sendCount(); i++) {
      overflows += core.streams.send(i).overflows();
    }
    return overflows;
  }

  /** Bytes that the session's tables take; rings are their owner's. */
  public long memoryBytes() {
    long bytes = core.recovery.memoryBytes() + core.received.memoryBytes();
    for (int i = 0; i < core.streams.sendCount(); i++) {
      bytes += core.streams.send(i).memoryBytes();
    }
    return bytes;
  }

  /** Bytes that wait to be sent for the first time. */
  public long queuedBytes() {
    long bytes = 0;
    for (int i = 0; i < core.streams.sendCount(); i++) {
      bytes += core.streams.send(i).queued();
    }
    return bytes;
  }

  /** What the owner keeps with the session. */
  public @Nullable Object attachment() {
    return attachment;
  }

  /** Keeps something with the session. */
  public void attach(Object object) {
    attachment = object;
  }

  /** Whether the peer has shown that it knows of the session. */
  public boolean isConfirmed() {
    return core.confirmed;
  }

  /** Whether the peer has said where all of its streams end. */
  boolean isClosedByPeer() {
    return closedByPeer;
  }

  void onPeerClose(long nowNs) {
    closedByPeer = true;
    if (state == State.OPEN) {
      beginClosing(nowNs);
    }
  }

  void onPeerAbort(long nowNs, CloseReason reason) {
    end(
        nowNs,
        switch (reason) {
          case APPLICATION -> EndReason.CONNECTION_LOST;
          case IDLE -> EndReason.TIMED_OUT;
          default -> EndReason.PROTOCOL_BREACH;
        },
        false);
  }

  private void finishSends() {
    core.mayHaveFinished = false;
    for (int i = core.streams.sendCount() - 1; i >= 0; i--) {
      SendStream stream = core.streams.send(i);
      if (stream.isFinished()) {
        core.streams.remove(stream);
        if (!stream.isStopped()) {
          listener.onSendEnd(this, stream.id(), true);
        }
      } else if (stream.finalPosition() != SendStream.OPEN) {
        core.mayHaveFinished = true; // its end is known there, its bytes are not all there yet
      }
    }
  }

  private void beginClosing(long nowNs) {
    state = State.CLOSING;
    stateDeadlineNs = nowNs + core.parameters.lingerNs();
    for (int i = 0; i < core.streams.sendCount(); i++) {
      core.streams.send(i).endWithSession();
    }
    outbound.close(CloseMode.GRACEFUL, CloseReason.APPLICATION, 0);
  }

  private void finishWhenDone(long nowNs) {
    if (!closedByPeer || !core.closeAcknowledged) {
      return;
    }
    for (int i = 0; i < core.streams.sendCount(); i++) {
      if (!core.streams.send(i).isDelivered()) {
        return;
      }
    }
    for (int i = 0; i < core.streams.receiveCount(); i++) {
      if (!core.streams.receive(i).isComplete()) {
        return;
      }
    }
    state = State.DRAINING;
    stateDeadlineNs = nowNs + DRAIN_TIMEOUTS * core.recovery.probeTimeoutNs();
    endReason = endOfClose();
    listener.onEnd(this, endReason);
  }

  private EndReason endOfClose() {
    return closedHere ? EndReason.CLOSED_HERE : EndReason.CLOSED_BY_PEER;
  }

  private void abort(long nowNs, CloseReason reason, long code, EndReason end) {
    if (state == State.DRAINING || state == State.ENDED) {
      return;
    }
    closedHere = true;
    outbound.close(CloseMode.ABORTIVE, reason, code);
    end(nowNs, end, true);
  }

  private void end(long nowNs, EndReason reason, boolean tellPeer) {
    if (state == State.DRAINING || state == State.ENDED) {
      return;
    }
    aborted = true;
    closedHere = tellPeer;
    core.closeDue = tellPeer;
    core.probeDue = false;
    for (int i = 0; i < core.streams.sendCount(); i++) {
      core.streams.send(i).ring().close();
    }
    state = State.DRAINING;
    stateDeadlineNs = nowNs + DRAIN_TIMEOUTS * core.recovery.probeTimeoutNs();
    endReason = reason;
    listener.onEnd(this, reason);
  }

  private long idleDeadlineNs() {
    return core.lastHeardNs + core.parameters.idleTimeoutNs();
  }

  private long keepaliveDeadlineNs() {
    long keepaliveNs = core.parameters.keepaliveNs();
    if (keepaliveNs == 0 || core.recovery.inFlightBytes() > 0 || !core.confirmed) {
      return Deadline.NONE;
    }
    long sinceNs = core.lastAskedNs - core.lastHeardNs > 0 ? core.lastAskedNs : core.lastHeardNs;
    return sinceNs + keepaliveNs;
  }
}
