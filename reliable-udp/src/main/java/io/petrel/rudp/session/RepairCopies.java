package io.petrel.rudp.session;

import io.petrel.transport.time.Deadline;

/**
 * Which repairs go twice. A repair that gets lost costs another round trip, and everything behind
 * it waits. Where a session has nothing else to send, a second copy costs hardly anything: it goes
 * a little after the first, so that a burst of losses does not take both, and only within the
 * window, the pacer's rate and a budget of its own, an eighth of what the session sends. A session
 * that has more to send than it may, sends that instead.
 */
final class RepairCopies {
  /** Of more repairs that wait for their copy the oldest goes without. */
  private static final int LIMIT = 8;

  /** The copy follows after a round trip divided by this, and not after more than a while. */
  private static final int SPACING_DIVISOR = 64;

  private static final long LONGEST_SPACING_NS = 1_000_000;

  /** The share of the bytes sent that copies may be. */
  private static final int SHARE_DIVISOR = 8;

  /** What a session may spend at first, and after a time without losses. */
  private static final long MOST_CREDIT_BYTES = 6_000;

  private final long[] repairs = new long[LIMIT];
  private final long[] dueNs = new long[LIMIT];
  private int first;
  private int count;
  private long creditBytes = MOST_CREDIT_BYTES;
  private long creditedBytes;

  /** This packet was sent to repair a loss. */
  void onRepairSent(long nowNs, long number, long roundTripNs) {
    if (count == LIMIT) {
      take();
    }
    int at = (first + count++) % LIMIT;
    repairs[at] = number;
    dueNs[at] = nowNs + Math.min(roundTripNs / SPACING_DIVISOR, LONGEST_SPACING_NS);
  }

  /** When the next copy is due, or {@link Deadline#NONE}. */
  long deadlineNs() {
    return count == 0 ? Deadline.NONE : dueNs[first];
  }

  /** Takes the number of the packet whose copy is due; there must be one. */
  long take() {
    long number = repairs[first];
    first = (first + 1) % LIMIT;
    count--;
    return number;
  }

  /**
   * Takes a copy's bytes from the budget.
   *
   * @param sentBytes all that the session has sent.
   * @return false when the budget does not reach.
   */
  boolean spend(long sentBytes, int bytes) {
    long earned = (sentBytes - creditedBytes) / SHARE_DIVISOR;
    creditedBytes += earned * SHARE_DIVISOR;
    creditBytes = Math.min(creditBytes + earned, MOST_CREDIT_BYTES);
    if (bytes > creditBytes) {
      return false;
    }
    creditBytes -= bytes;
    return true;
  }
}
