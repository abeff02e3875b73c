package io.petrel.rudp.congestion;

/**
 * One packet found lost. {@link DeliveryRateSampler} fills and reuses it, so a controller reads it
 * during the call and keeps no reference.
 */
public final class LossSample {
  long packetNumber;
  long sentNs;
  int bytes;
  long inFlightBytes;
  long inFlightWhenSentBytes;
  long lostSinceSentBytes;
  long totalDeliveredBytes;
  boolean applicationLimited;

  LossSample() {}

  /**
   * The lost packet's number.
   *
   * @return its number.
   */
  public long packetNumber() {
    return packetNumber;
  }

  /**
   * When it was sent.
   *
   * @return its time.
   */
  public long sentNs() {
    return sentNs;
  }

  /**
   * Its length.
   *
   * @return bytes.
   */
  public int bytes() {
    return bytes;
  }

  /**
   * In flight now, this packet no longer included.
   *
   * @return bytes.
   */
  public long inFlightBytes() {
    return inFlightBytes;
  }

  /**
   * In flight when it was sent, itself included.
   *
   * @return bytes.
   */
  public long inFlightWhenSentBytes() {
    return inFlightWhenSentBytes;
  }

  /**
   * Found lost since it was sent, itself included.
   *
   * @return bytes.
   */
  public long lostSinceSentBytes() {
    return lostSinceSentBytes;
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
   * Whether it was sent while the application had too little to send.
   *
   * @return true when limited by the application.
   */
  public boolean applicationLimited() {
    return applicationLimited;
  }
}
