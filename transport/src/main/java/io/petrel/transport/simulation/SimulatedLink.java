package io.petrel.transport.simulation;

import org.jspecify.annotations.Nullable;

/**
 * One direction of a network path: a queue, a serial transmitter, a wire, and what goes wrong
 * there. Hosts that share a link compete for it. Everything can be set anew while a simulation
 * runs.
 *
 * <pre>
 *   datagram -> down? scripted? too large? -> queue -> transmitter -> lost? -> delay, jitter, reorder
 *                         dropped          full: dropped  (rate)    dropped    corrupt, duplicate
 * </pre>
 *
 * <p>The transmitter is charged the payload and the UDP and IP headers. What is lost at random is
 * lost behind it, so it has used its share of the rate. A new link is perfect: no delay, no limit,
 * no faults.
 */
public final class SimulatedLink {
  private static final long BITS_NS = 8 * 1_000_000_000L; // bits a byte x nanoseconds a second
  private static final int INITIAL_WAITING = 64;

  private final String name;
  private final SimulatedNetwork network;
  private final LinkFaults faults;
  private final SeededRandom jitterRandom;
  private final LinkCounters counters = new LinkCounters();

  private long rateBitsPerSecond;
  private long delayNs;
  private long jitterNs;
  private int queuePackets = Integer.MAX_VALUE;
  private long queueNs = Long.MAX_VALUE;
  private int datagramLimit = Integer.MAX_VALUE;
  private boolean refusesTooLarge;

  private long transmittingUntilNs;
  private long
      transmitRemainder; // of the division by the rate, so that no time is lost by rounding
  private long lastArrivalNs;

  /** When each waiting datagram's transmission begins; the first {@code waitingCount} from head. */
  private long[] waiting = new long[INITIAL_WAITING];

  private int waitingHead;
  private int waitingCount;

  SimulatedLink(String name, SimulatedNetwork network, SeededRandom random) {
    this.name = name;
    this.network = network;
    faults = new LinkFaults(random);
    jitterRandom = random.fork("jitter");
  }

  /** The name given when the link was made; its faults' random sequences hang on it. */
  public String name() {
    return name;
  }

  /** Live counts. */
  public LinkCounters counters() {
    return counters;
  }

  /**
   * How fast the link transmits.
   *
   * @param bitsPerSecond 0 for as fast as anybody sends
   */
  public SimulatedLink rate(long bitsPerSecond) {
    rateBitsPerSecond = atLeastZero("rate", bitsPerSecond);
    transmitRemainder = 0;
    return this;
  }

  /** How long a datagram travels after its transmission. */
  public SimulatedLink delay(long ns) {
    delayNs = atLeastZero("delay", ns);
    return this;
  }

  /**
   * Adds from 0 to this much to the delay of each datagram, evenly spread, and keeps their order.
   */
  public SimulatedLink jitter(long ns) {
    jitterNs = atLeastZero("jitter", ns);
    return this;
  }

  /** The most datagrams that may wait; the one being transmitted does not count. */
  public SimulatedLink queuePackets(int datagrams) {
    queuePackets = (int) atLeastZero("queue", datagrams);
    return this;
  }

  /** The longest a datagram may have to wait; one that would wait longer is dropped. */
  public SimulatedLink queueTime(long ns) {
    queueNs = atLeastZero("queue", ns);
    return this;
  }

  /** Loses datagrams at random. */
  public SimulatedLink loss(double probability) {
    faults.loss(probability("loss", probability));
    return this;
  }

  /**
   * Lets random losses come in bursts; how much is lost overall stays the same.
   *
   * @param meanDatagrams mean number lost in a row, 1 for independent losses
   */
  public SimulatedLink meanBurst(double meanDatagrams) {
    faults.meanBurst(meanDatagrams);
    return this;
  }

  /**
   * Loses at random only datagrams of a kind, beside what {@link #loss} does to all.
   *
   * @param filter picks them out; null for none
   * @param probability of losing one
   */
  public SimulatedLink filteredLoss(@Nullable DatagramFilter filter, double probability) {
    faults.filteredLoss(filter, probability("filtered loss", probability));
    return this;
  }

  /**
   * Holds some datagrams back, so that those behind overtake them.
   *
   * @param probability of holding one back
   * @param extraNs for how long
   */
  public SimulatedLink reorder(double probability, long extraNs) {
    faults.reorder(probability("reorder", probability), atLeastZero("reorder", extraNs));
    return this;
  }

  /** Delivers some datagrams twice. */
  public SimulatedLink duplicate(double probability) {
    faults.duplicate(probability("duplicate", probability));
    return this;
  }

  /** Changes one byte of some datagrams. */
  public SimulatedLink corrupt(double probability) {
    faults.corrupt(probability("corrupt", probability));
    return this;
  }

  /** Swallows everything, or nothing any more. */
  public SimulatedLink down(boolean isDown) {
    faults.down(isDown);
    return this;
  }

  /** Swallows everything that enters the link from one virtual time to before another. */
  public SimulatedLink blackhole(long fromNs, long untilNs) {
    if (fromNs >= untilNs) {
      throw new IllegalArgumentException(
          "a blackhole from " + fromNs + " ns must end later than at " + untilNs + " ns");
    }
    faults.blackhole(fromNs, untilNs);
    return this;
  }

  /**
   * Limits the size of datagrams; larger ones vanish, as on a path that sends no word back.
   *
   * @param payloadBytes the largest payload that passes
   */
  public SimulatedLink datagramLimit(int payloadBytes) {
    datagramLimit = payloadBytes;
    refusesTooLarge = false;
    return this;
  }

  /**
   * Limits the size of datagrams; the sending port refuses larger ones, as when the host's own
   * interface is the limit. Beyond the first link of a path they vanish.
   *
   * @param payloadBytes the largest payload that passes
   */
  public SimulatedLink refusingDatagramLimit(int payloadBytes) {
    datagramLimit = payloadBytes;
    refusesTooLarge = true;
    return this;
  }

  /**
   * Drops exactly one datagram.
   *
   * @param ordinal 1 for the first that ever enters this link
   */
  public SimulatedLink dropNth(long ordinal) {
    faults.dropNth(ordinal);
    return this;
  }

  /**
   * Drops the next datagrams of a kind.
   *
   * @param filter picks them out
   * @param times how many of them
   */
  public SimulatedLink dropMatching(DatagramFilter filter, int times) {
    faults.dropMatching(filter, times);
    return this;
  }

  boolean refuses(int length) {
    return refusesTooLarge && length > datagramLimit;
  }

  /** Whether a datagram comes out the moment it goes in, or not at all. */
  private boolean isInstant() {
    return rateBitsPerSecond == 0
        && delayNs == 0
        && jitterNs == 0
        && !faults.reorders()
        && lastArrivalNs <= network.clock().nowNs();
  }

  /** Takes a datagram and hands it, its copies or its loss back to the network. */
  void carry(Transit transit, long nowNs) {
    counters.entered++;
    SimulatedDatagram datagram = transit.datagram();
    // All faults draw before any applies: what one does to a datagram must not shift the others.
    boolean lost = faults.drawLoss();
    boolean filtered = faults.drawFilteredLoss(datagram);
    long heldNs = faults.drawReorder();
    boolean duplicate = faults.drawDuplicate();
    boolean corrupt = faults.drawCorrupt();
    long jitter = jitterNs == 0 ? 0 : jitterRandom.nextLong(jitterNs + 1);

    if (!faults.isUp(nowNs)) {
      drop(transit, DropCause.BLACKHOLE);
    } else if (faults.isScriptedToDrop(datagram, counters.entered)) {
      drop(transit, DropCause.SCRIPTED);
    } else if (datagram.length > datagramLimit) {
      drop(transit, DropCause.TOO_LARGE);
    } else if (!transmit(datagram.wireLength, nowNs)) {
      drop(transit, DropCause.QUEUE);
    } else if (lost) {
      drop(transit, DropCause.LOSS);
    } else if (filtered) {
      drop(transit, DropCause.FILTERED_LOSS);
    } else {
      arrive(transit, nowNs, jitter, heldNs, duplicate, corrupt);
    }
  }

  private void arrive(
      Transit transit, long nowNs, long jitter, long heldNs, boolean duplicate, boolean corrupt) {
    boolean instant = isInstant();
    long arrivalNs = Math.max(transmittingUntilNs, nowNs) + delayNs + jitter;
    arrivalNs = Math.max(arrivalNs, lastArrivalNs);
    if (heldNs == 0) {
      lastArrivalNs = arrivalNs;
    } else {
      counters.reordered++;
      arrivalNs += heldNs;
    }
    Transit copy = duplicate ? network.copyOf(transit) : null;
    if (corrupt && transit.datagram().length > 0) {
      counters.corrupted++;
      faults.corrupt(network.ownDatagram(transit));
    }
    if (instant) {
      transit.occur(nowNs);
    } else {
      network.schedule(arrivalNs, transit);
    }
    if (copy != null) {
      counters.duplicated++;
      network.schedule(arrivalNs, copy);
    }
  }

  /** Queues and transmits in one go, since nothing ever leaves the queue but by transmission. */
  private boolean transmit(int wireLength, long nowNs) {
    if (rateBitsPerSecond > 0) {
      if (transmittingUntilNs <= nowNs) {
        transmittingUntilNs = nowNs;
        transmitRemainder = 0;
      }
      long waitNs = transmittingUntilNs - nowNs;
      if (waitNs > queueNs || !enqueue(waitNs, nowNs)) {
        return false;
      }
      counters.maxQueueDelayNs = Math.max(counters.maxQueueDelayNs, waitNs);
      long work = wireLength * BITS_NS + transmitRemainder;
      transmittingUntilNs += work / rateBitsPerSecond;
      transmitRemainder = work % rateBitsPerSecond;
    }
    counters.carriedBytes += wireLength;
    return true;
  }

  private boolean enqueue(long waitNs, long nowNs) {
    if (queuePackets == Integer.MAX_VALUE || waitNs == 0) {
      return true;
    }
    while (waitingCount > 0 && waiting[waitingHead] <= nowNs) {
      waitingHead = (waitingHead + 1) & (waiting.length - 1);
      waitingCount--;
    }
    if (waitingCount >= queuePackets) {
      return false;
    }
    if (waitingCount == waiting.length) {
      growWaiting();
    }
    waiting[(waitingHead + waitingCount++) & (waiting.length - 1)] = transmittingUntilNs;
    counters.maxQueuedPackets = Math.max(counters.maxQueuedPackets, waitingCount);
    return true;
  }

  private void growWaiting() {
    long[] grown = new long[2 * waiting.length];
    for (int i = 0; i < waitingCount; i++) {
      grown[i] = waiting[(waitingHead + i) & (waiting.length - 1)];
    }
    waiting = grown;
    waitingHead = 0;
  }

  private void drop(Transit transit, DropCause cause) {
    counters.drop(cause);
    network.drop(transit, cause);
  }

  private static long atLeastZero(String what, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(what + " must not be below 0: " + value);
    }
    return value;
  }

  private static double probability(String what, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(what + " must be from 0 to 1: " + value);
    }
    return value;
  }
}
