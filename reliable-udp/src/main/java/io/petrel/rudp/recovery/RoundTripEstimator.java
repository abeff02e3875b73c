package io.petrel.rudp.recovery;

/**
 * Round-trip time of one path after RFC 6298, in nanoseconds, with a minimum over the last ten
 * seconds or so.
 *
 * <p>Samples are taken as they come, the peer's acknowledgement delay included: what a probe must
 * wait for is the answer as it arrives, and a peer's word about its own delay need not be believed.
 * Only the minimum is cleared of the delay, which it is by being the minimum.
 */
public final class RoundTripEstimator {
  /** A minimum is forgotten after one to two of these; BBR's filter of 10 s lies between. */
  static final long MINIMUM_WINDOW_NS = 6_000_000_000L;

  /** No sample is longer: what a clock that jumped measures says nothing about the path. */
  static final long LONGEST_SAMPLE_NS = 60_000_000_000L;

  private long smoothedNs;
  private long variationNs;
  private long roundVariationNs;
  private long heldVariationNs;
  private long roundStartNs;
  private long latestNs;
  private long windowMinimumNs = Long.MAX_VALUE;
  private long previousMinimumNs = Long.MAX_VALUE;
  private long windowStartNs;
  private long samples;

  /**
   * Starts from a guess, which the first sample replaces altogether.
   *
   * @param initialNs what to assume until there is a sample.
   */
  public RoundTripEstimator(long initialNs) {
    reset(initialNs);
  }

  /** Forgets the path, as when the peer's address changed. */
  public void reset(long initialNs) {
    smoothedNs = initialNs;
    variationNs = initialNs / 2;
    roundVariationNs = 0;
    heldVariationNs = 0;
    latestNs = initialNs;
    windowMinimumNs = Long.MAX_VALUE;
    previousMinimumNs = Long.MAX_VALUE;
    samples = 0;
  }

  /** Takes one sample; zero, negative and absurd ones (a clock jumped) are brought into bounds. */
  public void onSample(long nowNs, long sampleNs) {
    long boundedNs = Math.min(Math.max(sampleNs, 1), LONGEST_SAMPLE_NS);
    latestNs = boundedNs;
    if (samples++ == 0) {
      smoothedNs = boundedNs;
      variationNs = boundedNs / 2;
      windowMinimumNs = boundedNs;
      previousMinimumNs = Long.MAX_VALUE;
      windowStartNs = nowNs;
      roundStartNs = nowNs;
      return;
    }
    long errorNs = boundedNs - smoothedNs;
    variationNs += (Math.abs(errorNs) - variationNs) / 4; // RFC 6298: beta = 1/4
    smoothedNs += errorNs / 8; // RFC 6298: alpha = 1/8
    holdVariation(nowNs);
    if (nowNs - windowStartNs >= MINIMUM_WINDOW_NS) {
      previousMinimumNs = windowMinimumNs;
      windowMinimumNs = boundedNs;
      windowStartNs = nowNs;
    } else if (boundedNs < windowMinimumNs) {
      windowMinimumNs = boundedNs;
    }
  }

  private void holdVariation(long nowNs) {
    roundVariationNs = Math.max(roundVariationNs, variationNs);
    heldVariationNs = Math.max(heldVariationNs, roundVariationNs);
    if (nowNs - roundStartNs >= smoothedNs) {
      heldVariationNs -= (heldVariationNs - roundVariationNs) / 4;
      roundVariationNs = variationNs;
      roundStartNs = nowNs;
    }
  }

  /** Whether there was any sample. */
  public boolean isMeasured() {
    return samples > 0;
  }

  /** SRTT of RFC 6298. */
  public long smoothedNs() {
    return smoothedNs;
  }

  /** RTTVAR of RFC 6298. */
  public long variationNs() {
    return variationNs;
  }

  /**
   * The greatest RTTVAR of late, which falls by a quarter of the difference a round trip. A busy
   * path gives dozens of samples a round trip, and RTTVAR alone has forgotten after a few of them
   * that the end of a burst takes longer than its beginning.
   */
  public long heldVariationNs() {
    return samples < 2 ? variationNs : heldVariationNs;
  }

  /** The newest sample. */
  public long latestNs() {
    return latestNs;
  }

  /** The least of the last ten seconds; the initial guess before there is a sample. */
  public long minimumNs() {
    return samples == 0 ? smoothedNs : Math.min(windowMinimumNs, previousMinimumNs);
  }
}
