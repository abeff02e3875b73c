package io.petrel.rudp;

import io.petrel.codecs.wire.RefuseReason;
import io.petrel.rudp.endpoint.Connecting;
import io.petrel.rudp.endpoint.EndpointListener;
import io.petrel.rudp.endpoint.EndpointSession;
import io.petrel.rudp.endpoint.RudpEndpoint;
import io.petrel.rudp.handshake.Refusal;
import io.petrel.transport.Channel;
import io.petrel.transport.ConfigurationException;
import io.petrel.transport.EndReason;
import io.petrel.transport.Options;
import io.petrel.transport.Publication;
import io.petrel.transport.Session;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.Subscription;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.ring.ReceiveRing;
import io.petrel.transport.spi.EngineHandle;
import io.petrel.transport.spi.RingPublication;
import io.petrel.transport.spi.SendSide;
import io.petrel.transport.spi.SubscriptionPort;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A session as the application holds it, and what of it outlives a connection. One that is dialled
 * has a {@link RudpDialer} and is connected again when it may; one that was accepted lives on its
 * {@link RudpListener}'s endpoint and ends with its connection.
 */
final class RudpSession implements Session, SendSide, EndpointListener {
  private static final long TICK_NS = 1_000_000;
  private static final int SOURCE_LIMIT = 16;

  private final EngineHandle engine;
  private final Channel channel;
  private final RudpOptions options;
  private final RudpStreams streams;
  private final @Nullable RudpDialer dialer;
  private final @Nullable RudpSessions siblings;
  private final Runnable flush = this::flush;
  private final boolean pooled;
  private final long claimTimeoutNs;
  private final long lingerNs;
  private final long reconnectNs;

  private @Nullable RudpEndpoint endpoint;
  private @Nullable EndpointSession current;
  private long nextTickNs;
  private boolean closing;
  private boolean over;

  /** Its places among all sessions of its listener, and among those that need turns; or -1. */
  int place = -1;

  int activePlace = -1;
  private boolean resting;

  // Set by the engine's thread, taken back by the producer that wakes it.
  private volatile boolean asleep;

  // Read by any thread.
  private volatile boolean connected;
  private volatile boolean ended;
  private volatile @Nullable EndReason endReason;
  private volatile @Nullable SocketAddress remoteAddress;

  /** One that is dialled; pooled ones end with their last publication. */
  RudpSession(RudpTransport transport, Channel channel, InetSocketAddress address, boolean pooled) {
    this.engine = transport.engine();
    this.channel = channel;
    this.options = new RudpOptions(engine.context(), channel);
    this.claimTimeoutNs = options.value(Options.CLAIM_TIMEOUT);
    this.lingerNs = options.value(Options.LINGER);
    this.reconnectNs = options.value(Options.RECONNECT);
    this.pooled = pooled;
    this.streams = new RudpStreams(engine, this, stream -> null);
    this.siblings = null;
    this.dialer = new RudpDialer(transport, channel, options, address, this);
  }

  /** One that is accepted. */
  RudpSession(
      EngineHandle engine,
      Channel channel,
      RudpOptions options,
      IntFunction<@Nullable SubscriptionPort> ports,
      RudpSessions siblings) {
    this.engine = engine;
    this.channel = channel;
    this.options = options;
    this.claimTimeoutNs = options.value(Options.CLAIM_TIMEOUT);
    this.lingerNs = options.value(Options.LINGER);
    this.reconnectNs = options.value(Options.RECONNECT);
    this.pooled = false;
    this.streams = new RudpStreams(engine, this, ports);
    this.siblings = siblings;
    this.dialer = null;
  }

  static int requireStream(int stream) {
    if (stream < 0 || stream > io.petrel.rudp.session.Session.LARGEST_STREAM) {
      throw new ConfigurationException(
          "stream "
              + stream
              + " is out of range: from 0 to "
              + io.petrel.rudp.session.Session.LARGEST_STREAM);
    }
    return stream;
  }

  // ---- Turns ----

  int work(long nowNs) {
    int done = 0;
    RudpDialer by = dialer;
    if (by != null) {
      done += by.work(nowNs, current == null && !closing);
    }
    if (nowNs - nextTickNs >= 0) {
      nextTickNs = nowNs + TICK_NS;
      onTick(nowNs);
    }
    if (streams.passOnStops()) {
      flush();
    }
    return done;
  }

  private void onTick(long nowNs) {
    streams.onTick(nowNs, claimTimeoutNs);
    if (streams.isOverdue(nowNs) && current != null && !pooled) {
      return; // its stream goes on as long as the session does
    }
    if (pooled && !streams.hasSenders() && !closing) {
      beginClose(nowNs);
    } else if (pooled && streams.isOverdue(nowNs) && current != null) {
      abortNow();
    }
    if (closing && current == null) {
      finish(EndReason.CLOSED_HERE);
    }
  }

  /** Nothing is under way: it needs no turns until somebody writes, if it can be left alone. */
  boolean rest() {
    if (closing || !streams.mayRest()) {
      return false;
    }
    asleep = true;
    resting = true;
    return true;
  }

  /** Whether it needs no turns. */
  boolean isResting() {
    return resting;
  }

  private void rouse() {
    resting = false;
    EndpointSession session = current;
    RudpEndpoint on = endpoint;
    if (siblings != null && session != null && on != null) {
      on.watch(session); // it says when the session may rest again
    }
    if (siblings != null) {
      siblings.rouse(this);
    }
  }

  @Override
  public void wake() {
    if (asleep) {
      asleep = false; // two producers at once wake it twice: harmless
      engine.execute(flush);
    }
  }

  @Override
  public void flush() {
    if (resting) {
      rouse();
    }
    EndpointSession session = current;
    RudpEndpoint on = endpoint;
    if (session != null && on != null) {
      on.flush(System::nanoTime, session);
    }
  }

  // ---- The protocol ----

  /** The session is there, at this endpoint. */
  void begin(RudpEndpoint on, EndpointSession session) {
    endpoint = on;
    current = session;
    session.session().attach(this);
    InetSocketAddress remote = session.remoteAddress().toInetSocketAddress();
    remoteAddress = remote;
    connected = true;
    var parameters = session.session().parameters();
    long id = parameters.initiator() ? parameters.localId() : parameters.remoteId();
    streams.begin(session.session(), id, remote);
  }

  /** The peer has another address now. */
  @Override
  public void onMoved(EndpointSession session) {
    remoteAddress = session.remoteAddress().toInetSocketAddress();
  }

  @Override
  public void onSession(EndpointSession session) {
    RudpDialer by = dialer;
    RudpEndpoint on = by == null ? null : by.endpoint();
    if (by != null && on != null) {
      by.onConnected();
      begin(on, session);
    }
  }

  @Override
  public void onNotConnected(Connecting connecting, @Nullable Refusal refusal) {
    endReason = refusal == null ? EndReason.TIMED_OUT : EndReason.REFUSED;
    if (dialer != null) {
      dialer.onNotConnected(System.nanoTime(), refusal);
    }
  }

  @Override
  public @Nullable ReceiveRing openReceive(io.petrel.rudp.session.Session session, int streamId) {
    rouse();
    return streams.openReceive(session, streamId);
  }

  @Override
  public void onReceiveEnd(io.petrel.rudp.session.Session session, int streamId) {
    rouse();
    streams.onReceiveEnd(streamId);
  }

  @Override
  public void onSendEnd(io.petrel.rudp.session.Session session, int streamId, boolean delivered) {
    rouse();
    streams.onSendEnd(streamId, delivered, System.nanoTime(), reconnectNs);
  }

  @Override
  public void onEnd(io.petrel.rudp.session.Session session, EndReason reason) {
    EndpointSession gone = current;
    if (gone == null || gone.session() != session) {
      return;
    }
    rouse();
    current = null;
    connected = false;
    endReason = reason;
    streams.end(reason);
    RudpDialer by = dialer;
    if (by == null || closing || !by.onLost(System.nanoTime())) {
      finish(reason);
    }
  }

  @Override
  public void onGone(EndpointSession session, EndReason reason) {
    // Told of the end before; the endpoint has now forgotten it.
  }

  @Override
  public @Nullable RefuseReason onHello(EndpointAddress from, int streamId) {
    return RefuseReason.NOT_ALLOWED;
  }

  private void finish(EndReason reason) {
    if (!over) {
      over = true;
      closing = true;
      if (endReason == null) {
        endReason = reason;
      }
      // Subscriptions stay open: what has come is still read, and then they tell of the end.
      streams.closePublications(0);
      if (dialer != null) {
        dialer.close();
      }
      ended = true;
    }
  }

  /** Whether nothing is left to do, not even for a peer that has not heard of the end. */
  boolean isOver() {
    return over && (dialer == null || dialer.isOver());
  }

  /** Whether another publication could join: dialled, not closing, the stream not taken. */
  boolean admits(Channel pool, int stream) {
    return pooled && !closing && channel.equals(pool) && streams.sender(stream) == null;
  }

  /** Nobody reads a stream any more; within turns. */
  void unsubscribe(int stream) {
    rouse();
    streams.unsubscribe(stream);
  }

  /** Begins a graceful end; within turns. */
  void beginClose(long nowNs) {
    if (closing) {
      return;
    }
    rouse();
    closing = true;
    streams.closePublications(nowNs + lingerNs);
    streams.closeSubscriptions();
    streams.passOnStops();
    EndpointSession session = current;
    RudpEndpoint on = endpoint;
    if (session != null && on != null) {
      on.close(nowNs, session);
    } else {
      finish(EndReason.CLOSED_HERE);
    }
  }

  /** Ends at once; within turns. */
  void abortNow() {
    rouse();
    closing = true;
    streams.closeSubscriptions();
    EndpointSession session = current;
    RudpEndpoint on = endpoint;
    if (session != null && on != null) {
      on.abort(System.nanoTime(), session);
    }
    finish(EndReason.CLOSED_HERE);
  }

  void addTo(RudpMetrics metrics) {
    if (dialer != null) {
      dialer.addTo(metrics);
    }
  }

  /** Gives the sockets back. */
  void release() {
    if (dialer != null) {
      dialer.release();
    }
  }

  // ---- The application ----

  /** Within turns. */
  RingPublication newPublication(Channel opened, int stream, boolean exclusive, long unsentLimit) {
    RingPublication publication =
        new RingPublication(
            engine,
            opened,
            exclusive,
            options.value(Options.RING).intValue(),
            this::onPublicationClosed);
    rouse();
    streams.add(new RudpStreams.Sender(stream, publication, unsentLimit));
    return publication;
  }

  private void onPublicationClosed(RingPublication publication) {
    long nowNs = System.nanoTime();
    rouse();
    streams.close(publication, nowNs + lingerNs);
    if (pooled && !streams.hasSenders()) {
      beginClose(nowNs);
    } else {
      flush();
    }
  }

  @Override
  public Publication publish(int stream, boolean exclusive) {
    return engine.call(() -> {
      requireAlive();
      RudpStreams.Sender there = streams.sender(requireStream(stream));
      if (there == null) {
        long unsentLimit = options.value(Options.UNSENT_LIMIT);
        RingPublication added = newPublication(withStream(stream), stream, exclusive, unsentLimit);
        flush();
        return added;
      }
      if (there.closing) {
        throw new IllegalStateException("stream " + stream + " is still closing");
      }
      if (there.publication.isExclusive() != exclusive) {
        throw new IllegalStateException(
            "stream " + stream + " of this session is published the other way already");
      }
      return there.publication;
    });
  }

  @Override
  public Subscription subscribe(int stream, SessionEvents events) {
    return engine.call(() -> {
      requireAlive();
      if (streams.isSubscribed(requireStream(stream))) {
        throw new IllegalStateException(
            "stream " + stream + " of this session is subscribed to already");
      }
      SubscriptionPort port =
          engine.newSubscription(
              withStream(stream), null, events, SOURCE_LIMIT, () -> unsubscribe(stream));
      rouse();
      streams.subscribe(stream, port);
      return port.subscription();
    });
  }

  private Channel withStream(int stream) {
    return channel.with(Options.STREAM.name(), Integer.toString(stream));
  }

  private void requireAlive() {
    if (closing) {
      throw new IllegalStateException("this session is closed");
    }
  }

  @Override
  public boolean isConnected() {
    return connected;
  }

  @Override
  public boolean isClosed() {
    return ended;
  }

  @Override
  public @Nullable EndReason endReason() {
    return endReason;
  }

  @Override
  public @Nullable SocketAddress remoteAddress() {
    return remoteAddress;
  }

  @Override
  public void close() {
    engine.execute(() -> beginClose(System.nanoTime()));
  }

  @Override
  public void abort() {
    engine.execute(this::abortNow);
  }
}
