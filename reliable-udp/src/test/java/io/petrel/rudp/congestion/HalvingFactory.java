package io.petrel.rudp.congestion;

/** What an application would provide: a controller of its own, here one that halves and adds. */
public final class HalvingFactory implements CongestionControllerFactory {
  /** Called by the service loader. */
  public HalvingFactory() {}

  @Override
  public String name() {
    return "halving";
  }

  @Override
  public CongestionController create(long nowNs, CongestionSettings settings) {
    return new Halving(settings);
  }

  private static final class Halving implements CongestionController {
    private final int datagramLength;
    private long windowBytes;
    private long newestSent;
    private long reducedUpTo = -1;
    private long pacingRate;

    Halving(CongestionSettings settings) {
      datagramLength = settings.datagramLength();
      windowBytes = settings.initialWindowBytes();
    }

    @Override
    public String name() {
      return "halving";
    }

    @Override
    public void onPacketSent(long nowNs, long packetNumber, int bytes, long inFlightBytes) {
      newestSent = packetNumber;
    }

    @Override
    public void onAck(long nowNs, AckSample sample) {
      if (!sample.applicationLimited()) {
        windowBytes += datagramLength * sample.ackedBytes() / windowBytes;
      }
      pacingRate = PacingRate.of(windowBytes, sample.smoothedRttNs(), 1.2);
    }

    @Override
    public void onPacketLost(long nowNs, LossSample sample) {
      if (sample.packetNumber() > reducedUpTo) {
        reducedUpTo = newestSent;
        windowBytes = Math.max(windowBytes / 2, 2L * datagramLength);
      }
    }

    @Override
    public void onPersistentCongestion(long nowNs, long inFlightBytes) {
      windowBytes = 2L * datagramLength;
    }

    @Override
    public void onSpuriousLoss(long nowNs) {}

    @Override
    public void onCongestionMark(
        long nowNs, long newestMarkedPacketNumber, long markedPackets, long inFlightBytes) {}

    @Override
    public void onIdleRestart(long nowNs) {}

    @Override
    public void onDatagramLength(int length) {}

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
}
