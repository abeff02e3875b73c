package io.petrel.rudp.congestion;

/**
 * When to leave slow start before it overruns the queue: HyStart++ (RFC 9406). Slow start ends for
 * a trial when the least round trip of a round trip's first samples has grown by a threshold; the
 * trial goes on growing at a quarter of the pace, and either the delay comes down again (it was
 * chance) or slow start is over after five round trips.
 *
 * <p>Deviation: the RFC keeps the threshold at 4 ms or more, which on a path of 50 us would be a
 * queue of eighty round trips. Here the least threshold is half a round trip, within 50 us (what an
 * engine and a scheduler add by themselves) and the RFC's 4 ms; from 8 ms of round trip upwards
 * nothing differs from the RFC.
 */
final class SlowStart {
  /** RFC 9406, section 4.3: MIN_RTT_THRESH, MAX_RTT_THRESH, MIN_RTT_DIVISOR. */
  private static final long RFC_LEAST_THRESHOLD_NS = 4_000_000;

  private static final long MOST_THRESHOLD_NS = 16_000_000;
  private static final int THRESHOLD_DIVISOR = 8;

  /** The deviation described above. */
  private static final long LEAST_THRESHOLD_NS = 50_000;

  private static final int LEAST_THRESHOLD_DIVISOR = 2;

  /** RFC 9406, section 4.3: N_RTT_SAMPLE, CSS_GROWTH_DIVISOR, CSS_ROUNDS. */
  private static final int SAMPLES = 8;

  private static final int TRIAL_GROWTH_DIVISOR = 4;
  private static final int TRIAL_ROUND_TRIPS = 5;

  private static final long NONE = Long.MAX_VALUE;

  private long leastRttNs = NONE;
  private long leastRttBeforeNs = NONE;
  private long baselineRttNs = NONE;
  private int samples;
  private boolean trial;
  private int trialRoundTrips;

  /**
   * Takes an acknowledgement in slow start.
   *
   * @return true when slow start is over.
   */
  boolean onAck(AckSample sample) {
    if (sample.roundTripStart()) {
      if (trial && ++trialRoundTrips >= TRIAL_ROUND_TRIPS) {
        return true;
      }
      leastRttBeforeNs = leastRttNs;
      leastRttNs = NONE;
      samples = 0;
    }
    if (sample.latestRttNs() >= 0) {
      leastRttNs = Math.min(leastRttNs, sample.latestRttNs());
      samples++;
    }
    if (samples < SAMPLES || leastRttBeforeNs == NONE) {
      return false;
    }
    if (trial) {
      trial = leastRttNs >= baselineRttNs;
    } else if (leastRttNs >= leastRttBeforeNs + thresholdNs(leastRttBeforeNs)) {
      trial = true;
      trialRoundTrips = 0;
      baselineRttNs = leastRttNs;
    }
    return false;
  }

  /** How much of what was acknowledged the window grows by. */
  long growth(long ackedBytes) {
    return trial ? ackedBytes / TRIAL_GROWTH_DIVISOR : ackedBytes;
  }

  boolean trial() {
    return trial;
  }

  /** How much the round trip may grow from one to the next before the queue is taken to fill. */
  static long thresholdNs(long rttNs) {
    long least = Math.max(rttNs / LEAST_THRESHOLD_DIVISOR, LEAST_THRESHOLD_NS);
    least = Math.min(least, RFC_LEAST_THRESHOLD_NS);
    return Math.max(least, Math.min(rttNs / THRESHOLD_DIVISOR, MOST_THRESHOLD_NS));
  }
}
