package io.petrel.rudp.congestion;

/**
 * How much the path itself makes round trips vary: the least mean deviation of the last ten to
 * twenty round trips. A queue that comes and goes makes the deviation large at times, jitter at all
 * times.
 */
final class PathJitter {
  private static final int ROUND_TRIPS = 10;

  private long leastNs = Long.MAX_VALUE;
  private long leastBeforeNs = Long.MAX_VALUE;
  private int roundTrips;

  void onAck(AckSample sample) {
    if (sample.roundTripStart() && ++roundTrips >= ROUND_TRIPS) {
      roundTrips = 0;
      leastBeforeNs = leastNs;
      leastNs = Long.MAX_VALUE;
    }
    leastNs = Math.min(leastNs, sample.rttVariationNs());
  }

  /** The mean deviation that is always there; after at least one acknowledgement. */
  long deviationNs() {
    return Math.min(leastNs, leastBeforeNs);
  }
}
