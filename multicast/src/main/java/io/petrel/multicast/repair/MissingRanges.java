package io.petrel.multicast.repair;

import io.petrel.transport.time.Deadline;

/**
 * What a receiver misses, range by range: since when, how the question for it stands, and where
 * behind it the next record begins.
 *
 * <pre>
 *          gap           both lines have     back-off is over,
 *          seen          passed it           or another asked
 *   ------------&gt; ARBITRATED ------&gt; WAITING ------&gt; HELD
 *                                       ^              | has not come in time
 *                                       +--------------+
 *   DEAD: it will not come and nobody asks any more
 * </pre>
 *
 * Sorted, not overlapping, bounded: what finds no place stays in its neighbour's state, which costs
 * a question too many or too late, never correctness. Nothing is allocated.
 */
public final class MissingRanges {
  /** The other line may still bring it. */
  public static final byte ARBITRATED = 0;

  /** Backs off before it is asked for. */
  public static final byte WAITING = 1;

  /** Was asked for, here or by another. */
  public static final byte HELD = 2;

  /** Will not come. */
  public static final byte DEAD = 3;

  /** No record is known to begin behind the range yet. */
  public static final long UNKNOWN = -1;

  /** Told what became of missing bytes. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Bytes came that were missing.
     *
     * @param from first
     * @param to behind the last
     * @param missedNs when they were missed first
     * @param asked whether they had been asked for
     */
    void onFilled(long from, long to, long missedNs, boolean asked);
  }

  private final Listener listener;
  private final long[] starts;
  private final long[] ends;
  private final long[] missedNs;
  private final long[] deadlinesNs;
  private final long[] records;
  private final byte[] states;
  private final byte[] attempts;
  private final byte[] suppressions;
  private int count;
  private long earliestNs = Deadline.NONE;
  private boolean stale;

  /**
   * An empty set.
   *
   * @param limit of ranges
   * @param listener told what comes
   */
  public MissingRanges(int limit, Listener listener) {
    this.listener = listener;
    starts = new long[limit];
    ends = new long[limit];
    missedNs = new long[limit];
    deadlinesNs = new long[limit];
    records = new long[limit];
    states = new byte[limit];
    attempts = new byte[limit];
    suppressions = new byte[limit];
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  /** First byte of one. */
  public long start(int index) {
    return starts[index];
  }

  /** Behind the last byte of one. */
  public long end(int index) {
    return ends[index];
  }

  /** How the question stands. */
  public byte state(int index) {
    return states[index];
  }

  /** When something is to be done about it. */
  public long deadlineNs(int index) {
    return deadlinesNs[index];
  }

  /** How often it was asked for here. */
  public int attempts(int index) {
    return attempts[index];
  }

  /** Where the first record behind it begins, or {@link #UNKNOWN}. */
  public long record(int index) {
    return records[index];
  }

  /** When the next is due, or {@link Deadline#NONE}. */
  public long earliestNs() {
    if (stale) {
      stale = false;
      earliestNs = Deadline.NONE;
      for (int i = 0; i < count; i++) {
        if (states[i] != DEAD) {
          earliestNs = Deadline.earlier(earliestNs, deadlinesNs[i]);
        }
      }
    }
    return earliestNs;
  }

  /**
   * Adds what is missing above all that was.
   *
   * @return false when there is no place, neither of its own nor with the one below
   */
  public boolean append(long from, long to, long nowNs, byte state, long deadlineNs) {
    if (count == starts.length) {
      if (ends[count - 1] != from) {
        return false;
      }
      ends[count - 1] = to;
      records[count - 1] = UNKNOWN; // one that began behind it lies within it now
      return true;
    }
    set(count, from, to, nowNs, state, deadlineNs, UNKNOWN);
    count++;
    if (state != DEAD) {
      earliestNs = Deadline.earlier(earliestNs, deadlineNs);
    }
    return true;
  }

  /** Changes the state of one. */
  public void state(int index, byte state, long deadlineNs) {
    states[index] = state;
    deadlinesNs[index] = deadlineNs;
    stale = true;
  }

  /** Notes that one was asked for here. */
  public void asked(int index, long deadlineNs) {
    if (attempts[index] < Byte.MAX_VALUE) {
      attempts[index]++;
    }
    state(index, HELD, deadlineNs);
  }

  /**
   * Another asked for these bytes, or the source says they will come: whoever waits to ask for them
   * need not.
   *
   * @param mostSuppressions after so many that led to nothing one is not believed
   * @return whether any was waiting
   */
  public boolean suppress(long from, long to, long deadlineNs, int mostSuppressions) {
    boolean any = false;
    for (int i = firstEndingAbove(from); i < count && starts[i] < to; i++) {
      if (states[i] == WAITING && suppressions[i] < mostSuppressions) {
        i = cut(i, from, to);
        suppressions[i]++;
        state(i, HELD, deadlineNs);
        any = true;
      }
    }
    return any;
  }

  /** Bytes came. */
  public void fill(long from, long to) {
    int first = firstEndingAbove(from);
    if (first == count || starts[first] >= to) {
      return;
    }
    int next = first;
    if (starts[next] < from && ends[next] > to && count < starts.length) {
      report(next, from, to);
      insertCopy(next);
      ends[next] = from;
      starts[next + 1] = to;
      stale = true;
      return;
    }
    if (starts[next] < from) {
      report(next, from, Math.min(ends[next], to));
      if (ends[next] <= to) {
        ends[next] = from;
      }
      next++;
    }
    int whole = next;
    while (next < count && ends[next] <= to) {
      report(next, starts[next], ends[next]);
      next++;
    }
    if (next < count && starts[next] < to) {
      report(next, starts[next], to);
      starts[next] = to;
    }
    remove(whole, next);
    stale = true;
  }

  /** Nothing below the position is missed any more. */
  public void removeBelow(long position) {
    int first = firstEndingAbove(position);
    remove(0, first);
    if (count > 0 && starts[0] < position) {
      starts[0] = position;
    }
    stale = true;
  }

  /** What lies below the position will not come; returns whether that is news. */
  public boolean bury(long position) {
    boolean any = false;
    for (int i = 0; i < count && starts[i] < position; i++) {
      if (states[i] != DEAD) {
        if (ends[i] > position) {
          i = cut(i, starts[i], position);
        }
        state(i, DEAD, Deadline.NONE);
        any = true;
      }
    }
    return any;
  }

  /** A record begins at the position, in bytes that came from the given one on. */
  public void recordAt(long position, long bytesFrom) {
    for (int i = firstEndingAbove(bytesFrom) - 1; i >= 0; i--) {
      if (records[i] != UNKNOWN && records[i] <= position) {
        return;
      }
      records[i] = position;
    }
  }

  private void report(int index, long from, long to) {
    listener.onFilled(from, to, missedNs[index], attempts[index] > 0);
  }

  /** Leaves the range between, if there is room, as one of its own; returns its index. */
  private int cut(int index, long from, long to) {
    int at = index;
    if (starts[at] < from && count < starts.length) {
      insertCopy(at);
      ends[at] = from;
      starts[at + 1] = from;
      at++;
    }
    if (ends[at] > to && count < starts.length) {
      insertCopy(at);
      ends[at] = to;
      starts[at + 1] = to;
    }
    return at;
  }

  private int firstEndingAbove(long position) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ends[middle] > position) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private void set(
      int index, long from, long to, long nowNs, byte state, long deadlineNs, long record) {
    starts[index] = from;
    ends[index] = to;
    missedNs[index] = nowNs;
    states[index] = state;
    deadlinesNs[index] = deadlineNs;
    records[index] = record;
    attempts[index] = 0;
    suppressions[index] = 0;
  }

  private void insertCopy(int index) {
    move(index, index + 1);
    count++;
  }

  private void remove(int from, int to) {
    if (from < to) {
      move(to, from);
      count -= to - from;
    }
  }

  private void move(int from, int to) {
    int length = count - from;
    System.arraycopy(starts, from, starts, to, length);
    System.arraycopy(ends, from, ends, to, length);
    System.arraycopy(missedNs, from, missedNs, to, length);
    System.arraycopy(deadlinesNs, from, deadlinesNs, to, length);
    System.arraycopy(records, from, records, to, length);
    System.arraycopy(states, from, states, to, length);
    System.arraycopy(attempts, from, attempts, to, length);
    System.arraycopy(suppressions, from, suppressions, to, length);
  }
}
