package io.petrel.bench.sim;

import io.petrel.multicast.flow.GroupListener;
import io.petrel.multicast.lines.LinesSink;
import io.petrel.multicast.source.Source;
import io.petrel.multicast.source.SourceSettings;
import io.petrel.transport.datagram.DatagramHandler;
import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.datagram.DatagramSink;
import io.petrel.transport.datagram.DatagramTrain;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.ring.SendRing;
import io.petrel.transport.simulation.MessagePattern;
import io.petrel.transport.simulation.SimulatedEndpoint;
import io.petrel.transport.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** The source of a simulated fan-out and the application that writes its messages. */
final class MulticastSender implements SimulatedEndpoint, GroupListener {
  private static final int RECEIVE_LIMIT = 64;

  private final MulticastOptions options;
  private final MessagePattern pattern;
  private final Source source;
  private final SendRing ring;
  private final List<DatagramPort> heard;
  private final DatagramTrain[] trains;
  private final DatagramSink sink;
  private final DatagramHandler handler;
  private final UnsafeBuffer message;
  private final long[] intendedNs;
  private final @Nullable MulticastKeeper keeper;
  private final List<Long> excluded = new ArrayList<>();
  private long nowNs;
  private long firstNs = -1;
  private long offered;

  MulticastSender(
      MulticastOptions options,
      SourceSettings settings,
      MessagePattern pattern,
      SendRing ring,
      List<DatagramPort> ports,
      List<DatagramPort> heard,
      List<EndpointAddress> groups,
      long sessionId) {
    this.options = options;
    this.pattern = pattern;
    this.ring = ring;
    this.heard = heard;
    source = new Source(settings, sessionId, ring, this, 0);
    trains = new DatagramTrain[ports.size()];
    for (int i = 0; i < trains.length; i++) {
      trains[i] = new DatagramTrain(ports.get(i), groups.get(i));
    }
    sink = trains.length == 1 ? trains[0] : new LinesSink(trains);
    handler = (buffer, offset, length, from) -> source.onDatagram(nowNs, buffer, offset, length);
    keeper = options.hasJournal() ? new MulticastKeeper(options, source, ring) : null;
    message = new UnsafeBuffer(new byte[pattern.lengthLimit()]);
    intendedNs = new long[(int) options.messages];
  }

  @Override
  public int work(long now) {
    nowNs = now;
    int done = 0;
    for (int i = 0; i < heard.size(); i++) {
      done += Math.max(heard.get(i).receive(handler, RECEIVE_LIMIT), 0);
    }
    if (source.isStarted()) {
      done += offer();
    }
    done += source.poll(now, sink);
    for (DatagramTrain train : trains) {
      train.flush();
    }
    if (keeper != null) {
      done += keeper.work(now);
    }
    return done;
  }

  private int offer() {
    if (firstNs < 0) {
      firstNs = nowNs;
    }
    int taken = 0;
    while (offered < options.messages && nowNs >= dueNs(offered)) {
      int length = pattern.write(offered, message, 0);
      if (ring.offer(message, 0, length) < 0) {
        return taken;
      }
      intendedNs[(int) offered] = dueNs(offered);
      offered++;
      taken++;
    }
    if (offered == options.messages) {
      source.close();
    }
    return taken;
  }

  private long dueNs(long number) {
    long turn = number / options.burst * options.burst;
    return firstNs + (long) (turn * options.intervalNs());
  }

  @Override
  public long nextDeadlineNs() {
    long deadlineNs = source.nextDeadlineNs();
    if (keeper != null) {
      deadlineNs = Deadline.earlier(deadlineNs, keeper.nextDeadlineNs());
    }
    if (firstNs >= 0 && offered < options.messages && dueNs(offered) > nowNs) {
      deadlineNs = Deadline.earlier(deadlineNs, dueNs(offered));
    }
    return deadlineNs;
  }

  @Override
  public void onExcluded(long receiverId, double missedShare) {
    excluded.add(receiverId);
  }

  /** Receivers put out of the group's repair. */
  List<Long> excluded() {
    return excluded;
  }

  /** When a message was to be sent. */
  long intendedNs(long number) {
    return intendedNs[(int) number];
  }

  /** Messages that the ring took. */
  long offered() {
    return offered;
  }

  /** Whether all was sent and acknowledged, or time ran out for it. */
  boolean isDone() {
    return source.isDone(nowNs);
  }

  /** Who keeps the journal, if one is kept. */
  @Nullable MulticastKeeper keeper() {
    return keeper;
  }

  Source source() {
    return source;
  }

  SendRing ring() {
    return ring;
  }

  @Override
  public String toString() {
    return "source";
  }
}
