package io.petrel.rudp.congestion;

/**
 * The cap above every controller: two trains, or twice what the path delivers in its minimum round
 * trip, whichever is more. A queue deeper than that adds delay and no throughput, and between two
 * processes on one machine it even costs throughput, because it leaves the cache.
 *
 * <p>The delivery rate is the highest of the last {@value #ROUND_TRIPS} to {@code 2 x} {@value
 * #ROUND_TRIPS} round trips.
 */
public final class InFlightCap {
  /** What two system calls take. */
  public static final long TWO_TRAINS_BYTES = 128 * 1024;

  private static final int ROUND_TRIPS = 10;
  private static final double GAIN = 2.0;
  private static final double NANOS_PER_SECOND = 1e9;

  private long bytes = TWO_TRAINS_BYTES;
  private long rate;
  private long previousRate;
  private long epochRoundTrip;

  /** A cap of two trains, until something is known of the path. */
  public InFlightCap() {}

  /**
   * Takes what an acknowledgement said.
   *
   * @param sample the same that the controller gets.
   */
  public void onAck(AckSample sample) {
    if (sample.roundTrip() - epochRoundTrip >= ROUND_TRIPS && !sample.applicationLimited()) {
      epochRoundTrip = sample.roundTrip();
      previousRate = rate;
      rate = 0;
    }
    rate = Math.max(rate, sample.deliveryRateBytesPerSecond());
    double pipe = Math.max(rate, previousRate) / NANOS_PER_SECOND * sample.minimumRttNs();
    bytes = Math.max(TWO_TRAINS_BYTES, (long) (GAIN * pipe));
  }

  /**
   * The most that may be in flight, whatever the controller's window.
   *
   * @return bytes.
   */
  public long bytes() {
    return bytes;
  }
}
