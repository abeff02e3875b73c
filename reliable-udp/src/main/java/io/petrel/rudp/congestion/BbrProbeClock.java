package io.petrel.rudp.congestion;

/**
 * When it is time to probe for bandwidth again: two to three seconds after the last cycle began, by
 * a pseudo-random choice that keeps flows apart, or as many round trips as Reno would need to come
 * back after a loss, so that bbr leaves Reno and cubic their share.
 */
final class BbrProbeClock {
  private static final long WAIT_NS = 2_000_000_000L;
  private static final long SPREAD_NS = 1_000_000_000L;
  private static final double MOST_RENO_ROUND_TRIPS = 63;

  private long random;
  private long startNs;
  private long waitNs;
  private long roundTrips;

  BbrProbeClock(long nowNs, long seed) {
    startNs = nowNs;
    random = seed;
  }

  void start(long nowNs) {
    startNs = nowNs;
    waitNs = WAIT_NS + (nextRandom() >>> 1) % SPREAD_NS;
    roundTrips = nextRandom() >>> 63;
  }

  void onRoundTrip() {
    roundTrips++;
  }

  boolean due(long nowNs, double targetDatagrams) {
    return nowNs - startNs > waitNs
        || roundTrips >= Math.min(targetDatagrams, MOST_RENO_ROUND_TRIPS);
  }

  /** A step of SplitMix64: the same seed probes at the same times. */
  private long nextRandom() {
    random += 0x9E3779B97F4A7C15L;
    long mixed = (random ^ (random >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
