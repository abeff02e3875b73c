package io.petrel.transport.ring;

/**
 * What is missing below the highest position received: holes, sorted, not touching, at most so
 * many. Below the first hole everything is there; with no hole, everything up to the highest.
 *
 * <pre>
 *   ######........######....####          # received   . hole
 *         ^      ^      ^   ^   ^
 *     start(0) end(0)       end(1) = start of what came last; highest
 *     = contiguous
 * </pre>
 *
 * One thread's. Nothing is allocated after construction.
 */
public final class HoleSet {
  private final long[] starts;
  private final long[] ends;
  private int count;
  private long highest;

  /**
   * A set without holes.
   *
   * @param limit of holes; a range that would make one more is refused
   * @param position up to which everything is there
   */
  public HoleSet(final int limit, final long position) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit of holes " + limit + " is below 1");
    }
    starts = new long[limit];
    ends = new long[limit];
    highest = position;
  }

  /**
   * Number of holes.
   *
   * @return count
   */
  public int count() {
    return count;
  }

  /**
   * Most holes that this set takes.
   *
   * @return limit
   */
  public int limit() {
    return starts.length;
  }

  /**
   * Where a hole begins.
   *
   * @param hole from 0, the lowest, to below {@link #count}
   * @return position of its first byte
   */
  public long start(final int hole) {
    return starts[hole];
  }

  /**
   * Where a hole ends.
   *
   * @param hole from 0, the lowest, to below {@link #count}
   * @return position behind its last byte
   */
  public long end(final int hole) {
    return ends[hole];
  }

  /**
   * Nothing at or above this position was received.
   *
   * @return position
   */
  public long highest() {
    return highest;
  }

  /**
   * Everything below this position was received or given up.
   *
   * @return position
   */
  public long contiguous() {
    return count == 0 ? highest : starts[0];
  }

  /**
   * The lowest hole that ends above a position.
   *
   * @param position to look from
   * @return its number, or {@link #count} when there is none
   */
  public int firstEndingAbove(final long position) {
    int low = 0;
    int high = count;
    while (low < high) {
      final int middle = (low + high) >>> 1;
      if (ends[middle] > position) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /**
   * Whether {@link #fill} would take this range.
   *
   * @param from first position
   * @param to position behind the last
   * @return false when it would make more holes than the limit
   */
  public boolean admits(final long from, final long to) {
    if (count < starts.length) {
      return true;
    }
    if (from > highest) {
      return false;
    }
    final int hole = firstEndingAbove(from);
    return hole == count || starts[hole] >= from || ends[hole] <= to;
  }

  /**
   * Takes a range as received: fills holes, cuts them, splits one, or makes one below the range.
   *
   * @param from first position
   * @param to position behind the last, above {@code from}
   * @return false, and nothing has changed, when that would make more holes than the limit
   */
  public boolean fill(final long from, final long to) {
    if (from > highest) {
      if (count == starts.length) {
        return false;
      }
      starts[count] = highest;
      ends[count] = from;
      count++;
      highest = to;
      return true;
    }
    final int first = firstEndingAbove(from);
    int next = first;
    if (next < count && starts[next] < from) {
      if (ends[next] > to) {
        return split(next, from, to);
      }
      ends[next] = from;
      next++;
    }
    final int firstWhole = next;
    while (next < count && ends[next] <= to) {
      next++;
    }
    if (next < count && starts[next] < to) {
      starts[next] = to;
    }
    remove(firstWhole, next);
    highest = Math.max(highest, to);
    return true;
  }

  /**
   * Gives up all holes below a position, and what was never received up to there.
   *
   * @param position that becomes contiguous, or more does
   */
  public void giveUpBelow(final long position) {
    final int first = firstEndingAbove(position);
    remove(0, first);
    if (count > 0 && starts[0] < position) {
      starts[0] = position;
    }
    highest = Math.max(highest, position);
  }

  /** What came last continues what is contiguous, with no hole: the fast path of an insert. */
  void append(final long to) {
    highest = to;
  }

  private boolean split(final int hole, final long from, final long to) {
    if (count == starts.length) {
      return false;
    }
    System.arraycopy(starts, hole, starts, hole + 1, count - hole);
    System.arraycopy(ends, hole, ends, hole + 1, count - hole);
    ends[hole] = from;
    starts[hole + 1] = to;
    count++;
    return true;
  }

  private void remove(final int from, final int to) {
    if (from < to) {
      System.arraycopy(starts, to, starts, from, count - to);
      System.arraycopy(ends, to, ends, from, count - to);
      count -= to - from;
    }
  }
}
