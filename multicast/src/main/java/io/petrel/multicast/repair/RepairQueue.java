package io.petrel.multicast.repair;

import io.petrel.transport.ring.RangeSet;

/**
 * What a source is to send again, oldest first, and what it sent again just now: questions for that
 * are answered already and are ignored for a while.
 *
 * <p>Both are bounded. When too many ranges are asked for, near ones are joined, which repairs more
 * than was asked; when too many were sent just now, the oldest are forgotten, which repairs twice.
 */
public final class RepairQueue {
  /** Ranges that wait; beyond it they are joined. */
  public static final int RANGE_LIMIT = 4_096;

  private static final int RECENT_LIMIT = 1_024;
  private static final int RECENT_MASK = RECENT_LIMIT - 1;

  private final RangeSet waiting = new RangeSet(RANGE_LIMIT);
  private final RangeSet unconfirmed = new RangeSet(RANGE_LIMIT);
  private final RangeSet asked = new RangeSet(RECENT_LIMIT);
  private final long[] recentStarts = new long[RECENT_LIMIT];
  private final long[] recentEnds = new long[RECENT_LIMIT];
  private final long[] recentNs = new long[RECENT_LIMIT];
  private long recents;

  /** Nothing to repair. */
  public RepairQueue() {}

  /**
   * Somebody asks for a range.
   *
   * @param ignoreNs what was sent again less than this ago is on its way
   * @return whether any of it was neither waiting nor on its way
   */
  public boolean request(long from, long to, long nowNs, long ignoreNs) {
    asked.clear();
    asked.add(from, to);
    long oldest = Math.max(0, recents - RECENT_LIMIT);
    for (long i = recents - 1; i >= oldest && !asked.isEmpty(); i--) {
      int slot = (int) i & RECENT_MASK;
      if (nowNs - recentNs[slot] >= ignoreNs) {
        break;
      }
      asked.remove(recentStarts[slot], recentEnds[slot]);
    }
    boolean any = false;
    for (int i = 0; i < asked.count(); i++) {
      if (!waiting.contains(asked.start(i), asked.end(i))) {
        any = true;
        waiting.addMerging(asked.start(i), asked.end(i));
        unconfirmed.addMerging(asked.start(i), asked.end(i));
      }
    }
    return any;
  }

  /** Whether nothing waits. */
  public boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Where the oldest range that waits begins. */
  public long first() {
    return waiting.start(0);
  }

  /** Where it ends. */
  public long firstEnd() {
    return waiting.end(0);
  }

  /** A part of the oldest range, from its beginning on, was sent again. */
  public void sent(long from, long to, long nowNs) {
    waiting.remove(from, to);
    unconfirmed.remove(from, to);
    int slot = (int) recents++ & RECENT_MASK;
    recentStarts[slot] = from;
    recentEnds[slot] = to;
    recentNs[slot] = nowNs;
  }

  /** What lies below is gone. */
  public void dropBelow(long position) {
    waiting.removeBelow(position);
    unconfirmed.removeBelow(position);
  }

  /** What waits and nobody was told of. */
  public RangeSet unconfirmed() {
    return unconfirmed;
  }
}
