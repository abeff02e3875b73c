package io.petrel.bench.stat;

import io.petrel.transport.metrics.CountersReader.Kind;
import io.petrel.transport.metrics.CountersReader.Total;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;

/** The table for people; from the second look on it shows rates too. */
final class StatTable {
  private record Name(String file, Kind kind, String label, int typeId, long key) {}

  private final PrintWriter out;
  private final boolean all;
  private final Predicate<String> wanted;
  private Map<Name, Long> before = Map.of();
  private long beforeNs;

  StatTable(PrintWriter out, boolean all, Predicate<String> wanted) {
    this.out = out;
    this.all = all;
    this.wanted = wanted;
  }

  void print(List<EngineView> engines, Instant now, long nowNs) {
    Map<Name, Long> values = new HashMap<>();
    for (EngineView engine : engines) {
      out.println(headline(engine, now));
      for (Total total : engine.totals(all, wanted)) {
        Name name =
            new Name(engine.name(), total.kind(), total.label(), total.typeId(), total.key());
        values.put(name, total.value());
        out.printf(
            Locale.ROOT,
            "  %-52s %18d %s%n",
            shown(total),
            total.value(),
            rate(name, total, nowNs));
      }
      for (EngineView.Distribution each : engine.distributions(all, wanted)) {
        Histogram histogram = each.histogram();
        out.printf(
            Locale.ROOT,
            "  %-52s %18d times: p50 %d, p99 %d, max %d%n",
            each.label(),
            histogram.getTotalCount(),
            histogram.getValueAtPercentile(50),
            histogram.getValueAtPercentile(99),
            histogram.getMaxValue());
      }
      for (EngineView.Fault fault : engine.faults()) {
        out.printf(
            "  error, %d times, first %s, last %s: %s%n",
            fault.count(), time(fault.firstMs()), time(fault.lastMs()), fault.summary());
      }
    }
    out.flush();
    before = values;
    beforeNs = nowNs;
  }

  private static String shown(Total total) {
    return total.key() == 0 ? total.label() : total.label() + " [" + total.key() + "]";
  }

  private String rate(Name name, Total total, long nowNs) {
    Long last = before.get(name);
    if (last == null || total.kind() != Kind.COUNTER) {
      return "";
    }
    double perSecond = (total.value() - last) * 1e9 / Math.max(1, nowNs - beforeNs);
    return String.format(Locale.ROOT, "%14.0f/s", perSecond);
  }

  private static String headline(EngineView engine, Instant now) {
    long pid = engine.reader().process().pid();
    Instant start = Instant.ofEpochMilli(engine.reader().engineStartMs());
    long heartbeatMs = engine.reader().heartbeatMs();
    return switch (engine.state()) {
      case RUNNING ->
          "%s: process %d, running for %d s, last heard of %d ms ago"
              .formatted(
                  engine.name(),
                  pid,
                  Duration.between(start, now).toSeconds(),
                  Math.max(0, now.toEpochMilli() - heartbeatMs));
      case CLOSED ->
          "%s: process %d, closed at %s"
              .formatted(engine.name(), pid, time(engine.reader().endMs()));
      case GONE ->
          "%s: process %d is gone without a close, last heard of at %s"
              .formatted(engine.name(), pid, time(heartbeatMs));
    };
  }

  private static String time(long epochMs) {
    return Instant.ofEpochMilli(epochMs).truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
