package io.petrel.rudp.congestion;

/**
 * What a controller is made with.
 *
 * @param datagramLength the bytes of a full datagram.
 * @param initialWindowBytes what may be in flight before anything is known of the path.
 * @param fixedWindowBytes the window of {@code cc=fixed}.
 * @param lossThreshold the share of packets, 0 to 0.5, whose loss {@code cc=bbr} takes for the
 *     network's nature and not for congestion.
 * @param seed of the controller's pseudo-random choices; the same seed makes the same choices.
 * @param initialRttNs the round trip that the handshake showed, or 0 when there was none.
 */
public record CongestionSettings(
    int datagramLength,
    long initialWindowBytes,
    long fixedWindowBytes,
    double lossThreshold,
    long seed,
    long initialRttNs) {
  /** RFC 6928 allows ten full segments before the first acknowledgement. */
  public static final int INITIAL_WINDOW_DATAGRAMS = 10;

  /** The static window when none is given: two trains, what the cap allows on any path. */
  public static final long DEFAULT_FIXED_WINDOW_BYTES = 128 * 1024;

  /** The loss that the bbr draft tolerates (its LossThresh). */
  public static final double DEFAULT_LOSS_THRESHOLD = 0.02;

  /** Above this a loss rate says nothing that a controller could still work with. */
  public static final double MAXIMUM_LOSS_THRESHOLD = 0.5;

  private static final int SMALLEST_DATAGRAM = 64;
  private static final int LARGEST_DATAGRAM = 65_507;

  /** Checks each value; the message names the one that is wrong. */
  public CongestionSettings {
    if (datagramLength < SMALLEST_DATAGRAM || datagramLength > LARGEST_DATAGRAM) {
      throw new IllegalArgumentException(
          "datagramLength " + datagramLength + ": must be " + SMALLEST_DATAGRAM + " to 65507");
    }
    if (initialWindowBytes < 2L * datagramLength) {
      throw new IllegalArgumentException(
          "initialWindowBytes " + initialWindowBytes + ": must hold two datagrams");
    }
    if (fixedWindowBytes < 2L * datagramLength) {
      throw new IllegalArgumentException(
          "fixedWindowBytes " + fixedWindowBytes + ": must hold two datagrams");
    }
    if (!(lossThreshold >= 0 && lossThreshold <= MAXIMUM_LOSS_THRESHOLD)) {
      throw new IllegalArgumentException(
          "lossThreshold " + lossThreshold + ": must be 0 to " + MAXIMUM_LOSS_THRESHOLD);
    }
  }

  /**
   * The defaults for a datagram length.
   *
   * @param datagramLength the bytes of a full datagram.
   * @return settings that suit a network shared with others.
   */
  public static CongestionSettings defaults(int datagramLength) {
    return new CongestionSettings(
        datagramLength,
        (long) INITIAL_WINDOW_DATAGRAMS * datagramLength,
        Math.max(DEFAULT_FIXED_WINDOW_BYTES, 2L * datagramLength),
        DEFAULT_LOSS_THRESHOLD,
        0,
        0);
  }

  /**
   * With another datagram length, and the initial window in proportion.
   *
   * @param length the bytes of a full datagram.
   * @return a copy.
   */
  public CongestionSettings withDatagramLength(int length) {
    return new CongestionSettings(
        length,
        Math.max(initialWindowBytes / datagramLength, 2) * length,
        Math.max(fixedWindowBytes, 2L * length),
        lossThreshold,
        seed,
        initialRttNs);
  }

  /**
   * With another tolerance of loss.
   *
   * @param threshold the share of packets, 0 to 0.5.
   * @return a copy.
   */
  public CongestionSettings withLossThreshold(double threshold) {
    return new CongestionSettings(
        datagramLength, initialWindowBytes, fixedWindowBytes, threshold, seed, initialRttNs);
  }

  /**
   * With another static window.
   *
   * @param bytes the window of {@code cc=fixed}.
   * @return a copy.
   */
  public CongestionSettings withFixedWindow(long bytes) {
    return new CongestionSettings(
        datagramLength, initialWindowBytes, bytes, lossThreshold, seed, initialRttNs);
  }

  /**
   * With another seed.
   *
   * @param value the seed.
   * @return a copy.
   */
  public CongestionSettings withSeed(long value) {
    return new CongestionSettings(
        datagramLength, initialWindowBytes, fixedWindowBytes, lossThreshold, value, initialRttNs);
  }

  /**
   * With a round trip known beforehand.
   *
   * @param rttNs what the handshake took.
   * @return a copy.
   */
  public CongestionSettings withInitialRtt(long rttNs) {
    return new CongestionSettings(
        datagramLength, initialWindowBytes, fixedWindowBytes, lossThreshold, seed, rttNs);
  }
}
