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
import io.petrel.transport.Header;
import io.petrel.transport.MessageHandler;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.ring.ReceiveRing;
import io.petrel.transport.ring.RingMemory;
import io.petrel.transport.simulation.SeededRandom;
import io.petrel.transport.simulation.SimulatedEndpoint;
import io.petrel.transport.simulation.SimulatedHost;
import io.petrel.transport.simulation.SimulatedPort;
import io.petrel.transport.time.Deadline;
import org.jspecify.annotations.Nullable;

/** The receiving side of a flow: accepts one session and reads its streams, at its own pace. */
final class RudpReceiver implements SimulatedEndpoint, EndpointListener {
  private static final int HOLE_LIMIT = 512;

  private final RudpFlow flow;
  private final RudpOptions options;
  private final RudpEndpoint endpoint;
  private final RingMemory memory;
  private final @Nullable ReceiveRing[] rings;
  private final MessageHandler[] handlers;
  private @Nullable EndpointSession session;
  private @Nullable EndReason end;
  private int readSincePause;
  private long readAgainNs;
  private boolean pausing;

  RudpReceiver(
      RudpFlow flow,
      RudpOptions options,
      SimulatedHost host,
      SimulatedPort port,
      EndpointSettings settings,
      RingMemory memory,
      SeededRandom random) {
    this.flow = flow;
    this.options = options;
    this.memory = memory;
    rings = new ReceiveRing[flow.streams()];
    handlers = new MessageHandler[flow.streams()];
    for (int i = 0; i < handlers.length; i++) {
      int stream = i;
      handlers[i] =
          (buffer, offset, length, header) ->
              flow.onDelivered(stream, host.nowNs() - host.clockOffsetNs(), buffer, offset, length);
    }
    endpoint =
        new RudpEndpoint(
            host.nowNs(), port, settings, true, random.nextLong(), random::nextLong, this);
  }

  @Override
  public int work(long nowNs) {
    int done = endpoint.work(nowNs);
    int read = read(nowNs);
    return done + read;
  }

  private int read(long nowNs) {
    if (pausing && nowNs - readAgainNs < 0) {
      return 0;
    }
    pausing = false;
    int read = 0;
    for (int stream = 0; stream < rings.length; stream++) {
      ReceiveRing ring = rings[stream];
      if (ring != null) {
        int room = options.readerMessages - readSincePause;
        int polled = ring.poll(handlers[stream], room);
        readSincePause += options.readerPauseNs == 0 ? 0 : polled;
        read += polled;
      }
    }
    if (readSincePause >= options.readerMessages) {
      readSincePause = 0;
      pausing = true;
      readAgainNs = nowNs + options.readerPauseNs;
    }
    return read;
  }

  @Override
  public long nextDeadlineNs() {
    long deadlineNs = endpoint.nextDeadlineNs();
    return pausing ? Deadline.earlier(deadlineNs, readAgainNs) : deadlineNs;
  }

  /** The clock of the receiver's host jumped: the reader's pause goes on as before. */
  void onClockJump(long byNs) {
    readAgainNs += byNs;
  }

  @Override
  public @Nullable RefuseReason onHello(EndpointAddress from, int streamId) {
    return null;
  }

  @Override
  public void onSession(EndpointSession accepted) {
    if (session != null) {
      flow.onTrouble("flow " + flow.index() + ": a second session was accepted");
    }
    session = accepted;
  }

  @Override
  public @Nullable ReceiveRing openReceive(Session on, int streamId) {
    int stream = Session.streamNumber(streamId);
    if (stream >= rings.length || rings[stream] != null) {
      flow.onTrouble("flow " + flow.index() + ": an unexpected stream " + streamId);
      return null;
    }
    ReceiveRing ring =
        new ReceiveRing(
            on.parameters().ringCapacity(),
            0,
            HOLE_LIMIT,
            memory,
            new Header(new SessionInfo(on.parameters().localId(), streamId, null)),
            new RingTrouble());
    rings[stream] = ring;
    return ring;
  }

  private final class RingTrouble implements ReceiveRing.Listener {
    @Override
    public void onHandlerError(Throwable error) {
      flow.onTrouble("flow " + flow.index() + ": reading failed: " + error);
    }

    @Override
    public void onLoss(long fromPosition, long toPosition) {
      flow.onTrouble(
          "flow " + flow.index() + ": bytes " + fromPosition + " to " + toPosition + " are lost");
    }
  }

  @Override
  public void onNotConnected(Connecting connecting, @Nullable Refusal refusal) {
    flow.onTrouble("flow " + flow.index() + ": the receiver tried to connect");
  }

  @Override
  public void onEnd(Session ended, EndReason reason) {
    end = reason;
    if (reason != EndReason.CLOSED_BY_PEER) {
      flow.onTrouble("flow " + flow.index() + ": the receiver's session ended: " + reason);
    }
  }

  @Override
  public void onReceiveEnd(Session on, int streamId) {}

  @Override
  public void onSendEnd(Session on, int streamId, boolean delivered) {
    flow.onTrouble("flow " + flow.index() + ": the receiver never sent on " + streamId);
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
    return "receiver of flow " + flow.index();
  }
}
