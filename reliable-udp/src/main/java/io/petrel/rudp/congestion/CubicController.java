package io.petrel.rudp.congestion;

/**
 * {@code cc=cubic}: CUBIC (RFC 9438) with HyStart++ ({@link SlowStart}) and proportional rate
 * reduction ({@link ProportionalRateReduction}). Fair to the TCP that most hosts run, and the
 * default for that reason.
 *
 * <p>One reduction a round trip: a loss begins one only if its packet was sent after the last
 * reduction. What is lost counts by its bytes (RFC 7141, section 2.2): a full datagram, or short
 * ones that add up to it in the same round trip, reduce the window by all that RFC 9438 has it
 * reduced, one of a quarter of the length by a quarter of that. The window is in bytes and grows by
 * bytes; if losses counted by packets, a stream of short messages would get the less of the same
 * path the shorter they are.
 *
 * <p>A window of which more than half is used is taken for proven (RFC 7661): it grows, and a loss
 * reduces all of it. By the flight alone a thin stream, whose losses are not the path's fault,
 * would be cut below what it needs each time and wait. Time in which less than half was used, by an
 * idle or a slow application, does not count for the cubic function (section 5.8). On paths of
 * microseconds the cubic term grows by nothing worth mentioning and the Reno-friendly one (section
 * 4.3) rules, a datagram a round trip.
 */
final class CubicController implements CongestionController {
  static final String NAME = "cubic";

  /** RFC 9438, section 5: C, in datagrams a cubic second, and the multiplicative decrease. */
  private static final double C = 0.4;

  private static final double BETA = 0.7;

  /** RFC 8511: a mark asks for less of a decrease than a loss. */
  private static final double BETA_MARKED = 0.85;

  /** RFC 9438, section 4.3: additive increase that is fair to Reno with this decrease. */
  private static final double RENO_ALPHA = 3 * (1 - BETA) / (1 + BETA);

  /** RFC 9438, section 4.2: the target is at most this many times the window. */
  private static final double MOST_GROWTH = 1.5;

  /** RFC 9002, section 7.2. */
  private static final int LEAST_DATAGRAMS = 2;

  /** The window is spent in half a round trip while it doubles, in five sixths later. */
  private static final double PACING_GAIN_SLOW_START = 2.0;

  private static final double PACING_GAIN = 1.2;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final long NO_PACKET = -1;

  private final WindowUse use = new WindowUse();
  private final ProportionalRateReduction reduction = new ProportionalRateReduction();
  private final SlowStart slowStart = new SlowStart();

  private int datagramLength;
  private double window;
  private double threshold = (double) UNLIMITED;
  private boolean firstSlowStart = true;

  // The cubic function of this epoch: from the end of a recovery to the next reduction.
  private boolean epoch;
  private long epochNs;
  private long lastAckNs;
  private double windowMax;
  private double originSeconds;
  private double windowReno;
  private double windowPrior;

  // Recovery: until a packet is acknowledged that was sent after the reduction.
  private long newestSent = NO_PACKET;
  private long recoveryEnd = NO_PACKET;
  private boolean recovery;
  private boolean lossSinceAck;
  private long inFlightBytes;

  // The reduction that this flight's losses ask for.
  private double windowBefore;
  private double windowReduced;
  private double windowMaxBefore;
  private long bytesReducedFor;

  // What the last reduction replaced.
  private boolean undoable;
  private double undoWindow;
  private double undoThreshold;
  private double undoWindowMax;
  private double undoOriginSeconds;
  private double undoWindowReno;
  private double undoWindowPrior;
  private long undoEpochNs;
  private boolean undoEpoch;
  private boolean undoFirstSlowStart;

  private long pacingRate;

  CubicController(CongestionSettings settings) {
    datagramLength = settings.datagramLength();
    window = settings.initialWindowBytes();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void onPacketSent(long nowNs, long packetNumber, int bytes, long inFlight) {
    newestSent = packetNumber;
    inFlightBytes = inFlight;
    use.onPacketSent(inFlight, windowBytes(), datagramLength);
    if (recovery) {
      reduction.onPacketSent(bytes);
    }
  }

  @Override
  public void onAck(long nowNs, AckSample sample) {
    inFlightBytes = sample.inFlightBytes();
    if (sample.roundTripStart()) {
      use.onRoundTripStart();
    }
    if (recovery && sample.newestPacketNumber() > recoveryEnd) {
      recovery = false;
      window = Math.max(threshold, least());
    }
    if (recovery) {
      reduction.onAck(sample, !lossSinceAck, datagramLength);
    } else if (window < threshold) {
      grow(sample);
    } else {
      avoidCongestion(nowNs, sample);
    }
    lossSinceAck = false;
    lastAckNs = nowNs;
    double gain = window < threshold ? PACING_GAIN_SLOW_START : PACING_GAIN;
    pacingRate = PacingRate.of((long) window, sample.smoothedRttNs(), gain);
  }

  private void grow(AckSample sample) {
    boolean over = firstSlowStart && slowStart.onAck(sample);
    if (over) {
      firstSlowStart = false;
      threshold = window;
    } else if (use.provenBytes() > window) {
      long growth = firstSlowStart ? slowStart.growth(sample.ackedBytes()) : sample.ackedBytes();
      window = Math.min(window + growth, threshold);
    }
  }

  /** RFC 9438, sections 4.2 to 4.5. */
  private void avoidCongestion(long nowNs, AckSample sample) {
    firstSlowStart = false;
    if (!epoch) {
      beginEpoch(nowNs);
    }
    if (use.provenBytes() <= window) {
      epochNs += nowNs - lastAckNs;
      return;
    }
    double seconds = (nowNs - epochNs) / NANOS_PER_SECOND;
    double alpha = windowReno < windowPrior ? RENO_ALPHA : 1;
    windowReno += alpha * sample.ackedBytes() / window * datagramLength;
    if (cubic(seconds) < windowReno) {
      window = Math.max(window, windowReno);
      return;
    }
    double target = cubic(seconds + sample.smoothedRttNs() / NANOS_PER_SECOND);
    target = Math.min(Math.max(target, window), MOST_GROWTH * window);
    window += (target - window) / window * sample.ackedBytes();
  }

  private void beginEpoch(long nowNs) {
    epoch = true;
    epochNs = nowNs;
    lastAckNs = nowNs;
    windowReno = window;
    if (windowMax <= window) {
      windowMax = window;
      originSeconds = 0;
    } else {
      originSeconds = StrictMath.cbrt((windowMax - window) / datagramLength / C);
    }
  }

  private double cubic(double seconds) {
    double distance = seconds - originSeconds;
    return C * distance * distance * distance * datagramLength + windowMax;
  }

  @Override
  public void onPacketLost(long nowNs, LossSample sample) {
    inFlightBytes = sample.inFlightBytes();
    lossSinceAck = true;
    if (sample.packetNumber() > recoveryEnd) {
      long flight = sample.inFlightBytes() + sample.bytes();
      save();
      bytesReducedFor = 0;
      begin(Math.max(flight, sample.inFlightWhenSentBytes()));
      reduceFor(sample.bytes(), flight);
    } else if (bytesReducedFor < datagramLength) {
      reduceFor(sample.bytes(), sample.inFlightBytes() + sample.bytes());
    }
  }

  /**
   * So many bytes more of this flight are lost. Less than a datagram's worth only takes a little
   * off the window, which goes on growing; there is no flight to be shrunk by a third.
   */
  private void reduceFor(int bytes, long flightBytes) {
    bytesReducedFor = Math.min(bytesReducedFor + bytes, datagramLength);
    reduce(1 - (1 - BETA) * bytesReducedFor / datagramLength);
    if (bytesReducedFor == datagramLength) {
      recover(flightBytes);
    }
  }

  @Override
  public void onCongestionMark(
      long nowNs, long newestMarkedPacketNumber, long markedPackets, long inFlight) {
    inFlightBytes = inFlight;
    if (markedPackets > 0 && newestMarkedPacketNumber > recoveryEnd) {
      undoable = false;
      bytesReducedFor = datagramLength;
      begin(inFlight);
      reduce(BETA_MARKED);
      recover(inFlight);
    }
  }

  /** RFC 9438, sections 4.6 (of a window not proven counts what is) and 4.7. */
  private void begin(long flightBytes) {
    windowReduced = Math.min((double) Math.max(flightBytes, use.provenBytes()), window);
    windowBefore = window;
    windowMaxBefore = windowMax;
    recoveryEnd = newestSent;
    firstSlowStart = false;
  }

  private void reduce(double beta) {
    windowMax = windowBefore;
    if (windowBefore < windowMaxBefore) {
      windowMax *= (1 + beta) / 2; // fast convergence
    }
    threshold = Math.max(windowReduced * beta, least());
    window = threshold;
    epoch = false;
    // A little less is no new beginning: what was reached before still sets the pace.
    windowPrior = Math.max(windowPrior, windowBefore);
  }

  private void recover(long flightBytes) {
    windowPrior = windowBefore;
    recovery = true;
    reduction.enter(flightBytes, (long) threshold, datagramLength);
  }

  /** RFC 9438, section 4.9: what a false alarm will restore. */
  private void save() {
    undoable = true;
    undoWindow = window;
    undoThreshold = threshold;
    undoWindowMax = windowMax;
    undoOriginSeconds = originSeconds;
    undoWindowReno = windowReno;
    undoWindowPrior = windowPrior;
    undoEpochNs = epochNs;
    undoEpoch = epoch;
    undoFirstSlowStart = firstSlowStart;
  }

  @Override
  public void onSpuriousLoss(long nowNs) {
    if (!undoable) {
      return;
    }
    undoable = false;
    recovery = false;
    window = Math.max(window, undoWindow);
    threshold = Math.max(threshold, undoThreshold);
    windowMax = undoWindowMax;
    originSeconds = undoOriginSeconds;
    windowReno = undoWindowReno;
    windowPrior = undoWindowPrior;
    epochNs = undoEpochNs;
    epoch = undoEpoch;
    firstSlowStart = undoFirstSlowStart;
  }

  @Override
  public void onPersistentCongestion(long nowNs, long inFlight) {
    inFlightBytes = inFlight;
    undoable = false;
    recovery = false;
    recoveryEnd = newestSent;
    epoch = false;
    window = least();
  }

  @Override
  public void onIdleRestart(long nowNs) {
    epochNs += nowNs - lastAckNs;
    lastAckNs = nowNs;
  }

  @Override
  public void onDatagramLength(int length) {
    datagramLength = length;
    window = Math.max(window, least());
  }

  private double least() {
    return (double) LEAST_DATAGRAMS * datagramLength;
  }

  @Override
  public long windowBytes() {
    if (!recovery) {
      return (long) window;
    }
    // With nothing in flight no acknowledgement would ever allow more: a datagram always may go.
    return Math.max(inFlightBytes + reduction.allowanceBytes(), datagramLength);
  }

  @Override
  public long pacingRateBytesPerSecond() {
    return pacingRate;
  }

  @Override
  public long slowStartThresholdBytes() {
    return threshold >= UNLIMITED ? UNLIMITED : (long) threshold;
  }

  @Override
  public CongestionPhase phase() {
    if (recovery) {
      return CongestionPhase.RECOVERY;
    }
    if (window >= threshold) {
      return CongestionPhase.CONGESTION_AVOIDANCE;
    }
    return firstSlowStart && slowStart.trial()
        ? CongestionPhase.CONSERVATIVE_SLOW_START
        : CongestionPhase.SLOW_START;
  }
}
