package io.petrel.bench.grid;

import io.petrel.bench.measure.Summary;
import io.petrel.bench.report.BarChart;
import io.petrel.bench.report.BarChart.Group;
import io.petrel.bench.report.HeatMap;
import io.petrel.bench.report.HeatMap.Cell;
import io.petrel.bench.report.HeatMap.Side;
import io.petrel.bench.report.Legible;
import io.petrel.bench.report.PercentileChart;
import io.petrel.bench.report.PercentileChart.Curve;
import io.petrel.bench.report.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What peers made of links that lose: cell by cell, the winner of each marked. */
final class LossySections {
  private static final double NS_A_MS = 1e6;
  private static final double BITS_A_MBIT = 1e6;
  private static final String OURS = "rudp";

  private final Results results;

  LossySections(Results results) {
    this.results = results;
  }

  void addTo(List<Section> sections) {
    add(sections, false);
    add(sections, true);
    addShared(sections);
  }

  /** Who got how much of a link that two flows shared. */
  private void addShared(List<Section> sections) {
    Results shared = results.where(row -> !row.text("beside").isEmpty());
    if (shared.isEmpty()) {
      return;
    }
    Table table = new Table("flow", "beside", "link", "goodput", "the other's", "share of both");
    for (Results.Row row : shared.rows()) {
      table.row(
          row.label(),
          row.text("beside"),
          linkOf(shared.where(row::equals)),
          mbit(row.number("goodput_mbit")),
          mbit(row.number("beside_mbit")),
          "%.2f".formatted(row.number("share")));
    }
    sections.add(
        new Section("Two flows through one link")
            .paragraph(
                "Both begin at once and send as much as goes through. Half each would be fair.")
            .table(table));
  }

  private static String mbit(double mbit) {
    return Legible.amountsOf("bit/s").apply(mbit * BITS_A_MBIT);
  }

  private void add(List<Section> sections, boolean bulk) {
    Results all = results.where(row -> row.is("bulk") == bulk && row.text("beside").isEmpty());
    if (all.isEmpty()) {
      return;
    }
    Metric judged = judgedBy(bulk);
    String title = bulk ? "Lossy link: as much as goes through" : "Lossy link: messages at a rate";
    Section section =
        new Section(title)
            .paragraph(
                "Two network namespaces joined by an emulator that all peers cross alike, kernel"
                    + " TCP included. "
                    + (bulk
                        ? "The best has the highest goodput."
                        : "One way, from when each message should have been sent; the best has the"
                            + " lowest p99.9."));
    List<String> runs = all.runs();
    if (runs.size() > 1) {
      section.chart(bulk ? "lossy-bulk-map" : "lossy-map", map(title, all, judged));
    }
    for (String run : runs) {
      addCell(section, run, all.ofRun(run), judged, bulk);
    }
    sections.add(section);
  }

  private static Metric judgedBy(boolean bulk) {
    String key = bulk ? "goodput_mbit" : "p999_ms";
    return Metric.of("lossy").stream()
        .filter(metric -> metric.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  private static String linkOf(Results one) {
    Results.Row row = one.rows().getFirst();
    return "%s loss, %s round trip, %.0f mbit"
        .formatted(
            Legible.share(row.number("loss")),
            Legible.duration(row.number("rtt_ms") * NS_A_MS),
            row.number("rate_mbit"));
  }

  private static void addCell(
      Section section, String run, Results one, Metric judged, boolean bulk) {
    String title = linkOf(one);
    if (bulk) {
      section.chart(
          run,
          BarChart.draw(
              title,
              "goodput",
              judged.format(),
              List.of(new Group("", Sections.bars(one, judged)))));
    } else {
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
    }
    section.table(table(title, one, judged));
  }

  private static Table table(String title, Results one, Metric judged) {
    String winner = winner(one, judged);
    List<Metric> metrics = Metric.of("lossy");
    List<String> header = new ArrayList<>(List.of(title, "best"));
    metrics.forEach(metric -> header.add(metric.title()));
    header.add("messages");
    Table table = new Table(header.toArray(new String[0]));
    for (String peer : one.peers()) {
      Results of = one.ofPeer(peer);
      List<String> row = new ArrayList<>(List.of(peer, peer.equals(winner) ? "best" : ""));
      metrics.forEach(metric -> row.add(Sections.range(of.summary(metric.key()), metric)));
      Summary messages = of.summary("messages");
      row.add(messages == null ? "-" : Legible.count((long) messages.median()));
      table.row(row.toArray(new String[0]));
    }
    one.skipped()
        .forEach((peer, why) -> {
          List<String> row = new ArrayList<>(List.of(peer + ": " + why));
          while (row.size() < header.size()) {
            row.add("");
          }
          table.row(row.toArray(new String[0]));
        });
    return table;
  }

  /** Who has the best median; null where nobody has one. */
  static @Nullable String winner(Results one, Metric judged) {
    Comparator<String> byMedian =
        Comparator.comparingDouble(peer -> median(one.ofPeer(peer), judged));
    return one.peers().stream()
        .filter(peer -> one.ofPeer(peer).summary(judged.key()) != null)
        .min(judged.moreIsBetter() ? byMedian.reversed() : byMedian)
        .orElse(null);
  }

  private static double median(Results of, Metric metric) {
    Summary summary = of.summary(metric.key());
    return summary == null ? Double.NaN : summary.median();
  }

  private static String map(String title, Results all, Metric judged) {
    List<Double> losses = distinct(all, "loss");
    List<Double> roundTrips = distinct(all, "rtt_ms");
    List<HeatMap.Row> rows = new ArrayList<>();
    for (double loss : losses) {
      List<Cell> cells = new ArrayList<>();
      for (double roundTrip : roundTrips) {
        Results cell =
            all.where(row -> row.number("loss") == loss && row.number("rtt_ms") == roundTrip);
        cells.add(cell(cell, judged));
      }
      rows.add(new HeatMap.Row(Legible.share(loss), cells));
    }
    return HeatMap.draw(
        title + ": the best",
        "round trip",
        "loss",
        roundTrips.stream().map(ms -> Legible.duration(ms * NS_A_MS)).toList(),
        rows);
  }

  private static List<Double> distinct(Results all, String key) {
    return all.rows().stream()
        .map(row -> row.number(key))
        .filter(value -> !value.isNaN())
        .distinct()
        .sorted()
        .toList();
  }

  private static Cell cell(Results cell, Metric judged) {
    String winner = winner(cell, judged);
    if (winner == null) {
      return new Cell("", "not measured", Side.NOBODY);
    }
    return new Cell(
        winner,
        judged.format().apply(median(cell.ofPeer(winner), judged)),
        winner.startsWith(OURS) ? Side.OURS : Side.THEIRS);
  }
}
