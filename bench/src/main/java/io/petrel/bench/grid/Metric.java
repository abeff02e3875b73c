package io.petrel.bench.grid;

import io.petrel.bench.report.Legible;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * A figure that benches give and people compare.
 *
 * @param bench that gives it
 * @param key its member in the JSON
 * @param title for people
 * @param moreIsBetter or less
 * @param format writes it with its unit
 */
record Metric(
    String bench, String key, String title, boolean moreIsBetter, DoubleFunction<String> format) {
  private static final double NS_A_MS = 1e6;
  private static final double MBIT = 1e6;

  /** All there are, bench by bench. */
  static final List<Metric> ALL =
      List.of(
          latency("rtt", "p50_ns", "p50"),
          latency("rtt", "p99_ns", "p99"),
          latency("rtt", "p999_ns", "p99.9"),
          latency("rtt", "max_ns", "max"),
          latency("rate", "p50_ns", "p50"),
          latency("rate", "p99_ns", "p99"),
          latency("rate", "p999_ns", "p99.9"),
          latency("rate", "max_ns", "max"),
          more("throughput", "msgs_per_s", "messages", Legible.amountsOf(" msg/s")),
          more("throughput", "bytes_per_s", "bytes", Legible.amountsOf("B/s")),
          more("fanout", "bytes_per_s", "to each receiver", Legible.amountsOf("B/s")),
          more("fanout", "complete_receivers", "complete", Legible::amount),
          latency("fanout", "p50_ns", "p50"),
          latency("fanout", "p99_ns", "p99"),
          more("lossy", "goodput_mbit", "goodput", Metric::mbit),
          less("lossy", "p50_ms", "p50", Metric::milliseconds),
          less("lossy", "p99_ms", "p99", Metric::milliseconds),
          less("lossy", "p999_ms", "p99.9", Metric::milliseconds),
          less("lossy", "max_ms", "max", Metric::milliseconds),
          less("lossy", "wire_amplification", "sent for each byte", Legible::amount),
          latency("metrics", "ns_per_update", "an update"),
          more("metrics", "updates_per_s", "updates", Legible.amountsOf("/s")));

  private static Metric latency(String bench, String key, String title) {
    return less(bench, key, title, Legible::duration);
  }

  private static Metric less(
      String bench, String key, String title, DoubleFunction<String> format) {
    return new Metric(bench, key, title, false, format);
  }

  private static Metric more(
      String bench, String key, String title, DoubleFunction<String> format) {
    return new Metric(bench, key, title, true, format);
  }

  static List<Metric> of(String bench) {
    return ALL.stream().filter(metric -> metric.bench().equals(bench)).toList();
  }

  private static String milliseconds(double ms) {
    return Legible.duration(ms * NS_A_MS);
  }

  private static String mbit(double mbit) {
    return Legible.amountsOf("bit/s").apply(mbit * MBIT);
  }
}
