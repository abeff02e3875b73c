package io.petrel.transport.tcp;

import io.petrel.transport.Channel;
import io.petrel.transport.ConfigurationException;
import io.petrel.transport.EndReason;
import io.petrel.transport.Options;
import io.petrel.transport.Publication;
import io.petrel.transport.Session;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.Subscription;
import io.petrel.transport.spi.EngineHandle;
import io.petrel.transport.spi.SubscriptionPort;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A duplex session as the application holds it: what it asks for is done within turns. */
final class TcpSessionHandle implements Session {
  /** Sessions one after another that nobody has polled yet. */
  private static final int SOURCE_LIMIT = 16;

  private final EngineHandle engine;
  private final Channel channel;
  private final TcpSession session;

  TcpSessionHandle(EngineHandle engine, Channel channel, TcpSession session) {
    this.engine = engine;
    this.channel = channel;
    this.session = session;
  }

  @Override
  public Publication publish(int stream, boolean exclusive) {
    return engine.call(() -> publishNow(requireStream(stream), exclusive));
  }

  private Publication publishNow(int stream, boolean exclusive) {
    session.requireAlive();
    SendStream there = session.streams().sender(stream);
    if (there == null) {
      long unsentLimit = engine.context().value(Options.UNSENT_LIMIT, channel);
      return session.newPublication(withStream(stream), stream, exclusive, unsentLimit);
    }
    if (there.closing) {
      throw new IllegalStateException("stream " + stream + " is still closing");
    }
    if (there.publication.isExclusive() != exclusive) {
      throw new IllegalStateException(
          "stream "
              + stream
              + " of this session is published "
              + (exclusive ? "by a shared" : "by an exclusive")
              + " publication already");
    }
    return there.publication;
  }

  @Override
  public Subscription subscribe(int stream, SessionEvents events) {
    return engine.call(() -> subscribeNow(requireStream(stream), events));
  }

  private Subscription subscribeNow(int stream, SessionEvents events) {
    session.requireAlive();
    TcpStreams streams = session.streams();
    if (streams.isSubscribed(stream)) {
      throw new IllegalStateException(
          "stream " + stream + " of this session is subscribed to already");
    }
    SubscriptionPort port =
        engine.newSubscription(
            withStream(stream), null, events, SOURCE_LIMIT, () -> streams.unsubscribe(stream));
    streams.subscribe(stream, port);
    return port.subscription();
  }

  private Channel withStream(int stream) {
    return channel.with(Options.STREAM.name(), Integer.toString(stream));
  }

  private static int requireStream(int stream) {
    if (stream < 0) {
      throw new ConfigurationException("stream " + stream + " is negative");
    }
    return stream;
  }

  @Override
  public boolean isConnected() {
    return session.isConnected();
  }

  @Override
  public boolean isClosed() {
    return session.isClosed();
  }

  @Override
  public @Nullable EndReason endReason() {
    return session.endReason();
  }

  @Override
  public @Nullable SocketAddress remoteAddress() {
    return session.remoteAddress();
  }

  @Override
  public void close() {
    engine.execute(() -> session.beginClose(System.nanoTime()));
  }

  @Override
  public void abort() {
    engine.execute(session::abortNow);
  }
}
