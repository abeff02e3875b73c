package io.petrel.bench.grid;

import io.petrel.bench.measure.Summary;
import io.petrel.bench.report.BarChart;
import io.petrel.bench.report.BarChart.Bar;
import io.petrel.bench.report.BarChart.Group;
import io.petrel.bench.report.PercentileChart;
import io.petrel.bench.report.PercentileChart.Curve;
import io.petrel.bench.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** The parts of a report, bench by bench. */
final class Sections {
  private final Results results;

  Sections(Results results) {
    this.results = results;
  }

  /** Those that there is anything to show in. */
  List<Section> all() {
    List<Section> sections = new ArrayList<>();
    addRoundTrips(sections);
    addRate(sections);
    addThroughput(sections);
    addFanOut(sections);
    new LossySections(results.where(row -> row.text("bench").equals("lossy"))).addTo(sections);
    addMetrics(sections);
    addSimulations(sections);
    return sections;
  }

  private Results of(String bench) {
    return results.where(row -> row.text("bench").equals(bench));
  }

  private void addRoundTrips(List<Section> sections) {
    Results all = of("rtt");
    for (String run : all.runs()) {
      Results one = all.ofRun(run);
      Results.Row first = one.rows().getFirst();
      String size = "%.0f B".formatted(first.number("size"));
      boolean lossy = one.rows().stream().anyMatch(row -> row.number("loss") > 0);
      String title =
          "Round trip of "
              + size
              + (run.contains("ipc") ? ", shared memory" : "")
              + (lossy ? ", 1% of the datagrams lost each way" : "");
      Section section =
          new Section(title)
              .paragraph(
                  "One message in flight, both ends pinned processes of their own. Medians of the"
                      + " rounds, with the lowest and the highest in brackets; the chart holds all"
                      + " rounds.");
      sections.add(latencies(section, title, run, one));
    }
  }

  private void addRate(List<Section> sections) {
    Results all = of("rate");
    for (String run : all.runs()) {
      Results one = all.ofRun(run);
      Results.Row first = one.rows().getFirst();
      String title =
          "Round trip of %.0f B at %.0f a second".formatted(first.number("size"), rateOf(one));
      Section section =
          new Section(title)
              .paragraph("Measured from when each message should have been sent by the schedule.");
      sections.add(latencies(section, title, run, one));
    }
  }

  private static double rateOf(Results results) {
    Summary rate = results.summary("rate");
    return rate == null ? 0 : rate.median();
  }

  private static Section latencies(Section section, String title, String run, Results one) {
    List<Curve> curves = new ArrayList<>();
    for (String peer : one.peers()) {
      Histogram histogram = one.ofPeer(peer).histogram();
      if (histogram.getTotalCount() > 0) {
        curves.add(new Curve(peer, histogram));
      }
    }
    if (!curves.isEmpty()) {
      section.chart(run, PercentileChart.draw(title, curves));
    }
    String bench = one.rows().getFirst().text("bench");
    return section.table(table("peer", one, Metric.of(bench)));
  }

  /** A row for each peer, skipped ones with their reason. */
  static Table table(String title, Results results, List<Metric> metrics) {
    List<String> header = new ArrayList<>(List.of(title));
    metrics.forEach(metric -> header.add(metric.title()));
    header.addAll(List.of("rounds", "allocated"));
    Table table = new Table(header.toArray(new String[0]));
    for (String peer : results.peers()) {
      Results of = results.ofPeer(peer);
      List<String> row = new ArrayList<>(List.of(peer));
      metrics.forEach(metric -> row.add(range(of.summary(metric.key()), metric)));
      row.add(Integer.toString(of.rows().size()));
      Summary allocated = of.summary("allocated_bytes");
      row.add(allocated == null ? "-" : "%.0f B".formatted(allocated.median()));
      table.row(row.toArray(new String[0]));
    }
    for (Map.Entry<String, String> skipped : results.skipped().entrySet()) {
      List<String> row = new ArrayList<>(List.of(skipped.getKey() + ": " + skipped.getValue()));
      while (row.size() < header.size()) {
        row.add("");
      }
      table.row(row.toArray(new String[0]));
    }
    return table;
  }

  /** Median and, where there are several rounds, the range. */
  static String range(@Nullable Summary summary, Metric metric) {
    if (summary == null) {
      return "-";
    }
    String median = metric.format().apply(summary.median());
    if (summary.min() == summary.max()) {
      return median;
    }
    String min = metric.format().apply(summary.min());
    String max = metric.format().apply(summary.max());
    String unit = unitOf(median);
    return unit.equals(unitOf(min)) && unit.equals(unitOf(max))
        ? "%s (%s..%s)%s".formatted(bare(median), bare(min), bare(max), unit)
        : "%s (%s..%s)".formatted(median, min, max);
  }

  private static String unitOf(String figure) {
    return figure.substring(bare(figure).length());
  }

  private static String bare(String figure) {
    int space = figure.indexOf(' ');
    return space < 0 ? figure : figure.substring(0, space);
  }

  private void addThroughput(List<Section> sections) {
    Results all = of("throughput");
    Results network = all.where(row -> !row.run().contains("ipc"));
    if (!network.isEmpty()) {
      sections.add(throughput("Throughput, one way", "throughput", network));
    }
    Results memory = all.where(row -> row.run().contains("ipc"));
    if (!memory.isEmpty()) {
      sections.add(throughput("Throughput, shared memory", "throughput-ipc", memory));
    }
  }

  private static Section throughput(String title, String chart, Results all) {
    Metric messages = Metric.of("throughput").getFirst();
    List<Group> groups = new ArrayList<>();
    Section section =
        new Section(title)
            .paragraph(
                "As fast as flow control allows, datagrams of 1408 B. Each bar has the range of its"
                    + " rounds.");
    for (String run : all.runs()) {
      Results one = all.ofRun(run);
      groups.add(new Group(sizeOf(one), bars(one, messages)));
    }
    section.chart(
        chart, BarChart.draw(title, "messages a second, by size", messages.format(), groups));
    for (String run : all.runs()) {
      section.table(sized(all.ofRun(run)));
    }
    return section;
  }

  private static Table sized(Results one) {
    return table(sizeOf(one), one, Metric.of("throughput"));
  }

  private static String sizeOf(Results one) {
    return "%.0f B".formatted(one.rows().getFirst().number("size"));
  }

  static List<Bar> bars(Results results, Metric metric) {
    List<Bar> bars = new ArrayList<>();
    for (String peer : results.peers()) {
      Summary summary = results.ofPeer(peer).summary(metric.key());
      if (summary != null) {
        bars.add(new Bar(peer, summary.median(), summary.min(), summary.max()));
      }
    }
    results.skipped().forEach((peer, why) -> bars.add(Bar.missing(peer, why)));
    return bars;
  }

  private void addFanOut(List<Section> sections) {
    Results all = of("fanout");
    for (String run : all.runs()) {
      Results one = all.ofRun(run);
      Metric bytes = Metric.of("fanout").getFirst();
      Summary receivers = one.summary("receivers");
      String title =
          "Fan-out to %.0f receivers on one host"
              .formatted(receivers == null ? 0 : receivers.median());
      sections.add(
          new Section(title)
              .paragraph("Bytes a second to each receiver; every receiver gets every message.")
              .chart(
                  run,
                  BarChart.draw(
                      title,
                      "bytes a second to each receiver",
                      bytes.format(),
                      List.of(new Group("", bars(one, bytes)))))
              .table(table("peer", one, Metric.of("fanout"))));
    }
  }

  private void addMetrics(List<Section> sections) {
    Results all = of("metrics");
    if (all.isEmpty()) {
      return;
    }
    Table table = new Table("what", "threads", "an update", "lowest", "highest", "allocated");
    List<Metric> metrics = Metric.of("metrics");
    for (Results.Row row : all.rows()) {
      Metric update = metrics.getFirst();
      table.row(
          row.text("what"),
          "%.0f".formatted(row.number("threads")),
          update.format().apply(row.number("ns_per_update")),
          update.format().apply(row.number("min_ns_per_update")),
          update.format().apply(row.number("max_ns_per_update")),
          "%.0f B".formatted(row.number("allocated_bytes")));
    }
    sections.add(new Section("Counters and histograms").table(table));
  }

  private void addSimulations(List<Section> sections) {
    Results all = results.where(row -> !row.text("sim").isEmpty());
    if (all.isEmpty()) {
      return;
    }
    Section section =
        new Section("Simulations")
            .paragraph("In virtual time, from a seed: the same figures on every machine.");
    for (Results.Row row : all.rows()) {
      Table table = new Table(row.run(), "");
      row.values()
          .forEach((key, value) -> {
            if (!(value instanceof Map) && !key.equals("sim") && !key.equals("run")) {
              table.row(key, plain(value));
            }
          });
      section.table(table);
    }
    sections.add(section);
  }

  private static String plain(@Nullable Object value) {
    return value instanceof Double number && number == Math.rint(number)
        ? "%.0f".formatted(number)
        : String.valueOf(value);
  }
}
