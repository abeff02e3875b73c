package io.petrel.transport.tcp;

import io.petrel.transport.Channel;
import io.petrel.transport.ConfigurationException;
import io.petrel.transport.Listener;
import io.petrel.transport.PetrelException;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionHandler;
import io.petrel.transport.Subscription;
import io.petrel.transport.spi.EngineHandle;
import io.petrel.transport.spi.Remedies;
import io.petrel.transport.spi.SubscriptionPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.agrona.collections.ArrayUtil;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A bound port with the sessions it accepted: for duplex sessions, then its handler is told of
 * each, or for the subscriptions to its streams.
 */
final class TcpListener implements Listener, TcpReadiness.Waiting {
  /** As many sessions are read without asking whether there is anything to read. */
  private static final int READ_UNASKED = 8;

  private static final int BACKLOG = 1_024;
  private static final TcpSession[] NONE = {};
  private static final System.Logger LOGGER = System.getLogger(TcpListener.class.getName());

  private final EngineHandle engine;
  private final TcpBuffers buffers;
  private final TcpReadiness readiness;
  private final Channel channel;
  private final TcpOptions options;
  private final ServerSocketChannel server;
  private final InetSocketAddress localAddress;
  private final @Nullable SessionHandler handler;
  private final Int2ObjectHashMap<SubscriptionPort> subscriptions = new Int2ObjectHashMap<>();
  private TcpSession[] sessions = NONE;
  private boolean acceptable;
  private boolean closed;
  private boolean told;
  private volatile int sessionCount; // read by any thread

  TcpListener(
      EngineHandle engine,
      TcpBuffers buffers,
      TcpReadiness readiness,
      Channel channel,
      InetSocketAddress address,
      @Nullable SessionHandler handler) {
    this.engine = engine;
    this.buffers = buffers;
    this.readiness = readiness;
    this.channel = channel;
    this.options = TcpOptions.of(engine.context(), channel);
    this.handler = handler;
    ServerSocketChannel opened = null;
    try {
      opened = ServerSocketChannel.open();
      opened.configureBlocking(false);
      opened.bind(address, BACKLOG);
      readiness.addListener(opened, this);
      localAddress = (InetSocketAddress) opened.getLocalAddress();
      server = opened;
    } catch (IOException e) {
      close(opened);
      throw new PetrelException(
          channel
              + " cannot be bound: "
              + e.getMessage()
              + Remedies.forBind(false, address.getPort()),
          e);
    }
  }

  int work(long nowNs) {
    int done = 0;
    if (acceptable && !closed) {
      acceptable = false;
      done = accept(nowNs);
    }
    for (TcpSession session : sessions) {
      done += session.work(nowNs);
      if (session.isEnded()) {
        sessions = ArrayUtil.remove(sessions, session);
        sessionCount = sessions.length;
      }
    }
    return done;
  }

  private int accept(long nowNs) {
    SocketChannel accepted = null;
    try {
      accepted = server.accept();
      if (accepted == null) {
        return 0;
      }
      int refusal = refusal(accepted.getRemoteAddress());
      TcpConnection.prepare(accepted, options.socketBufferBytes());
      if (refusal != 0) {
        refuse(accepted, refusal);
        return 1;
      }
      TcpSession session = new TcpSession(engine, buffers, options, this, subscriptions::get);
      session.attach(new TcpConnection(accepted, buffers), nowNs, options.terms(0));
      if (sessions.length >= READ_UNASKED && readiness.addSession(accepted, session)) {
        session.readWhenReady(readiness);
      }
      sessions = ArrayUtil.add(sessions, session);
      sessionCount = sessions.length;
      told = false;
    } catch (IOException e) {
      close(accepted);
      if (!told) {
        told = true; // such as no descriptors left: it would come again with every look
        engine.onError(new PetrelException(channel + " cannot accept: " + e.getMessage(), e));
      }
    }
    return 1;
  }

  private int refusal(SocketAddress remote) {
    if (sessions.length >= options.sessions()) {
      return TcpFrames.REFUSED_LIMIT;
    }
    try {
      return handler == null || handler.accept(remote) ? 0 : TcpFrames.REFUSED_BY_FILTER;
    } catch (Throwable e) {
      engine.onError(e);
      return TcpFrames.REFUSED_BY_FILTER;
    }
  }

  private void refuse(SocketChannel accepted, int reason) throws IOException {
    UnsafeBuffer hello = buffers.out;
    TcpFrames.putHello(hello, 0, TcpFrames.REFUSAL, reason, options.terms(0));
    buffers.outLength = TcpFrames.HELLO_LENGTH;
    TcpConnection connection = new TcpConnection(accepted, buffers);
    connection.send();
    connection.shutdownOutput();
    connection.close();
  }

  /** A session is open. Returns false when the application does not want it after all. */
  boolean onOpened(TcpSession session) {
    LOGGER.log(System.Logger.Level.DEBUG, () -> channel + " accepted " + session.remoteAddress());
    if (handler == null) {
      return true;
    }
    try {
      handler.onSession(session.handle());
      return true;
    } catch (Throwable e) {
      engine.onError(e);
      return false;
    }
  }

  @Override
  public void onReady() {
    acceptable = true;
  }

  Channel channel() {
    return channel;
  }

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
            opened, localAddress, events, options.sessions(), () -> unsubscribe(stream));
    subscriptions.put(stream, port);
    return port.subscription();
  }

  private void unsubscribe(int stream) {
    subscriptions.remove(stream);
    for (TcpSession session : sessions) {
      session.unsubscribe(stream);
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
    for (TcpSession session : sessions) {
      session.beginClose(nowNs);
    }
  }

  void abort() {
    stopAccepting();
    for (TcpSession session : sessions) {
      session.abortNow();
    }
  }

  private void stopAccepting() {
    closed = true;
    close(server);
    readiness.release();
  }

  boolean isEnded() {
    return closed && sessions.length == 0;
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

  private static void close(java.nio.channels.@Nullable Channel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // The descriptor is gone either way.
      }
    }
  }
}
