package io.petrel.bench.report;

import java.util.ArrayList;
import java.util.List;

/** Which colour is whose, in as many rows as it takes. */
final class Legend {
  private static final int ROW_HEIGHT = 20;
  private static final int SWATCH = 22;
  private static final int GAP = 18;

  private record Entry(double x, int row, String name) {}

  private final List<Entry> entries = new ArrayList<>();
  private final double left;

  Legend(double left, double right, List<String> names) {
    this.left = left;
    double x = left;
    int row = 0;
    for (String name : names) {
      double width = SWATCH + 6 + Svg.widthOf(name, Svg.FONT_SIZE);
      if (x > left && x + width > right) {
        x = left;
        row++;
      }
      entries.add(new Entry(x, row, name));
      x += width + GAP;
    }
  }

  int height() {
    return entries.isEmpty() ? 0 : (entries.getLast().row() + 1) * ROW_HEIGHT;
  }

  /** With its upper edge at some height; lines as they are drawn, or filled squares. */
  void draw(Svg svg, double top, boolean lines) {
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      double y = top + entry.row() * ROW_HEIGHT + ROW_HEIGHT / 2.0;
      if (lines) {
        svg.curve(i, List.of(new double[] {entry.x(), y}, new double[] {entry.x() + SWATCH, y}));
      } else {
        svg.box(Svg.fill(i), entry.x() + SWATCH / 2.0, y - 6, SWATCH / 2.0, 12);
      }
      svg.text(entry.x() + SWATCH + 6, y + 5, Svg.Anchor.START, "ink", entry.name());
    }
  }

  @Override
  public String toString() {
    return entries + " from " + left;
  }
}
