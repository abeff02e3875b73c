package io.petrel.rudp.congestion;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * A toy network in virtual time, to drive controllers without a session: flows share one bottleneck
 * with a drop-tail queue, then a delay; acknowledgements come back after the same delay and are
 * never lost.
 *
 * <pre>
 *   flow 1 --\
 *   flow 2 ---+-- random loss --&gt; [ queue | rate ] -- delay (+ reordering) --&gt; receivers
 *   flow n --/  &lt;----------------------- delay ------------------------------------'
 *               (or random loss here, behind the bottleneck)
 * </pre>
 */
final class TestPath {
  static final int DATAGRAM = 1_400;
  static final long MICROSECOND = 1_000;
  static final long MILLISECOND = 1_000_000;
  static final long SECOND = 1_000 * MILLISECOND;

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final List<TestFlow> flows = new ArrayList<>();
  private final SplittableRandom random;

  private double nsPerByte;
  private long delayNs = 10 * MILLISECOND;
  private long jitterNs;
  private long queueBytes;
  private double loss;
  private double lossBehind;
  private double reorder;
  private long reorderNs;
  private boolean blackhole;

  private long sequence;
  private long nowNs;
  private long linkFreeNs;
  long queueDrops;
  long randomDrops;
  long reordered;
  long mostQueuedNs;

  TestPath(long seed) {
    random = new SplittableRandom(seed);
  }

  TestPath rateMbit(double mbit) {
    nsPerByte = 8_000 / mbit;
    return this;
  }

  /** One way; both ways are the same. */
  TestPath delay(long ns) {
    delayNs = ns;
    return this;
  }

  /** How much longer than the delay a packet may take, each by chance; order is kept. */
  TestPath jitter(long ns) {
    jitterNs = ns;
    return this;
  }

  /** What the bottleneck holds, as the time it takes to empty; after the rate has been set. */
  TestPath queue(long ns) {
    queueBytes = (long) (ns / nsPerByte);
    return this;
  }

  TestPath loss(double share) {
    loss = share;
    return this;
  }

  /** Loss behind the bottleneck: what is lost has used up its rate. */
  TestPath lossBehind(double share) {
    lossBehind = share;
    return this;
  }

  TestPath reorder(double share, long lateNs) {
    reorder = share;
    reorderNs = lateNs;
    return this;
  }

  void blackhole(boolean on) {
    blackhole = on;
  }

  TestFlow flow(CongestionController controller, long startNs) {
    TestFlow flow = new TestFlow(this, controller, startNs);
    flows.add(flow);
    at(startNs, () -> flow.wake(startNs));
    return flow;
  }

  void at(long timeNs, Runnable action) {
    events.add(new Event(timeNs, sequence++, action));
  }

  long nowNs() {
    return nowNs;
  }

  double rateBytesPerSecond() {
    return 1e9 / nsPerByte;
  }

  /** Runs until that time, or until all flows have delivered what they had to. */
  void runUntil(long untilNs) {
    while (!events.isEmpty() && events.peek().timeNs <= untilNs) {
      Event event = events.remove();
      nowNs = event.timeNs;
      event.action.run();
      if (flows.stream().allMatch(TestFlow::complete)) {
        return;
      }
    }
    nowNs = untilNs;
  }

  /** A packet leaves a sender. */
  void send(TestFlow flow, long packetNumber, int bytes) {
    if (blackhole || random.nextDouble() < loss) {
      randomDrops++;
      return;
    }
    long waitNs = Math.max(linkFreeNs - nowNs, 0);
    if (waitNs / nsPerByte + bytes > queueBytes + DATAGRAM) {
      queueDrops++;
      return;
    }
    mostQueuedNs = Math.max(mostQueuedNs, waitNs);
    linkFreeNs = nowNs + waitNs + (long) (bytes * nsPerByte);
    if (lossBehind > 0 && random.nextDouble() < lossBehind) {
      randomDrops++;
      return;
    }
    long arrivalNs = linkFreeNs + delayNs;
    if (jitterNs > 0) {
      arrivalNs += random.nextLong(jitterNs);
      flow.lastArrivalNs = arrivalNs = Math.max(arrivalNs, flow.lastArrivalNs + 1);
    }
    if (reorder > 0 && random.nextDouble() < reorder) {
      reordered++;
      arrivalNs += reorderNs;
    }
    long time = arrivalNs;
    at(time, () -> flow.receive(time, packetNumber, bytes));
  }

  /** A receiver acknowledges. */
  void acknowledge(TestFlow flow, long[] packetNumbers) {
    long time = nowNs + delayNs;
    at(time, () -> flow.onAck(time, packetNumbers));
  }

  /** Jain's index: 1 when all get the same, 1/n when one gets all. */
  static double fairness(double... rates) {
    double sum = 0;
    double squares = 0;
    for (double rate : rates) {
      sum += rate;
      squares += rate * rate;
    }
    return sum * sum / (rates.length * squares);
  }

  private record Event(long timeNs, long sequence, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int order = Long.compare(timeNs, other.timeNs);
      return order != 0 ? order : Long.compare(sequence, other.sequence);
    }
  }
}
