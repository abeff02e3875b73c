package io.petrel.transport.metrics;

import org.HdrHistogram.Histogram;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Turns the counts of a {@link MappedHistogram} into an HdrHistogram, in whatever process. One
 * thread reads with one reader.
 *
 * <p>The writer is not stopped, so a reading is not one moment's picture: of two values recorded
 * while it goes on, it may hold the later and miss the earlier. But each recorded value is in
 * exactly one {@link #interval}, and all intervals add up to the {@link #total}.
 */
public final class HistogramReader {
  private final UnsafeBuffer buffer;
  private final int head;
  private final HistogramArithmetic arithmetic;
  private final long[] seen;

  HistogramReader(UnsafeBuffer buffer, int head, HistogramArithmetic arithmetic) {
    this.buffer = buffer;
    this.head = head;
    this.arithmetic = arithmetic;
    this.seen = new long[arithmetic.bucketCount];
  }

  /**
   * All that was recorded since the histogram was added.
   *
   * @return a new HdrHistogram of the same highest value and digits
   */
  public Histogram total() {
    Histogram histogram = empty();
    for (int bucket = 0; bucket < arithmetic.bucketCount; bucket++) {
      add(histogram, bucket, countOf(bucket));
    }
    return histogram;
  }

  /**
   * What was recorded since the last call of this method, or since the beginning.
   *
   * @return a new HdrHistogram of the same highest value and digits
   */
  public Histogram interval() {
    Histogram histogram = empty();
    for (int bucket = 0; bucket < arithmetic.bucketCount; bucket++) {
      long count = countOf(bucket);
      add(histogram, bucket, count - seen[bucket]);
      seen[bucket] = count;
    }
    return histogram;
  }

  /**
   * How many values were above the highest, and count as it.
   *
   * @return since the histogram was added
   */
  public long saturated() {
    return buffer.getLongAcquire(head + MetricsLayout.SATURATED_OFFSET);
  }

  /**
   * How many values were below zero, and count as zero.
   *
   * @return since the histogram was added
   */
  public long negative() {
    return buffer.getLongAcquire(head + MetricsLayout.NEGATIVE_OFFSET);
  }

  private Histogram empty() {
    return new Histogram(arithmetic.highestValue, arithmetic.digits);
  }

  private long countOf(int bucket) {
    // Acquire: pairs with the release of the recording.
    return buffer.getLongAcquire(
        head + MetricsLayout.HISTOGRAM_HEAD_LENGTH + bucket * MetricsLayout.VALUE_LENGTH);
  }

  private void add(Histogram histogram, int bucket, long count) {
    // Below zero only when the place was given to another histogram meanwhile.
    if (count > 0) {
      histogram.recordValueWithCount(arithmetic.lowestValueOf(bucket), count);
    }
  }
}
