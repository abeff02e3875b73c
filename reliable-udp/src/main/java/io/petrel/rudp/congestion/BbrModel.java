package io.petrel.rudp.congestion;

/**
 * What bbr believes of the path: its bandwidth, its bare round trip, how much it aggregates, varies
 * and loses, and the round trips by which all this is counted. Rates are bytes a second.
 */
final class BbrModel {
  /** Mean deviations of the round trip that the window has room for. */
  private static final double JITTER_GAIN = 4.0;

  private static final double NANOS_PER_SECOND = 1e9;

  final BbrRoundTripFloor floor;
  final BbrLoss loss;
  final BbrBounds bounds = new BbrBounds();

  private final BbrAggregation aggregation;
  private final PathJitter jitter = new PathJitter();
  private final double initialWindow;
  private int datagramLength;

  // The highest rate of this cycle of probes and of the last one.
  private double bandwidthCycle;
  private double bandwidthLastCycle;
  private double bandwidth;

  private long totalDelivered;
  private long nextRoundDelivered;
  private long roundTrips;
  private boolean roundTripStart;

  // The round trip in which losses are counted, and the best that it delivered.
  private long lossRoundDelivered;
  private boolean lossRoundStart;
  private boolean lossInRound;
  private double latestBandwidth;
  private double latestInFlight;

  BbrModel(long nowNs, CongestionSettings settings) {
    floor = new BbrRoundTripFloor(nowNs);
    aggregation = new BbrAggregation(nowNs);
    loss = new BbrLoss(settings.lossThreshold());
    initialWindow = (double) settings.initialWindowBytes();
    datagramLength = settings.datagramLength();
  }

  void datagramLength(int length) {
    datagramLength = length;
  }

  int datagramLength() {
    return datagramLength;
  }

  /** An acknowledgement begins: signals, rounds and bandwidth. */
  void beginAck(AckSample sample) {
    double rate = (double) sample.deliveryRateBytesPerSecond();
    totalDelivered = sample.totalDeliveredBytes();
    jitter.onAck(sample);
    latestBandwidth = Math.max(latestBandwidth, rate);
    latestInFlight = Math.max(latestInFlight, (double) sample.deliveredBytes());
    lossRoundStart = sample.priorDeliveredBytes() >= lossRoundDelivered;
    if (lossRoundStart) {
      lossRoundDelivered = totalDelivered;
    }
    roundTripStart = sample.priorDeliveredBytes() >= nextRoundDelivered;
    if (roundTripStart) {
      startRoundTrip();
      roundTrips++;
    }
    if (rate >= mostBandwidth() || !sample.applicationLimited()) {
      bandwidthCycle = Math.max(bandwidthCycle, rate);
    }
  }

  void aggregate(long nowNs, AckSample sample, double window, boolean pipeHasBeenFull) {
    aggregation.onAck(
        nowNs,
        sample.ackedBytes(),
        bandwidth / NANOS_PER_SECOND,
        window,
        roundTripStart,
        pipeHasBeenFull);
  }

  void restartAggregation(long nowNs) {
    aggregation.restart(nowNs);
  }

  /** The acknowledgement ends: the bandwidth to use. */
  void endAck(AckSample sample) {
    if (lossRoundStart) {
      latestBandwidth = (double) sample.deliveryRateBytesPerSecond();
      latestInFlight = (double) sample.deliveredBytes();
    }
    bandwidth = Math.min(mostBandwidth(), bounds.shortTermBandwidth());
  }

  double bandwidth() {
    return bandwidth;
  }

  double mostBandwidth() {
    return Math.max(bandwidthCycle, bandwidthLastCycle);
  }

  /** A rate seen in another way than by delivery over a round trip. */
  void raiseBandwidth(double rate) {
    bandwidthCycle = Math.max(bandwidthCycle, rate);
    bandwidth = Math.min(mostBandwidth(), bounds.shortTermBandwidth());
  }

  /** A cycle of probes is over; its predecessor's bandwidth is forgotten. */
  void endCycle() {
    bandwidthLastCycle = bandwidthCycle;
    bandwidthCycle = 0;
  }

  // ---- rounds

  void startRoundTrip() {
    nextRoundDelivered = totalDelivered;
  }

  boolean roundTripStart() {
    return roundTripStart;
  }

  long roundTrips() {
    return roundTrips;
  }

  long totalDelivered() {
    return totalDelivered;
  }

  // ---- losses

  /** The first loss of a round trip begins the round in which losses are counted; true for it. */
  boolean noteLoss(long delivered) {
    boolean first = !lossInRound;
    if (first) {
      lossRoundDelivered = delivered;
      bounds.save();
    }
    lossInRound = true;
    return first;
  }

  boolean lossInRound() {
    return lossInRound;
  }

  boolean lossRoundStart() {
    return lossRoundStart;
  }

  /** The round trip that now ends lost more than the network does by nature. */
  boolean lossRoundTooHigh() {
    return lossInRound && loss.roundExceeds(totalDelivered, datagramLength);
  }

  void endLossRound(boolean undisturbed) {
    loss.endRound(totalDelivered, undisturbed);
    lossInRound = false;
  }

  void forgetLoss() {
    lossInRound = false;
  }

  void forgetLatest() {
    lossInRound = false;
    latestBandwidth = 0;
    latestInFlight = 0;
  }

  double latestInFlight() {
    return latestInFlight;
  }

  void lowerShortTermBounds(double window) {
    bounds.lowerShortTerm(mostBandwidth(), window, latestBandwidth, latestInFlight);
  }

  // ---- volumes

  /** So many times what the path holds; what it will lose by nature included. */
  double pipe(double gain) {
    if (!floor.known()) {
      return initialWindow;
    }
    double bytes = bandwidth * floor.minimumNs() / NANOS_PER_SECOND;
    return gain * bytes / (1 - loss.background(datagramLength));
  }

  /** What comes to the pipe because the path collects and varies. */
  double slack() {
    return aggregation.bytes() + bandwidth * JITTER_GAIN * jitter.deviationNs() / NANOS_PER_SECOND;
  }

  /** The rate to send at so that, after what the network loses by nature, this arrives. */
  double rateFor(double arriving) {
    return arriving / (1 - loss.background(datagramLength));
  }
}
