package io.petrel.transport.metrics;

/**
 * Which bucket a value falls into: HdrHistogram's arithmetic, so that a reader can make an
 * HdrHistogram of the counts without a rounding of its own.
 *
 * <p>Values are told apart to a number of decimal digits. The first buckets are one wide; from
 * there on, each doubling of the value doubles the width, and has half as many buckets as the first
 * range.
 */
final class HistogramArithmetic {
  final long highestValue;
  final int digits;
  final int bucketCount;

  private final int halfBits;
  private final long mask;
  private final int leadingZeros;

  HistogramArithmetic(long highestValue, int digits) {
    if (!isValid(highestValue, digits)) {
      throw new IllegalArgumentException(
          "a histogram keeps 2 or 3 digits of values up to something from 2 to 2^62, not %d of %d"
              .formatted(digits, highestValue));
    }
    this.highestValue = highestValue;
    this.digits = digits;
    int exact = digits == 2 ? 200 : 2000; // below this, steps of one: HdrHistogram's 2 x 10^digits
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(exact - 1);
    halfBits = bits - 1;
    mask = (1L << bits) - 1;
    leadingZeros = Long.SIZE - bits;
    int doublings = Math.max(0, leadingZeros - Long.numberOfLeadingZeros(highestValue));
    bucketCount = (doublings + 2) << halfBits;
  }

  static boolean isValid(long highestValue, int digits) {
    return (digits == 2 || digits == 3) && highestValue >= 2 && highestValue <= 1L << 62;
  }

  /** The bucket of a value from 0 to the highest. */
  int bucketOf(long value) {
    int doublings = leadingZeros - Long.numberOfLeadingZeros(value | mask);
    return (doublings << halfBits) + (int) (value >>> doublings);
  }

  /** The lowest value that falls into a bucket. */
  long lowestValueOf(int bucket) {
    int doublings = Math.max(0, (bucket >>> halfBits) - 1);
    return (long) (bucket - (doublings << halfBits)) << doublings;
  }

  /** Bytes of head and buckets together. */
  int length() {
    return MetricsLayout.HISTOGRAM_HEAD_LENGTH + bucketCount * MetricsLayout.VALUE_LENGTH;
  }
}
