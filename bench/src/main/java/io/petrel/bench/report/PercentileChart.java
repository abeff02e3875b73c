package io.petrel.bench.report;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * Latencies by percentile, on an axis of nines: each nine more takes as much room as the one
 * before, so that the tail, which is what people wait for, can be seen.
 */
public final class PercentileChart {
  private static final int LEFT = 72;
  private static final int RIGHT = Svg.WIDTH - 24;
  private static final int PLOT_HEIGHT = 270;
  private static final int BELOW = 56;
  private static final int TICKS_PER_HALF = 8;
  private static final int MOST_NINES = 6;

  private PercentileChart() {}

  /**
   * One line of the chart.
   *
   * @param name in the legend
   * @param histogram of nanoseconds
   */
  public record Curve(String name, Histogram histogram) {}

  /**
   * Draws it.
   *
   * @param title above it
   * @param curves whoever has no value is left out
   * @return an SVG file
   */
  public static String draw(String title, List<Curve> curves) {
    List<Curve> shown =
        curves.stream().filter(curve -> curve.histogram().getTotalCount() > 0).toList();
    Legend legend = new Legend(LEFT, RIGHT, shown.stream().map(Curve::name).toList());
    int top = 40 + legend.height() + 34;
    int bottom = top + PLOT_HEIGHT;
    Svg svg = new Svg(title, bottom + BELOW);
    svg.text(16, 28, Svg.Anchor.START, "ink", Svg.TITLE_SIZE, title);
    legend.draw(svg, 40, true);
    if (shown.isEmpty()) {
      return svg.text(Svg.WIDTH / 2.0, top + 40, Svg.Anchor.MIDDLE, "soft", "nothing was measured")
          .toString();
    }
    long lowest = shown.stream().mapToLong(c -> c.histogram().getMinValue()).min().orElse(1);
    long highest = shown.stream().mapToLong(c -> c.histogram().getMaxValue()).max().orElse(1);
    Axis latency = Axis.logarithmic((double) Math.max(1, lowest), (double) highest);
    int nines = shown.stream().mapToInt(curve -> ninesOf(curve.histogram())).max().orElse(1);
    drawAxes(svg, latency, nines, top, bottom);
    for (int i = 0; i < shown.size(); i++) {
      svg.curve(i, points(shown.get(i).histogram(), latency, nines, top, bottom));
    }
    return svg.toString();
  }

  /** So many nines have at least one value beyond them. */
  private static int ninesOf(Histogram histogram) {
    return Math.clamp(
        (int) Math.ceil(Math.log10((double) histogram.getTotalCount())), 1, MOST_NINES);
  }

  private static void drawAxes(Svg svg, Axis latency, int nines, int top, int bottom) {
    for (double tick : latency.ticks()) {
      double y = bottom - latency.place(tick) * (bottom - top);
      svg.line("grid", LEFT, y, RIGHT, y);
      svg.text(LEFT - 8, y + 4, Svg.Anchor.END, "soft", Legible.duration(tick));
    }
    svg.text(16, top - 16, Svg.Anchor.START, "soft", "latency, logarithmic");
    mark(svg, 0, nines, "0%", top, bottom);
    mark(svg, 0.5, nines, "50%", top, bottom);
    for (int i = 1; i <= nines; i++) {
      String label = i == 1 ? "90%" : i == 2 ? "99%" : "99." + "9".repeat(i - 2) + "%";
      mark(svg, 1 - Math.pow(10, -i), nines, label, top, bottom);
    }
    svg.line("axis", LEFT, bottom, RIGHT, bottom);
    svg.text(
        (LEFT + RIGHT) / 2.0,
        bottom + 42,
        Svg.Anchor.MIDDLE,
        "soft",
        "percentile: share of the messages that took no longer");
  }

  private static void mark(Svg svg, double share, int nines, String label, int top, int bottom) {
    double x = xOf(share, nines);
    svg.line("grid", x, top, x, bottom);
    Svg.Anchor anchor = x > RIGHT - 20 ? Svg.Anchor.END : Svg.Anchor.MIDDLE;
    svg.text(anchor == Svg.Anchor.END ? RIGHT : x, bottom + 20, anchor, "soft", label);
  }

  private static double xOf(double share, int nines) {
    double beyond = Math.max(1 - share, Math.pow(10, -nines));
    return LEFT + (RIGHT - LEFT) * Math.min(1, -Math.log10(beyond) / nines);
  }

  private static List<double[]> points(
      Histogram histogram, Axis latency, int nines, int top, int bottom) {
    List<double[]> points = new ArrayList<>();
    for (HistogramIterationValue value : histogram.percentiles(TICKS_PER_HALF)) {
      double share = value.getPercentileLevelIteratedTo() / 100;
      double y = bottom - latency.place((double) value.getValueIteratedTo()) * (bottom - top);
      double x = Math.min(xOf(share, nines), endOf(histogram, nines));
      points.add(new double[] {x, y});
    }
    return points;
  }

  /** Beyond one in as many as there are, a line would show what nobody measured. */
  private static double endOf(Histogram histogram, int nines) {
    return xOf(1 - 1.0 / histogram.getTotalCount(), nines);
  }
}
