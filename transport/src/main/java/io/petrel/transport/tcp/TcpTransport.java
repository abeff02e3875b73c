package io.petrel.transport.tcp;

import io.petrel.transport.Channel;
import io.petrel.transport.Listener;
import io.petrel.transport.Options;
import io.petrel.transport.PetrelException;
import io.petrel.transport.Publication;
import io.petrel.transport.Session;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionHandler;
import io.petrel.transport.Subscription;
import io.petrel.transport.spi.EngineHandle;
import io.petrel.transport.spi.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import org.agrona.collections.ArrayUtil;
import org.jspecify.annotations.Nullable;

/** All tcp:// sessions of an engine. */
final class TcpTransport implements Transport {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final TcpSession[] NO_SESSIONS = {};
  private static final TcpListener[] NO_LISTENERS = {};

  private final EngineHandle engine;
  private final TcpBuffers buffers;
  private final TcpReadiness readiness = new TcpReadiness();
  private TcpSession[] dialled = NO_SESSIONS;
  private TcpListener[] listeners = NO_LISTENERS;

  TcpTransport(EngineHandle engine) {
    this.engine = engine;
    buffers = new TcpBuffers(engine.counters());
  }

  static long newSessionId() {
    long id = RANDOM.nextLong();
    return id == 0 ? 1 : id;
  }

  @Override
  public Publication publish(
      Channel channel, @Nullable InetSocketAddress address, boolean exclusive) {
    int stream = engine.context().value(Options.STREAM, channel);
    long unsentLimit = engine.context().value(Options.UNSENT_LIMIT, channel);
    Channel pool = channel.without(Options.STREAM).without(Options.UNSENT_LIMIT);
    for (TcpSession session : dialled) {
      if (session.admits(pool, stream)) {
        return session.newPublication(channel, stream, exclusive, unsentLimit);
      }
    }
    return dial(pool, address, true).newPublication(channel, stream, exclusive, unsentLimit);
  }

  @Override
  public Subscription subscribe(
      Channel channel, @Nullable InetSocketAddress address, SessionEvents events) {
    int stream = engine.context().value(Options.STREAM, channel);
    for (TcpListener listener : listeners) {
      if (listener.isAt(required(address))) {
        return listener.subscribe(channel, stream, events);
      }
    }
    return newListener(channel, address, null).subscribe(channel, stream, events);
  }

  @Override
  public Session connect(Channel channel, @Nullable InetSocketAddress address) {
    return dial(channel, address, false).handle();
  }

  @Override
  public Listener listen(
      Channel channel, @Nullable InetSocketAddress address, SessionHandler handler) {
    return newListener(channel, address, handler);
  }

  private TcpSession dial(Channel channel, @Nullable InetSocketAddress address, boolean pooled) {
    TcpOptions options = TcpOptions.of(engine.context(), channel);
    TcpDialer dialer = new TcpDialer(engine, channel, options, required(address));
    TcpSession session = new TcpSession(engine, buffers, channel, options, dialer, pooled);
    dialled = ArrayUtil.add(dialled, session);
    return session;
  }

  private TcpListener newListener(
      Channel channel, @Nullable InetSocketAddress address, @Nullable SessionHandler handler) {
    TcpListener listener =
        new TcpListener(engine, buffers, readiness, channel, required(address), handler);
    listeners = ArrayUtil.add(listeners, listener);
    return listener;
  }

  private static InetSocketAddress required(@Nullable InetSocketAddress address) {
    if (address == null) {
      throw new PetrelException("tcp:// needs the address of its host");
    }
    return address;
  }

  @Override
  public int work(long nowNs) {
    int done = 0;
    for (TcpSession session : dialled) {
      done += session.work(nowNs);
      if (session.isEnded()) {
        dialled = ArrayUtil.remove(dialled, session);
      }
    }
    if (listeners.length > 0) {
      look(nowNs);
    }
    for (TcpListener listener : listeners) {
      done += listener.work(nowNs);
      if (listener.isEnded()) {
        listeners = ArrayUtil.remove(listeners, listener);
      }
    }
    return done;
  }

  private void look(long nowNs) {
    try {
      readiness.look(nowNs);
    } catch (IOException e) {
      engine.onError(e);
    }
  }

  @Override
  public void beginClose(long nowNs) {
    for (TcpListener listener : listeners) {
      listener.beginClose(nowNs);
    }
    for (TcpSession session : dialled) {
      session.beginClose(nowNs);
    }
  }

  @Override
  public boolean isQuiet() {
    return dialled.length == 0 && listeners.length == 0;
  }

  @Override
  public void close() {
    for (TcpListener listener : listeners) {
      listener.abort();
    }
    for (TcpSession session : dialled) {
      session.abortNow();
    }
    readiness.close();
  }
}
