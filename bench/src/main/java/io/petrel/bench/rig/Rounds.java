package io.petrel.bench.rig;

import com.sun.management.ThreadMXBean;
import io.petrel.bench.fanout.Receivers;
import io.petrel.bench.peer.Endpoint;
import io.petrel.bench.peer.Setup;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The loops that are measured: what one end does in a round. */
final class Rounds {
  static final Endpoint.MessageSink IGNORE = (buffer, offset, length) -> {};

  private static final long MAXIMUM_LATENCY_NS = TimeUnit.SECONDS.toNanos(100);
  private static final long GIVE_UP_NS = TimeUnit.SECONDS.toNanos(5);

  /** However steadily the rest of a round comes in, no longer is waited for it. */
  private static final long DRAIN_LIMIT_NS = TimeUnit.SECONDS.toNanos(30);

  private static final int SIGNIFICANT_DIGITS = 3;
  private static final long OPEN = -1;
  private static final long NO_THREAD = -1;

  /** Short beside the time between two packets of the links that ends sharing a core cross. */
  private static final long REST_NS = TimeUnit.MICROSECONDS.toNanos(20);

  /** So many messages at the start of a round warm the caches again and are not recorded. */
  private static final long COOLED = 2_000;

  /** A bulk sender hands over so much between two polls, as suits every peer best. */
  private static final int BURST_BYTES = 64 << 10;

  private static final int LEAST_BURST = 16;
  private static final int MOST_BURST = 1_024;
  private static final long SAMPLING_MASK = 15;

  private final Endpoint endpoint;
  private final int size;
  private final boolean sharesCore;
  private final int burst;
  private final UnsafeBuffer message;
  private final boolean yielding;
  private final Tally[] tallies;
  private final Tally tally;
  private final Endpoint.MessageSink[] latencies;
  private final Histogram histogram = new Histogram(MAXIMUM_LATENCY_NS, SIGNIFICANT_DIGITS);
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final List<GarbageCollectorMXBean> collectors =
      ManagementFactory.getGarbageCollectorMXBeans();
  private final Endpoint.MessageSink echo = this::echo;
  private final Endpoint.MessageSink record = this::record;

  private long controlThread = NO_THREAD;
  private long recordFrom;
  private long sent;
  private long elapsedNs;
  private long inStretch;

  // Written by the control thread: how many messages a receiving round must see, or OPEN.
  private volatile long stopAfter;

  Rounds(Endpoint endpoint, Setup setup) {
    this.sharesCore = setup.sharesCore();
    this.endpoint = endpoint;
    this.size = setup.size();
    yielding = setup.receivers() + 1 > Runtime.getRuntime().availableProcessors();
    tallies = new Tally[Math.max(1, setup.receivers())];
    latencies = new Endpoint.MessageSink[tallies.length];
    for (int i = 0; i < tallies.length; i++) {
      tallies[i] = new Tally(i, tallies.length);
      latencies[i] = sampled(tallies[i]);
    }
    tally = tallies[0];
    burst = Math.clamp(BURST_BYTES / Math.max(size, 1), LEAST_BURST, MOST_BURST);
    message = new UnsafeBuffer(ByteBuffer.allocateDirect(Math.max(size, Payload.MINIMUM_LENGTH)));
    Payload.fill(message, size);
  }

  /** Before a command is handed over: nobody has said yet how many messages there will be. */
  void open() {
    stopAfter = OPEN;
  }

  void stop(long total) {
    stopAfter = total;
  }

  /** What this thread allocates, the rig's own that reads commands, is not the peer's. */
  void leaveOut(Thread control) {
    controlThread = control.threadId();
  }

  private long allocatedBytes() {
    long all = threads.getTotalThreadAllocatedBytes();
    return controlThread == NO_THREAD ? all : all - threads.getThreadAllocatedBytes(controlThread);
  }

  /** Runs one command and returns its figures as {@code key=value} words. */
  String run(String[] words) {
    long first = Long.parseLong(words[1]);
    long count = words.length > 2 ? Long.parseLong(words[2]) : 0;
    long detail = words.length > 3 ? Long.parseLong(words[3]) : 0;
    long limitNs = words.length > 4 ? Long.parseLong(words[4]) : Long.MAX_VALUE;
    sent = 0;
    elapsedNs = 0;
    inStretch = 0;
    for (Tally each : tallies) {
      each.expect(first);
    }
    histogram.reset();
    long dropsBefore = endpoint.injectedDrops();
    long collectionsBefore = collections();
    long allocatedBefore = allocatedBytes();
    switch (words[0]) {
      case "echo" -> receive(echo);
      case "receive" -> receive(tally);
      case "fanout" -> receiveAll();
      case "drain" -> receive(IGNORE);
      case "record" -> {
        recordFrom = first;
        receive(record);
      }
      case "timed" -> receiveFor(count, detail);
      case "paced" -> paced(first, count, detail);
      case "rtt" -> roundTrips(first, count, detail, limitNs);
      case "rate" -> scheduled(first, count, detail);
      case "send" -> send(first, count);
      default -> throw new IllegalArgumentException("unknown command " + words[0]);
    }
    long allocated = allocatedBytes() - allocatedBefore;
    long collected = collections() - collectionsBefore;
    return figures(allocated, collected, endpoint.injectedDrops() - dropsBefore);
  }

  private String figures(long allocated, long collected, long drops) {
    ByteBuffer encoded = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int length = histogram.encodeIntoByteBuffer(encoded);
    String histogramText =
        Base64.getEncoder().encodeToString(Arrays.copyOf(encoded.array(), length));
    return "sent="
        + sent
        + " elapsed="
        + elapsedNs
        + " delivered="
        + sum(Tally::delivered)
        + " lost="
        + sum(Tally::lost)
        + " misordered="
        + sum(Tally::outOfOrder)
        + " damaged="
        + sum(Tally::damaged)
        + " complete="
        + sum(each -> each.isComplete() && each.passed() == stopAfter ? 1 : 0)
        + " allocated="
        + allocated
        + " gc="
        + collected
        + " stretch="
        + inStretch
        + " injected="
        + drops
        + " histogram="
        + histogramText;
  }

  private long sum(ToLongFunction<Tally> figure) {
    return Arrays.stream(tallies).mapToLong(figure).sum();
  }

  /** Receives until the coordinator has said how many there are and all came, or none come. */
  private void receive(Endpoint.MessageSink sink) {
    long lastNs = System.nanoTime();
    long stopNs = 0;
    while (true) {
      boolean idle = endpoint.poll(sink) <= 0;
      long nowNs = System.nanoTime();
      if (!idle) {
        lastNs = nowNs;
      }
      long total = stopAfter;
      if (total != OPEN) {
        stopNs = stopNs == 0 ? nowNs : stopNs;
        boolean over = tally.passed() >= total || nowNs - lastNs > GIVE_UP_NS;
        if ((idle && over) || nowNs - stopNs > DRAIN_LIMIT_NS) {
          break;
        }
      }
      if (idle) {
        rest();
      }
    }
    elapsedNs = tally.delivered() > 0 ? lastNs - tally.firstNs() : 0;
  }

  /** The same for each of many receivers that this process stands for. */
  private void receiveAll() {
    Receivers receivers = (Receivers) endpoint;
    long lastNs = System.nanoTime();
    while (true) {
      if (receivers.poll(latencies) > 0) {
        lastNs = System.nanoTime();
      } else if (isOver(lastNs)) {
        break;
      } else {
        rest();
      }
    }
    long firstNs = lastNs;
    for (Tally each : tallies) {
      firstNs = each.delivered() > 0 ? Math.min(firstNs, each.firstNs()) : firstNs;
    }
    elapsedNs = lastNs - firstNs;
  }

  private boolean isOver(long lastNs) {
    long total = stopAfter;
    if (total == OPEN) {
      return false;
    }
    boolean all = true;
    for (Tally each : tallies) {
      all &= each.passed() >= total;
    }
    return all || System.nanoTime() - lastNs > GIVE_UP_NS;
  }

  /** Receives for a time that begins some while after the first message, and then no longer. */
  private void receiveFor(long skipNs, long durationNs) {
    long startNs = System.nanoTime();
    long before = 0;
    boolean counting = false;
    while (stopAfter == OPEN) {
      if (endpoint.poll(tally) == 0) {
        rest();
      }
      long nowNs = System.nanoTime();
      long fromNs = (tally.delivered() > 0 ? tally.firstNs() : startNs + GIVE_UP_NS) + skipNs;
      if (!counting && nowNs - fromNs >= 0) {
        counting = true;
        before = tally.delivered();
      }
      if (nowNs - fromNs >= durationNs) {
        elapsedNs = nowNs - fromNs;
        break;
      }
    }
    inStretch = tally.delivered() - before;
  }

  /** Sends no more once the limit has passed: a peer may take a while over what was lost. */
  private void roundTrips(long first, long count, long inFlight, long limitNs) {
    long startNs = System.nanoTime();
    recordFrom = first + Math.min(COOLED, count / 10);
    long last = first + count;
    long next = first;
    long progressNs = startNs;
    while (tally.expected() < last) {
      while (next < last && next - tally.expected() < inFlight) {
        long nowNs = System.nanoTime();
        if (nowNs - startNs >= limitNs) {
          last = next;
          break;
        }
        Payload.stamp(message, size, next, nowNs);
        if (!endpoint.send(message, 0, size)) {
          break;
        }
        next++;
      }
      if (endpoint.poll(record) > 0) {
        progressNs = System.nanoTime();
      } else if (System.nanoTime() - progressNs > GIVE_UP_NS) {
        break;
      }
    }
    sent = next - first;
    elapsedNs = System.nanoTime() - startNs;
  }

  /** Sends on a schedule that does not wait for anybody; latency counts from the intended time. */
  private void scheduled(long first, long count, long intervalNs) {
    long startNs = System.nanoTime();
    recordFrom = first + Math.min(COOLED, count / 10);
    long last = first + count;
    long next = first;
    long progressNs = startNs;
    while (tally.expected() < last) {
      long nowNs = System.nanoTime();
      long intendedNs = startNs + (next - first) * intervalNs;
      if (next < last && nowNs - intendedNs >= 0) {
        Payload.stamp(message, size, next, intendedNs);
        if (endpoint.send(message, 0, size)) {
          next++;
        }
      }
      if (endpoint.poll(record) > 0) {
        progressNs = nowNs;
      } else if (next == last && nowNs - progressNs > GIVE_UP_NS) {
        break;
      }
    }
    sent = next - first;
    elapsedNs = System.nanoTime() - startNs;
  }

  /** Sends on a schedule that does not wait for anybody, each message with its intended time. */
  private void paced(long first, long count, long intervalNs) {
    long startNs = System.nanoTime();
    long last = first + count;
    long next = first;
    long progressNs = startNs;
    while (next < last) {
      long nowNs = System.nanoTime();
      long intendedNs = startNs + (next - first) * intervalNs;
      if (nowNs - intendedNs >= 0) {
        Payload.stamp(message, size, next, intendedNs);
        if (endpoint.send(message, 0, size)) {
          next++;
          progressNs = nowNs;
        } else if (nowNs - progressNs > GIVE_UP_NS) {
          break;
        }
      }
      endpoint.poll(IGNORE);
    }
    sent = next - first;
    elapsedNs = System.nanoTime() - startNs;
  }

  private void send(long first, long durationNs) {
    long startNs = System.nanoTime();
    long next = first;
    long nowNs = startNs;
    boolean refused = false;
    while (nowNs - startNs < durationNs) {
      for (int i = 0; i < burst; i++) {
        Payload.stamp(message, size, next, nowNs);
        refused = !endpoint.send(message, 0, size);
        if (refused) {
          rest();
          break;
        }
        next++;
      }
      endpoint.poll(IGNORE);
      nowNs = System.nanoTime();
    }
    // Of several connections some may have taken what was refused last: the others get it too.
    while (refused && nowNs - startNs < durationNs + GIVE_UP_NS) {
      refused = !endpoint.send(message, 0, size);
      next += refused ? 0 : 1;
      endpoint.poll(IGNORE);
      nowNs = System.nanoTime();
    }
    sent = next - first;
    elapsedNs = System.nanoTime() - startNs;
  }

  /** Nothing to do for the moment. */
  @SuppressWarnings("ThreadPriorityCheck") // yields to the other ends where cores are few
  private void rest() {
    if (sharesCore) {
      LockSupport.parkNanos(REST_NS);
    } else if (yielding) {
      Thread.yield(); // more endpoints than cores
    } else {
      Thread.onSpinWait();
    }
  }

  private long collections() {
    long count = 0;
    for (int i = 0; i < collectors.size(); i++) {
      count += collectors.get(i).getCollectionCount();
    }
    return count;
  }

  private void echo(DirectBuffer buffer, int offset, int length) {
    tally.onMessage(buffer, offset, length);
    while (!endpoint.send(buffer, offset, length)) {
      Thread.onSpinWait();
    }
  }

  /** Of a fan-out every sixteenth message is timed: a look at the clock costs as much as one. */
  private Endpoint.MessageSink sampled(Tally each) {
    return (buffer, offset, length) -> {
      each.onMessage(buffer, offset, length);
      if ((Payload.sequence(buffer, offset) & SAMPLING_MASK) == 0) {
        histogram.recordValue(
            Math.clamp(System.nanoTime() - Payload.timeNs(buffer, offset), 0, MAXIMUM_LATENCY_NS));
      }
    };
  }

  private void record(DirectBuffer buffer, int offset, int length) {
    long nowNs = System.nanoTime();
    tally.onMessage(buffer, offset, length);
    if (Payload.sequence(buffer, offset) >= recordFrom) {
      histogram.recordValue(
          Math.min(MAXIMUM_LATENCY_NS, Math.max(0, nowNs - Payload.timeNs(buffer, offset))));
    }
  }
}
