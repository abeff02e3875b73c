package io.petrel.bench.report;

import java.util.List;
import java.util.Locale;

/**
 * An SVG picture in the making. Everything takes its colours from the style sheet in the picture,
 * which knows light and dark.
 */
final class Svg {
  /** Units that a chart is wide. */
  static final int WIDTH = 760;

  /** Units that ordinary text is high. */
  static final int FONT_SIZE = 13;

  /** Of the title. */
  static final int TITLE_SIZE = 16;

  /** Distinct colours; the ninth line has the first one's. */
  static final int COLOURS = 8;

  /** Lines of the same colour differ by their dashes. */
  private static final String[] DASHES = {"", "7 3", "2 3", "9 3 2 3"};

  /** Units of width that a character of size 1 takes at most, on average: the widest usual font. */
  private static final double CHARACTER_WIDTH = 0.62;

  private static final String STYLE =
      """
      .chart{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}\
      .ground{fill:#fff}.ink{fill:#1c2128}.soft{fill:#57606a}.on{fill:#fff}\
      .grid{stroke:#d8dee4;stroke-width:1}.axis{stroke:#57606a;stroke-width:1.2}\
      .band{fill:#f3f5f7}.whisker{stroke:#1c2128;stroke-width:1.4}\
      .s0{stroke:#0b62b5}.s1{stroke:#c2410c}.s2{stroke:#0f7b53}.s3{stroke:#9d2b8e}\
      .s4{stroke:#8a6100}.s5{stroke:#0e7c94}.s6{stroke:#5b3fb0}.s7{stroke:#5a5f66}\
      .f0{fill:#0b62b5}.f1{fill:#c2410c}.f2{fill:#0f7b53}.f3{fill:#9d2b8e}\
      .f4{fill:#8a6100}.f5{fill:#0e7c94}.f6{fill:#5b3fb0}.f7{fill:#5a5f66}\
      .ours{fill:#d3ead9}.theirs{fill:#f6dcd1}.nobody{fill:#eaeef2}\
      .curve{fill:none;stroke-width:2;stroke-linejoin:round}\
      @media(prefers-color-scheme:dark){\
      .ground{fill:#14181d}.ink{fill:#e6edf3}.soft{fill:#9aa4af}.on{fill:#14181d}\
      .grid{stroke:#2b323a}.axis{stroke:#9aa4af}.band{fill:#1c222a}.whisker{stroke:#e6edf3}\
      .s0{stroke:#62aef5}.s1{stroke:#f5915a}.s2{stroke:#4cc38a}.s3{stroke:#e58ad6}\
      .s4{stroke:#e0b44a}.s5{stroke:#4fc3d9}.s6{stroke:#ab96f5}.s7{stroke:#a3abb5}\
      .f0{fill:#62aef5}.f1{fill:#f5915a}.f2{fill:#4cc38a}.f3{fill:#e58ad6}\
      .f4{fill:#e0b44a}.f5{fill:#4fc3d9}.f6{fill:#ab96f5}.f7{fill:#a3abb5}\
      .ours{fill:#1d4630}.theirs{fill:#573021}.nobody{fill:#2b323a}}\
      """;

  /** Where a text is held. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  private final StringBuilder body = new StringBuilder();
  private final String title;
  private final int height;

  Svg(String title, int height) {
    this.title = title;
    this.height = height;
  }

  /** At most so wide is a text. */
  static double widthOf(String text, int size) {
    return text.length() * CHARACTER_WIDTH * size;
  }

  Svg text(double x, double y, Anchor anchor, String ink, String text) {
    return text(x, y, anchor, ink, FONT_SIZE, text);
  }

  Svg text(double x, double y, Anchor anchor, String ink, int size, String text) {
    body.append("<text x=\"").append(number(x)).append("\" y=\"").append(number(y));
    body.append("\" font-size=\"").append(size).append('"');
    if (anchor != Anchor.START) {
      body.append(" text-anchor=\"").append(anchor.name().toLowerCase(Locale.ROOT)).append('"');
    }
    body.append(size == TITLE_SIZE ? " font-weight=\"600\"" : "");
    body.append(" class=\"").append(ink).append("\">").append(Markup.escape(text));
    body.append("</text>\n");
    return this;
  }

  Svg line(String look, double x1, double y1, double x2, double y2) {
    body.append("<line class=\"").append(look).append("\" x1=\"").append(number(x1));
    body.append("\" y1=\"").append(number(y1)).append("\" x2=\"").append(number(x2));
    body.append("\" y2=\"").append(number(y2)).append("\"/>\n");
    return this;
  }

  Svg box(String look, double x, double y, double width, double boxHeight) {
    body.append("<rect class=\"").append(look).append("\" x=\"").append(number(x));
    body.append("\" y=\"").append(number(y)).append("\" width=\"").append(number(width));
    body.append("\" height=\"").append(number(boxHeight)).append("\"/>\n");
    return this;
  }

  /** A line through points, in the colour and dashes of a series. */
  Svg curve(int series, List<double[]> points) {
    body.append("<polyline class=\"curve ").append(stroke(series)).append('"').append(dash(series));
    body.append(" points=\"");
    for (double[] point : points) {
      body.append(number(point[0])).append(',').append(number(point[1])).append(' ');
    }
    body.append("\"/>\n");
    return this;
  }

  Svg dot(int series, double x, double y) {
    body.append("<circle class=\"").append(fill(series)).append("\" cx=\"").append(number(x));
    body.append("\" cy=\"").append(number(y)).append("\" r=\"3\"/>\n");
    return this;
  }

  static String fill(int series) {
    return "f" + series % COLOURS;
  }

  private static String stroke(int series) {
    return "s" + series % COLOURS;
  }

  private static String dash(int series) {
    String dashes = DASHES[series % DASHES.length];
    return dashes.isEmpty() ? "" : " stroke-dasharray=\"" + dashes + "\"";
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  @Override
  public String toString() {
    return """
    <svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" viewBox="0 0 %d %d" \
    width="%d" height="%d" aria-label="%s">
    <style>%s</style>
    <rect class="ground" width="%d" height="%d" rx="8"/>
    %s</svg>
    """
        .formatted(WIDTH, height, WIDTH, height, Markup.escape(title), STYLE, WIDTH, height, body);
  }
}
