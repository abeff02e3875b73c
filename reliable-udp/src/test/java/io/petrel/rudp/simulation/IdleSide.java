package io.petrel.rudp.simulation;

import io.petrel.codecs.wire.RefuseReason;
import io.petrel.rudp.endpoint.Connecting;
import io.petrel.rudp.endpoint.EndpointListener;
import io.petrel.rudp.endpoint.EndpointSession;
import io.petrel.rudp.endpoint.EndpointSettings;
import io.petrel.rudp.endpoint.RudpEndpoint;
import io.petrel.rudp.handshake.Refusal;
import io.petrel.rudp.session.Session;
import io.petrel.transport.EndReason;
import io.petrel.transport.Header;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.ring.ReceiveRing;
import io.petrel.transport.ring.RingMemory;
import io.petrel.transport.simulation.SimulatedEndpoint;
import io.petrel.transport.simulation.SimulatedPort;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One side of many sessions that are mostly idle; says when something was written. */
final class IdleSide implements SimulatedEndpoint, EndpointListener, ReceiveRing.Listener {
  private static final int HOLE_LIMIT = 16;
  private static final int POLL_LIMIT = 64;

  final RudpEndpoint endpoint;
  final RingMemory memory = RingMemory.unlimited();
  final List<EndpointSession> sessions = new ArrayList<>();
  final List<EndReason> ends = new ArrayList<>();
  final List<Throwable> errors = new ArrayList<>();
  long messages;
  private final List<ReceiveRing> rings = new ArrayList<>();

  IdleSide(long nowNs, SimulatedPort port, EndpointSettings settings, boolean accepting) {
    SplittableRandom random = new SplittableRandom(accepting ? 1 : 2);
    this.endpoint =
        new RudpEndpoint(
            nowNs, port, settings, accepting, random.nextLong(), random::nextLong, this);
  }

  @Override
  public int work(long nowNs) {
    int done = endpoint.work(nowNs);
    for (ReceiveRing ring : rings) {
      done += Math.max(ring.poll((buffer, offset, length, header) -> messages++, POLL_LIMIT), 0);
    }
    return done;
  }

  @Override
  public long nextDeadlineNs() {
    return endpoint.nextDeadlineNs();
  }

  @Override
  public boolean mayRest(EndpointSession session) {
    return true;
  }

  @Override
  public @Nullable RefuseReason onHello(EndpointAddress from, int streamId) {
    return null;
  }

  @Override
  public void onSession(EndpointSession session) {
    sessions.add(session);
  }

  @Override
  public void onNotConnected(Connecting connecting, @Nullable Refusal refusal) {
    ends.add(EndReason.REFUSED);
  }

  @Override
  public @Nullable ReceiveRing openReceive(Session session, int streamId) {
    ReceiveRing ring =
        new ReceiveRing(
            session.parameters().ringCapacity(),
            0,
            HOLE_LIMIT,
            memory,
            new Header(new SessionInfo(session.parameters().localId(), streamId, null)),
            this);
    rings.add(ring);
    return ring;
  }

  @Override
  public void onReceiveEnd(Session session, int streamId) {
    // Rings stay for what is left in them.
  }

  @Override
  public void onSendEnd(Session session, int streamId, boolean delivered) {
    // No stream is ended.
  }

  @Override
  public void onEnd(Session session, EndReason reason) {
    ends.add(reason);
  }

  @Override
  public void onGone(EndpointSession session, EndReason reason) {
    sessions.remove(session);
  }

  @Override
  public void onHandlerError(Throwable error) {
    errors.add(error);
  }

  @Override
  public void onLoss(long fromPosition, long toPosition) {
    errors.add(new AssertionError("lost " + fromPosition + " to " + toPosition));
  }
}
