package io.petrel.transport.engine;

import io.petrel.transport.Channel;
import io.petrel.transport.ConfigurationException;
import io.petrel.transport.Context;
import io.petrel.transport.OptionGroup;
import io.petrel.transport.Options;
import io.petrel.transport.PetrelException;
import io.petrel.transport.Session;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.Threading;
import io.petrel.transport.metrics.Counters;
import io.petrel.transport.ring.RingMemory;
import io.petrel.transport.spi.EngineHandle;
import io.petrel.transport.spi.SendSide;
import io.petrel.transport.spi.SubscriptionPort;
import io.petrel.transport.spi.Transport;
import io.petrel.transport.spi.TransportProvider;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The turn and what may enter it. All transports of a Petrel are touched within turns only; one
 * thread at a time takes a turn. What other threads want done comes through a bounded queue.
 *
 * <p>A turn: the time is read once, commands run, each transport works. While closing, a turn also
 * looks whether everything is delivered, and ends the engine when it is.
 */
final class Engine implements EngineHandle {
  private static final int COMMAND_LIMIT = 1_024;
  private static final long WAIT_NS = TimeUnit.MICROSECONDS.toNanos(50);

  private final Context context;
  private final List<TransportProvider> providers;
  private final boolean invoked;
  private final long controlTimeoutNs;
  private final RingMemory ringMemory;
  private final EngineMetrics metrics;
  private final TurnGuard guard = new TurnGuard();
  private final Resolver resolver = new Resolver(this);
  private final ManyToOneConcurrentArrayQueue<Runnable> commands =
      new ManyToOneConcurrentArrayQueue<>(COMMAND_LIMIT);

  // Touched within turns only.
  private final Map<String, Transport> byScheme = new HashMap<>();
  private Transport[] transports = new Transport[0];
  private boolean closing;

  private volatile boolean ended; // read by whoever waits for the end

  Engine(Context context, List<TransportProvider> providers) {
    this.context = context;
    this.providers = providers;
    invoked = context.value(Options.THREADING) == Threading.INVOKER;
    ringMemory = new RingMemory(context.value(Options.RING_MEMORY));
    controlTimeoutNs = context.value(Options.CONTROL_TIMEOUT);
    metrics = new EngineMetrics(context);
  }

  @Override
  public Context context() {
    return context;
  }

  @Override
  public boolean isInvoked() {
    return invoked;
  }

  @Override
  public RingMemory ringMemory() {
    return ringMemory;
  }

  @Override
  public Counters counters() {
    return metrics.counters();
  }

  @Override
  public void flush(SendSide side) {
    if (invoked && guard.tryEnter()) {
      try {
        side.flush();
      } finally {
        guard.leave();
      }
    }
  }

  @Override
  public int turn() {
    return invoked ? takeTurn() : 0;
  }

  /** One turn by the calling thread, unless another or this very thread is in one. */
  int takeTurn() {
    if (!guard.tryEnter()) {
      return 0;
    }
    try {
      return work();
    } finally {
      guard.leave();
    }
  }

  private int work() {
    if (ended) {
      return 0;
    }
    long nowNs = System.nanoTime();
    metrics.onTurn(nowNs);
    int done = commands.isEmpty() ? 0 : runCommands();
    for (Transport transport : transports) {
      try {
        done += transport.work(nowNs);
      } catch (Throwable e) {
        onError(e);
      }
    }
    if (closing) {
      endWhenQuiet();
    }
    return done;
  }

  private int runCommands() {
    int count = 0;
    Runnable command = commands.poll();
    while (command != null) {
      try {
        command.run();
      } catch (Throwable e) {
        onError(e);
      }
      command = ++count < COMMAND_LIMIT ? commands.poll() : null;
    }
    return count;
  }

  @Override
  public void execute(Runnable command) {
    long startNs = System.nanoTime();
    while (!commands.offer(command)) {
      if (guard.isHeldHere()) {
        command.run();
        return;
      }
      await(startNs);
    }
    if (invoked && guard.tryEnter()) {
      try {
        runCommands();
      } finally {
        guard.leave();
      }
    }
  }

  @Override
  public <T extends @Nullable Object> T call(Supplier<T> command) {
    if (guard.isHeldHere()) {
      return command.get();
    }
    if (!invoked) {
      Call<T> call = new Call<>(command);
      execute(call);
      return call.await(this);
    }
    long startNs = System.nanoTime();
    while (!guard.tryEnter()) {
      await(startNs);
    }
    try {
      runCommands();
      return command.get();
    } finally {
      guard.leave();
    }
  }

  /** A moment's wait for a turn of another thread, or the refusal to wait any longer. */
  void await(long startNs) {
    if (ended) {
      throw new IllegalStateException("this Petrel is closed");
    }
    if (System.nanoTime() - startNs > controlTimeoutNs) {
      throw new PetrelException(
          "the engine took no turn for "
              + TimeUnit.NANOSECONDS.toMillis(controlTimeoutNs)
              + " ms (option "
              + Options.CONTROL_TIMEOUT
              + "): a handler that waits holds it up");
    }
    LockSupport.parkNanos(WAIT_NS);
  }

  /** The transport of a scheme, opened at its first use; within turns only. */
  Transport transport(TransportProvider provider) {
    if (closing) {
      throw new IllegalStateException("this Petrel is closed");
    }
    Transport transport = byScheme.get(provider.scheme());
    if (transport == null) {
      transport = provider.open(this);
      byScheme.put(provider.scheme(), transport);
      transports = Arrays.copyOf(transports, transports.length + 1);
      transports[transports.length - 1] = transport;
    }
    return transport;
  }

  @Override
  public Session connect(Channel channel, InetSocketAddress address) {
    return transport(provider(channel)).connect(channel, address);
  }

  /** The provider of a channel's scheme, which must be on the class path or module path. */
  TransportProvider provider(Channel channel) {
    for (TransportProvider provider : providers) {
      if (provider.scheme().equals(channel.scheme())) {
        channel.validate(provider.options());
        return provider;
      }
    }
    throw new ConfigurationException(
        "URI '"
            + channel
            + "': "
            + OptionGroup.unknown(
                "scheme",
                channel.scheme(),
                providers.stream().map(TransportProvider::scheme).toList())
            + ". A transport's jar must be on the class path or module path");
  }

  @Override
  public void resolve(String host, int port, AddressHandler handler) {
    resolver.resolve(host, port, handler);
  }

  @Override
  public SubscriptionPort newSubscription(
      Channel channel,
      @Nullable SocketAddress localAddress,
      SessionEvents events,
      int sourceLimit,
      Runnable onClose) {
    return new PolledSubscription(this, channel, localAddress, events, sourceLimit, onClose);
  }

  @Override
  public void onError(Throwable error) {
    metrics.errors().onError(error);
    context.errorHandler().onError(error);
  }

  /** Begins to end: further turns deliver what was accepted. Within turns only. */
  void beginClose() {
    if (!closing) {
      closing = true;
      long nowNs = System.nanoTime();
      for (Transport transport : transports) {
        transport.beginClose(nowNs);
      }
    }
  }

  private void endWhenQuiet() {
    for (Transport transport : transports) {
      if (!transport.isQuiet()) {
        return;
      }
    }
    for (Transport transport : transports) {
      try {
        transport.close();
      } catch (Throwable e) {
        onError(e);
      }
    }
    transports = new Transport[0];
    resolver.close();
    metrics.close();
    ended = true;
  }

  /** Whether the calling thread is within a turn. */
  boolean isInTurn() {
    return guard.isHeldHere();
  }

  boolean isEnded() {
    return ended;
  }

  /** A command whose caller waits. */
  private static final class Call<T extends @Nullable Object> implements Runnable {
    private final Supplier<T> command;
    private @Nullable T result;
    private @Nullable Throwable failure;
    private volatile boolean done; // written last by the engine, read first by the caller

    Call(Supplier<T> command) {
      this.command = command;
    }

    @Override
    public void run() {
      try {
        result = command.get();
      } catch (Throwable e) {
        failure = e;
      }
      done = true;
    }

    @SuppressWarnings("NullAway") // the result is null only where T is nullable
    T await(Engine engine) {
      long startNs = System.nanoTime();
      while (!done) {
        engine.await(startNs);
      }
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      if (failure instanceof Error e) {
        throw e;
      }
      return result;
    }
  }
}
