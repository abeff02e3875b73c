package io.petrel.bench.sim;

import java.util.Arrays;

/**
 * How many bytes came when, so that the rate over any part of a run can be told afterwards. Time is
 * cut into slots that double in length whenever the run outgrows them, so it needs no more memory
 * for a long one.
 */
final class RateLog {
  private static final int SLOTS = 4096;
  private static final long FIRST_SLOT_NS = 1_000;

  private final long[] slots = new long[SLOTS];
  private long slotNs = FIRST_SLOT_NS;

  void add(long nowNs, long bytes) {
    while (nowNs / slotNs >= SLOTS) {
      for (int i = 0; i < SLOTS / 2; i++) {
        slots[i] = slots[2 * i] + slots[2 * i + 1];
      }
      Arrays.fill(slots, SLOTS / 2, SLOTS, 0);
      slotNs *= 2;
    }
    slots[(int) (nowNs / slotNs)] += bytes;
  }

  /** Bytes from a time on, to a slot's length. */
  long bytesSince(long fromNs) {
    long sum = 0;
    for (long slot = (fromNs + slotNs - 1) / slotNs; slot < SLOTS; slot++) {
      sum += slots[(int) slot];
    }
    return sum;
  }
}
