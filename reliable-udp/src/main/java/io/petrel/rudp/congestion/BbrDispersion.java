package io.petrel.rudp.congestion;

/**
 * The rate at which a part of a flight came through, on long paths while start-up searches. A
 * delivery rate spans a round trip and can at most double in the next; a stretch of a sixteenth of
 * a round trip that came through as fast as it was sent, without delay, shows already now that the
 * path carries that pace. The rate of a stretch is never above the path's: in flight stays below
 * twice the pipe.
 */
final class BbrDispersion {
  /** Shorter paths double fast enough. */
  static final long LONG_PATH_NS = 25_000_000L;

  private static final int STRETCHES = 16;
  private static final int LEAST_DATAGRAMS = 16;
  private static final double NANOS_PER_SECOND = 1e9;

  private boolean begun;
  private long ackNs;
  private long sentNs;
  private long deliveredBytes;

  /**
   * Takes an acknowledgement.
   *
   * @return the rate of the stretch that it ends, 0 when it ends none.
   */
  double onAck(long nowNs, AckSample sample, long roundTripNs, int datagramLength) {
    long ackElapsedNs = nowNs - ackNs;
    long sentElapsedNs = sample.newestSentNs() - sentNs;
    double bytes = (double) (sample.totalDeliveredBytes() - deliveredBytes);
    boolean ends =
        ackElapsedNs >= roundTripNs / STRETCHES
            && sentElapsedNs > 0
            && bytes >= (double) LEAST_DATAGRAMS * datagramLength;
    if (begun && !ends) {
      return 0;
    }
    boolean measured = begun;
    begun = true;
    ackNs = nowNs;
    sentNs = sample.newestSentNs();
    deliveredBytes = sample.totalDeliveredBytes();
    return measured ? bytes * NANOS_PER_SECOND / Math.max(ackElapsedNs, sentElapsedNs) : 0;
  }
}
