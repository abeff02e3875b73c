package io.petrel.rudp.congestion;

/**
 * What losses have taught about the path: the most in flight that a probe for bandwidth found safe
 * (the long-term bound), and how far to stay below the measured bandwidth until the next probe (the
 * short-term bounds). The draft's inflight_longterm, bw_shortterm and inflight_shortterm.
 */
final class BbrBounds {
  static final double NONE = Double.POSITIVE_INFINITY;

  private static final double BETA = 0.7;
  private static final double HEADROOM = 0.15;
  private static final int MOST_SLOPE_ROUND_TRIPS = 30;

  private double longTermInFlight = NONE;
  private double shortTermBandwidth = NONE;
  private double shortTermInFlight = NONE;

  // The long-term bound rises by 1, 2, 4, ... datagrams a round trip while a probe goes well.
  private int slopeRoundTrips;
  private double acked;
  private double ackedPerStep = NONE;

  private double undoLongTermInFlight;
  private double undoShortTermBandwidth;
  private double undoShortTermInFlight;

  double longTermInFlight() {
    return longTermInFlight;
  }

  double shortTermBandwidth() {
    return shortTermBandwidth;
  }

  double shortTermInFlight() {
    return shortTermInFlight;
  }

  boolean hasLongTerm() {
    return longTermInFlight != NONE;
  }

  /** A probe lost too much with that in flight; the bound falls no further than cubic's window. */
  void onProbeTooHigh(double inFlight, double target) {
    longTermInFlight = Math.max(inFlight, target * BETA);
  }

  /** Start-up lost too much. */
  void onStartupTooHigh(double safeInFlight) {
    longTermInFlight = safeInFlight;
  }

  /** That much in flight was safe. */
  void onSafe(double inFlight) {
    longTermInFlight = Math.max(longTermInFlight, inFlight);
  }

  /** Some of the long-term bound is left to others between probes. */
  double withHeadroom(double datagramLength, double least) {
    double headroom = Math.max(datagramLength, HEADROOM * longTermInFlight);
    return hasLongTerm() ? Math.max(longTermInFlight - headroom, least) : NONE;
  }

  /** A round trip between probes lost too much: down to what was delivered, by 0.7 at most. */
  void lowerShortTerm(
      double bandwidth, double window, double latestBandwidth, double latestInFlight) {
    double from = shortTermBandwidth == NONE ? bandwidth : shortTermBandwidth;
    double fromInFlight = shortTermInFlight == NONE ? window : shortTermInFlight;
    shortTermBandwidth = Math.max(latestBandwidth, BETA * from);
    shortTermInFlight = Math.max(latestInFlight, BETA * fromInFlight);
  }

  void resetShortTerm() {
    shortTermBandwidth = NONE;
    shortTermInFlight = NONE;
  }

  void resetSlope() {
    slopeRoundTrips = 0;
    acked = 0;
  }

  void stopSlope() {
    ackedPerStep = NONE;
  }

  void raiseSlope(double window, double datagramLength) {
    double growth = (double) (1L << slopeRoundTrips);
    slopeRoundTrips = Math.min(slopeRoundTrips + 1, MOST_SLOPE_ROUND_TRIPS);
    ackedPerStep = Math.max(window / growth, datagramLength);
  }

  void raiseLongTerm(double ackedBytes, double datagramLength) {
    acked += ackedBytes;
    if (acked >= ackedPerStep) {
      double steps = StrictMath.floor(acked / ackedPerStep);
      acked -= steps * ackedPerStep;
      longTermInFlight += steps * datagramLength;
    }
  }

  void save() {
    undoLongTermInFlight = longTermInFlight;
    undoShortTermBandwidth = shortTermBandwidth;
    undoShortTermInFlight = shortTermInFlight;
  }

  void restore() {
    longTermInFlight = Math.max(longTermInFlight, undoLongTermInFlight);
    shortTermBandwidth = Math.max(shortTermBandwidth, undoShortTermBandwidth);
    shortTermInFlight = Math.max(shortTermInFlight, undoShortTermInFlight);
  }
}
