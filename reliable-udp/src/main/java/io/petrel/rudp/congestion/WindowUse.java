package io.petrel.rudp.congestion;

/**
 * Whether the window was what held the sender back: only then may it grow (RFC 9002, section 7.8;
 * RFC 9438, section 5.8). Looked at as packets are sent, remembered for this round trip and the
 * last.
 */
final class WindowUse {
  /** A train may stop short of the window by a part of a datagram at each end. */
  private static final int SLACK_DATAGRAMS = 2;

  private boolean full;
  private boolean fullBefore;
  private boolean half;
  private boolean halfBefore;

  void onPacketSent(long inFlightBytes, long windowBytes, int datagramLength) {
    full |= inFlightBytes + (long) SLACK_DATAGRAMS * datagramLength >= windowBytes;
    half |= inFlightBytes > windowBytes / 2;
  }

  void onRoundTripStart() {
    fullBefore = full;
    halfBefore = half;
    full = false;
    half = false;
  }

  /** The window has been reached. */
  boolean reached() {
    return full || fullBefore;
  }

  /** More than half of the window has been used: enough while it doubles each round trip. */
  boolean halfReached() {
    return half || halfBefore;
  }
}
