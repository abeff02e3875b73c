package io.petrel.rudp;

import io.petrel.transport.Channel;
import io.petrel.transport.Listener;
import io.petrel.transport.Options;
import io.petrel.transport.PetrelException;
import io.petrel.transport.Publication;
import io.petrel.transport.Session;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionHandler;
import io.petrel.transport.Subscription;
import io.petrel.transport.datagram.DatagramPortFactory;
import io.petrel.transport.datagram.DatagramPorts;
import io.petrel.transport.spi.EngineHandle;
import io.petrel.transport.spi.Transport;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import org.agrona.collections.ArrayUtil;
import org.jspecify.annotations.Nullable;

/** All rudp:// sessions of an engine. */
final class RudpTransport implements Transport {
  private static final RudpSession[] NO_SESSIONS = {};
  private static final RudpListener[] NO_LISTENERS = {};

  private final EngineHandle engine;
  private final DatagramPortFactory ports;
  private final SecureRandom random = new SecureRandom();
  private final long incarnation = random.nextLong();
  private final RudpMetrics metrics;
  private RudpSession[] dialled = NO_SESSIONS;
  private RudpListener[] listeners = NO_LISTENERS;

  RudpTransport(EngineHandle engine) {
    this.engine = engine;
    this.ports = DatagramPorts.choose(engine.context().value(Options.DATAGRAM_PORT));
    this.metrics = new RudpMetrics(engine.counters(), System.nanoTime());
  }

  RudpMetrics metrics() {
    return metrics;
  }

  EngineHandle engine() {
    return engine;
  }

  DatagramPortFactory ports() {
    return ports;
  }

  /** Drawn when the engine started: a peer tells this one from the one before by it. */
  long incarnation() {
    return incarnation;
  }

  /** Nobody else can foresee it. */
  long nextRandom() {
    return random.nextLong();
  }

  @Override
  public Publication publish(
      Channel channel, @Nullable InetSocketAddress address, boolean exclusive) {
    int stream = RudpSession.requireStream(engine.context().value(Options.STREAM, channel));
    long unsentLimit = engine.context().value(Options.UNSENT_LIMIT, channel);
    Channel pool =
        channel
            .with(Options.STREAM.name(), Options.STREAM.defaultText())
            .with(Options.UNSENT_LIMIT.name(), Options.UNSENT_LIMIT.defaultText());
    for (RudpSession session : dialled) {
      if (session.admits(pool, stream)) {
        return session.newPublication(channel, stream, exclusive, unsentLimit);
      }
    }
    return dial(pool, address, true).newPublication(channel, stream, exclusive, unsentLimit);
  }

  @Override
  public Subscription subscribe(
      Channel channel, @Nullable InetSocketAddress address, SessionEvents events) {
    int stream = RudpSession.requireStream(engine.context().value(Options.STREAM, channel));
    for (RudpListener listener : listeners) {
      if (listener.isAt(required(address))) {
        return listener.subscribe(channel, stream, events);
      }
    }
    return newListener(channel, address, null).subscribe(channel, stream, events);
  }

  @Override
  public Session connect(Channel channel, @Nullable InetSocketAddress address) {
    return dial(channel, address, false);
  }

  @Override
  public Listener listen(
      Channel channel, @Nullable InetSocketAddress address, SessionHandler handler) {
    return newListener(channel, address, handler);
  }

  private RudpSession dial(Channel channel, @Nullable InetSocketAddress address, boolean pooled) {
    RudpSession session = new RudpSession(this, channel, required(address), pooled);
    dialled = ArrayUtil.add(dialled, session);
    return session;
  }

  private RudpListener newListener(
      Channel channel, @Nullable InetSocketAddress address, @Nullable SessionHandler handler) {
    RudpListener listener = new RudpListener(this, channel, required(address), handler);
    listeners = ArrayUtil.add(listeners, listener);
    return listener;
  }

  private static InetSocketAddress required(@Nullable InetSocketAddress address) {
    if (address == null) {
      throw new PetrelException("rudp:// needs the address of its host");
    }
    return address;
  }

  @Override
  public int work(long nowNs) {
    int done = 0;
    RudpSession[] sessions = dialled;
    for (int i = 0; i < sessions.length; i++) {
      done += sessions[i].work(nowNs);
      if (sessions[i].isOver()) {
        dialled = ArrayUtil.remove(dialled, sessions[i]);
      }
    }
    RudpListener[] bound = listeners;
    for (int i = 0; i < bound.length; i++) {
      done += bound[i].work(nowNs);
      if (bound[i].isOver()) {
        bound[i].release();
        listeners = ArrayUtil.remove(listeners, bound[i]);
      }
    }
    if (metrics.isDue(nowNs)) {
      publishMetrics(nowNs);
    }
    return done;
  }

  private void publishMetrics(long nowNs) {
    metrics.begin(nowNs);
    for (int i = 0; i < dialled.length; i++) {
      dialled[i].addTo(metrics);
    }
    for (int i = 0; i < listeners.length; i++) {
      listeners[i].addTo(metrics);
    }
    metrics.publish();
  }

  @Override
  public void beginClose(long nowNs) {
    for (RudpListener listener : listeners) {
      listener.beginClose(nowNs);
    }
    for (RudpSession session : dialled) {
      session.beginClose(nowNs);
    }
  }

  @Override
  public boolean isQuiet() {
    return dialled.length == 0 && listeners.length == 0;
  }

  @Override
  public void close() {
    for (RudpListener listener : listeners) {
      listener.release();
    }
    for (RudpSession session : dialled) {
      session.abortNow();
      session.release();
    }
  }
}
