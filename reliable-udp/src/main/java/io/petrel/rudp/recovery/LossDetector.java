package io.petrel.rudp.recovery;

import io.petrel.transport.time.Deadline;

/**
 * Which packets are lost, after RACK (RFC 8985) with packet numbers in place of sequence numbers:
 * one that was sent before another that has arrived, and is overdue by more than the reordering
 * window.
 *
 * <p>The window begins at a quarter of the minimum round trip. Until the path has been seen to
 * reorder, three packets arriving after a missing one condemn it at once (section 6.2 step 4 of the
 * RFC). When a packet turns out to have been condemned wrongly, the window grows to what would have
 * been needed, at most one smoothed round trip, and shrinks back after sixteen recoveries without
 * such an error. A duplicate report, from which the RFC learns of the error, is not needed: numbers
 * are never used twice, so an acknowledgement that comes late says it exactly.
 */
public final class LossDetector {
  /** Packets arriving after a missing one, on a path that keeps order. */
  static final int PACKET_THRESHOLD = 3;

  /** RFC 8985 section 6.2 step 4: recoveries until the window is small again. */
  static final int RECOVERIES_UNTIL_RESET = 16;

  /** How far to look for the packets that arrived after a missing one. */
  private static final int LOOK_AHEAD = 16;

  /** Lateness is forgotten after one to two of these. */
  private static final long LATENESS_WINDOW_NS = 5_000_000_000L;

  private long newestNumber = -1;
  private long newestBefore = -1;
  private long newestSentNs;
  private long newestRttNs;
  private boolean reorderingSeen;
  private long learnedWindowNs;
  private long mostLatenessNs;
  private long previousLatenessNs;
  private long latenessSinceNs;
  private int recoveriesLeft;
  private long recoveryEnd;
  private long deadlineNs = Deadline.NONE;

  /** Told for each packet found lost, oldest first. */
  public interface Listener {
    /** The packet is still in flight in the table; the listener takes it out. */
    void onLost(long nowNs, long number);
  }

  /** Forgets the path. */
  public void reset() {
    reorderingSeen = false;
    learnedWindowNs = 0;
    recoveriesLeft = 0;
    mostLatenessNs = 0;
    previousLatenessNs = 0;
    deadlineNs = Deadline.NONE;
  }

  /** An acknowledgement begins: what it says belongs together, in whatever order it is told. */
  public void beginAck() {
    newestBefore = newestNumber;
  }

  /** A packet in flight has been acknowledged. */
  public void onAcknowledged(long nowNs, long number, long sentNs) {
    if (number - newestNumber > 0) {
      newestNumber = number;
      newestSentNs = sentNs;
      newestRttNs = nowNs - sentNs;
    } else if (number - newestBefore < 0) {
      reorderingSeen = true;
      noteLateness(nowNs, nowNs - sentNs - newestRttNs);
    }
  }

  private void noteLateness(long nowNs, long latenessNs) {
    if (latenessNs() == 0) {
      latenessSinceNs = nowNs;
    } else if (nowNs - latenessSinceNs > LATENESS_WINDOW_NS) {
      latenessSinceNs = nowNs;
      previousLatenessNs = mostLatenessNs;
      mostLatenessNs = 0;
    }
    mostLatenessNs = Math.max(mostLatenessNs, latenessNs);
  }

  /**
   * How long after a newer one packets have arrived of late, and an eighth: an answer that is this
   * much overdue may still be on its way.
   */
  public long latenessNs() {
    long latenessNs = Math.max(mostLatenessNs, previousLatenessNs);
    return latenessNs + latenessNs / 8;
  }

  /** A packet given up has been acknowledged after all. */
  public void onSpurious(long nowNs, long sentNs) {
    reorderingSeen = true;
    long neededNs = nowNs - sentNs - newestRttNs;
    // An eighth more than would have been needed: the next may be a little later still.
    learnedWindowNs = Math.max(learnedWindowNs, neededNs + neededNs / 8);
    recoveriesLeft = RECOVERIES_UNTIL_RESET;
  }

  /** The time a packet may be overdue before it is given up. */
  public long reorderingWindowNs(RoundTripEstimator roundTrip) {
    long windowNs = Math.max(roundTrip.minimumNs() / 4, learnedWindowNs);
    return Math.min(windowNs, roundTrip.smoothedNs());
  }

  /** Whether the path has been seen to deliver out of order. */
  public boolean isReorderingSeen() {
    return reorderingSeen;
  }

  /** When the next packet would have to be given up, or {@link Deadline#NONE}. */
  public long deadlineNs() {
    return deadlineNs;
  }

  /**
   * Finds what is lost now, and when to look again.
   *
   * @param oldestInFlight the first number not yet resolved.
   */
  public void detect(
      long nowNs,
      SentPackets packets,
      long oldestInFlight,
      RoundTripEstimator roundTrip,
      Listener listener) {
    deadlineNs = Deadline.NONE;
    if (oldestInFlight - newestNumber >= 0) {
      return;
    }
    long windowNs = reorderingWindowNs(roundTrip);
    if (!reorderingSeen
        && (recoveryEnd - oldestInFlight > 0 || isCondemned(packets, oldestInFlight))) {
      windowNs = 0;
    }
    boolean found = false;
    for (long number = oldestInFlight; number - newestNumber < 0; number++) {
      if (packets.state(number) == SentPackets.ACKNOWLEDGED) {
        number = packets.skipAcknowledged(number) - 1;
      } else if (packets.state(number) == SentPackets.IN_FLIGHT) {
        long sentNs = packets.sentNs(number);
        long dueNs = sentNs + newestRttNs + windowNs;
        if (sentNs - newestSentNs > 0 || nowNs - dueNs < 0) {
          deadlineNs = dueNs;
          break;
        }
        found = true;
        listener.onLost(nowNs, number);
      }
    }
    if (found && oldestInFlight - recoveryEnd >= 0) {
      beginRecovery(packets.next());
    }
  }

  private void beginRecovery(long end) {
    recoveryEnd = end;
    if (recoveriesLeft > 0 && --recoveriesLeft == 0) {
      learnedWindowNs = 0;
    }
  }

  private boolean isCondemned(SentPackets packets, long missing) {
    int arrived = 0;
    for (long number = missing + 1;
        number - newestNumber <= 0 && number - missing <= LOOK_AHEAD;
        number++) {
      if (packets.state(number) == SentPackets.ACKNOWLEDGED && ++arrived == PACKET_THRESHOLD) {
        return true;
      }
    }
    return false;
  }
}
