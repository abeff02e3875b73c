package io.petrel.rudp.congestion;

/**
 * The cap above every controller: two trains, or twice what the path delivers in its minimum round
 * trip, whichever is more. A queue deeper than that adds delay and no throughput, and between two
 * processes on one machine it even costs throughput, because it leaves the cache.
 *
 * <p>The delivery rate is the highest of the last {@value #ROUND_TRIPS} to twice as many round
 * trips, the minimum round trip that of the whole session: one that forgets would take the queue
 * that the cap allows for the path itself, and allow twice as much each time it forgets.
 *
 * <p>While bbr searches for the bandwidth it bounds itself by the same product, and by a larger one
 * on a long path; the cap, whose rates are a round trip old, would only slow the search.
 *
 * <p>To the minimum round trip come two mean deviations of it ({@link PathJitter}). Without this a
 * path whose jitter is more than its delay gets a quarter of its rate, because the rate that a cap
 * too small allows sets the next.
 *
 * <p>The cap keeps a session that is alone from building a queue. It must not hold it back where
 * the queue is others': a session that keeps to twice its own rate while the others' queue makes
 * the round trip three times the minimum gets less and less, down to the two trains. So it is
 * lifted when packets are lost with a queue standing, and when the smoothed round trip stays above
 * {@value #FOREIGN_QUEUE_GAIN} minima and a bit, more than the cap itself can cause, for {@value
 * #FOREIGN_QUEUE_ROUND_TRIPS} round trips and a tenth of a second. The controller then has the word
 * alone. Neither counts while the session has more in flight than the cap: that queue is its own.
 *
 * <p>A peer that is slow for a moment looks the same, the more so the shorter the path. So the cap
 * comes back after {@value #LIFT_ROUND_TRIPS} round trips, but not within a second, and after twice
 * the time before when it had to be lifted again soon, up to {@value #LONGEST_LIFT_NS} ns.
 */
public final class InFlightCap {
  /** What two system calls take. */
  public static final long TWO_TRAINS_BYTES = 128 * 1024;

  private static final int ROUND_TRIPS = 10;
  private static final double GAIN = 2.0;
  private static final double JITTER_GAIN = 2.0;
  private static final double NANOS_PER_SECOND = 1e9;

  private static final double FOREIGN_QUEUE_GAIN = 2.2;
  private static final int FOREIGN_QUEUE_ROUND_TRIPS = 8;

  /** A peer whose code is still being compiled, or that waits for a core, is slow for less. */
  private static final long FOREIGN_QUEUE_NS = 100_000_000L;

  /** What a busy machine adds to round trips of microseconds without any queue of others. */
  private static final long NOISE_NS = 200_000;

  private static final double LOSS_QUEUE_GAIN = 1.5;

  /** In flight by so much more than the cap, which moves, the queue is the session's own. */
  private static final double OWN_QUEUE_GAIN = 1.25;

  private static final int LIFT_ROUND_TRIPS = 1_500;
  private static final long SHORTEST_LIFT_NS = 1_000_000_000L;

  /** Longer than cubic takes from one loss to the next on a path of a gigabit. */
  private static final long LONGEST_LIFT_NS = 30_000_000_000L;

  private final CongestionController controller;
  private final PathJitter jitter = new PathJitter();
  private long bytes = TWO_TRAINS_BYTES;
  private long rate;
  private long previousRate;
  private long epochRoundTrip;
  private long minimumRttNs = Long.MAX_VALUE;
  private long smoothedRttNs;
  private boolean roundOverCap;
  private int foreignQueueRoundTrips;
  private long foreignQueueSinceNs;
  private boolean lifted;
  private boolean liftedByLoss;
  private long liftEndNs;
  private long liftNs;

  /**
   * A cap of two trains, until something is known of the path.
   *
   * @param controller whose window it is above.
   */
  public InFlightCap(CongestionController controller) {
    this.controller = controller;
  }

  /**
   * Takes what an acknowledgement said.
   *
   * @param nowNs the time.
   * @param sample the same that the controller gets.
   */
  public void onAck(long nowNs, AckSample sample) {
    if (sample.latestRttNs() > 0) {
      minimumRttNs = Math.min(minimumRttNs, sample.latestRttNs());
    }
    roundOverCap |= isOverCap(sample.inFlightWhenSentBytes());
    smoothedRttNs = sample.smoothedRttNs();
    if (sample.roundTripStart()) {
      onRoundTripStart(nowNs, sample);
    }
    jitter.onAck(sample);
    rate = Math.max(rate, sample.deliveryRateBytesPerSecond());
    if (minimumRttNs != Long.MAX_VALUE) {
      double pathNs = minimumRttNs + JITTER_GAIN * jitter.deviationNs();
      double pipe = Math.max(rate, previousRate) / NANOS_PER_SECOND * pathNs;
      bytes = Math.max(TWO_TRAINS_BYTES, (long) (GAIN * pipe));
    }
  }

  /**
   * A packet has been lost.
   *
   * @param nowNs the time.
   * @param inFlightBytes what was in flight, the lost packet among it.
   */
  public void onPacketLost(long nowNs, long inFlightBytes) {
    if (!isOverCap(inFlightBytes) && smoothedRttNs > LOSS_QUEUE_GAIN * minimumRttNs + NOISE_NS) {
      liftedByLoss = !lifted;
      lift(nowNs);
    }
  }

  /** What was taken for lost has arrived after all: nothing is known of a queue. */
  public void onSpuriousLoss() {
    if (liftedByLoss) {
      lifted = false;
      liftedByLoss = false;
    }
  }

  private boolean isOverCap(long inFlightBytes) {
    return inFlightBytes > OWN_QUEUE_GAIN * bytes;
  }

  private void onRoundTripStart(long nowNs, AckSample sample) {
    if (sample.roundTrip() - epochRoundTrip >= ROUND_TRIPS && !sample.applicationLimited()) {
      epochRoundTrip = sample.roundTrip();
      previousRate = rate;
      rate = 0;
    }
    boolean foreign = !roundOverCap && smoothedRttNs > FOREIGN_QUEUE_GAIN * minimumRttNs + NOISE_NS;
    foreignQueueRoundTrips = foreign ? foreignQueueRoundTrips + 1 : 0;
    foreignQueueSinceNs = foreignQueueRoundTrips > 1 ? foreignQueueSinceNs : nowNs;
    roundOverCap = false;
    if (foreignQueueRoundTrips >= FOREIGN_QUEUE_ROUND_TRIPS
        && nowNs - foreignQueueSinceNs >= FOREIGN_QUEUE_NS) {
      liftedByLoss = false;
      lift(nowNs);
    }
    if (lifted && nowNs - liftEndNs > 0) {
      lifted = false;
    }
  }

  private void lift(long nowNs) {
    if (lifted) {
      return;
    }
    boolean again = liftNs > 0 && nowNs - liftEndNs <= liftNs;
    long wantedNs = again ? 2 * liftNs : LIFT_ROUND_TRIPS * minimumRttNs;
    liftNs = Math.clamp(wantedNs, SHORTEST_LIFT_NS, LONGEST_LIFT_NS);
    liftEndNs = nowNs + liftNs;
    lifted = true;
  }

  /**
   * The most that may be in flight, whatever the controller's window.
   *
   * @return bytes.
   */
  public long bytes() {
    return lifted || controller.phase() == CongestionPhase.STARTUP ? Long.MAX_VALUE : bytes;
  }
}
