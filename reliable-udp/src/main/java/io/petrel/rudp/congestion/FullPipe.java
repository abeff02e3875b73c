package io.petrel.rudp.congestion;

/**
 * Whether sending faster still delivers more. Three round trips without a quarter more bandwidth
 * mean that the pipe is full (the draft's section on a bandwidth plateau).
 *
 * <p>Deviation: a round trip counts with its best sample, not with the one that happens to end it;
 * where one acknowledgement covers a whole train single samples are far apart.
 */
final class FullPipe {
  private static final double GROWTH = 1.25;
  private static final int ROUND_TRIPS = 3;

  private double baseline;
  private double best;
  private int plateau;
  private boolean full;

  /** Looks anew, from a bandwidth already known. */
  void reset(double bandwidth) {
    baseline = bandwidth;
    best = 0;
    plateau = 0;
    full = false;
  }

  void onAck(double sample, boolean roundTripStart, boolean applicationLimited) {
    best = Math.max(best, sample);
    if (full || !roundTripStart || applicationLimited || best == 0) {
      return;
    }
    if (best >= baseline * GROWTH) {
      reset(best);
      return;
    }
    best = 0;
    full = ++plateau >= ROUND_TRIPS;
  }

  /** The pipe has been found full since the last reset. */
  boolean full() {
    return full;
  }
}
