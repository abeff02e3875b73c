package io.petrel.rudp.congestion;

/**
 * How much may be sent while the window shrinks to its new size (RFC 9937): spread over the round
 * trip in proportion to what arrives, instead of nothing for half of it and a burst afterwards.
 */
final class ProportionalRateReduction {
  private long flightBytes;
  private long thresholdBytes;
  private long deliveredBytes;
  private long sentBytes;
  private long allowanceBytes;
  private boolean entered;

  /**
   * A reduction begins; one datagram may go whatever the counts say, so that the lost one is sent
   * again at once (section 6).
   */
  void enter(long inFlightAtLossBytes, long newThresholdBytes, int datagramLength) {
    flightBytes = Math.max(inFlightAtLossBytes, 1);
    thresholdBytes = newThresholdBytes;
    deliveredBytes = 0;
    sentBytes = 0;
    allowanceBytes = datagramLength;
    entered = true;
  }

  void onPacketSent(int bytes) {
    sentBytes += bytes;
    allowanceBytes = Math.max(allowanceBytes - bytes, 0);
  }

  /**
   * An acknowledgement within the recovery.
   *
   * @param lossless whether it revealed no further loss: then the flight may grow back faster than
   *     it is delivered (section 5, the reduction bound of slow start).
   */
  void onAck(AckSample sample, boolean lossless, int datagramLength) {
    if (entered) {
      entered = false;
      flightBytes = Math.max(flightBytes, sample.inFlightBytesBefore());
    }
    deliveredBytes += sample.ackedBytes();
    long inFlight = sample.inFlightBytes();
    long allowance;
    if (inFlight > thresholdBytes) {
      double share = (double) deliveredBytes * thresholdBytes / flightBytes;
      allowance = (long) StrictMath.ceil(share) - sentBytes;
    } else {
      allowance = Math.max(deliveredBytes - sentBytes, sample.ackedBytes());
      if (lossless) {
        allowance += datagramLength;
      }
      allowance = Math.min(allowance, thresholdBytes - inFlight);
    }
    if (sentBytes == 0) {
      allowance = Math.max(allowance, datagramLength);
    }
    allowanceBytes = Math.max(allowance, 0);
  }

  /** What may still go now, beyond what is in flight. */
  long allowanceBytes() {
    return allowanceBytes;
  }
}
