package io.petrel.transport.engine;

import io.petrel.transport.Channel;
import io.petrel.transport.ConfigurationException;
import io.petrel.transport.Context;
import io.petrel.transport.Listener;
import io.petrel.transport.Options;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Session;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionHandler;
import io.petrel.transport.Subscription;
import io.petrel.transport.agent.AgentThread;
import io.petrel.transport.agent.CorePinning;
import io.petrel.transport.spi.TransportProvider;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/** What applications hold: checks what they say, then has the engine do it. */
final class EnginePetrel implements Petrel {
  private static final System.Logger LOGGER = System.getLogger(EnginePetrel.class.getName());
  private static final long WAIT_NS = TimeUnit.MICROSECONDS.toNanos(20);

  private final Context context;
  private final Engine engine;
  private final @Nullable AgentThread runner;
  private final AtomicBoolean closed = new AtomicBoolean();

  EnginePetrel(Context context, List<TransportProvider> providers) {
    this.context = context;
    int core = checkedCore(context);
    engine = new Engine(context, providers);
    runner = engine.isInvoked() ? null : start(core);
    LOGGER.log(
        System.Logger.Level.INFO,
        () -> context.value(Options.NAME) + " launched, " + context.value(Options.THREADING));
  }

  private AgentThread start(int core) {
    IdleStrategy idle = context.idleStrategy();
    return AgentThread.start(
        new EngineAgent(engine, context.value(Options.NAME)),
        idle != null ? idle : context.value(Options.IDLE).newStrategy(),
        core,
        engine::onError);
  }

  /** Refuses a core before anything has been opened. */
  private static int checkedCore(Context context) {
    int core = context.value(Options.CORE);
    try {
      CorePinning.check(core);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("option " + Options.CORE + ": " + e.getMessage());
    }
    return core;
  }

  @Override
  public Publication publish(Channel channel, boolean exclusive) {
    TransportProvider provider = provider(channel);
    InetSocketAddress address = address(provider, channel, false);
    return engine.call(() -> engine.transport(provider).publish(channel, address, exclusive));
  }

  @Override
  public Subscription subscribe(Channel channel, SessionEvents events) {
    TransportProvider provider = provider(channel);
    InetSocketAddress address = address(provider, channel, true);
    return engine.call(() -> engine.transport(provider).subscribe(channel, address, events));
  }

  @Override
  public Session connect(Channel channel) {
    TransportProvider provider = provider(channel);
    InetSocketAddress address = address(provider, channel, false);
    return engine.call(() -> engine.transport(provider).connect(channel, address));
  }

  @Override
  public Listener listen(Channel channel, SessionHandler handler) {
    TransportProvider provider = provider(channel);
    InetSocketAddress address = address(provider, channel, true);
    return engine.call(() -> engine.transport(provider).listen(channel, address, handler));
  }

  private TransportProvider provider(Channel channel) {
    if (closed.get()) {
      throw new IllegalStateException("this Petrel is closed");
    }
    return engine.provider(channel);
  }

  /** Resolves on the calling thread, so that a wrong host is refused at once and no turn waits. */
  private static @Nullable InetSocketAddress address(
      TransportProvider provider, Channel channel, boolean local) {
    if (!provider.resolvesHost()) {
      return null;
    }
    if (channel.host().isEmpty() || channel.port() == Channel.NO_PORT) {
      throw new ConfigurationException(
          "URI '"
              + channel
              + "': a host and a port are needed: "
              + channel.scheme()
              + "://host:port");
    }
    if (channel.port() == 0 && !local) {
      throw new ConfigurationException(
          "URI '" + channel + "': port 0 has no one to connect to; it is for subscribe and listen");
    }
    InetSocketAddress address = Resolver.lookUp(channel.host(), channel.port());
    if (address == null) {
      throw new ConfigurationException(
          "URI '" + channel + "': host '" + channel.host() + "' is not known to the resolver");
    }
    return address;
  }

  @Override
  public int work() {
    return engine.turn();
  }

  @Override
  public Context context() {
    return context;
  }

  @Override
  public boolean isClosed() {
    return closed.get();
  }

  @Override
  public void close() {
    if (engine.isEnded()) {
      return;
    }
    if (closed.compareAndSet(false, true)) {
      engine.execute(engine::beginClose);
    }
    if (engine.isInTurn()) {
      return; // called by a handler: further turns deliver and end
    }
    while (!engine.isEnded()) {
      if (engine.turn() == 0) {
        LockSupport.parkNanos(WAIT_NS);
      }
    }
    if (runner != null) {
      runner.close();
    }
    LOGGER.log(System.Logger.Level.INFO, () -> context.value(Options.NAME) + " closed");
  }
}
