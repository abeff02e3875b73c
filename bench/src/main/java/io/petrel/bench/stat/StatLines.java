package io.petrel.bench.stat;

import io.petrel.bench.cli.JsonLine;
import io.petrel.bench.cli.JsonOption;
import io.petrel.transport.metrics.CountersReader.Total;
import java.util.Locale;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;

/** The same for programs: an object for each engine, and one for each thing it counts. */
final class StatLines {
  private StatLines() {}

  static void print(
      EngineView engine, boolean all, Predicate<String> wanted, JsonOption.Output output) {
    output.line(
        line("engine", engine)
            .put("state", engine.state().name().toLowerCase(Locale.ROOT))
            .put("pid", engine.reader().process().pid())
            .put("start_ms", engine.reader().engineStartMs())
            .put("heartbeat_ms", engine.reader().heartbeatMs()));
    for (Total total : engine.totals(all, wanted)) {
      output.line(
          line(total.kind().name().toLowerCase(Locale.ROOT), engine)
              .put("label", total.label())
              .put("type", total.typeId())
              .put("key", total.key())
              .put("value", total.value()));
    }
    for (EngineView.Distribution each : engine.distributions(all, wanted)) {
      Histogram histogram = each.histogram();
      output.line(
          line("histogram", engine)
              .put("label", each.label())
              .put("key", each.key())
              .put("count", histogram.getTotalCount())
              .put("p50", histogram.getValueAtPercentile(50))
              .put("p90", histogram.getValueAtPercentile(90))
              .put("p99", histogram.getValueAtPercentile(99))
              .put("p999", histogram.getValueAtPercentile(99.9))
              .put("max", histogram.getMaxValue()));
    }
    for (EngineView.Fault fault : engine.faults()) {
      output.line(
          line("error", engine)
              .put("count", fault.count())
              .put("first_ms", fault.firstMs())
              .put("last_ms", fault.lastMs())
              .put("error", fault.summary())
              .put("trace", fault.text()));
    }
  }

  private static JsonLine line(String what, EngineView engine) {
    return new JsonLine().put("stat", what).put("file", engine.name());
  }
}
