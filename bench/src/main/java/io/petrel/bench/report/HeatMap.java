package io.petrel.bench.report;

import java.util.List;

/** Who is best where, cell by cell, over two quantities. */
public final class HeatMap {
  private static final int LEFT = 96;
  private static final int TOP = 78;
  private static final int CELL_HEIGHT = 52;
  private static final int GAP = 3;

  private HeatMap() {}

  /** Whose cell it is. */
  public enum Side {
    /** Won by us. */
    OURS,
    /** Won by another. */
    THEIRS,
    /** Nothing was measured. */
    NOBODY
  }

  /**
   * A cell.
   *
   * @param winner who was best; empty if nobody
   * @param figure that the winner reached
   * @param side whose it is
   */
  public record Cell(String winner, String figure, Side side) {}

  /**
   * A row of cells.
   *
   * @param name to the left of it
   * @param cells one for each column
   */
  public record Row(String name, List<Cell> cells) {}

  /**
   * Draws it.
   *
   * @param title above it
   * @param across what the columns are, with the unit
   * @param down what the rows are, with the unit
   * @param columns their names
   * @param rows from top to bottom
   * @return an SVG file
   */
  public static String draw(
      String title, String across, String down, List<String> columns, List<Row> rows) {
    int bottom = TOP + rows.size() * CELL_HEIGHT;
    Svg svg = new Svg(title, bottom + 40);
    svg.text(16, 28, Svg.Anchor.START, "ink", Svg.TITLE_SIZE, title);
    svg.text(16, TOP - 10, Svg.Anchor.START, "soft", down);
    double width = (Svg.WIDTH - 24.0 - LEFT) / Math.max(1, columns.size());
    svg.text(LEFT + columns.size() * width / 2, TOP - 30, Svg.Anchor.MIDDLE, "soft", across);
    for (int i = 0; i < columns.size(); i++) {
      svg.text(LEFT + (i + 0.5) * width, TOP - 10, Svg.Anchor.MIDDLE, "soft", columns.get(i));
    }
    for (int i = 0; i < rows.size(); i++) {
      double y = TOP + i * (double) CELL_HEIGHT;
      svg.text(LEFT - 12, y + CELL_HEIGHT / 2.0 + 4, Svg.Anchor.END, "soft", rows.get(i).name());
      drawRow(svg, rows.get(i).cells(), width, y);
    }
    svg.box("ours", LEFT, bottom + 14, 12, 12);
    svg.text(LEFT + 18, bottom + 25, Svg.Anchor.START, "soft", "Petrel is best");
    svg.box("theirs", LEFT + 150, bottom + 14, 12, 12);
    svg.text(LEFT + 168, bottom + 25, Svg.Anchor.START, "soft", "another is");
    return svg.toString();
  }

  private static void drawRow(Svg svg, List<Cell> cells, double width, double y) {
    for (int i = 0; i < cells.size(); i++) {
      Cell cell = cells.get(i);
      double x = LEFT + i * width;
      String look =
          switch (cell.side()) {
            case OURS -> "ours";
            case THEIRS -> "theirs";
            case NOBODY -> "nobody";
          };
      svg.box(look, x, y, width - GAP, CELL_HEIGHT - (double) GAP);
      double middle = x + (width - GAP) / 2;
      String winner = BarChart.shortened(cell.winner(), width - GAP - 8);
      if (!winner.isEmpty()) {
        svg.text(middle, y + 21, Svg.Anchor.MIDDLE, "ink", winner);
      }
      svg.text(middle, y + 39, Svg.Anchor.MIDDLE, "ink", cell.figure());
    }
  }
}
