package io.petrel.bench.measure;

import io.petrel.bench.cli.JsonLine;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** The percentiles that every measurement of latency reports, under the names programs rely on. */
public final class Percentiles {
  private Percentiles() {}

  /**
   * Adds them.
   *
   * @param line to add to
   * @param histogram of nanoseconds
   */
  public static void describe(JsonLine line, Histogram histogram) {
    line.put("min_ns", histogram.getMinValue())
        .put("p50_ns", histogram.getValueAtPercentile(50))
        .put("p90_ns", histogram.getValueAtPercentile(90))
        .put("p99_ns", histogram.getValueAtPercentile(99))
        .put("p999_ns", histogram.getValueAtPercentile(99.9))
        .put("p9999_ns", histogram.getValueAtPercentile(99.99))
        .put("max_ns", histogram.getMaxValue());
  }

  /**
   * A histogram as a word, for JSON.
   *
   * @param histogram any
   * @return compressed as HdrHistogram does, in base64
   */
  public static String encoded(Histogram histogram) {
    ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int length = histogram.encodeIntoCompressedByteBuffer(buffer);
    return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
  }

  /**
   * What {@link #encoded} gave.
   *
   * @param word compressed and in base64
   * @return the histogram
   * @throws IllegalArgumentException when it is none
   */
  public static Histogram decoded(String word) {
    try {
      return Histogram.decodeFromCompressedByteBuffer(
          ByteBuffer.wrap(Base64.getDecoder().decode(word)), 0);
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("no histogram: " + e.getMessage(), e);
    }
  }
}
