package io.petrel.transport.metrics;

import org.HdrHistogram.Histogram;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A histogram that other processes can read while it is written. One thread records; that costs a
 * few nanoseconds, never waits and never allocates.
 *
 * <p>A value above the highest counts as the highest, one below zero as zero; readers see how often
 * either happened.
 */
public final class MappedHistogram implements AutoCloseable {
  private final CounterStore store;
  private final UnsafeBuffer buffer;
  private final HistogramArithmetic arithmetic;
  private final long highestValue;
  private final int head;
  private int id;
  private boolean closed;

  MappedHistogram(
      CounterStore store, int id, HistogramArithmetic arithmetic, UnsafeBuffer buffer, int head) {
    this.store = store;
    this.id = id;
    this.arithmetic = arithmetic;
    this.highestValue = arithmetic.highestValue;
    this.buffer = buffer;
    this.head = head;
  }

  /**
   * Counts one value.
   *
   * @param value in the unit that the label names
   */
  public void record(long value) {
    if (closed) {
      return;
    }
    long within = value;
    // One comparison for both ends: as an unsigned number a negative value is above all others.
    if (Long.compareUnsigned(value, highestValue) > 0) {
      within = value < 0 ? 0 : highestValue;
      count(head + (value < 0 ? MetricsLayout.NEGATIVE_OFFSET : MetricsLayout.SATURATED_OFFSET));
    }
    count(
        head
            + MetricsLayout.HISTOGRAM_HEAD_LENGTH
            + arithmetic.bucketOf(within) * MetricsLayout.VALUE_LENGTH);
  }

  private void count(int offset) {
    // Release: readers in other processes see the counts in the order they were made.
    buffer.putLongRelease(offset, buffer.getLong(offset) + 1);
  }

  /**
   * What has been recorded so far, for any thread.
   *
   * @return a copy; values recorded meanwhile may or may not be in it
   */
  public Histogram snapshot() {
    return new HistogramReader(buffer, head, arithmetic).total();
  }

  /**
   * Where readers find it.
   *
   * @return its place in the directory, or -1 when there was none left and only {@link #snapshot}
   *     shows it
   */
  public int id() {
    return id;
  }

  /**
   * Gives the place back, by the writer itself or when it has stopped. What is recorded afterwards
   * goes nowhere.
   */
  @Override
  public void close() {
    closed = true;
    int place = id;
    id = Counter.NOWHERE;
    store.freeHistogram(place);
  }
}
