package io.petrel.bench.demo;

import io.petrel.bench.demo.DemoResult.Repair;
import io.petrel.bench.demo.DemoResult.Track;
import io.petrel.bench.demo.Timeline.Phase;
import io.petrel.bench.report.BarChart;
import io.petrel.bench.report.HtmlPage;
import io.petrel.bench.report.HtmlPage.Tile;
import io.petrel.bench.report.Legible;
import io.petrel.bench.report.PercentileChart;
import io.petrel.bench.report.PercentileChart.Curve;
import io.petrel.bench.report.Table;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** What the demo shows of its result. */
final class DemoReport {
  private static final List<Phase> PHASES = List.of(Phase.CLEAN, Phase.LOSSY);

  private DemoReport() {}

  /** Latencies, a row for each place and phase. */
  static Table table(DemoResult result) {
    Table table =
        new Table("latency from when it was due", "messages", "p50", "p90", "p99", "p99.9", "max");
    for (Phase phase : PHASES) {
      for (Track track : result.tracks()) {
        Histogram histogram = track.latencies().of(phase);
        table.row(
            network(result, phase) + ": " + track.name(),
            Legible.count(histogram.getTotalCount()),
            at(histogram, 50),
            at(histogram, 90),
            at(histogram, 99),
            at(histogram, 99.9),
            Legible.duration(histogram.getMaxValue()));
      }
    }
    return table;
  }

  private static String at(Histogram histogram, double percentile) {
    return Legible.duration(histogram.getValueAtPercentile(percentile));
  }

  private static String network(DemoResult result, Phase phase) {
    return phase == Phase.CLEAN ? "clean" : Legible.share(result.plan().loss()) + " dropped";
  }

  /** What came of it, a sentence each. */
  static List<String> findings(DemoResult result) {
    Repair repair = result.repair();
    return List.of(
        "%s messages arrived, each once, in order and whole; %s lost"
            .formatted(Legible.count(result.messages()), Legible.count(result.lost())),
        "%s datagrams were dropped on purpose: %s with market data, %s sent by subscribers, %s of"
                .formatted(
                    Legible.count(repair.drops()),
                    Legible.count(repair.marketDrops()),
                    Legible.count(repair.askDrops()),
                    Legible.count(repair.orderDrops()))
            + " trader and venue",
        "market data: %s bytes missed at first by %d subscribers, the late one included, repaired by sending %s bytes again"
            .formatted(
                Legible.count(repair.missedBytes()),
                result.plan().subscribers() + 1,
                Legible.count(repair.repairedBytes())),
        "orders: %s datagrams sent again".formatted(Legible.count(repair.sentAgain())),
        "the late subscriber missed %s messages before it joined, got them from the publisher's journal"
                .formatted(Legible.count(result.late().missed()))
            + " and went on live: %s in all, without a gap"
                .formatted(Legible.count(result.late().messages())));
  }

  /** The page. */
  static String of(DemoResult result, LocalDateTime when) {
    DemoPlan plan = result.plan();
    Repair repair = result.repair();
    HtmlPage page =
        new HtmlPage(
            "Petrel demo",
            "One publisher's market data by multicast to "
                + plan.subscribers()
                + " subscribers, and orders over reliable UDP with reports coming back: first on a"
                + " clean network, then on one where every end drops "
                + Legible.share(plan.loss())
                + " of the datagrams it sends. One more subscriber joins late and gets what it"
                + " missed from the publisher's journal.");
    page.tiles(
        List.of(
            new Tile(Legible.count(result.messages()), "messages checked", null),
            new Tile(
                Legible.count(result.lost()), "lost, repeated or out of order", result.lost() == 0),
            new Tile(Legible.count(repair.drops()), "datagrams dropped on purpose", null),
            new Tile(twice(result, Phase.CLEAN), "market data, clean: p50, p99", null),
            new Tile(twice(result, Phase.LOSSY), "market data, lossy: p50, p99", null)));
    page.charts(
        List.of(
            PercentileChart.draw(
                "Market data: publisher to subscriber, one way",
                curves(result, DemoResult.MARKET_DATA)),
            PercentileChart.draw(
                "Orders: to the venue, and until filled",
                both(result, DemoResult.ORDER, DemoResult.EXECUTION)),
            lossChart(result)));
    page.heading("Latencies")
        .paragraph(
            "From the moment a message was due by the schedule, not from when it was sent: a"
                + " publisher that is late cannot hide it. A subscriber and a publisher that share"
                + " a core wait for each other, and threads here sleep when idle, since there are"
                + " more of them than cores; what a pinned pair reaches is measured by ./petrel"
                + " bench rtt.")
        .table(table(result));
    page.heading("What was lost and mended");
    findings(result).forEach(page::paragraph);
    page.heading("How it was run").facts(facts(plan, when));
    page.heading("What next")
        .verbatim(
            """
            ./petrel stat               # counters of a running demo, or of a crashed one
            ./petrel sample             # small programs to copy
            ./petrel bench rtt --peers udp,rudp,tcp,aeron
            ./petrel demo --help        # rates, loss, subscribers, another interface
            """);
    return page.toString();
  }

  private static String twice(DemoResult result, Phase phase) {
    Histogram histogram = result.total(DemoResult.MARKET_DATA, phase);
    return at(histogram, 50) + ", " + at(histogram, 99);
  }

  private static List<Curve> curves(DemoResult result, String what) {
    List<Curve> curves = new ArrayList<>();
    for (Phase phase : PHASES) {
      curves.add(new Curve(what + ", " + network(result, phase), result.total(what, phase)));
    }
    return curves;
  }

  private static List<Curve> both(DemoResult result, String one, String other) {
    List<Curve> curves = curves(result, one);
    curves.addAll(curves(result, other));
    return curves;
  }

  private static String lossChart(DemoResult result) {
    Repair repair = result.repair();
    return BarChart.draw(
        "Lost on the way and mended",
        "datagrams dropped on purpose; messages lost for good",
        Legible::amount,
        List.of(
            new BarChart.Group(
                "",
                List.of(
                    bar("market data dropped", repair.marketDrops()),
                    bar("from subscribers dropped", repair.askDrops()),
                    bar("order session dropped", repair.orderDrops()),
                    bar("messages lost", result.lost())))));
  }

  private static BarChart.Bar bar(String name, long count) {
    double value = count;
    return new BarChart.Bar(name, value, value, value);
  }

  private static List<List<String>> facts(DemoPlan plan, LocalDateTime when) {
    return List.of(
        List.of("when", when.toString()),
        List.of(
            "market data",
            "%s messages a second over mcast:// on interface %s, fc=slowest"
                .formatted(Legible.count(plan.changesPerSecond()), plan.networkInterface())),
        List.of(
            "orders",
            "%s a second over rudp:// on 127.0.0.1, two reports each"
                .formatted(Legible.count(plan.ordersPerSecond()))),
        List.of(
            "threads",
            "%d in one process, each with a Petrel of its own that it works itself; %d cores here"
                .formatted(plan.subscribers() + 4, Runtime.getRuntime().availableProcessors())),
        List.of(
            "phases",
            "warm-up %s, then %s clean and %s lossy"
                .formatted(
                    Legible.duration(plan.warmUpNs()),
                    Legible.duration(plan.phaseNs()),
                    Legible.duration(plan.phaseNs()))),
        List.of(
            "Java",
            Runtime.version()
                + ", "
                + System.getProperty("os.name")
                + " "
                + System.getProperty("os.version")
                + " "
                + System.getProperty("os.arch")));
  }
}
