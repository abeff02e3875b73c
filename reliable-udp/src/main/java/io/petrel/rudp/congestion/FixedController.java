package io.petrel.rudp.congestion;

/**
 * {@code cc=fixed}: a static window, for a network that one owns and has measured. It yields to
 * nobody: on a shared path it takes what others leave and more.
 */
final class FixedController implements CongestionController {
  static final String NAME = "fixed";

  /** The window goes out in four fifths of a round trip, so that pacing never binds by itself. */
  private static final double PACING_GAIN = 1.25;

  private final long windowBytes;
  private long pacingRate;

  FixedController(CongestionSettings settings) {
    windowBytes = settings.fixedWindowBytes();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void onPacketSent(long nowNs, long packetNumber, int bytes, long inFlightBytes) {}

  @Override
  public void onAck(long nowNs, AckSample sample) {
    pacingRate = PacingRate.of(windowBytes, sample.smoothedRttNs(), PACING_GAIN);
  }

  @Override
  public void onPacketLost(long nowNs, LossSample sample) {}

  @Override
  public void onPersistentCongestion(long nowNs, long inFlightBytes) {}

  @Override
  public void onSpuriousLoss(long nowNs) {}

  @Override
  public void onCongestionMark(
      long nowNs, long newestMarkedPacketNumber, long markedPackets, long inFlightBytes) {}

  @Override
  public void onIdleRestart(long nowNs) {}

  @Override
  public void onDatagramLength(int datagramLength) {}

  @Override
  public long windowBytes() {
    return windowBytes;
  }

  @Override
  public long pacingRateBytesPerSecond() {
    return pacingRate;
  }

  @Override
  public long slowStartThresholdBytes() {
    return UNLIMITED;
  }

  @Override
  public CongestionPhase phase() {
    return CongestionPhase.STEADY;
  }
}
