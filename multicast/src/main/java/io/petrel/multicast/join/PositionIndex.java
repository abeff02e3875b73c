package io.petrel.multicast.join;

import java.util.Arrays;

/**
 * Where in a journal a stream's positions lie, about one in so many bytes: lets a replay begin
 * without reading what comes before. Of bounded size: when it is full every second entry goes and
 * the distance doubles. For one thread.
 */
public final class PositionIndex {
  private static final int LIMIT = 4_096;
  private static final long FIRST_DISTANCE = 1 << 20;

  private final long[] positions = new long[LIMIT];
  private final long[] indexes = new long[LIMIT];
  private int count;
  private long distance = FIRST_DISTANCE;
  private long next;

  /** Empty. */
  public PositionIndex() {}

  /**
   * An entry was appended; positions ascend.
   *
   * @param position of its first byte
   * @param journalIndex of the entry
   */
  public void add(long position, long journalIndex) {
    if (count > 0 && position < next) {
      return;
    }
    if (count == LIMIT) {
      for (int i = 0; i < LIMIT / 2; i++) {
        positions[i] = positions[2 * i];
        indexes[i] = indexes[2 * i];
      }
      count = LIMIT / 2;
      distance *= 2;
    }
    positions[count] = position;
    indexes[count] = journalIndex;
    count++;
    next = position + distance;
  }

  /**
   * An entry at or before a position.
   *
   * @param position looked for
   * @return its index in the journal; -1 when none is known
   */
  public long before(long position) {
    int found = Arrays.binarySearch(positions, 0, count, position);
    int at = found >= 0 ? found : -found - 2;
    return at < 0 ? -1 : indexes[at];
  }
}
