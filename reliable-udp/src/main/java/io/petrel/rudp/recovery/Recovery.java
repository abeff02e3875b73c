package io.petrel.rudp.recovery;

import io.petrel.rudp.congestion.AckSample;
import io.petrel.rudp.congestion.CongestionController;
import io.petrel.rudp.congestion.DeliveryRateSampler;
import io.petrel.rudp.congestion.InFlightCap;
import io.petrel.transport.time.Deadline;

/**
 * Follows each packet from its sending to its end: acknowledged, lost, or lost and acknowledged
 * after all. Measures the round trip, feeds the congestion controller, and says when to probe.
 *
 * <p>Call {@link #onSent} for each packet; for an acknowledgement {@link #beginAck}, {@link
 * #onAckRange} for each range from the highest down, {@link #endAck}; and {@link #onTimer} when
 * {@link #deadlineNs} has come.
 *
 * <p>The probe timeout runs from the sending of the <em>oldest</em> unacknowledged packet, not of
 * the newest as TCP's and QUIC's do: on a thin stream each new message would put it off. A probe
 * marks nothing lost; its acknowledgement does, through the loss detector.
 */
public final class Recovery implements LossDetector.Listener {
  /** Timer outcome: nothing to do. */
  public static final int NOTHING = 0;

  /** Timer outcome: a probe is to be sent, for {@link #oldestInFlight}. */
  public static final int PROBE = 1;

  /**
   * A flag of a packet whose loss says nothing of congestion: it was longer than is known to pass.
   */
  public static final int SIZE_PROBE = 0x8000;

  /** What a sleeping thread or a busy core adds to a round trip without anything being wrong. */
  static final long GRANULARITY_NS = 10_000;

  /** RFC 9002 section 7.6: losses over three probe timeouts are a path that carried nothing. */
  private static final int PERSISTENT_TIMEOUTS = 3;

  /** Round trips after which a lost packet's late acknowledgement is no longer waited for. */
  private static final int ROUND_TRIPS_KEPT = 4;

  /** Five longs and a flag. */
  private static final int SAMPLER_SLOT_BYTES = 41;

  /** The share of the table that is kept for probes and for what needs no acknowledgement. */
  private static final int TABLE_RESERVE_DIVISOR = 8;

  private static final int LARGEST_BACK_OFF_SHIFT = 12;

  /** What the owner of the packets' contents does about them. */
  public interface Listener {
    /** The peer has the packet; its pieces can still be read. */
    void onPacketAcknowledged(long nowNs, long number);

    /** The packet is given up; its pieces are to be sent again. */
    void onPacketLost(long nowNs, long number);

    /** A packet given up has arrived after all; its pieces need not be sent again. */
    void onPacketSpurious(long nowNs, long number);
  }

  private final SentPackets packets;
  private final RoundTripEstimator roundTrip;
  private final LossDetector losses = new LossDetector();
  private final DeliveryRateSampler sampler;
  private final Listener listener;
  private final long longestBackOffNs;
  private InFlightCap cap;
  private CongestionController controller;
  private long peerAckDelayNs;
  private int samplerSlots;

  /** Packets below went another way: they say nothing of this path. */
  private long pathStart;

  private long inFlightBytes;
  private long oldestInFlight;
  private long lastProbeNs;
  private int backOff;

  // The acknowledgement being processed.
  private int newlyAcknowledged;
  private long newestNewly;
  private long newestNewlySentNs;
  private long newestEver = -1;

  // Losses of one flight, which the controller answers with one reduction.
  private long flightStart;
  private long flightEnd;
  private long flightLost;

  // A run of losses without an acknowledgement between them.
  private long runStartNs;
  private long runNewest = -1;
  private boolean persistentCongestion;

  private long sentPackets;
  private long acknowledgedPackets;
  private long lostPackets;
  private long spuriousPackets;
  private long probes;

  /**
   * For one path of one session.
   *
   * @param packets the table, empty.
   * @param initialRoundTripNs what to assume until there is a sample.
   * @param controller told of everything.
   * @param longestBackOffNs a probe's back-off is not doubled beyond this.
   * @param listener told what becomes of each packet.
   */
  public Recovery(
      SentPackets packets,
      long initialRoundTripNs,
      CongestionController controller,
      long longestBackOffNs,
      Listener listener) {
    this.packets = packets;
    this.roundTrip = new RoundTripEstimator(initialRoundTripNs);
    this.controller = controller;
    this.cap = new InFlightCap(controller);
    this.samplerSlots = packets.slots();
    this.sampler = new DeliveryRateSampler(samplerSlots);
    this.longestBackOffNs = longestBackOffNs;
    this.listener = listener;
  }

  /**
   * Packets go another way from now on, of which nothing is known. What is in flight still counts
   * as in flight and is repaired, but neither its round trip nor its loss is the new path's (RFC
   * 9000 section 9.4).
   *
   * @param initialRoundTripNs what to assume until there is a sample.
   * @param newController of the new path.
   */
  public void onPathChanged(
      long nowNs, long initialRoundTripNs, CongestionController newController) {
    followGrowth();
    pathStart = packets.next();
    controller = newController;
    cap = new InFlightCap(newController);
    sampler.reset(nowNs);
    roundTrip.reset(initialRoundTripNs);
    losses.reset();
    backOff = 0;
    flightStart = pathStart;
    flightEnd = pathStart;
    flightLost = 0;
  }

  /** How long the peer holds back an acknowledgement at most, as it says. */
  public void peerAckDelayNs(long delayNs) {
    peerAckDelayNs = delayNs;
  }

  /** Records a packet; its pieces have been added to the table before. */
  public long onSent(long nowNs, int bytes, int flags, boolean inFlight) {
    if (packets.isFull()) {
      makeRoom(nowNs);
    }
    if (!inFlight) {
      long number = packets.append(nowNs, bytes, flags, false);
      if (inFlightBytes == 0) {
        advance(nowNs); // nobody acknowledges what asks for no acknowledgement
      }
      return number;
    }
    if (inFlightBytes == 0) {
      oldestInFlight = packets.next();
    }
    long number = packets.append(nowNs, bytes, flags, true);
    followGrowth();
    inFlightBytes += bytes;
    sentPackets++;
    sampler.onPacketSent(nowNs, packets.slot(number), bytes, inFlightBytes);
    controller.onPacketSent(nowNs, number, bytes, inFlightBytes);
    return number;
  }

  /** Any packet may have made the table grow, also one that is not sampled. */
  private void followGrowth() {
    if (packets.slots() != samplerSlots) {
      samplerSlots = packets.slots();
      sampler.grow(samplerSlots, packets.lowest(), packets.next());
    }
  }

  /** An acknowledgement has come in. */
  public void beginAck() {
    followGrowth();
    newlyAcknowledged = 0;
    newestNewly = -1;
    losses.beginAck();
    sampler.beginAck(inFlightBytes);
  }

  /**
   * The peer says that it has these packets.
   *
   * @return false when it cannot have one of them, because it was never sent.
   */
  public boolean onAckRange(long nowNs, long first, long last) {
    if (last - packets.next() >= 0 || last - first < 0 || first < 0) {
      return false;
    }
    long from = first - packets.lowest() < 0 ? packets.lowest() : first;
    for (long number = from; number - last <= 0; ) {
      number = packets.skipAcknowledged(number);
      if (number - last > 0) {
        break;
      }
      int state = packets.state(number);
      if (state == SentPackets.SKIPPED) {
        return false;
      }
      if (state == SentPackets.IN_FLIGHT) {
        acknowledge(nowNs, number);
      } else if (state == SentPackets.LOST) {
        acknowledgeLate(nowNs, number);
      } else {
        packets.markAcknowledged(number);
      }
      number++;
    }
    packets.joinAcknowledged(from, last + 1);
    return true;
  }

  /** The acknowledgement is read whole. */
  public void endAck(long nowNs) {
    if (newlyAcknowledged == 0) {
      advance(nowNs);
      return;
    }
    long sampleNs = -1;
    if (newestNewly - pathStart < 0) {
      advance(nowNs);
      return; // of the path before
    }
    if (newestNewly - newestEver > 0) {
      newestEver = newestNewly;
      sampleNs = Math.max(nowNs - newestNewlySentNs, 1);
      roundTrip.onSample(nowNs, sampleNs);
    }
    backOff = 0;
    advance(nowNs);
    detectLosses(nowNs);
    AckSample sample =
        sampler.endAck(
            inFlightBytes,
            sampleNs,
            roundTrip.smoothedNs(),
            roundTrip.minimumNs(),
            roundTrip.variationNs());
    cap.onAck(nowNs, sample);
    controller.onAck(nowNs, sample);
  }

  /**
   * The deadline has come.
   *
   * @return {@link #NOTHING} or {@link #PROBE}.
   */
  public int onTimer(long nowNs) {
    followGrowth();
    if (Deadline.isDue(nowNs, losses.deadlineNs())) {
      detectLosses(nowNs);
    }
    if (Deadline.isDue(nowNs, probeDeadlineNs())) {
      lastProbeNs = nowNs;
      backOff = Math.min(backOff + 1, LARGEST_BACK_OFF_SHIFT);
      probes++;
      return PROBE;
    }
    return NOTHING;
  }

  /** When {@link #onTimer} is due, or {@link Deadline#NONE}. */
  public long deadlineNs() {
    return Deadline.earlier(losses.deadlineNs(), probeDeadlineNs());
  }

  /**
   * SRTT + 4 RTTVAR + the peer's delay: when silence means something. Where packets overtake each
   * other, at least as long as those overtaken take: variation hardly shows them, because only the
   * newest packet of an acknowledgement gives a sample.
   */
  public long probeTimeoutNs() {
    long smoothedNs = roundTrip.smoothedNs();
    long toleratedNs = Math.max(4 * roundTrip.heldVariationNs(), GRANULARITY_NS);
    return smoothedNs
        + Math.max(toleratedNs, Math.min(losses.latenessNs(), smoothedNs))
        + peerAckDelayNs;
  }

  private long probeDeadlineNs() {
    // A packet overtaken by others is the loss detector's: it may only be late.
    if (inFlightBytes == 0 || losses.deadlineNs() != Deadline.NONE) {
      return Deadline.NONE;
    }
    long timeoutNs = probeTimeoutNs();
    long sinceNs = packets.sentNs(oldestInFlight);
    if (probes > 0 && lastProbeNs - sinceNs > 0) {
      sinceNs = lastProbeNs;
    }
    if (backOff == 0) {
      return sinceNs + timeoutNs;
    }
    long longestNs = Math.max(longestBackOffNs, timeoutNs);
    return sinceNs + Math.min(timeoutNs << backOff, longestNs);
  }

  private void acknowledge(long nowNs, long number) {
    long sentNs = packets.sentNs(number);
    int bytes = packets.bytes(number);
    inFlightBytes -= bytes;
    if (number - pathStart >= 0) {
      sampler.onPacketAcked(nowNs, number, packets.slot(number), sentNs, bytes);
      losses.onAcknowledged(nowNs, number, sentNs);
    }
    listener.onPacketAcknowledged(nowNs, number);
    packets.markAcknowledged(number);
    newlyAcknowledged++;
    acknowledgedPackets++;
    if (newestNewly - number < 0) {
      newestNewly = number;
      newestNewlySentNs = sentNs;
    }
  }

  private void acknowledgeLate(long nowNs, long number) {
    spuriousPackets++;
    if (number - pathStart >= 0) {
      losses.onSpurious(nowNs, packets.sentNs(number));
    }
    listener.onPacketSpurious(nowNs, number);
    packets.markAcknowledged(number);
    if (number - flightStart >= 0 && number - flightEnd < 0 && --flightLost == 0) {
      cap.onSpuriousLoss();
      controller.onSpuriousLoss(nowNs);
    }
  }

  private void detectLosses(long nowNs) {
    persistentCongestion = false;
    runNewest = -1;
    losses.detect(nowNs, packets, oldestInFlight, roundTrip, this);
    if (persistentCongestion) {
      controller.onPersistentCongestion(nowNs, inFlightBytes);
    }
    advance(nowNs);
  }

  @Override
  public void onLost(long nowNs, long number) {
    long sentNs = packets.sentNs(number);
    int bytes = packets.bytes(number);
    lostPackets++;
    inFlightBytes -= bytes;
    packets.markLost(number);
    if (number - pathStart >= 0 && (packets.flags(number) & SIZE_PROBE) == 0) {
      tellOfLoss(nowNs, number, sentNs, bytes);
    }
    listener.onPacketLost(nowNs, number);
  }

  private void tellOfLoss(long nowNs, long number, long sentNs, int bytes) {
    if (number - flightEnd >= 0) {
      flightStart = flightEnd;
      flightEnd = packets.next();
      flightLost = 0;
    }
    flightLost++;
    // Numbers that follow each other; an acknowledged one between them ends the run.
    if (runNewest < 0 || number != runNewest + 1) {
      runStartNs = sentNs;
    }
    runNewest = number;
    persistentCongestion |= sentNs - runStartNs > PERSISTENT_TIMEOUTS * probeTimeoutNs();
    cap.onPacketLost(nowNs, inFlightBytes + bytes);
    controller.onPacketLost(
        nowNs, sampler.onPacketLost(number, packets.slot(number), sentNs, bytes, inFlightBytes));
  }

  /** Moves past what is resolved and forgets what nobody will ask about. */
  private void advance(long nowNs) {
    if (inFlightBytes == 0) {
      oldestInFlight = packets.next();
    } else {
      while (packets.state(oldestInFlight) != SentPackets.IN_FLIGHT) {
        oldestInFlight++;
      }
    }
    long keptNs = ROUND_TRIPS_KEPT * probeTimeoutNs();
    while (packets.lowest() - oldestInFlight < 0) {
      long lowest = packets.lowest();
      if (packets.state(lowest) == SentPackets.LOST && nowNs - packets.sentNs(lowest) < keptNs) {
        break;
      }
      packets.removeLowest();
    }
  }

  /** The table's bound is reached: the oldest packet is given up, whatever has become of it. */
  private void makeRoom(long nowNs) {
    followGrowth();
    long lowest = packets.lowest();
    if (packets.state(lowest) == SentPackets.IN_FLIGHT) {
      onLost(nowNs, lowest);
    }
    packets.removeLowest();
    advance(nowNs);
  }

  /**
   * What may be in flight: the controller's window under the cap that stands above all of them, and
   * no more than there is when the table of packets is all but full. Giving up the oldest for the
   * sake of new ones would send the same bytes again and again on a path that holds more than the
   * table.
   */
  public long windowBytes() {
    long reserve = packets.limit() / TABLE_RESERVE_DIVISOR;
    if (packets.next() - oldestInFlight >= packets.limit() - reserve && inFlightBytes > 0) {
      return inFlightBytes;
    }
    return Math.min(controller.windowBytes(), cap.bytes());
  }

  /** There was room to send and nothing to send. */
  public void onApplicationLimited() {
    sampler.onApplicationLimited(inFlightBytes);
  }

  /** Sent and neither acknowledged nor given up. */
  public long inFlightBytes() {
    return inFlightBytes;
  }

  /** The oldest packet in flight; the next number when there is none. */
  public long oldestInFlight() {
    return oldestInFlight;
  }

  /** Below it the peer need not remember what it received. */
  public long lowestAwaited() {
    return packets.lowest();
  }

  /** The path's round trip. */
  public RoundTripEstimator roundTrip() {
    return roundTrip;
  }

  /** Whether probes go unanswered. */
  public int backOff() {
    return backOff;
  }

  /** Bytes that the tables of packets take, the rate samples' among them. */
  public long memoryBytes() {
    return packets.memoryBytes() + (long) samplerSlots * SAMPLER_SLOT_BYTES;
  }

  /** Packets sent that asked for an acknowledgement. */
  public long sentPackets() {
    return sentPackets;
  }

  /** Packets acknowledged while they were in flight. */
  public long acknowledgedPackets() {
    return acknowledgedPackets;
  }

  /** Packets given up. */
  public long lostPackets() {
    return lostPackets;
  }

  /** Packets given up that had arrived. */
  public long spuriousPackets() {
    return spuriousPackets;
  }

  /** Probe timeouts. */
  public long probes() {
    return probes;
  }
}
