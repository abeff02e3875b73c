package io.petrel.rudp.congestion;

import java.util.Arrays;

/**
 * Measures how fast the path delivers, packet by packet, as draft-ietf-ccwg-bbr describes in its
 * section on delivery rate samples, and keeps the counts that controllers are told about.
 *
 * <p>A sample spans from the sending of a packet to its acknowledgement, and takes the longer of
 * the time that its bytes took to leave and the time that they took to be acknowledged: neither a
 * burst of acknowledgements nor one of packets makes the path look faster than it is.
 *
 * <p>What is remembered of each packet in flight lies in arrays indexed by the slot that the
 * caller's own table of sent packets has given it; a slot may be used again once its packet is
 * acknowledged or lost. For each acknowledgement: {@link #beginAck}, {@link #onPacketAcked} for
 * each packet newly acknowledged, {@link #onPacketLost} for each newly lost, {@link #endAck}.
 * Losses found by a timer come by themselves.
 */
public final class DeliveryRateSampler {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private long[] deliveredBytesWhenSent;
  private long[] deliveredNsWhenSent;
  private long[] firstSentNsWhenSent;
  private long[] lostBytesWhenSent;
  private long[] inFlightWhenSent;
  private boolean[] applicationLimitedWhenSent;

  private final AckSample ack = new AckSample();
  private final LossSample loss = new LossSample();

  private long deliveredBytes;
  private long deliveredNs;
  private long firstSentNs;
  private long lostBytes;

  /** Delivered bytes at which the application's pause has left the pipe; 0 when there is none. */
  private long applicationLimitedUntilBytes;

  private long roundTrip;
  private long nextRoundTripDeliveredBytes;

  private boolean ackHasPacket;
  private long sendElapsedNs;
  private long ackElapsedNs;

  /**
   * A sampler for a table of sent packets.
   *
   * @param slots how many slots the table has; {@link #grow} makes them more.
   */
  public DeliveryRateSampler(int slots) {
    deliveredBytesWhenSent = new long[slots];
    deliveredNsWhenSent = new long[slots];
    firstSentNsWhenSent = new long[slots];
    lostBytesWhenSent = new long[slots];
    inFlightWhenSent = new long[slots];
    applicationLimitedWhenSent = new boolean[slots];
  }

  /**
   * The table of sent packets has grown; a packet's slot is its number modulo the count of slots,
   * before and after.
   *
   * @param slots how many there are now, a power of two.
   * @param first the lowest number whose state is to be kept.
   * @param end the lowest number not sent yet.
   */
  public void grow(int slots, long first, long end) {
    int oldMask = deliveredBytesWhenSent.length - 1;
    deliveredBytesWhenSent = spread(deliveredBytesWhenSent, oldMask, slots, first, end);
    deliveredNsWhenSent = spread(deliveredNsWhenSent, oldMask, slots, first, end);
    firstSentNsWhenSent = spread(firstSentNsWhenSent, oldMask, slots, first, end);
    lostBytesWhenSent = spread(lostBytesWhenSent, oldMask, slots, first, end);
    inFlightWhenSent = spread(inFlightWhenSent, oldMask, slots, first, end);
    boolean[] limited = new boolean[slots];
    for (long number = first; number != end; number++) {
      limited[(int) number & (slots - 1)] = applicationLimitedWhenSent[(int) number & oldMask];
    }
    applicationLimitedWhenSent = limited;
  }

  private static long[] spread(long[] old, int oldMask, int slots, long first, long end) {
    long[] grown = new long[slots];
    for (long number = first; number != end; number++) {
      grown[(int) number & (slots - 1)] = old[(int) number & oldMask];
    }
    return grown;
  }

  /**
   * Forgets everything, for a new path.
   *
   * @param nowNs the time.
   */
  public void reset(long nowNs) {
    Arrays.fill(applicationLimitedWhenSent, false);
    deliveredBytes = 0;
    deliveredNs = nowNs;
    firstSentNs = nowNs;
    lostBytes = 0;
    applicationLimitedUntilBytes = 0;
    roundTrip = 0;
    nextRoundTripDeliveredBytes = 0;
  }

  /**
   * A packet has been sent.
   *
   * @param nowNs the time.
   * @param slot its place in the table.
   * @param bytes its length.
   * @param inFlightBytes what is in flight now, this packet included.
   */
  public void onPacketSent(long nowNs, int slot, int bytes, long inFlightBytes) {
    if (inFlightBytes == bytes) {
      firstSentNs = nowNs;
      deliveredNs = nowNs;
    }
    deliveredBytesWhenSent[slot] = deliveredBytes;
    deliveredNsWhenSent[slot] = deliveredNs;
    firstSentNsWhenSent[slot] = firstSentNs;
    lostBytesWhenSent[slot] = lostBytes;
    inFlightWhenSent[slot] = inFlightBytes;
    applicationLimitedWhenSent[slot] = applicationLimitedUntilBytes != 0;
  }

  /**
   * There is nothing more to send, nothing to send again, and the window has room: until what is in
   * flight now has been delivered, samples say what the application offers. To be called whenever
   * the session stops sending for this reason.
   *
   * @param inFlightBytes what is in flight now.
   */
  public void onApplicationLimited(long inFlightBytes) {
    applicationLimitedUntilBytes = Math.max(deliveredBytes + inFlightBytes, 1);
  }

  /**
   * An acknowledgement begins.
   *
   * @param inFlightBytes what is in flight before it.
   */
  public void beginAck(long inFlightBytes) {
    ackHasPacket = false;
    ack.ackedBytes = 0;
    ack.inFlightBytesBefore = inFlightBytes;
  }

  /**
   * A packet is acknowledged for the first time, in whatever order.
   *
   * @param nowNs the time.
   * @param packetNumber its number.
   * @param slot its place in the table.
   * @param sentNs when it was sent.
   * @param bytes its length.
   */
  public void onPacketAcked(long nowNs, long packetNumber, int slot, long sentNs, int bytes) {
    deliveredBytes += bytes;
    deliveredNs = nowNs;
    ack.ackedBytes += bytes;
    if (ackHasPacket && packetNumber < ack.newestPacketNumber) {
      return;
    }
    ackHasPacket = true;
    ack.newestPacketNumber = packetNumber;
    ack.newestSentNs = sentNs;
    ack.priorDeliveredBytes = deliveredBytesWhenSent[slot];
    ack.inFlightWhenSentBytes = inFlightWhenSent[slot];
    ack.applicationLimited = applicationLimitedWhenSent[slot];
    ack.lostSinceSentBytes = lostBytesWhenSent[slot];
    sendElapsedNs = sentNs - firstSentNsWhenSent[slot];
    ackElapsedNs = nowNs - deliveredNsWhenSent[slot];
    if (sentNs - firstSentNs > 0) {
      firstSentNs = sentNs;
    }
  }

  /**
   * A packet is found lost.
   *
   * @param packetNumber its number.
   * @param slot its place in the table.
   * @param sentNs when it was sent.
   * @param bytes its length.
   * @param inFlightBytes what is in flight now, this packet no longer included.
   * @return what to tell the controller; reused by the next call.
   */
  public LossSample onPacketLost(
      long packetNumber, int slot, long sentNs, int bytes, long inFlightBytes) {
    lostBytes += bytes;
    loss.packetNumber = packetNumber;
    loss.sentNs = sentNs;
    loss.bytes = bytes;
    loss.inFlightBytes = inFlightBytes;
    loss.inFlightWhenSentBytes = inFlightWhenSent[slot];
    loss.lostSinceSentBytes = lostBytes - lostBytesWhenSent[slot];
    loss.totalDeliveredBytes = deliveredBytes;
    loss.applicationLimited = applicationLimitedWhenSent[slot];
    return loss;
  }

  /**
   * The acknowledgement has been processed whole; at least one packet was acknowledged.
   *
   * @param inFlightBytes what is in flight now.
   * @param latestRttNs the round trip it showed, or -1.
   * @param smoothedRttNs the smoothed round trip, 0 when unknown.
   * @param minimumRttNs the minimum round trip, 0 when unknown.
   * @param rttVariationNs the mean deviation of the round trip, 0 when unknown.
   * @return what to tell the controller; reused by the next acknowledgement.
   */
  public AckSample endAck(
      long inFlightBytes,
      long latestRttNs,
      long smoothedRttNs,
      long minimumRttNs,
      long rttVariationNs) {
    if (applicationLimitedUntilBytes != 0 && deliveredBytes > applicationLimitedUntilBytes) {
      applicationLimitedUntilBytes = 0;
    }
    ack.inFlightBytes = inFlightBytes;
    ack.latestRttNs = latestRttNs;
    ack.smoothedRttNs = smoothedRttNs;
    ack.minimumRttNs = minimumRttNs;
    ack.rttVariationNs = rttVariationNs;
    ack.totalDeliveredBytes = deliveredBytes;
    ack.deliveredBytes = deliveredBytes - ack.priorDeliveredBytes;
    ack.lostSinceSentBytes = lostBytes - ack.lostSinceSentBytes;
    long intervalNs = Math.max(sendElapsedNs, ackElapsedNs);
    boolean reliable = intervalNs > 0 && intervalNs >= minimumRttNs;
    ack.deliveryRateBytesPerSecond = reliable ? rate(ack.deliveredBytes, intervalNs) : 0;
    ack.roundTripStart = ack.priorDeliveredBytes >= nextRoundTripDeliveredBytes;
    if (ack.roundTripStart) {
      nextRoundTripDeliveredBytes = deliveredBytes;
      roundTrip++;
    }
    ack.roundTrip = roundTrip;
    return ack;
  }

  /**
   * What has been delivered in all.
   *
   * @return bytes.
   */
  public long deliveredBytes() {
    return deliveredBytes;
  }

  /**
   * What has been found lost in all.
   *
   * @return bytes.
   */
  public long lostBytes() {
    return lostBytes;
  }

  private static long rate(long bytes, long intervalNs) {
    return (long) ((double) bytes * NANOS_PER_SECOND / intervalNs);
  }
}
