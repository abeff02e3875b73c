package io.petrel.rudp.congestion;

import static io.petrel.rudp.congestion.CongestionPhase.DRAIN;
import static io.petrel.rudp.congestion.CongestionPhase.PROBE_CRUISE;
import static io.petrel.rudp.congestion.CongestionPhase.PROBE_DOWN;
import static io.petrel.rudp.congestion.CongestionPhase.PROBE_REFILL;
import static io.petrel.rudp.congestion.CongestionPhase.PROBE_ROUND_TRIP;
import static io.petrel.rudp.congestion.CongestionPhase.PROBE_UP;
import static io.petrel.rudp.congestion.CongestionPhase.STARTUP;

/**
 * {@code cc=bbr}: BBR version 3 (draft-ietf-ccwg-bbr). Measures what the path delivers and its
 * round trip without queues, sends at that rate with twice that in flight at most, and probes for
 * more every few seconds.
 *
 * <pre>
 *   STARTUP --&gt; DRAIN --&gt; PROBE_DOWN --&gt; PROBE_CRUISE --&gt; PROBE_REFILL --&gt; PROBE_UP --.
 *                             ^------------------------------------------------------------'
 *   PROBE_ROUND_TRIP from each and back, every five seconds
 * </pre>
 *
 * <p>Deviations, beside those that {@link BbrLoss}, {@link FullPipe} and {@link BbrRoundTripFloor}
 * name: the pace makes up for what the network loses by nature, so that what arrives, not what
 * leaves, has the path's rate; a session on a long path begins with a larger window, spread over
 * the round trip, and searches by {@link BbrDispersion}; and the window has room for the path's
 * jitter, without which the minimum round trip leaves a tenth of the rate where jitter is ten times
 * the delay.
 */
final class BbrController implements CongestionController {
  static final String NAME = "bbr";

  private static final double STARTUP_PACING_GAIN = 2.77;
  private static final double DRAIN_PACING_GAIN = 0.5;
  private static final double DOWN_PACING_GAIN = 0.90;
  private static final double UP_PACING_GAIN = 1.25;
  private static final double PACING_MARGIN = 0.99;
  private static final double WINDOW_GAIN = 2.0;

  /** Short of twice the pipe, because a queue often holds no more than the pipe itself. */
  private static final double SEARCH_WINDOW_GAIN = 1.75;

  /** How much longer than the bare one a round trip is that shows a queue, on a long path. */
  private static final double SEARCH_DELAY = 1.125;

  private static final double UP_WINDOW_GAIN = 2.25;

  private static final double PROBE_RTT_WINDOW_GAIN = 0.5;

  private static final int LEAST_DATAGRAMS = 4;
  private static final int STARTUP_LOSS_RANGES = 6;
  private static final int DRAIN_ROUND_TRIPS = 3;

  /** What the path delivers in this time, up to two trains, may be under way in whole trains. */
  private static final double OFFLOAD_SECONDS = 200e-6;

  private static final long MOST_OFFLOAD_BYTES = InFlightCap.TWO_TRAINS_BYTES;

  /** Longer round trips than this begin with more than the initial window, in proportion. */
  private static final long USUAL_RTT_NS = 25_000_000L;

  private static final double MOST_INITIAL_WINDOWS = 12;

  private static final double NANOS_PER_SECOND = 1e9;

  /** What acknowledgements say about a probe for bandwidth: the draft's ack_phase. */
  private enum Feedback {
    NONE,
    REFILLING,
    STARTING,
    RUNNING,
    STOPPING
  }

  private final BbrModel model;
  private final BbrProbeClock clock;
  private final BbrDispersion dispersion = new BbrDispersion();
  private final FullPipe fullPipe = new FullPipe();
  private final WindowUse use = new WindowUse();
  private final double initialWindow;

  private CongestionPhase phase = STARTUP;
  private double pacingGain = STARTUP_PACING_GAIN;
  private double windowGain = WINDOW_GAIN;
  private double window;
  private double windowBefore;
  private double pacingRate;
  private long inFlightBytes;
  private boolean idleRestart;
  private boolean roundTripKnown;

  private boolean pipeHasBeenFull;
  private long drainStartRoundTrip;

  // The cycle of probes for bandwidth.
  private Feedback feedback = Feedback.NONE;
  private boolean probeSample;
  private boolean probeWentTooHigh;
  private boolean probeWasCautious;

  // What a false alarm restores.
  private CongestionPhase undoPhase = CongestionPhase.STEADY;

  BbrController(long nowNs, CongestionSettings settings) {
    model = new BbrModel(nowNs, settings);
    initialWindow = (double) settings.initialWindowBytes();
    window = initialWindow;
    clock = new BbrProbeClock(nowNs, settings.seed());
    if (settings.initialRttNs() > 0) {
      beginWith(settings.initialRttNs());
    }
  }

  /**
   * The pace before anything has been delivered (the draft's InitPacingRate): by what the handshake
   * says, and again by the first sample, since the handshake's may have been a guess.
   */
  private void beginWith(long rttNs) {
    double longPath = Math.min((double) rttNs / USUAL_RTT_NS, MOST_INITIAL_WINDOWS);
    window = Math.max(window, initialWindow * longPath);
    double rate = STARTUP_PACING_GAIN * window * NANOS_PER_SECOND / rttNs;
    pacingRate = Math.max(pacingRate, rate);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void onPacketSent(long nowNs, long packetNumber, int bytes, long inFlight) {
    inFlightBytes = inFlight;
    use.onPacketSent(inFlight, windowBytes(), model.datagramLength());
  }

  // ---- acknowledgements: model, state, control parameters, in the draft's order

  @Override
  public void onAck(long nowNs, AckSample sample) {
    inFlightBytes = sample.inFlightBytes();
    if (!roundTripKnown && sample.smoothedRttNs() > 0) {
      roundTripKnown = true;
      beginWith(sample.smoothedRttNs());
    }
    model.beginAck(sample);
    if (model.roundTripStart()) {
      clock.onRoundTrip();
      use.onRoundTripStart();
    }
    if (model.lossRoundStart()) {
      endLossRound();
    }
    model.aggregate(nowNs, sample, window, pipeHasBeenFull);
    double rate = (double) sample.deliveryRateBytesPerSecond();
    fullPipe.onAck(rate, model.roundTripStart(), sample.applicationLimited());
    pipeHasBeenFull |= fullPipe.full();
    if (phase == STARTUP) {
      search(nowNs, sample);
    }
    leaveStartupWhenFull();
    leaveDrainWhenEmpty(nowNs);
    probeBandwidth(nowNs, sample);
    model.floor.onAck(nowNs, sample.latestRttNs(), phase == STARTUP || phase == DRAIN);
    probeRoundTrip(nowNs);
    model.endAck(sample);
    setPacingRate(pacingGain);
    setWindow((double) sample.ackedBytes());
  }

  private void endLossRound() {
    boolean high = model.lossRoundTooHigh();
    if (high && phase == STARTUP && model.loss.rangesInRound() >= STARTUP_LOSS_RANGES) {
      undoPhase = STARTUP;
      pipeHasBeenFull = true;
      model.bounds.onStartupTooHigh(Math.max(model.pipe(1.0), model.latestInFlight()));
    } else if (high && !accelerating()) {
      model.lowerShortTermBounds(window);
    }
    model.endLossRound(!accelerating() && feedback != Feedback.STOPPING && phase != DRAIN);
  }

  // ---- start-up

  /** Start-up on a long path: by what a stretch of a flight shows, while nothing is delayed. */
  private void search(long nowNs, AckSample sample) {
    long rttNs = model.floor.known() ? model.floor.minimumNs() : 0;
    if (rttNs < BbrDispersion.LONG_PATH_NS || sample.latestRttNs() < 0) {
      return;
    }
    windowGain = SEARCH_WINDOW_GAIN;
    double rate = dispersion.onAck(nowNs, sample, rttNs, model.datagramLength());
    if (rate > model.mostBandwidth() && sample.latestRttNs() <= SEARCH_DELAY * rttNs) {
      model.raiseBandwidth(rate);
      window = Math.max(window, model.pipe(SEARCH_WINDOW_GAIN));
    }
  }

  private void leaveStartupWhenFull() {
    if (phase == STARTUP && pipeHasBeenFull) {
      enter(DRAIN, DRAIN_PACING_GAIN, WINDOW_GAIN);
      drainStartRoundTrip = model.roundTrips();
    }
  }

  private void leaveDrainWhenEmpty(long nowNs) {
    if (phase == DRAIN
        && (inFlightBytes <= withBudget(model.pipe(1.0))
            || model.roundTrips() > drainStartRoundTrip + DRAIN_ROUND_TRIPS)) {
      startDown(nowNs);
    }
  }

  private void enter(CongestionPhase next, double pacing, double inFlight) {
    phase = next;
    pacingGain = pacing;
    windowGain = inFlight;
  }

  // ---- the cycle of probes for bandwidth

  private void startDown(long nowNs) {
    model.forgetLatest();
    model.bounds.stopSlope();
    clock.start(nowNs);
    feedback = Feedback.STOPPING;
    model.startRoundTrip();
    enter(PROBE_DOWN, DOWN_PACING_GAIN, WINDOW_GAIN);
  }

  private void startCruise() {
    enter(PROBE_CRUISE, 1.0, WINDOW_GAIN);
  }

  private void startRefill() {
    model.bounds.resetShortTerm();
    model.bounds.resetSlope();
    probeWasCautious = false;
    feedback = Feedback.REFILLING;
    model.startRoundTrip();
    enter(PROBE_REFILL, 1.0, WINDOW_GAIN);
  }

  private void startUp(AckSample sample) {
    feedback = Feedback.STARTING;
    model.startRoundTrip();
    fullPipe.reset((double) sample.deliveryRateBytesPerSecond());
    enter(PROBE_UP, UP_PACING_GAIN, UP_WINDOW_GAIN);
    model.bounds.raiseSlope(window, model.datagramLength());
  }

  private boolean probing() {
    return phase == PROBE_DOWN
        || phase == PROBE_CRUISE
        || phase == PROBE_REFILL
        || phase == PROBE_UP;
  }

  private boolean accelerating() {
    return phase == STARTUP || phase == PROBE_REFILL || phase == PROBE_UP;
  }

  private void probeBandwidth(long nowNs, AckSample sample) {
    if (!pipeHasBeenFull || adaptLongTerm(sample) || !probing()) {
      return;
    }
    switch (phase) {
      case PROBE_DOWN, PROBE_CRUISE -> {
        if (timeToProbe(nowNs)) {
          startRefill();
        } else if (phase == PROBE_DOWN && timeToCruise()) {
          startCruise();
        }
      }
      case PROBE_REFILL -> {
        if (model.roundTripStart()) {
          probeSample = true;
          startUp(sample);
        }
      }
      default -> {
        if (timeToGoDown(sample)) {
          probeWentTooHigh = false;
          startDown(nowNs);
        }
      }
    }
  }

  /** Follows what a probe shows; true when it has decided on a new phase. */
  private boolean adaptLongTerm(AckSample sample) {
    if (feedback == Feedback.STARTING && model.roundTripStart()) {
      feedback = Feedback.RUNNING;
    }
    if (feedback == Feedback.STOPPING && model.roundTripStart()) {
      probeSample = false;
      feedback = Feedback.NONE;
      if (probing() && !sample.applicationLimited()) {
        model.endCycle();
      }
      if (probing() && probeWasCautious && !probeWentTooHigh) {
        startRefill();
        return true;
      }
    }
    if (!model.bounds.hasLongTerm()
        || model.loss.exceeds(
            (double) sample.lostSinceSentBytes(),
            (double) sample.inFlightWhenSentBytes(),
            model.datagramLength())) {
      return false;
    }
    model.bounds.onSafe((double) sample.inFlightWhenSentBytes());
    if (phase == PROBE_UP && use.reached() && window >= model.bounds.longTermInFlight()) {
      model.bounds.raiseLongTerm((double) sample.ackedBytes(), model.datagramLength());
      if (model.roundTripStart()) {
        model.bounds.raiseSlope(window, model.datagramLength());
      }
    }
    return false;
  }

  private boolean timeToProbe(long nowNs) {
    double target = Math.min(model.pipe(1.0), window);
    return clock.due(nowNs, target / model.datagramLength());
  }

  private boolean timeToCruise() {
    return inFlightBytes <= inFlightWithHeadroom() && inFlightBytes <= withBudget(model.pipe(1.0));
  }

  private boolean timeToGoDown(AckSample sample) {
    if (probeWentTooHigh && inFlightBytes >= model.bounds.longTermInFlight()) {
      probeWasCautious = true;
      return true;
    }
    if (use.reached() && window >= model.bounds.longTermInFlight()) {
      fullPipe.reset((double) sample.deliveryRateBytesPerSecond());
      return false;
    }
    return fullPipe.full();
  }

  private double inFlightWithHeadroom() {
    return model.bounds.withHeadroom(model.datagramLength(), least());
  }

  // ---- the look for the bare round trip

  private void probeRoundTrip(long nowNs) {
    if (phase != PROBE_ROUND_TRIP && model.floor.probeDue() && !idleRestart) {
      saveWindow(model.lossInRound());
      enter(PROBE_ROUND_TRIP, 1.0, PROBE_RTT_WINDOW_GAIN);
      model.floor.beginLook();
      feedback = Feedback.STOPPING;
      model.startRoundTrip();
    }
    if (phase == PROBE_ROUND_TRIP) {
      boolean little = inFlightBytes <= probeRttWindow();
      if (model.floor.look(nowNs, little, model.roundTripStart())) {
        model.startRoundTrip();
      } else {
        leaveProbeRttWhenDone(nowNs);
      }
    }
    idleRestart = false;
  }

  private void leaveProbeRttWhenDone(long nowNs) {
    if (!model.floor.endLook(nowNs)) {
      return;
    }
    window = Math.max(window, windowBefore);
    model.bounds.resetShortTerm();
    if (pipeHasBeenFull) {
      startDown(nowNs);
      startCruise();
    } else {
      enter(STARTUP, STARTUP_PACING_GAIN, WINDOW_GAIN);
    }
  }

  @Override
  public void onIdleRestart(long nowNs) {
    idleRestart = true;
    model.restartAggregation(nowNs);
    if (probing()) {
      setPacingRate(1.0);
    } else if (phase == PROBE_ROUND_TRIP) {
      leaveProbeRttWhenDone(nowNs);
    }
  }

  // ---- losses

  @Override
  public void onPacketLost(long nowNs, LossSample sample) {
    inFlightBytes = sample.inFlightBytes();
    noteLoss(sample.totalDeliveredBytes());
    model.loss.onLost(sample.packetNumber(), sample.bytes());
    double inFlight = (double) sample.inFlightWhenSentBytes();
    double lost = (double) sample.lostSinceSentBytes();
    if (probeSample && model.loss.exceeds(lost, inFlight, model.datagramLength())) {
      double before = inFlight - sample.bytes();
      double prefix = model.loss.threshold() * before - (lost - sample.bytes());
      onProbeTooHigh(
          nowNs, before + prefix / (1 - model.loss.threshold()), sample.applicationLimited());
    }
  }

  private void noteLoss(long delivered) {
    boolean inRound = model.lossInRound();
    if (model.noteLoss(delivered)) {
      saveWindow(inRound);
      undoPhase = CongestionPhase.STEADY;
    }
  }

  private void onProbeTooHigh(long nowNs, double inFlight, boolean applicationLimited) {
    probeWentTooHigh = true;
    probeSample = false;
    if (!applicationLimited) {
      model.bounds.onProbeTooHigh(inFlight, Math.min(model.pipe(1.0), window));
    }
    if (phase == PROBE_UP) {
      undoPhase = PROBE_UP;
      startDown(nowNs);
    }
  }

  @Override
  public void onCongestionMark(
      long nowNs, long newestMarkedPacketNumber, long markedPackets, long inFlight) {
    if (markedPackets <= 0) {
      return;
    }
    noteLoss(model.totalDelivered());
    double marked = (double) markedPackets * model.datagramLength();
    model.loss.onMarked((long) marked);
    if (probeSample && model.loss.exceeds(marked, (double) inFlight, model.datagramLength())) {
      onProbeTooHigh(nowNs, (double) inFlight, false);
    }
  }

  @Override
  public void onPersistentCongestion(long nowNs, long inFlight) {
    inFlightBytes = inFlight;
    saveWindow(model.lossInRound());
    window = Math.max((double) inFlight + model.datagramLength(), least());
  }

  @Override
  public void onSpuriousLoss(long nowNs) {
    window = Math.max(window, windowBefore);
    model.forgetLoss();
    fullPipe.reset(0);
    model.bounds.restore();
    if (undoPhase == STARTUP && phase != STARTUP) {
      pipeHasBeenFull = false;
      if (phase != PROBE_ROUND_TRIP) {
        enter(STARTUP, STARTUP_PACING_GAIN, WINDOW_GAIN);
      }
    } else if (undoPhase == PROBE_UP && phase != PROBE_UP && phase != PROBE_ROUND_TRIP) {
      startRefill();
    }
    undoPhase = CongestionPhase.STEADY;
  }

  private void saveWindow(boolean inLossRound) {
    boolean reduced = inLossRound || phase == PROBE_ROUND_TRIP;
    windowBefore = reduced ? Math.max(windowBefore, window) : window;
  }

  // ---- control parameters

  private void setPacingRate(double gain) {
    double rate = model.rateFor(gain * model.bandwidth() * PACING_MARGIN);
    if (pipeHasBeenFull || rate > pacingRate) {
      pacingRate = rate;
    }
  }

  private double withBudget(double inFlight) {
    double offload = Math.min(pacingRate * OFFLOAD_SECONDS, (double) MOST_OFFLOAD_BYTES);
    double budget = Math.max(Math.max(inFlight, offload), least());
    return phase == PROBE_UP ? budget + 2.0 * model.datagramLength() : budget;
  }

  private void setWindow(double ackedBytes) {
    double most = withBudget(model.pipe(windowGain) + model.slack());
    if (pipeHasBeenFull) {
      window = Math.min(window + ackedBytes, most);
    } else if (window < most || model.totalDelivered() < initialWindow) {
      window += ackedBytes;
    }
    window = Math.max(window, least());
    if (phase == PROBE_ROUND_TRIP) {
      window = Math.min(window, probeRttWindow());
    }
    double bound = model.bounds.shortTermInFlight();
    if (phase == PROBE_CRUISE || phase == PROBE_ROUND_TRIP) {
      bound = Math.min(bound, inFlightWithHeadroom());
    } else if (probing()) {
      bound = Math.min(bound, model.bounds.longTermInFlight());
    }
    window = Math.min(window, Math.max(bound, least()));
  }

  private double probeRttWindow() {
    return Math.max(model.pipe(PROBE_RTT_WINDOW_GAIN), least());
  }

  private double least() {
    return (double) LEAST_DATAGRAMS * model.datagramLength();
  }

  @Override
  public void onDatagramLength(int length) {
    model.datagramLength(length);
    window = Math.max(window, least());
  }

  @Override
  public long windowBytes() {
    return (long) window;
  }

  @Override
  public long pacingRateBytesPerSecond() {
    return (long) pacingRate;
  }

  @Override
  public long slowStartThresholdBytes() {
    return model.bounds.hasLongTerm() ? (long) model.bounds.longTermInFlight() : UNLIMITED;
  }

  @Override
  public CongestionPhase phase() {
    return phase;
  }
}
