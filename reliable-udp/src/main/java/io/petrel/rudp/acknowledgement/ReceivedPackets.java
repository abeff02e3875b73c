package io.petrel.rudp.acknowledgement;

import java.util.Arrays;

/**
 * The packet numbers received, as ranges from the highest down, at most {@value #LIMIT}.
 *
 * <pre>
 *   index 0                1                 2
 *   [first ... last]  gap  [first ... last]  gap  [first ... last]   ...  floor
 * </pre>
 *
 * Below the floor everything counts as seen: the sender no longer waits for it, or there was no
 * place left. A packet taken for a duplicate by mistake is only sent again.
 */
public final class ReceivedPackets {
  /** The most ranges held; an acknowledgement can name as many. */
  public static final int LIMIT = 64;

  /** A session that loses nothing never has more: idle ones, of which there may be thousands. */
  private static final int SMALLEST = 4;

  /** Outcome of {@link #add}: has been here before, or is older than what is remembered. */
  public static final int DUPLICATE = 0;

  /** Outcome of {@link #add}: follows the highest. */
  public static final int IN_ORDER = 1;

  /** Outcome of {@link #add}: opened a gap, or fell into one. */
  public static final int OUT_OF_ORDER = 2;

  private long[] first = new long[SMALLEST];
  private long[] last = new long[SMALLEST];
  private int count;
  private long floor;
  private long forgotten;

  /** Takes a packet number. */
  public int add(long number) {
    if (count > 0 && number == last[0] + 1) {
      last[0] = number;
      return IN_ORDER;
    }
    if (number - floor < 0) {
      return DUPLICATE;
    }
    int index = 0;
    while (index < count && number - first[index] < 0) {
      index++;
    }
    // Now [index] is the first range that begins at or below the number.
    if (index < count && number - last[index] <= 0) {
      return DUPLICATE;
    }
    boolean joinsAbove = index > 0 && number + 1 == first[index - 1];
    boolean joinsBelow = index < count && number == last[index] + 1;
    if (joinsAbove && joinsBelow) {
      first[index - 1] = first[index];
      remove(index);
    } else if (joinsAbove) {
      first[index - 1] = number;
    } else if (joinsBelow) {
      last[index] = number;
    } else {
      insert(index, number);
    }
    return count == 1 && first[0] == number ? IN_ORDER : OUT_OF_ORDER;
  }

  /** The sender waits for nothing below this number any more. */
  public void forgetBelow(long number) {
    if (number - floor <= 0) {
      return;
    }
    floor = number;
    while (count > 0 && last[count - 1] - number < 0) {
      count--;
    }
    if (count > 0 && first[count - 1] - number < 0) {
      first[count - 1] = number;
    }
  }

  /** How many ranges there are. */
  public int count() {
    return count;
  }

  /** The lowest number of a range; the highest range has index 0. */
  public long first(int index) {
    return first[index];
  }

  /** The highest number of a range. */
  public long last(int index) {
    return last[index];
  }

  /** The highest number received; there must be one. */
  public long largest() {
    return last[0];
  }

  /** Ranges given up because there were too many. */
  public long forgotten() {
    return forgotten;
  }

  /** Bytes that the ranges take. */
  public long memoryBytes() {
    return 2L * first.length * Long.BYTES;
  }

  private void insert(int index, long number) {
    if (index == LIMIT) {
      forgotten++;
      floor = Math.max(floor, number + 1);
      return;
    }
    if (count == LIMIT) {
      count--;
      forgotten++;
      floor = Math.max(floor, last[count] + 1);
    }
    if (count == first.length) {
      first = Arrays.copyOf(first, count * 2);
      last = Arrays.copyOf(last, count * 2);
    }
    System.arraycopy(first, index, first, index + 1, count - index);
    System.arraycopy(last, index, last, index + 1, count - index);
    first[index] = number;
    last[index] = number;
    count++;
  }

  private void remove(int index) {
    count--;
    System.arraycopy(first, index + 1, first, index, count - index);
    System.arraycopy(last, index + 1, last, index, count - index);
  }
}
