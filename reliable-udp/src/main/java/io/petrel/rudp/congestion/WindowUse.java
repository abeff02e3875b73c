package io.petrel.rudp.congestion;

/**
 * How much of the window was used: what was not is not proven and may not grow (RFC 7661, section
 * 4; RFC 9438, section 5.8). Cubic takes a window for proven of which more than half was used, bbr
 * wants it to have been reached. Looked at as packets are sent, remembered for this round trip and
 * the last.
 */
final class WindowUse {
  /** A train may stop short of the window by a part of a datagram at each end. */
  private static final int SLACK_DATAGRAMS = 2;

  private boolean full;
  private boolean fullBefore;
  private long most;
  private long mostBefore;

  void onPacketSent(long inFlightBytes, long windowBytes, int datagramLength) {
    full |= inFlightBytes + (long) SLACK_DATAGRAMS * datagramLength >= windowBytes;
    most = Math.max(most, inFlightBytes);
  }

  void onRoundTripStart() {
    fullBefore = full;
    mostBefore = most;
    full = false;
    most = 0;
  }

  /** The window has been reached. */
  boolean reached() {
    return full || fullBefore;
  }

  /** The most that a window may be to be taken for proven. */
  long provenBytes() {
    return 2 * Math.max(most, mostBefore);
  }
}
