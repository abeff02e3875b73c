package io.petrel.bench.grid;

import io.petrel.bench.cli.JsonLine;
import io.petrel.bench.cli.JsonReader;
import io.petrel.bench.measure.Summary;
import io.petrel.bench.report.HtmlPage;
import io.petrel.bench.report.Legible;
import io.petrel.bench.report.Table;
import io.petrel.bench.report.TrendChart;
import io.petrel.bench.report.TrendChart.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * All reports of a folder: {@code history.jsonl} has a line for each, {@code index.html} and {@code
 * index.md} show them.
 */
final class History {
  private static final String FILE = "history.jsonl";
  private static final int DECIMALS = 3;

  /** A figure that is followed from report to report. */
  private record Followed(String key, String run, String peer, String member) {}

  private static final List<Followed> ALL =
      List.of(
          new Followed("rtt_udp_p50_ns", "rtt-64", "udp", "p50_ns"),
          new Followed("rtt_rudp_p50_ns", "rtt-64", "rudp", "p50_ns"),
          new Followed("rtt_rudp_p99_ns", "rtt-64", "rudp", "p99_ns"),
          new Followed("rtt_tcp_p50_ns", "rtt-64", "tcp", "p50_ns"),
          new Followed("rtt_aeron_p50_ns", "rtt-64", "aeron", "p50_ns"),
          new Followed("throughput_288_rudp", "throughput-288", "rudp", "msgs_per_s"),
          new Followed("throughput_288_tcp", "throughput-288", "tcp", "msgs_per_s"),
          new Followed("throughput_288_aeron", "throughput-288", "aeron", "msgs_per_s"),
          new Followed("fanout_8_mcast", "fanout-8", "mcast", "bytes_per_s"),
          new Followed("fanout_8_aeron", "fanout-8", "aeron-mcast", "bytes_per_s"));

  private final Path folder;

  History(Path folder) {
    this.folder = folder;
  }

  /** Adds a report. */
  void add(ReportFiles report) throws IOException {
    Results results = report.results();
    JsonLine line = report.headline();
    for (Followed one : ALL) {
      Summary summary = results.ofRun(one.run()).ofPeer(one.peer()).summary(one.member());
      if (summary != null) {
        line.put(
            one.key(), new double[] {summary.median(), summary.min(), summary.max()}, DECIMALS);
      }
    }
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve(FILE), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Writes the index of all reports whose folders are there. */
  void writeIndex() throws IOException {
    List<Map<String, @Nullable Object>> reports = reports();
    List<String> names = reports.stream().map(report -> text(report, "report")).toList();
    Map<String, String> charts = new LinkedHashMap<>();
    trend(
        charts,
        "history-rtt.svg",
        "Round trip of 64 B: p50",
        Legible::duration,
        reports,
        List.of("rtt_udp_p50_ns", "rtt_rudp_p50_ns", "rtt_tcp_p50_ns", "rtt_aeron_p50_ns"));
    trend(
        charts,
        "history-throughput.svg",
        "Throughput of 288 B",
        Legible.amountsOf(" msg/s"),
        reports,
        List.of("throughput_288_rudp", "throughput_288_tcp", "throughput_288_aeron"));
    trend(
        charts,
        "history-fanout.svg",
        "Fan-out to 8 receivers, to each",
        Legible.amountsOf("B/s"),
        reports,
        List.of("fanout_8_mcast", "fanout_8_aeron"));
    for (Map.Entry<String, String> chart : charts.entrySet()) {
      Files.writeString(folder.resolve(chart.getKey()), chart.getValue());
    }
    String title = "Petrel performance reports";
    String lead = "Each report is a folder; the charts follow a few of its figures over time.";
    HtmlPage page = new HtmlPage(title, lead).charts(List.copyOf(charts.values()));
    StringBuilder markdown = new StringBuilder("# " + title + "\n\n" + lead + "\n\n");
    charts
        .keySet()
        .forEach(
            name -> markdown.append("![%s](%s)\n\n".formatted(name.replace(".svg", ""), name)));
    page.heading("Reports").table(table(reports));
    for (String name : names.reversed()) {
      page.link(name + "/report.html", name);
      markdown.append("- [%s](%s/report.md)\n".formatted(name, name));
    }
    markdown.append('\n').append(table(reports).markdown());
    Files.writeString(folder.resolve("index.html"), page.toString());
    Files.writeString(folder.resolve("index.md"), markdown.toString());
  }

  /** In the order they were made; the last line of a report counts. */
  private List<Map<String, @Nullable Object>> reports() throws IOException {
    Map<String, Map<String, @Nullable Object>> reports = new LinkedHashMap<>();
    for (String line : Files.readAllLines(folder.resolve(FILE))) {
      Map<String, @Nullable Object> report = JsonReader.read(line);
      String name = text(report, "report");
      if (Files.isDirectory(folder.resolve(name))) {
        reports.remove(name);
        reports.put(name, report);
      }
    }
    return List.copyOf(reports.values());
  }

  private static String text(Map<String, @Nullable Object> report, String key) {
    return String.valueOf(report.get(key));
  }

  private static double median(Map<String, @Nullable Object> report, String key) {
    return report.get(key) instanceof List<?> figures
            && !figures.isEmpty()
            && figures.getFirst() instanceof Double median
        ? median
        : Double.NaN;
  }

  /** Adds a chart, if any report has a figure for it. */
  private static void trend(
      Map<String, String> charts,
      String file,
      String title,
      DoubleFunction<String> format,
      List<Map<String, @Nullable Object>> reports,
      List<String> keys) {
    List<Line> lines = new ArrayList<>();
    for (Followed followed : ALL) {
      List<Double> values = reports.stream().map(report -> median(report, followed.key())).toList();
      if (keys.contains(followed.key()) && values.stream().anyMatch(value -> !value.isNaN())) {
        lines.add(new Line(followed.peer(), values));
      }
    }
    if (!lines.isEmpty()) {
      List<String> names = reports.stream().map(report -> text(report, "report")).toList();
      charts.put(file, TrendChart.draw(title, "reports, oldest first", format, names, lines));
    }
  }

  private static Table table(List<Map<String, @Nullable Object>> reports) {
    Table table =
        new Table(
            "report",
            "extent",
            "complete",
            "rtt p50 rudp",
            "tcp",
            "aeron",
            "288 B rudp",
            "tcp",
            "aeron");
    for (Map<String, @Nullable Object> report : reports.reversed()) {
      table.row(
          text(report, "report"),
          text(report, "extent"),
          Boolean.TRUE.equals(report.get("complete")) ? "yes" : "no",
          figure(report, "rtt_rudp_p50_ns", Legible::duration),
          figure(report, "rtt_tcp_p50_ns", Legible::duration),
          figure(report, "rtt_aeron_p50_ns", Legible::duration),
          figure(report, "throughput_288_rudp", Legible.amountsOf(" msg/s")),
          figure(report, "throughput_288_tcp", Legible.amountsOf(" msg/s")),
          figure(report, "throughput_288_aeron", Legible.amountsOf(" msg/s")));
    }
    return table;
  }

  private static String figure(
      Map<String, @Nullable Object> report, String key, DoubleFunction<String> format) {
    double median = median(report, key);
    return Double.isNaN(median) ? "-" : format.apply(median);
  }
}
