package io.petrel.bench.measure;

import io.petrel.bench.cli.JsonLine;
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
}
