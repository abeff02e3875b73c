package io.petrel.multicast.source;

/**
 * How fast and in what pieces repairs may go while new data flows: evenly, at a share of the rate,
 * in datagrams no longer than those of the data, so that no message waits for more than one such
 * repair. A source that has had no new data for a round trip may repair as fast as it may send.
 */
final class RepairBudget {
  /** Less than this would be more header than repair. */
  private static final int LEAST_BYTES = 64;

  private final double bytesPerNs;
  private int dataLength;
  private long dataNs;
  private boolean hadData;
  private long nextNs;
  private boolean hadRepair;

  /**
   * A budget of which nothing is used.
   *
   * @param bytesPerSecond for repairs; 0 for no limit
   * @param datagramLength of the longest datagram
   */
  RepairBudget(double bytesPerSecond, int datagramLength) {
    bytesPerNs = bytesPerSecond / 1e9;
    dataLength = datagramLength;
  }

  /** New data went, so many bytes of the ring in one datagram. */
  void onData(long nowNs, long length) {
    hadData = true;
    dataNs = nowNs;
    dataLength = (int) length;
  }

  /** A repair went. */
  void onSent(long nowNs, long length) {
    if (bytesPerNs > 0) {
      long costNs = (long) (length / bytesPerNs);
      // One that could have gone earlier may be made up for, no more: no bursts.
      boolean idle = !hadRepair || nowNs - nextNs > costNs;
      nextNs = (idle ? nowNs - costNs : nextNs) + costNs;
      hadRepair = true;
    }
  }

  /** Whether a repair may go now. */
  boolean allows(long nowNs, long roundTripNs, boolean dataWaits) {
    boolean idle = !dataWaits && (!hadData || nowNs - dataNs >= roundTripNs);
    return idle || !hadRepair || nowNs - nextNs >= 0;
  }

  /** When the next may go. */
  long nextNs() {
    return nextNs;
  }

  /** Bytes of the ring that a repair may hold, of the most that a datagram takes. */
  int bytes(int most) {
    return Math.clamp(dataLength, Math.min(LEAST_BYTES, most), most);
  }
}
