package io.petrel.rudp;

import io.petrel.codecs.wire.RefuseReason;
import io.petrel.rudp.endpoint.Connecting;
import io.petrel.rudp.endpoint.EndpointListener;
import io.petrel.rudp.endpoint.EndpointSession;
import io.petrel.rudp.endpoint.RudpEndpoint;
import io.petrel.rudp.handshake.Refusal;
import io.petrel.rudp.session.Session;
import io.petrel.transport.Channel;
import io.petrel.transport.ConfigurationException;
import io.petrel.transport.EndReason;
import io.petrel.transport.Listener;
import io.petrel.transport.PetrelException;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionHandler;
import io.petrel.transport.Subscription;
import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.ring.ReceiveRing;
import io.petrel.transport.spi.EngineHandle;
import io.petrel.transport.spi.Remedies;
import io.petrel.transport.spi.SubscriptionPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.IntFunction;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A bound port with the sessions it accepted: for duplex sessions, then its handler is told of
 * each, or for the subscriptions to its streams.
 */
final class RudpListener implements Listener, EndpointListener {
  private static final System.Logger LOGGER = System.getLogger(RudpListener.class.getName());

  private final EngineHandle engine;
  private final RudpMetrics metrics;
  private final Channel channel;
  private final RudpOptions options;
  private final RudpEndpoint endpoint;
  private final InetSocketAddress localAddress;
  private final @Nullable SessionHandler handler;
  private final Int2ObjectHashMap<SubscriptionPort> subscriptions = new Int2ObjectHashMap<>();
  private final IntFunction<@Nullable SubscriptionPort> ports = subscriptions::get;
  private final RudpSessions sessions = new RudpSessions();
  private boolean closed;
  private volatile int sessionCount; // read by any thread

  RudpListener(
      RudpTransport transport,
      Channel channel,
      InetSocketAddress address,
      @Nullable SessionHandler handler) {
    this.engine = transport.engine();
    this.metrics = transport.metrics();
    this.channel = channel;
    this.options = new RudpOptions(engine.context(), channel);
    this.handler = handler;
    EndpointAddress near = EndpointAddress.of(address);
    DatagramPort port;
    try {
      port = transport.ports().open(options.port(near));
    } catch (IOException e) {
      throw new PetrelException(
          channel
              + " cannot be bound: "
              + e.getMessage()
              + Remedies.forBind(true, address.getPort()),
          e);
    }
    this.localAddress = port.localAddress().toInetSocketAddress();
    this.endpoint =
        new RudpEndpoint(
            System.nanoTime(),
            port,
            options.endpoint(near.isLoopback()),
            true,
            transport.incarnation(),
            transport::nextRandom,
            this);
  }

  int work(long nowNs) {
    int done = endpoint.work(nowNs) + sessions.work(nowNs);
    if (sessionCount != sessions.count()) {
      sessionCount = sessions.count();
    }
    return done;
  }

  // ---- The protocol ----

  @Override
  public @Nullable RefuseReason onHello(EndpointAddress from, int streamId) {
    SessionHandler by = handler;
    try {
      return by == null || by.accept(from.toInetSocketAddress()) ? null : RefuseReason.NOT_ALLOWED;
    } catch (Throwable e) {
      engine.onError(e);
      return RefuseReason.NOT_ALLOWED;
    }
  }

  @Override
  public void onSession(EndpointSession accepted) {
    RudpSession session = new RudpSession(engine, channel, options, ports, sessions);
    sessions.add(session);
    sessionCount = sessions.count();
    session.begin(endpoint, accepted);
    LOGGER.log(System.Logger.Level.DEBUG, () -> channel + " accepted " + session.remoteAddress());
    SessionHandler by = handler;
    if (by != null) {
      try {
        by.onSession(session);
      } catch (Throwable e) {
        engine.onError(e);
        session.abort();
      }
    }
  }

  @Override
  public @Nullable ReceiveRing openReceive(Session session, int streamId) {
    RudpSession of = sessionOf(session);
    return of == null ? null : of.openReceive(session, streamId);
  }

  @Override
  public void onReceiveEnd(Session session, int streamId) {
    RudpSession of = sessionOf(session);
    if (of != null) {
      of.onReceiveEnd(session, streamId);
    }
  }

  @Override
  public void onSendEnd(Session session, int streamId, boolean delivered) {
    RudpSession of = sessionOf(session);
    if (of != null) {
      of.onSendEnd(session, streamId, delivered);
    }
  }

  @Override
  public void onEnd(Session session, EndReason reason) {
    RudpSession of = sessionOf(session);
    if (of != null) {
      of.onEnd(session, reason);
    }
  }

  @Override
  public void onNotConnected(Connecting connecting, @Nullable Refusal refusal) {
    // A listener asks nobody.
  }

  @Override
  public void onGone(EndpointSession session, EndReason reason) {
    // Told of the end before; the endpoint has now forgotten it.
  }

  @Override
  public boolean mayRest(EndpointSession session) {
    RudpSession of = sessionOf(session.session());
    return of != null && of.rest();
  }

  @Override
  public boolean mayMove(EndpointSession session, EndpointAddress to) {
    return onHello(to, 0) == null;
  }

  @Override
  public void onMoved(EndpointSession session) {
    RudpSession of = sessionOf(session.session());
    if (of != null) {
      of.onMoved(session);
    }
  }

  private static @Nullable RudpSession sessionOf(Session session) {
    return (RudpSession) session.attachment();
  }

  // ---- Subscriptions ----

  /** Whether a subscription could share this port. */
  boolean isAt(InetSocketAddress address) {
    return !closed && handler == null && address.getPort() != 0 && address.equals(localAddress);
  }

  Subscription subscribe(Channel opened, int stream, SessionEvents events) {
    if (subscriptions.containsKey(stream)) {
      throw new ConfigurationException(
          opened + ": stream " + stream + " is subscribed to already on this port");
    }
    SubscriptionPort port =
        engine.newSubscription(
            opened,
            localAddress,
            events,
            endpoint.settings().maximumSessions(),
            () -> unsubscribe(stream));
    subscriptions.put(stream, port);
    return port.subscription();
  }

  private void unsubscribe(int stream) {
    subscriptions.remove(stream);
    for (int i = 0; i < sessions.count(); i++) {
      sessions.get(i).unsubscribe(stream);
    }
    if (subscriptions.isEmpty()) {
      beginClose(System.nanoTime());
    }
  }

  /** Accepts no more and ends the sessions, gracefully; within turns. */
  void beginClose(long nowNs) {
    stopAccepting();
    for (SubscriptionPort port : subscriptions.values()) {
      port.closed();
    }
    subscriptions.clear();
    for (int i = 0; i < sessions.count(); i++) {
      sessions.get(i).beginClose(nowNs);
    }
  }

  private void stopAccepting() {
    closed = true;
    endpoint.stopAccepting();
  }

  boolean isOver() {
    return closed && sessions.count() == 0 && endpoint.isIdle();
  }

  /** Gives the sockets back. */
  void release() {
    metrics.keep(endpoint);
    endpoint.close();
  }

  /** Sessions that get a turn each turn, at the endpoint or here; the others are idle. */
  int activeCount() {
    return Math.max(sessions.activeCount(), endpoint.watchedCount());
  }

  void addTo(RudpMetrics sum) {
    sum.add(endpoint);
  }

  @Override
  public SocketAddress localAddress() {
    return localAddress;
  }

  @Override
  public int sessionCount() {
    return sessionCount;
  }

  @Override
  public void close() {
    engine.execute(this::stopAccepting);
  }
}
