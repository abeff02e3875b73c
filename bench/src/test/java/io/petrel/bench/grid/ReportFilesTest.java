package io.petrel.bench.grid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.bench.cli.JsonReader;
import io.petrel.bench.measure.Summary;
import io.petrel.bench.report.Drawing;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

final class ReportFilesTest {
  private static final Pattern IMAGE = Pattern.compile("!\\[[^]]*\\]\\(([^)]+)\\)");

  @TempDir private Path dir;

  private Path written(List<Outcome> outcomes) throws IOException {
    Path report = dir.resolve("a-report");
    Canned.report("a-report", outcomes).write(report);
    return report;
  }

  private static List<List<String>> rows(Drawing page) {
    List<List<String>> rows = new ArrayList<>();
    for (Element row : page.all("tr")) {
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < row.getChildNodes().getLength(); i++) {
        cells.add(row.getChildNodes().item(i).getTextContent());
      }
      rows.add(cells);
    }
    return rows;
  }

  private static List<String> row(Drawing page, String name, int from) {
    return rows(page).stream()
        .filter(row -> row.getFirst().equals(name))
        .skip(from)
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not in " + rows(page)));
  }

  @Test
  void thePageStandsAloneAndHoldsEveryBench() throws IOException {
    Drawing page = Drawing.parse(Files.readString(written(Canned.all()).resolve("report.html")));
    page.assertAlone();
    List<String> headings = page.all("h2").stream().map(Element::getTextContent).toList();
    assertEquals(
        List.of(
            "Goals",
            "Round trip of 64 B",
            "Throughput, one way",
            "Fan-out to 8 receivers on one host",
            "Lossy link: messages at a rate",
            "Lossy link: as much as goes through",
            "Counters and histograms",
            "Simulations",
            "Commands",
            "Settings of the peers",
            "The machine"),
        headings);
    assertTrue(row(page, "rudp", 0).get(1).startsWith("6."), row(page, "rudp", 0).toString());
    assertEquals("ipc: not here", row(page, "ipc: not here", 0).getFirst());
    assertEquals("2", row(page, "rudp", 0).get(5), "rounds");
    String settings = page.all("pre").getFirst().getTextContent();
    assertTrue(settings.contains("rudp: Petrel, defaults"), settings);
    assertFalse(settings.contains("launched") || settings.contains("io.petrel"), settings);
    assertEquals(List.of("processor", "A & B <processor>"), row(page, "processor", 0));
  }

  @Test
  void chartsAreLegibleAndTheMarkdownShowsThemAll() throws IOException {
    Path report = written(Canned.all());
    String markdown = Files.readString(report.resolve("report.md"));
    List<String> shown = new ArrayList<>();
    Matcher images = IMAGE.matcher(markdown);
    while (images.find()) {
      shown.add(images.group(1));
      Drawing chart = Drawing.parse(Files.readString(report.resolve(images.group(1))));
      chart.assertLegible();
      chart.assertAlone();
    }
    try (Stream<Path> files = Files.list(report.resolve("charts"))) {
      assertEquals(shown.size(), files.count(), shown.toString());
    }
    assertTrue(shown.contains("charts/rtt-64.svg"), shown.toString());
    assertTrue(shown.contains("charts/lossy-map.svg"), shown.toString());
    assertTrue(markdown.contains("| rudp | 6."), markdown);
  }

  @Test
  void theWinnerOfEachLossyCellIsMarkedWhoeverItIs() throws IOException {
    Path report = written(Canned.all());
    Drawing page = Drawing.parse(Files.readString(report.resolve("report.html")));
    assertEquals("", row(page, "rudp/bbr", 0).get(1), "90 ms at 1 ms round trip");
    assertEquals("best", row(page, "tcp/cubic", 0).get(1));
    assertEquals("best", row(page, "rudp/bbr", 1).get(1), "30 ms at 20 ms round trip");
    assertEquals("", row(page, "tcp/cubic", 1).get(1));
    assertEquals("best", row(page, "rudp/bbr", 2).get(1), "most goodput");
    Drawing map = Drawing.parse(Files.readString(report.resolve("charts/lossy-map.svg")));
    assertTrue(map.texts().containsAll(List.of("tcp/cubic", "60 ms", "rudp/bbr", "30 ms")));
  }

  @Test
  void goalsAreJudgedByTheMedianOfTheRounds() throws IOException {
    Path report = written(Canned.all());
    Drawing page = Drawing.parse(Files.readString(report.resolve("report.html")));
    assertEquals("no", row(page, "round trip 64 B: p50 over raw UDP sockets", 0).getLast());
    assertEquals("1.20", row(page, "round trip 64 B: p50 over raw UDP sockets", 0).get(2));
    assertEquals("yes", row(page, "round trip 64 B: p50 over TCP", 0).getLast());
    assertEquals("yes", row(page, "throughput 32 B over Aeron", 0).getLast());
    assertEquals("no", row(page, "throughput 1344 B over Aeron", 0).getLast());
    assertEquals("yes", row(page, "counter: an update", 0).getLast());
    assertTrue(
        rows(page).stream().noneMatch(row -> row.getFirst().contains("cache line")),
        "not measured, not judged");
  }

  @Test
  void linksThatLoseAreJudgedByCeilingShareAndTheOtherPeers() throws IOException {
    String tail = "1% loss, 20 ms round trip, messages: p99.9 over the best other peer's";
    String ceiling = "5% loss, 20 ms round trip, bulk: rudp/bbr over the link's ceiling";
    String share = "rudp/cubic beside the kernel's cubic: share of the link";
    List<Outcome> good = new ArrayList<>(Canned.lossy());
    good.add(Canned.bulk(80));
    good.add(Canned.shared(0.45));
    Drawing page = Drawing.parse(Files.readString(written(good).resolve("report.html")));
    assertEquals(List.of("0.50", "yes"), row(page, tail, 0).stream().skip(4).toList());
    assertEquals("yes", row(page, ceiling, 0).getLast());
    // 256 of 264 bytes, 1,352 or so of 1,436, 95 mbit: 87 mbit is all there is.
    assertEquals("0.92", row(page, ceiling, 0).get(2));
    assertEquals(List.of("0.45", "yes"), row(page, share, 0).stream().skip(4).toList());
    assertEquals("tcp/cubic", row(page, "rudp/cubic", 2).get(1), "the flow beside it");

    List<Outcome> bad = List.of(Canned.bulk(77), Canned.shared(0.62));
    page = Drawing.parse(Files.readString(written(bad).resolve("report.html")));
    assertEquals("no", row(page, ceiling, 0).getLast());
    assertEquals("no", row(page, share, 0).getLast());
    assertTrue(rows(page).stream().noneMatch(row -> row.getFirst().equals(tail)), "not measured");
  }

  @Test
  void histogramsAreForHdrHistogramsTools() throws FileNotFoundException, IOException {
    Path folder = written(Canned.all()).resolve("histograms");
    String percentiles = Files.readString(folder.resolve("rtt-64-rudp.hgrm"));
    assertTrue(percentiles.contains("Total count    =         2000"), percentiles);
    assertTrue(Files.exists(folder.resolve("lossy-1-20ms-rudp-bbr.hgrm")));
    List<String> tags = new ArrayList<>();
    long values = 0;
    try (HistogramLogReader log = new HistogramLogReader(folder.resolve("rtt-64.hlog").toFile())) {
      for (EncodableHistogram one = log.nextIntervalHistogram();
          one != null;
          one = log.nextIntervalHistogram()) {
        tags.add(one.getTag());
        values += ((Histogram) one).getTotalCount();
      }
    }
    assertEquals(List.of("udp", "udp", "rudp", "rudp", "tcp", "tcp", "aeron", "aeron"), tags);
    assertEquals(8_000, values);
  }

  @Test
  void whatIsMissingIsSaidFirstAndTheRestIsThere() throws IOException {
    GridRun run = GridRun.of("throughput-288", 20, "bench throughput");
    Outcome failed = new Outcome(run, Outcome.State.FAILED, 3, "no sockets left", List.of(), "");
    List<Outcome> outcomes =
        List.of(Canned.roundTrips(1), failed, Outcome.missing(GridRun.of("fanout-8", 20, "x")));
    Path report = written(outcomes);
    String markdown = Files.readString(report.resolve("report.md"));
    int missing = markdown.indexOf("## What is missing");
    assertTrue(missing > 0 && missing < markdown.indexOf("## Round trip"), markdown);
    assertTrue(markdown.contains("throughput-288: no sockets left"), markdown);
    assertTrue(markdown.contains("fanout-8: interrupted before it began"), markdown);
    assertTrue(markdown.contains("It is not complete"), markdown);
    var environment = JsonReader.read(Files.readString(report.resolve("env.json")));
    assertEquals(false, environment.get("complete"));
  }

  @Test
  void resultsAreReadBackAsTheyWere() throws IOException {
    Path report = written(Canned.all());
    Results read = Comparison.read(report);
    Summary p50 = read.ofRun("rtt-64").ofPeer("rudp").summary("p50_ns");
    assertEquals(Results.of(Canned.all()).ofRun("rtt-64").ofPeer("rudp").summary("p50_ns"), p50);
    assertFalse(Files.readString(report.resolve("results.jsonl")).contains("histogram\""));
  }
}
