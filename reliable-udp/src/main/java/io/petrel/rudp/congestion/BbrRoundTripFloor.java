package io.petrel.rudp.congestion;

/**
 * The path's round trip without queues, and when it is time to look for it again: two minimum
 * filters of different length, as the draft has them in its section on ProbeRTT. The shorter one
 * schedules the look, the longer one remembers across two of them.
 *
 * <p>Deviations: the look lasts twenty round trips where that is less than 200 ms; a sample close
 * to the minimum shows that there is no queue, and puts the look off as a lower one would; and
 * start-up is not interrupted, which on a long path lasts longer than the interval and has seen the
 * bare path when it began.
 */
final class BbrRoundTripFloor {
  /** The draft's MinRTTFilterLen and ProbeRTTInterval. */
  private static final long FILTER_NS = 10_000_000_000L;

  private static final long PROBE_INTERVAL_NS = 5_000_000_000L;

  /** A sample this close to the minimum has met no queue. */
  private static final int TOLERANCE_DIVISOR = 64;

  /** The draft's ProbeRTTDuration, and what takes its place on paths of less than 10 ms. */
  private static final long LOOK_NS = 200_000_000L;

  private static final int LOOK_ROUND_TRIPS = 20;
  private static final long LEAST_LOOK_NS = 2_000_000L;

  static final long UNKNOWN = Long.MAX_VALUE;

  private long minimumNs = UNKNOWN;
  private long minimumSinceNs;
  private long probeMinimumNs = UNKNOWN;
  private long probeMinimumSinceNs;
  private boolean expired;
  private long lookEndNs;
  private boolean lookTimed;
  private boolean lookRoundTripDone;

  BbrRoundTripFloor(long nowNs) {
    minimumSinceNs = nowNs;
    probeMinimumSinceNs = nowNs;
  }

  /**
   * Takes a round trip.
   *
   * @param starting while start-up searches and drains the look is put off.
   */
  void onAck(long nowNs, long rttNs, boolean starting) {
    if (rttNs > 0 && minimumNs != UNKNOWN && rttNs <= minimumNs + minimumNs / TOLERANCE_DIVISOR) {
      probeMinimumNs = Math.min(probeMinimumNs, rttNs);
      probeMinimumSinceNs = nowNs;
      minimumNs = Math.min(minimumNs, rttNs);
      minimumSinceNs = nowNs;
    }
    expired = !starting && nowNs - probeMinimumSinceNs > PROBE_INTERVAL_NS;
    if (rttNs > 0 && (rttNs < probeMinimumNs || expired)) {
      probeMinimumNs = rttNs;
      probeMinimumSinceNs = nowNs;
    }
    boolean minimumExpired = nowNs - minimumSinceNs > FILTER_NS;
    if (probeMinimumNs < minimumNs || minimumExpired) {
      minimumNs = probeMinimumNs;
      minimumSinceNs = probeMinimumSinceNs;
    }
  }

  /** The shorter filter has just run out: the path should be seen without a queue. */
  boolean probeDue() {
    return expired;
  }

  void beginLook() {
    lookTimed = false;
  }

  /**
   * An acknowledgement during the look, which is timed from when little is in flight.
   *
   * @return true when the time begins, and a round trip with it.
   */
  boolean look(long nowNs, boolean littleInFlight, boolean roundTripStart) {
    if (lookTimed || !littleInFlight) {
      lookRoundTripDone |= roundTripStart;
      return false;
    }
    long lastsNs = Math.max(LOOK_ROUND_TRIPS * minimumNs, LEAST_LOOK_NS);
    lookEndNs = nowNs + Math.min(lastsNs, LOOK_NS);
    lookTimed = true;
    lookRoundTripDone = false;
    return true;
  }

  /** The path has been seen long enough; the next look is then a whole interval away. */
  boolean endLook(long nowNs) {
    boolean over = lookTimed && lookRoundTripDone && nowNs - lookEndNs > 0;
    if (over) {
      probeMinimumSinceNs = nowNs;
    }
    return over;
  }

  boolean known() {
    return minimumNs != UNKNOWN;
  }

  long minimumNs() {
    return minimumNs;
  }
}
