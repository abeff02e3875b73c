package io.petrel.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/** Figures of several reports in the order they were made. */
public final class TrendChart {
  private static final int LEFT = 92;
  private static final int RIGHT = Svg.WIDTH - 48;
  private static final int PLOT_HEIGHT = 220;
  private static final int BELOW = 56;
  private static final double LABEL_GAP = 16;

  private TrendChart() {}

  /**
   * One line.
   *
   * @param name in the legend
   * @param values one for each report; NaN where it has none
   */
  public record Line(String name, List<Double> values) {}

  /**
   * Draws it.
   *
   * @param title above it
   * @param across what stands below the axis
   * @param format writes a value with its unit
   * @param reports their names, in order
   * @param lines each with as many values
   * @return an SVG file
   */
  public static String draw(
      String title,
      String across,
      DoubleFunction<String> format,
      List<String> reports,
      List<Line> lines) {
    Legend legend = new Legend(LEFT, RIGHT, lines.stream().map(Line::name).toList());
    int top = 40 + legend.height() + 20;
    int bottom = top + PLOT_HEIGHT;
    Svg svg = new Svg(title, bottom + BELOW);
    svg.text(16, 28, Svg.Anchor.START, "ink", Svg.TITLE_SIZE, title);
    legend.draw(svg, 40, true);
    double highest =
        lines.stream()
            .flatMap(line -> line.values().stream())
            .filter(value -> !value.isNaN())
            .mapToDouble(Double::doubleValue)
            .max()
            .orElse(1);
    Axis axis = Axis.linear(highest);
    for (double tick : axis.ticks()) {
      double y = bottom - axis.place(tick) * PLOT_HEIGHT;
      svg.line("grid", LEFT, y, RIGHT, y);
      svg.text(LEFT - 8, y + 4, Svg.Anchor.END, "soft", format.apply(tick));
    }
    nameReports(svg, reports, bottom);
    svg.text((LEFT + RIGHT) / 2.0, bottom + 42, Svg.Anchor.MIDDLE, "soft", across);
    for (int i = 0; i < lines.size(); i++) {
      drawLine(svg, i, lines.get(i).values(), axis, bottom);
    }
    return svg.toString();
  }

  private static double xOf(int report, int reports) {
    return reports == 1 ? (LEFT + RIGHT) / 2.0 : LEFT + (RIGHT - LEFT) * (report + 0.5) / reports;
  }

  /** As many names as fit beside each other, the last one always. */
  private static void nameReports(Svg svg, List<String> reports, int bottom) {
    double taken = Double.POSITIVE_INFINITY;
    for (int i = reports.size() - 1; i >= 0; i--) {
      double half = Svg.widthOf(reports.get(i), Svg.FONT_SIZE) / 2;
      double x = Math.clamp(xOf(i, reports.size()), half + 4, Svg.WIDTH - half - 4);
      if (x + half + LABEL_GAP <= taken) {
        svg.text(x, bottom + 20, Svg.Anchor.MIDDLE, "soft", reports.get(i));
        taken = x - half;
      }
    }
  }

  private static void drawLine(Svg svg, int series, List<Double> values, Axis axis, int bottom) {
    List<double[]> points = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      if (!values.get(i).isNaN()) {
        double y = bottom - axis.place(values.get(i)) * PLOT_HEIGHT;
        points.add(new double[] {xOf(i, values.size()), y});
      }
    }
    if (points.size() > 1) {
      svg.curve(series, points);
    }
    points.forEach(point -> svg.dot(series, point[0], point[1]));
  }
}
