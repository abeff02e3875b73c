package io.petrel.bench.rig;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.cli.JsonLine;
import java.util.List;
import org.HdrHistogram.Histogram;

/** The percentiles that every latency bench reports, under the names programs rely on. */
final class Latencies {
  static final List<String> COLUMNS = List.of("p50 us", "p99 us", "p99.9 us", "max us");

  private static final double NANOSECONDS_PER_MICROSECOND = 1_000;

  private Latencies() {}

  static void checkSize(int size) {
    if (size < Payload.MINIMUM_LENGTH) {
      throw new CommandFailure(
          "--size "
              + size
              + ": a message carries sequence, checksum and time, so at least "
              + Payload.MINIMUM_LENGTH
              + " bytes");
    }
  }

  static void describe(JsonLine line, Histogram histogram) {
    line.put("min_ns", histogram.getMinValue())
        .put("p50_ns", histogram.getValueAtPercentile(50))
        .put("p90_ns", histogram.getValueAtPercentile(90))
        .put("p99_ns", histogram.getValueAtPercentile(99))
        .put("p999_ns", histogram.getValueAtPercentile(99.9))
        .put("p9999_ns", histogram.getValueAtPercentile(99.99))
        .put("max_ns", histogram.getMaxValue());
  }

  static double[] values(Histogram histogram) {
    return new double[] {
      histogram.getValueAtPercentile(50) / NANOSECONDS_PER_MICROSECOND,
      histogram.getValueAtPercentile(99) / NANOSECONDS_PER_MICROSECOND,
      histogram.getValueAtPercentile(99.9) / NANOSECONDS_PER_MICROSECOND,
      histogram.getMaxValue() / NANOSECONDS_PER_MICROSECOND
    };
  }
}
