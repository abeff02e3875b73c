package io.petrel.bench.sim;

import io.petrel.codecs.wire.RefuseReason;
import io.petrel.rudp.endpoint.Connecting;
import io.petrel.rudp.endpoint.EndpointListener;
import io.petrel.rudp.endpoint.EndpointSession;
import io.petrel.rudp.endpoint.EndpointSettings;
import io.petrel.rudp.endpoint.RudpEndpoint;
import io.petrel.rudp.handshake.Refusal;
import io.petrel.rudp.session.Session;
import io.petrel.transport.EndReason;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.ring.ReceiveRing;
import io.petrel.transport.ring.RingMemory;
import io.petrel.transport.ring.RingResult;
import io.petrel.transport.ring.SendRing;
import io.petrel.transport.simulation.SeededRandom;
import io.petrel.transport.simulation.SimulatedEndpoint;
import io.petrel.transport.simulation.SimulatedHost;
import io.petrel.transport.simulation.SimulatedPort;
import io.petrel.transport.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sending side of a flow: connects at its start, then offers message after message. */
final class RudpSender implements SimulatedEndpoint, EndpointListener {
  private final RudpFlow flow;
  private final RudpOptions options;
  private final SimulatedHost host;
  private final RudpEndpoint endpoint;
  private final EndpointAddress peer;
  private final RingMemory memory;
  private final long startNs;
  private final List<SendRing> rings = new ArrayList<>();
  private @Nullable EndpointSession session;
  private boolean asked;
  private boolean closed;
  private long firstMessageNs;
  private @Nullable EndReason end;

  RudpSender(
      RudpFlow flow,
      RudpOptions options,
      SimulatedHost host,
      SimulatedPort port,
      EndpointAddress peer,
      EndpointSettings settings,
      RingMemory memory,
      SeededRandom random) {
    this.flow = flow;
    this.options = options;
    this.host = host;
    this.peer = peer;
    this.memory = memory;
    startNs = host.nowNs() + flow.index() * options.staggerNs;
    endpoint =
        new RudpEndpoint(
            host.nowNs(), port, settings, false, random.nextLong(), random::nextLong, this);
  }

  @Override
  public int work(long nowNs) {
    if (!asked && nowNs - startNs >= 0) {
      asked = true;
      endpoint.connect(nowNs, peer, 0);
    }
    int done = session == null || end != null ? 0 : offer(nowNs);
    if (session != null && !closed && options.closesEarly && !flow.hasNext()) {
      close();
    }
    return done + endpoint.work(nowNs);
  }

  private int offer(long nowNs) {
    int taken = 0;
    while (flow.hasNext() && isDue(nowNs)) {
      int stream = flow.nextStream();
      SendRing ring = rings.get(stream);
      long number = flow.next() / flow.streams();
      long position = ring.tryClaim(flow.pattern(stream).length(number));
      if (position < 0) {
        if (position != RingResult.BACK_PRESSURED) {
          flow.onTrouble("flow " + flow.index() + ": an offer was refused with " + position);
        }
        break;
      }
      flow.pattern(stream).write(number, ring.buffer(), ring.payloadIndex(position));
      ring.commit(position);
      // Virtual time, since the clocks of the two hosts may differ.
      long lateNs = options.intervalNs == 0 ? 0 : nowNs - dueNs();
      flow.onSent(nowNs - host.clockOffsetNs() - lateNs);
      taken++;
    }
    return taken;
  }

  private boolean isDue(long nowNs) {
    return options.intervalNs == 0 || nowNs - dueNs() >= 0;
  }

  private long dueNs() {
    return firstMessageNs + flow.next() * options.intervalNs;
  }

  @Override
  public long nextDeadlineNs() {
    if (!asked) {
      return startNs;
    }
    long deadlineNs = endpoint.nextDeadlineNs();
    boolean paced = session != null && end == null && flow.hasNext() && options.intervalNs > 0;
    if (paced && dueNs() - host.nowNs() > 0) { // one overdue waits for room in the ring
      deadlineNs = Deadline.earlier(deadlineNs, dueNs());
    }
    return deadlineNs;
  }

  /** Closes gracefully. */
  void close() {
    closed = true;
    if (session != null) {
      endpoint.close(host.nowNs(), session);
    }
  }

  /** The clock of the sender's host jumped: what is due is counted from where it stands now. */
  void onClockJump(long byNs) {
    firstMessageNs += byNs;
  }

  @Override
  public void onSession(EndpointSession established) {
    session = established;
    firstMessageNs = host.nowNs();
    for (int stream = 0; stream < flow.streams(); stream++) {
      SendRing ring =
          SendRing.exclusive(established.agreement().ringCapacity(), 0, SendRing.UNLIMITED, memory);
      if (!established.session().addSend(Session.streamId(stream, 0), ring)) {
        flow.onTrouble("flow " + flow.index() + ": no room for stream " + stream);
      }
      rings.add(ring);
    }
  }

  @Override
  public @Nullable RefuseReason onHello(EndpointAddress from, int streamId) {
    flow.onTrouble("flow " + flow.index() + ": a client was asked for a session by " + from);
    return RefuseReason.BUSY;
  }

  @Override
  public void onNotConnected(Connecting connecting, @Nullable Refusal refusal) {
    flow.onTrouble(
        "flow "
            + flow.index()
            + ": no session: "
            + (refusal == null ? "no answer" : refusal.toString()));
  }

  @Override
  public @Nullable ReceiveRing openReceive(Session on, int streamId) {
    flow.onTrouble("flow " + flow.index() + ": bytes came back on stream " + streamId);
    return null;
  }

  @Override
  public void onEnd(Session ended, EndReason reason) {
    end = reason;
    if (!closed) {
      flow.onTrouble("flow " + flow.index() + ": the sender's session ended: " + reason);
    }
  }

  @Override
  public void onReceiveEnd(Session on, int streamId) {}

  @Override
  public void onSendEnd(Session on, int streamId, boolean delivered) {
    if (!delivered) {
      flow.onTrouble("flow " + flow.index() + ": the receiver wants no more of " + streamId);
    }
  }

  @Override
  public void onGone(EndpointSession gone, EndReason reason) {}

  /** The session, or null before there is one. */
  @Nullable Session session() {
    return session == null ? null : session.session();
  }

  /** Why the session ended, or null while it has not. */
  @Nullable EndReason end() {
    return end;
  }

  RudpEndpoint endpoint() {
    return endpoint;
  }

  @Override
  public String toString() {
    return "sender of flow " + flow.index();
  }
}
