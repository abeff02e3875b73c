package io.petrel.rudp.congestion;

/** The rate that spends a window in a round trip (RFC 9002, section 7.7). */
final class PacingRate {
  private static final double NANOS_PER_SECOND = 1e9;

  private PacingRate() {}

  /**
   * The rate of a window.
   *
   * @param windowBytes the window.
   * @param roundTripNs the round trip, 0 when unknown.
   * @param gain above 1 the window is spent before the round trip is over.
   * @return bytes a second, 0 (no pacing) while the round trip is unknown.
   */
  static long of(long windowBytes, long roundTripNs, double gain) {
    if (roundTripNs <= 0) {
      return 0;
    }
    return Math.max((long) (gain * windowBytes * NANOS_PER_SECOND / roundTripNs), 1);
  }
}
