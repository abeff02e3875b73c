package io.petrel.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.bench.report.BarChart.Bar;
import io.petrel.bench.report.BarChart.Group;
import io.petrel.bench.report.PercentileChart.Curve;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

final class ChartsTest {
  private static Histogram latencies(long values, double medianNs, long seed) {
    Random random = new Random(seed);
    Histogram histogram = new Histogram(3);
    for (long i = 0; i < values; i++) {
      histogram.recordValue((long) (medianNs * Math.exp(Math.abs(random.nextGaussian()))));
    }
    return histogram;
  }

  private static Drawing drawn(String svg) {
    Drawing drawing = Drawing.parse(svg);
    drawing.assertLegible();
    drawing.assertAlone();
    return drawing;
  }

  @Test
  void percentilesStandOnAnAxisOfNinesAsFarAsThereAreMessages() {
    Drawing drawing =
        drawn(
            PercentileChart.draw(
                "Round trip of 64 B",
                List.of(
                    new Curve("rudp", latencies(100_000, 6_000, 1)),
                    new Curve("tcp", latencies(100, 9_000, 2)))));
    List<String> texts = drawing.texts();
    assertTrue(
        texts.containsAll(List.of("0%", "50%", "90%", "99%", "99.9%", "99.99%", "99.999%")),
        texts.toString());
    assertTrue(texts.stream().noneMatch("99.9999%"::equals), texts.toString());
    assertTrue(texts.containsAll(List.of("Round trip of 64 B", "rudp", "tcp")), texts.toString());
    assertTrue(texts.contains("10 us"), texts.toString());
    List<Element> curves = curves(drawing);
    double[] many = lastPoint(curves.get(0));
    double[] few = lastPoint(curves.get(1));
    double twoNines = xOf(drawing, "99%");
    assertEquals(twoNines, few[0], 1, "a hundred messages say nothing beyond 99 %");
    assertTrue(many[0] > twoNines, many[0] + " <= " + twoNines);
  }

  /** Longer lines than the two points of a legend. */
  private static List<Element> curves(Drawing drawing) {
    return drawing.all("polyline").stream()
        .filter(line -> line.getAttribute("points").strip().split(" ", -1).length > 2)
        .toList();
  }

  private static double[] lastPoint(Element curve) {
    String[] points = curve.getAttribute("points").strip().split(" ", -1);
    String[] last = points[points.length - 1].split(",", -1);
    return new double[] {Double.parseDouble(last[0]), Double.parseDouble(last[1])};
  }

  private static double xOf(Drawing drawing, String label) {
    return drawing.all("text").stream()
        .filter(text -> text.getTextContent().equals(label))
        .mapToDouble(text -> Drawing.number(text, "x"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aSlowerCurveLiesHigher() {
    Histogram slow = new Histogram(3);
    Histogram fast = new Histogram(3);
    for (int i = 0; i < 1_000; i++) {
      fast.recordValue(1_000);
      slow.recordValue(1_000_000);
    }
    List<Element> curves =
        drawn(PercentileChart.draw("t", List.of(new Curve("a", slow), new Curve("b", fast))))
            .all("polyline");
    double slowY = lastPoint(curves.get(curves.size() - 2))[1];
    double fastY = lastPoint(curves.get(curves.size() - 1))[1];
    assertTrue(slowY < fastY - 100, slowY + " is not above " + fastY);
  }

  @Test
  void manyCurvesWithLongNamesStayApart() {
    List<Curve> curves = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String name = "a peer with its congestion control & <tuned> " + i;
      curves.add(new Curve(name, latencies(2_000, Math.pow(10, 2 + i * 0.6), i)));
    }
    Drawing drawing = drawn(PercentileChart.draw("A title with \"quotes\" & <tags>", curves));
    assertTrue(drawing.texts().contains(curves.getLast().name()));
  }

  @Test
  void nothingMeasuredIsSaid() {
    List<Curve> none = List.of(new Curve("idle", new Histogram(3)));
    assertTrue(drawn(PercentileChart.draw("t", none)).texts().contains("nothing was measured"));
  }

  @Test
  void barsAreAsLongAsTheirValuesAndShowTheirRange() {
    Drawing drawing =
        drawn(
            BarChart.draw(
                "Throughput",
                "million messages a second, each way",
                Legible.amountsOf(" msg/s"),
                List.of(
                    new Group(
                        "32 B",
                        List.of(
                            new Bar("rudp", 48e6, 40e6, 50e6), new Bar("aeron", 12e6, 12e6, 12e6))),
                    new Group(
                        "1344 B",
                        List.of(
                            new Bar("rudp", 3e6, 3e6, 3e6),
                            Bar.missing("aeron", "it is not here"))))));
    List<Double> widths =
        drawing.all("rect").stream()
            .filter(box -> box.getAttribute("class").matches("f[0-9]"))
            .map(box -> Drawing.number(box, "width"))
            .toList();
    assertEquals(3, widths.size());
    assertEquals(4, widths.get(0) / widths.get(1), 0.02);
    assertEquals(16, widths.get(0) / widths.get(2), 0.2);
    List<String> texts = drawing.texts();
    assertTrue(
        texts.containsAll(List.of("48 M msg/s", "12 M msg/s", "it is not here", "32 B", "1344 B")),
        texts.toString());
    long whiskers =
        drawing.all("line").stream().filter(l -> l.getAttribute("class").equals("whisker")).count();
    assertEquals(3, whiskers, "one range with its two ends");
  }

  @Test
  void manyBarsWithLongNamesStayApart() {
    List<Group> groups = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      List<Bar> bars = new ArrayList<>();
      for (int j = 0; j < 9; j++) {
        double value = Math.pow(10, j) * (i + 1);
        bars.add(new Bar("peer number " + j + " with a long name", value, value / 2, value * 2));
      }
      bars.add(Bar.missing("another", "a reason that is much longer than ".repeat(5)));
      groups.add(new Group("group " + i, bars));
    }
    drawn(BarChart.draw("t", "bytes a second", Legible.amountsOf("B/s"), groups));
  }

  @Test
  void barsOfNothingAreDrawn() {
    List<Group> zeros = List.of(new Group("", List.of(new Bar("lost", 0, 0, 0))));
    assertTrue(drawn(BarChart.draw("t", "messages", Legible::amount, zeros)).texts().contains("0"));
  }

  @Test
  void aMapShowsTheWinnerOfEachCell() {
    HeatMap.Cell ours = new HeatMap.Cell("rudp/bbr", "32.5 ms", HeatMap.Side.OURS);
    HeatMap.Cell theirs =
        new HeatMap.Cell("a peer with a name that is far too long", "1 s", HeatMap.Side.THEIRS);
    HeatMap.Cell none = new HeatMap.Cell("", "not measured", HeatMap.Side.NOBODY);
    Drawing drawing =
        drawn(
            HeatMap.draw(
                "The best",
                "round trip",
                "loss",
                List.of("1 ms", "20 ms", "100 ms"),
                List.of(
                    new HeatMap.Row("0.1%", List.of(ours, theirs, none)),
                    new HeatMap.Row("10%", List.of(none, ours, theirs)))));
    assertEquals(2, drawing.texts().stream().filter("rudp/bbr"::equals).count());
    assertEquals(3, boxes(drawing, "ours"), "two cells and the key");
    assertEquals(3, boxes(drawing, "theirs"), "two cells and the key");
    assertEquals(2, boxes(drawing, "nobody"));
  }

  private static long boxes(Drawing drawing, String look) {
    return drawing.all("rect").stream().filter(b -> b.getAttribute("class").equals(look)).count();
  }

  @Test
  void aTrendHasAPointForEachReportThatHasTheFigure() {
    Drawing drawing =
        drawn(
            TrendChart.draw(
                "p50",
                "reports",
                Legible::duration,
                List.of("2026-11-18-aaaaaaa", "2026-11-19-bbbbbbb", "2026-11-20-ccccccc"),
                List.of(
                    new TrendChart.Line("rudp", List.of(6e3, 5.9e3, 5.8e3)),
                    new TrendChart.Line("aeron", List.of(Double.NaN, 7e3, Double.NaN)))));
    assertEquals(4, drawing.all("circle").size());
    assertTrue(drawing.texts().contains("2026-11-20-ccccccc"), "the newest is named");
  }

  @Test
  void manyReportsStayApart() {
    List<String> reports = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      reports.add("2026-11-20-abcdef" + i);
      values.add(i * 1e6);
    }
    List<TrendChart.Line> lines = List.of(new TrendChart.Line("rudp", values));
    drawn(TrendChart.draw("t", "reports", Legible.amountsOf("B/s"), reports, lines));
    drawn(
        TrendChart.draw(
            "t",
            "reports",
            Legible::amount,
            List.of("only one"),
            List.of(new TrendChart.Line("x", List.of(0.0)))));
  }
}
