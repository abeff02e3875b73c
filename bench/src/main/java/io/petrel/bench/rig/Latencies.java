package io.petrel.bench.rig;

import io.petrel.bench.cli.CommandFailure;
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

  static double[] values(Histogram histogram) {
    return new double[] {
      histogram.getValueAtPercentile(50) / NANOSECONDS_PER_MICROSECOND,
      histogram.getValueAtPercentile(99) / NANOSECONDS_PER_MICROSECOND,
      histogram.getValueAtPercentile(99.9) / NANOSECONDS_PER_MICROSECOND,
      histogram.getMaxValue() / NANOSECONDS_PER_MICROSECOND
    };
  }
}
