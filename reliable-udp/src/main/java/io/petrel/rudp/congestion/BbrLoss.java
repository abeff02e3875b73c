package io.petrel.rudp.congestion;

/**
 * What losses mean: whether a loss rate is more than the network is said to lose by nature, and how
 * much that is.
 *
 * <p>Deviation from the draft: it compares the loss rate of a round trip with its threshold as it
 * is, and lowers its short-term bounds at any loss. On a path that loses 1 % of 200 packets a round
 * trip the first says 2 % in one round trip of ten and the second never ends. Here the threshold
 * gates every reaction, and a rate is above it only when chance is an unlikely reason: by two
 * standard deviations of the count of losses.
 */
final class BbrLoss {
  private static final double DEVIATIONS = 2.0;

  /** Share of the background estimate that a round trip leaves in place. */
  private static final double MEMORY = 0.875;

  /** Fewer packets than this say too little about what a network loses by nature. */
  private static final double LEAST_PACKETS = 50;

  private final double threshold;

  private long lostInRound;
  private long deliveredAtRoundStart;
  private long newestLostPacket = -2;
  private int rangesInRound;

  private double backgroundLost;
  private double backgroundAll;

  BbrLoss(double threshold) {
    this.threshold = threshold;
  }

  void onLost(long packetNumber, long bytes) {
    lostInRound += bytes;
    if (packetNumber != newestLostPacket + 1) {
      rangesInRound++;
    }
    newestLostPacket = packetNumber;
  }

  /** Marks count as losses that need no repair. */
  void onMarked(long bytes) {
    lostInRound += bytes;
    rangesInRound++;
  }

  boolean exceeds(double lostBytes, double allBytes, int datagramLength) {
    if (lostBytes <= 0) {
      return false;
    }
    double expected = threshold * allBytes / datagramLength;
    return lostBytes / datagramLength > expected + DEVIATIONS * StrictMath.sqrt(expected);
  }

  /** The round trip that now ends lost more than the network does by nature. */
  boolean roundExceeds(long deliveredBytes, int datagramLength) {
    double delivered = (double) (deliveredBytes - deliveredAtRoundStart);
    return exceeds((double) lostInRound, lostInRound + delivered, datagramLength);
  }

  /** In how many places the round trip lost packets. */
  int rangesInRound() {
    return rangesInRound;
  }

  /**
   * A round trip ends.
   *
   * @param undisturbed it was sent at the path's own rate or below: what it lost, the network lost.
   */
  void endRound(long deliveredBytes, boolean undisturbed) {
    if (undisturbed) {
      double delivered = (double) (deliveredBytes - deliveredAtRoundStart);
      backgroundLost = backgroundLost * MEMORY + lostInRound;
      backgroundAll = backgroundAll * MEMORY + lostInRound + delivered;
    }
    lostInRound = 0;
    rangesInRound = 0;
    deliveredAtRoundStart = deliveredBytes;
  }

  /** The share that the network loses by nature, as far as it is tolerated. */
  double background(int datagramLength) {
    if (backgroundAll < LEAST_PACKETS * datagramLength) {
      return 0;
    }
    return Math.min(backgroundLost / backgroundAll, threshold);
  }

  double threshold() {
    return threshold;
  }
}
