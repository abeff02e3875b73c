package io.petrel.transport.ring;

import java.util.Arrays;

/**
 * Disjoint ranges of positions in ascending order, of which there may be a bounded number. A set
 * that is full says so and stays as it was; who must not lose a range can {@link #addMerging},
 * which covers a little more than was asked.
 */
public final class RangeSet {
  private static final int SMALLEST = 4;

  private final int limit;
  private long[] starts = new long[SMALLEST];
  private long[] ends = new long[SMALLEST];
  private int count;

  /**
   * An empty set.
   *
   * @param limit the most ranges ever held.
   */
  public RangeSet(int limit) {
    this.limit = Math.max(limit, SMALLEST);
  }

  /** How many ranges there are. */
  public int count() {
    return count;
  }

  /** Bytes that the set takes. */
  public long memoryBytes() {
    return 2L * starts.length * Long.BYTES;
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return count == 0;
  }

  /** Where a range starts. */
  public long start(int index) {
    return starts[index];
  }

  /** Where a range ends; itself not in the range. */
  public long end(int index) {
    return ends[index];
  }

  /** Removes everything. */
  public void clear() {
    count = 0;
  }

  /**
   * Adds a range.
   *
   * @return false when there is no place for another: nothing was changed.
   */
  public boolean add(long start, long end) {
    if (start >= end) {
      return true;
    }
    int from = firstEndingAtOrAfter(start);
    int to = from;
    long newStart = start;
    long newEnd = end;
    while (to < count && starts[to] <= end) {
      newStart = Math.min(newStart, starts[to]);
      newEnd = Math.max(newEnd, ends[to]);
      to++;
    }
    if (to == from && count == limit) {
      return false;
    }
    replace(from, to, newStart, newEnd);
    return true;
  }

  /** Adds a range; when the set is full, by closing the gap to the nearest range. */
  public void addMerging(long start, long end) {
    if (start >= end || add(start, end)) {
      return;
    }
    int after = firstEndingAtOrAfter(start);
    long gapBelow = after > 0 ? start - ends[after - 1] : Long.MAX_VALUE;
    long gapAbove = after < count ? starts[after] - end : Long.MAX_VALUE;
    if (gapBelow <= gapAbove) {
      ends[after - 1] = end;
    } else {
      starts[after] = start;
    }
  }

  /**
   * Takes a range out. Splitting a range needs a place; when there is none, what lies above stays
   * out too, or the whole is kept: see the return value.
   *
   * @return false when a split found no place; the set was left as it was.
   */
  public boolean remove(long start, long end) {
    if (start >= end || count == 0) {
      return true;
    }
    int index = firstEndingAtOrAfter(start + 1);
    if (index < count && starts[index] < start && ends[index] > end) {
      if (count == limit) {
        return false;
      }
      long upperEnd = ends[index];
      ends[index] = start;
      insertAt(index + 1, end, upperEnd);
      return true;
    }
    if (index < count && starts[index] < start) {
      ends[index] = start;
      index++;
    }
    int to = index;
    while (to < count && ends[to] <= end) {
      to++;
    }
    if (to < count && starts[to] < end) {
      starts[to] = end;
    }
    removeAt(index, to);
    return true;
  }

  /** Removes everything below a position. */
  public void removeBelow(long position) {
    if (count > 0 && starts[0] < position) {
      remove(starts[0], position);
    }
  }

  /** Whether the whole range is in the set. */
  public boolean contains(long start, long end) {
    int index = firstEndingAtOrAfter(end);
    return index < count && starts[index] <= start;
  }

  /** The end of the range that holds the position, or the position itself when none does. */
  public long endOfRangeAt(long position) {
    int index = firstEndingAtOrAfter(position + 1);
    return index < count && starts[index] <= position ? ends[index] : position;
  }

  /** The start of the first range that begins after the position, or {@link Long#MAX_VALUE}. */
  public long nextStartAfter(long position) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (starts[middle] > position) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low < count ? starts[low] : Long.MAX_VALUE;
  }

  private int firstEndingAtOrAfter(long position) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ends[middle] >= position) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private void replace(int from, int to, long start, long end) {
    if (from == to) {
      insertAt(from, start, end);
      return;
    }
    starts[from] = start;
    ends[from] = end;
    removeAt(from + 1, to);
  }

  private void insertAt(int index, long start, long end) {
    if (count == starts.length) {
      int capacity = Math.min(limit, starts.length * 2);
      starts = Arrays.copyOf(starts, capacity);
      ends = Arrays.copyOf(ends, capacity);
    }
    System.arraycopy(starts, index, starts, index + 1, count - index);
    System.arraycopy(ends, index, ends, index + 1, count - index);
    starts[index] = start;
    ends[index] = end;
    count++;
  }

  private void removeAt(int from, int to) {
    if (from >= to) {
      return;
    }
    System.arraycopy(starts, to, starts, from, count - to);
    System.arraycopy(ends, to, ends, from, count - to);
    count -= to - from;
  }
}
