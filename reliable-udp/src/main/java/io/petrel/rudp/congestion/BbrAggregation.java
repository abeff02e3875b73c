package io.petrel.rudp.congestion;

/**
 * How much more is acknowledged at times than the bandwidth would deliver in that time, because the
 * path or the peer collects packets or acknowledgements: the draft's extra_acked. The highest of
 * the last five to ten round trips, of the last one or two until the pipe has been full.
 */
final class BbrAggregation {
  private static final int ROUND_TRIPS = 5;

  private long intervalStartNs;
  private double delivered;
  private double most;
  private double mostBefore;
  private int roundTrips;

  BbrAggregation(long nowNs) {
    intervalStartNs = nowNs;
  }

  void restart(long nowNs) {
    intervalStartNs = nowNs;
    delivered = 0;
  }

  void onAck(
      long nowNs,
      long ackedBytes,
      double bytesPerNs,
      double windowBytes,
      boolean roundTripStart,
      boolean pipeHasBeenFull) {
    if (roundTripStart && ++roundTrips >= (pipeHasBeenFull ? ROUND_TRIPS : 1)) {
      roundTrips = 0;
      mostBefore = most;
      most = 0;
    }
    double expected = bytesPerNs * (nowNs - intervalStartNs);
    if (delivered <= expected) {
      delivered = 0;
      intervalStartNs = nowNs;
      expected = 0;
    }
    delivered += ackedBytes;
    most = Math.max(most, Math.min(delivered - expected, windowBytes));
  }

  double bytes() {
    return Math.max(most, mostBefore);
  }
}
