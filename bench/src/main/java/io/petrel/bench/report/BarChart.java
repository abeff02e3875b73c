package io.petrel.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;

/** Bars beside each other in groups, each with the range of its rounds. */
public final class BarChart {
  private static final int RIGHT = Svg.WIDTH - 24;
  private static final int BAR = 16;
  private static final int BETWEEN_BARS = 6;
  private static final int BETWEEN_GROUPS = 16;
  private static final int BELOW = 56;

  private BarChart() {}

  /**
   * One bar.
   *
   * @param name of whose it is; equal ones have equal colours
   * @param value its length
   * @param min lowest of the rounds
   * @param max highest of the rounds
   * @param remark instead of a bar: why there is none; empty where there is one
   */
  public record Bar(String name, double value, double min, double max, String remark) {
    /**
     * A bar that was measured.
     *
     * @param name of whose it is
     * @param value its length
     * @param min lowest of the rounds
     * @param max highest of the rounds
     */
    public Bar(String name, double value, double min, double max) {
      this(name, value, min, max, "");
    }

    /**
     * A bar that could not be measured.
     *
     * @param name of whose it is
     * @param why in a few words
     * @return shown in its place
     */
    public static Bar missing(String name, String why) {
      return new Bar(name, 0, 0, 0, why);
    }
  }

  /**
   * Bars to compare.
   *
   * @param name above them; empty for none
   * @param bars from top to bottom
   */
  public record Group(String name, List<Bar> bars) {}

  /**
   * Draws it.
   *
   * @param title above it
   * @param unit what the axis counts, for people
   * @param format writes a value with its unit
   * @param groups from top to bottom
   * @return an SVG file
   */
  public static String draw(
      String title, String unit, DoubleFunction<String> format, List<Group> groups) {
    List<Bar> all = groups.stream().flatMap(group -> group.bars().stream()).toList();
    List<String> names = all.stream().map(Bar::name).distinct().toList();
    double nameWidth = names.stream().mapToDouble(BarChart::width).max().orElse(0);
    double left = Math.clamp(nameWidth + 28, 72, RIGHT / 2.0);
    double highest =
        all.stream().mapToDouble(bar -> Math.max(bar.value(), bar.max())).max().orElse(1);
    Axis axis = Axis.linear(highest);
    double valueWidth =
        all.stream().mapToDouble(bar -> width(format.apply(bar.value()))).max().orElse(0);
    double right = RIGHT - valueWidth - 8;
    List<Double> tops = new ArrayList<>();
    double y = 48;
    for (Group group : groups) {
      tops.add(y);
      y += heightOf(group) + BETWEEN_GROUPS;
    }
    double bottom = y - BETWEEN_GROUPS + 6;
    Svg svg = new Svg(title, (int) Math.ceil(bottom + BELOW));
    svg.text(16, 28, Svg.Anchor.START, "ink", Svg.TITLE_SIZE, title);
    drawAxis(svg, axis, format, left, right, bottom);
    svg.text((left + right) / 2, bottom + 42, Svg.Anchor.MIDDLE, "soft", unit);
    for (int i = 0; i < groups.size(); i++) {
      drawGroup(svg, groups.get(i), names, axis, format, new double[] {left, right, tops.get(i)});
    }
    return svg.toString();
  }

  private static double width(String text) {
    return Svg.widthOf(text, Svg.FONT_SIZE);
  }

  private static double heightOf(Group group) {
    int header = group.name().isEmpty() ? 0 : BAR + BETWEEN_BARS;
    return header + group.bars().size() * (BAR + BETWEEN_BARS);
  }

  /** As many labels as fit beside each other. */
  private static void drawAxis(
      Svg svg, Axis axis, DoubleFunction<String> format, double left, double right, double bottom) {
    double widest =
        axis.ticks().stream().mapToDouble(tick -> width(format.apply(tick))).max().orElse(0);
    double apart = (right - left) / Math.max(1, axis.ticks().size() - 1);
    int every = (int) Math.max(1, Math.ceil((widest + 10) / apart));
    for (int i = 0; i < axis.ticks().size(); i++) {
      double tick = axis.ticks().get(i);
      double x = left + axis.place(tick) * (right - left);
      svg.line("grid", x, 42, x, bottom);
      if (i % every == 0) {
        svg.text(x, bottom + 20, Svg.Anchor.MIDDLE, "soft", format.apply(tick));
      }
    }
    svg.line("axis", left, 42, left, bottom);
  }

  /** Edges: left, right, top. */
  private static void drawGroup(
      Svg svg,
      Group group,
      List<String> names,
      Axis axis,
      DoubleFunction<String> format,
      double[] edges) {
    double left = edges[0];
    double right = edges[1];
    double y = edges[2];
    if (!group.name().isEmpty()) {
      svg.text(16, y + BAR - 3, Svg.Anchor.START, "ink", group.name());
      y += BAR + BETWEEN_BARS;
    }
    for (Bar bar : group.bars()) {
      svg.text(left - 10, y + BAR - 3, Svg.Anchor.END, "soft", bar.name());
      if (bar.remark().isEmpty()) {
        double end = left + axis.place(bar.value()) * (right - left);
        svg.box(Svg.fill(names.indexOf(bar.name())), left, y, end - left, BAR);
        double reach = Math.max(end, drawRange(svg, bar, axis, new double[] {left, right, y}));
        svg.text(reach + 8, y + BAR - 3, Svg.Anchor.START, "ink", format.apply(bar.value()));
      } else {
        String remark = shortened(bar.remark(), RIGHT - left - 8);
        svg.text(left + 8, y + BAR - 3, Svg.Anchor.START, "soft", remark);
      }
      y += BAR + BETWEEN_BARS;
    }
  }

  private static double drawRange(Svg svg, Bar bar, Axis axis, double[] edges) {
    if (bar.max() <= bar.min()) {
      return edges[0];
    }
    double from = edges[0] + axis.place(bar.min()) * (edges[1] - edges[0]);
    double to = edges[0] + axis.place(bar.max()) * (edges[1] - edges[0]);
    double middle = edges[2] + BAR / 2.0;
    svg.line("whisker", from, middle, to, middle);
    Stream.of(from, to).forEach(x -> svg.line("whisker", x, middle - 4, x, middle + 4));
    return to;
  }

  /** As much of a text as fits. */
  static String shortened(String text, double width) {
    int fits = (int) (width / Svg.widthOf("x", Svg.FONT_SIZE));
    return text.length() <= fits ? text : text.substring(0, Math.max(0, fits - 3)) + "...";
  }
}
