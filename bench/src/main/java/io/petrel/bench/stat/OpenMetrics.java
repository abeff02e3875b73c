package io.petrel.bench.stat;

import io.petrel.transport.metrics.CountersReader.Kind;
import io.petrel.transport.metrics.CountersReader.Total;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * The OpenMetrics text format, version 1.0. A family's name is made of the label's words; which
 * engine it is about, and which of several things of a kind, is said by labels.
 */
final class OpenMetrics {
  static final String CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";

  /** How labels of durations end. */
  private static final String NANOSECONDS = ", ns";

  private static final double[] QUANTILES = {0.5, 0.9, 0.99, 0.999};

  private OpenMetrics() {}

  /** All that these engines count. */
  static String text(List<EngineView> engines) {
    Map<String, StringBuilder> families = new TreeMap<>(); // a family's samples stand together
    for (EngineView engine : engines) {
      for (Total total : engine.totals(true, label -> true)) {
        boolean counter = total.kind() == Kind.COUNTER;
        String name = nameOf(total.label());
        family(families, name, counter ? "counter" : "gauge", total.label())
            .append(name)
            .append(counter ? "_total" : "")
            .append(labels(engine, total.key(), ""))
            .append(valueOf(total.label(), total.value()))
            .append('\n');
      }
      for (EngineView.Distribution each : engine.distributions(true, label -> true)) {
        addSummary(families, engine, each);
      }
    }
    StringBuilder text = new StringBuilder();
    families.values().forEach(text::append);
    return text.append("# EOF\n").toString();
  }

  private static void addSummary(
      Map<String, StringBuilder> families, EngineView engine, EngineView.Distribution each) {
    String name = nameOf(each.label()) + "_distribution";
    StringBuilder family = family(families, name, "summary", each.label());
    Histogram histogram = each.histogram();
    for (double quantile : QUANTILES) {
      family
          .append(name)
          .append(labels(engine, each.key(), ",quantile=\"" + quantile + '"'))
          .append(valueOf(each.label(), histogram.getValueAtPercentile(quantile * 100)))
          .append('\n');
    }
    family
        .append(name)
        .append("_count")
        .append(labels(engine, each.key(), ""))
        .append(histogram.getTotalCount())
        .append('\n');
  }

  private static StringBuilder family(
      Map<String, StringBuilder> families, String name, String type, String label) {
    return families.computeIfAbsent(
        name + ' ' + type,
        key ->
            new StringBuilder("# TYPE " + name + ' ' + type + '\n')
                .append("# HELP " + name + ' ' + escaped(inSeconds(label)) + '\n'));
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private static String labels(EngineView engine, long key, String more) {
    return "{engine=\"%s\",pid=\"%d\",key=\"%d\"%s} "
        .formatted(escaped(engine.name()), engine.reader().process().pid(), key, more);
  }

  /**
   * As the format has it: letters, digits and underscores, no digit first, durations in seconds and
   * no unit cut short.
   */
  static String nameOf(String label) {
    String words = inSeconds(label).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
    return "petrel_" + words.replaceAll("^_|_$", "").replaceAll("_ns(?=_|$)", "_nanos");
  }

  private static String inSeconds(String label) {
    return isDuration(label) ? label.replace(NANOSECONDS, ", seconds") : label;
  }

  private static boolean isDuration(String label) {
    return label.endsWith(NANOSECONDS);
  }

  private static String valueOf(String label, long value) {
    return isDuration(label)
        ? BigDecimal.valueOf(value, 9).stripTrailingZeros().toPlainString()
        : Long.toString(value);
  }
}
