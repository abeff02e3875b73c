package io.petrel.transport.ipc;

import io.petrel.transport.Channel;
import io.petrel.transport.ConfigurationException;
import io.petrel.transport.Options;
import io.petrel.transport.Publication;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.Subscription;
import io.petrel.transport.ipc.IpcCounters.Count;
import io.petrel.transport.metrics.ProcessIdentity;
import io.petrel.transport.spi.EngineHandle;
import io.petrel.transport.spi.Transport;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All rings that one engine takes part in. Messages go between the application's threads and the
 * mapped file without the engine; its turns show that the members live, look after dead ones, and
 * let go what was closed.
 */
final class IpcTransport implements Transport {
  /** A publication or subscription, as turns see it. */
  interface Member {
    /** Looks after its ring; returns whether there was something to do. */
    boolean work(long nowNs);

    /** The engine closes: as if the application had closed it. */
    void beginClose();

    /** Whether it has left its ring. */
    boolean hasLeft();

    /** Leaves at once. */
    void leave();
  }

  private final EngineHandle engine;
  private final IpcCounters counters;
  private final Path directory;
  private final ProcessIdentity process = ProcessIdentity.own();
  private final List<Member> members = new ArrayList<>();

  IpcTransport(final EngineHandle engine) {
    this.engine = engine;
    counters = new IpcCounters(engine.counters());
    directory = Path.of(engine.context().value(Options.DIR));
  }

  @Override
  public Publication publish(
      final Channel channel, final @Nullable InetSocketAddress address, final boolean exclusive) {
    final IpcPublication publication =
        IpcPublication.open(engine, channel, file(channel), capacity(channel), exclusive, process);
    members.add(publication);
    counters.increment(Count.PUBLICATIONS);
    return publication;
  }

  @Override
  public Subscription subscribe(
      final Channel channel,
      final @Nullable InetSocketAddress address,
      final SessionEvents events) {
    final IpcSubscription subscription =
        IpcSubscription.open(engine, channel, file(channel), capacity(channel), process, events);
    members.add(subscription);
    counters.increment(Count.SUBSCRIPTIONS);
    return subscription;
  }

  private int capacity(final Channel channel) {
    return (int) (long) engine.context().value(Options.RING, channel);
  }

  private IpcFile file(final Channel channel) {
    if (channel.host().isEmpty()
        || channel.port() != Channel.NO_PORT
        || !channel.path().isEmpty()) {
      throw new ConfigurationException(
          "URI '" + channel + "': an ipc ring has a name and no more, such as ipc://orders");
    }
    final int stream = engine.context().value(Options.STREAM, channel);
    return new IpcFile(directory, channel.host() + "-" + stream + ".ipc");
  }

  @Override
  public int work(final long nowNs) {
    int done = 0;
    for (int i = members.size() - 1; i >= 0; i--) {
      final Member member = members.get(i);
      done += member.work(nowNs) ? 1 : 0;
      if (member.hasLeft()) {
        members.remove(i);
        counters.increment(Count.LEFT);
      }
    }
    return done;
  }

  @Override
  public void beginClose(final long nowNs) {
    for (final Member member : members) {
      member.beginClose();
    }
  }

  @Override
  public boolean isQuiet() {
    return members.isEmpty();
  }

  @Override
  public void close() {
    for (final Member member : members) {
      member.leave();
    }
    members.clear();
  }
}
