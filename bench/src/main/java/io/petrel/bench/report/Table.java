package io.petrel.bench.report;

import java.util.ArrayList;
import java.util.List;

/** Rows of text under a header; the first column is names, the others are figures. */
public final class Table {
  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * Without rows yet.
   *
   * @param header a title for each column
   */
  public Table(String... header) {
    this.header = List.of(header);
  }

  /**
   * Adds a row.
   *
   * @param cells as many as the header has
   * @return this
   */
  public Table row(String... cells) {
    if (cells.length != header.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + header);
    }
    rows.add(List.of(cells));
    return this;
  }

  /**
   * Whether there is nothing to show.
   *
   * @return true without rows
   */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /**
   * For a page.
   *
   * @return HTML
   */
  public String html() {
    StringBuilder html = new StringBuilder("<div class=\"wide\"><table>\n<thead><tr>");
    header.forEach(cell -> html.append("<th>").append(Markup.escape(cell)).append("</th>"));
    html.append("</tr></thead>\n<tbody>\n");
    for (List<String> row : rows) {
      html.append("<tr>");
      row.forEach(cell -> html.append("<td>").append(Markup.escape(cell)).append("</td>"));
      html.append("</tr>\n");
    }
    return html.append("</tbody></table></div>\n").toString();
  }

  /**
   * For a Markdown file.
   *
   * @return a table
   */
  public String markdown() {
    StringBuilder text = new StringBuilder();
    line(text, header);
    text.append("|---|").append("---:|".repeat(header.size() - 1)).append('\n');
    rows.forEach(row -> line(text, row));
    return text.toString();
  }

  /**
   * For a terminal.
   *
   * @return columns of equal width, names to the left, figures to the right
   */
  public String text() {
    int[] widths = new int[header.size()];
    List<List<String>> all = new ArrayList<>(rows);
    all.addFirst(header);
    for (List<String> row : all) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : all) {
      text.append(row.getFirst()).repeat(' ', widths[0] - row.getFirst().length());
      for (int i = 1; i < widths.length; i++) {
        text.repeat(' ', 2 + widths[i] - row.get(i).length()).append(row.get(i));
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static void line(StringBuilder text, List<String> row) {
    text.append('|');
    row.forEach(cell -> text.append(' ').append(cell.replace("|", "\\|")).append(" |"));
    text.append('\n');
  }
}
