package io.petrel.bench.grid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.measure.Summary;
import io.petrel.bench.report.Drawing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

final class HistoryAndComparisonTest {
  private static final Metric P50 = Metric.of("rtt").getFirst();

  @TempDir private Path dir;

  private void add(String name, List<Outcome> outcomes) throws IOException {
    ReportFiles files = Canned.report(name, outcomes);
    files.write(dir.resolve(name));
    History history = new History(dir);
    history.add(files);
    history.writeIndex();
  }

  @Test
  void theIndexFollowsFiguresFromReportToReport() throws IOException {
    add("2026-11-19-aaaaaaa", List.of(Canned.roundTrips(2), Canned.fanOut()));
    add("2026-11-20-bbbbbbb", List.of(Canned.roundTrips(1)));
    assertEquals(2, Files.readAllLines(dir.resolve("history.jsonl")).size());
    Drawing page = Drawing.parse(Files.readString(dir.resolve("index.html")));
    page.assertAlone();
    List<String> links = page.all("a").stream().map(link -> link.getAttribute("href")).toList();
    assertEquals(
        List.of("2026-11-20-bbbbbbb/report.html", "2026-11-19-aaaaaaa/report.html"), links);
    for (String link : links) {
      assertTrue(Files.exists(dir.resolve(link)), link);
    }
    Drawing trend = Drawing.parse(Files.readString(dir.resolve("history-rtt.svg")));
    trend.assertLegible();
    assertEquals(8, trend.all("circle").size(), "four peers in two reports");
    List<String> cells = page.all("td").stream().map(Element::getTextContent).toList();
    assertTrue(cells.contains("12.1 us") && cells.contains("6.03 us"), cells.toString());
  }

  @Test
  void aReportWhoseFolderIsGoneIsNotInTheIndex() throws IOException {
    Files.writeString(dir.resolve("history.jsonl"), "{\"report\":\"gone\"}\n");
    add("here", List.of(Canned.roundTrips(1)));
    String index = Files.readString(dir.resolve("index.md"));
    assertTrue(index.contains("here/report.md"), index);
    assertTrue(!index.contains("gone"), index);
  }

  @Test
  void comparesWhatChangedByMoreThanTheNoise() throws IOException {
    add("before", List.of(Canned.roundTrips(1), Canned.throughput(32, 48e6, 5e6)));
    add("after", List.of(Canned.roundTrips(1.5), Canned.throughput(32, 60e6, 5e6)));
    String text =
        new Comparison(
                Comparison.read(dir.resolve("before")), Comparison.read(dir.resolve("after")))
            .text();
    assertTrue(text.matches("(?s).*rtt-64 rudp p50 .*\\+50\\.[0-9]%  *worse\n.*"), text);
    assertTrue(text.matches("(?s).*throughput-32 rudp messages .*\\+25\\.0%  *better\n.*"), text);
    assertTrue(!text.contains("tcp"), text);
  }

  @Test
  void nothingChangedIsSaid() {
    Results same = Results.of(List.of(Canned.roundTrips(1)));
    String text = new Comparison(same, same).text();
    assertTrue(text.startsWith("nothing changed by more than the noise\n16 other"), text);
  }

  @Test
  void rangesThatTouchAreNoiseAndASingleRoundTellsNothing() {
    Summary low = new Summary(10, 9, 12);
    assertEquals("noise", Comparison.verdict(P50, low, new Summary(13, 12, 14)));
    assertEquals("worse", Comparison.verdict(P50, low, new Summary(14, 13, 15)));
    assertEquals("better", Comparison.verdict(P50, new Summary(14, 13, 15), low));
    assertEquals("one round: unknown", Comparison.verdict(P50, low, new Summary(14, 14, 14)));
  }

  @Test
  void aFolderThatIsNoReportIsNamed() {
    String why =
        String.valueOf(assertThrows(CommandFailure.class, () -> Comparison.read(dir)).getMessage());
    assertTrue(why.contains("'" + dir + "' is no report"), why);
  }
}
