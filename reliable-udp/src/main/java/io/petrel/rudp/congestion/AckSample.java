package io.petrel.rudp.congestion;

/**
 * What one acknowledgement said. {@link DeliveryRateSampler} fills and reuses it, so a controller
 * reads it during the call and keeps no reference.
 */
public final class AckSample {
  long ackedBytes;
  long newestPacketNumber;
  long newestSentNs;
  long inFlightBytesBefore;
  long inFlightBytes;
  long latestRttNs;
  long smoothedRttNs;
  long minimumRttNs;
  long rttVariationNs;
  long deliveryRateBytesPerSecond;
  long deliveredBytes;
  long totalDeliveredBytes;
  long priorDeliveredBytes;
  long inFlightWhenSentBytes;
  long lostSinceSentBytes;
  long roundTrip;
  boolean roundTripStart;
  boolean applicationLimited;

  AckSample() {}

  /**
   * Bytes that this acknowledgement was the first to report.
   *
   * @return bytes, 1 or more.
   */
  public long ackedBytes() {
    return ackedBytes;
  }

  /**
   * The number of the most recently sent packet among those newly acknowledged.
   *
   * @return a packet number.
   */
  public long newestPacketNumber() {
    return newestPacketNumber;
  }

  /**
   * When that packet was sent.
   *
   * @return its time.
   */
  public long newestSentNs() {
    return newestSentNs;
  }

  /**
   * In flight before the acknowledgement and the losses that it revealed.
   *
   * @return bytes.
   */
  public long inFlightBytesBefore() {
    return inFlightBytesBefore;
  }

  /**
   * In flight after them.
   *
   * @return bytes.
   */
  public long inFlightBytes() {
    return inFlightBytes;
  }

  /**
   * The round trip of the most recently sent packet newly acknowledged, the peer's delay included.
   *
   * @return nanoseconds, or -1 when this acknowledgement gives no valid sample.
   */
  public long latestRttNs() {
    return latestRttNs;
  }

  /**
   * The session's smoothed round trip (RFC 6298).
   *
   * @return nanoseconds, 0 before the first sample.
   */
  public long smoothedRttNs() {
    return smoothedRttNs;
  }

  /**
   * The session's minimum round trip.
   *
   * @return nanoseconds, 0 before the first sample.
   */
  public long minimumRttNs() {
    return minimumRttNs;
  }

  /**
   * The session's mean deviation of the round trip (RFC 6298).
   *
   * @return nanoseconds, 0 before the first sample.
   */
  public long rttVariationNs() {
    return rttVariationNs;
  }

  /**
   * How fast the path delivered between the sending of the newest packet and now.
   *
   * @return bytes a second, or 0 when no reliable sample could be made.
   */
  public long deliveryRateBytesPerSecond() {
    return deliveryRateBytesPerSecond;
  }

  /**
   * What was delivered between the sending of the newest packet and now.
   *
   * @return bytes.
   */
  public long deliveredBytes() {
    return deliveredBytes;
  }

  /**
   * What the session has delivered in all.
   *
   * @return bytes.
   */
  public long totalDeliveredBytes() {
    return totalDeliveredBytes;
  }

  /**
   * What it had delivered in all when the newest packet was sent: at or above an earlier {@link
   * #totalDeliveredBytes()}, a round trip has passed since then.
   *
   * @return bytes.
   */
  public long priorDeliveredBytes() {
    return priorDeliveredBytes;
  }

  /**
   * In flight when the newest packet was sent, that packet included.
   *
   * @return bytes.
   */
  public long inFlightWhenSentBytes() {
    return inFlightWhenSentBytes;
  }

  /**
   * Found lost between the sending of the newest packet and now.
   *
   * @return bytes.
   */
  public long lostSinceSentBytes() {
    return lostSinceSentBytes;
  }

  /**
   * Round trips since the session began, counted by packets: the next begins when a packet is
   * acknowledged that was sent after this one began.
   *
   * @return the count.
   */
  public long roundTrip() {
    return roundTrip;
  }

  /**
   * Whether this acknowledgement began a round trip.
   *
   * @return true on the first acknowledgement of each.
   */
  public boolean roundTripStart() {
    return roundTripStart;
  }

  /**
   * Whether the newest packet was sent while the application had too little to send: the sample
   * then says what the application offered, not what the path can carry.
   *
   * @return true when limited by the application.
   */
  public boolean applicationLimited() {
    return applicationLimited;
  }
}
