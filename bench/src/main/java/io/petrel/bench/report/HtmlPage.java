package io.petrel.bench.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page that is one file: what it shows lies in it, it asks for nothing and runs no script. */
public final class HtmlPage {
  private static final String STYLE =
      """
      :root{color-scheme:light dark;--ground:#fff;--ink:#1c2128;--soft:#57606a;--rule:#d8dee4;\
      --band:#f3f5f7;--link:#0b62b5;--good:#0f7b53;--bad:#c2410c}
      @media(prefers-color-scheme:dark){:root{--ground:#14181d;--ink:#e6edf3;--soft:#9aa4af;\
      --rule:#2b323a;--band:#1c222a;--link:#62aef5;--good:#4cc38a;--bad:#f5915a}}
      *{box-sizing:border-box}
      body{margin:0 auto;max-width:1600px;padding:24px 20px 48px;background:var(--ground);\
      color:var(--ink);font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',\
      sans-serif}
      h1{font-size:28px;line-height:1.2;margin:0 0 8px}
      h2{font-size:20px;margin:36px 0 8px;padding-top:16px;border-top:1px solid var(--rule)}
      p{margin:8px 0;max-width:76ch}
      .lead{color:var(--soft);font-size:17px}
      a{color:var(--link)}
      .charts{display:grid;gap:20px;grid-template-columns:repeat(auto-fit,minmax(min(100%,640px),1fr));\
      align-items:start;margin:16px 0}
      .charts figure{margin:0;border:1px solid var(--rule);border-radius:8px;overflow:hidden;\
      max-width:880px}
      .charts svg{display:block;width:100%;height:auto}
      .tiles{display:flex;flex-wrap:wrap;gap:12px;margin:20px 0}
      .tile{border:1px solid var(--rule);border-radius:8px;padding:10px 16px;min-width:150px}
      .tile b{display:block;font-size:24px;line-height:1.3;font-variant-numeric:tabular-nums}
      .tile span{color:var(--soft);font-size:14px}
      .tile.good b{color:var(--good)}.tile.bad b{color:var(--bad)}
      .wide{overflow-x:auto;margin:12px 0}
      table{border-collapse:collapse;font-size:14.5px;font-variant-numeric:tabular-nums}
      th,td{padding:5px 9px;text-align:right;border-bottom:1px solid var(--rule);\
      vertical-align:top;white-space:nowrap}
      th:first-child,td:first-child{text-align:left;white-space:normal;min-width:9ch}
      th{color:var(--soft);font-weight:600}
      table.plain td{text-align:left;white-space:normal;overflow-wrap:anywhere}
      table.plain td:first-child{white-space:nowrap;color:var(--soft)}
      pre{background:var(--band);border-radius:8px;padding:12px 16px;white-space:pre-wrap;\
      overflow-wrap:anywhere;font-size:14px}
      """;

  private final String title;
  private final StringBuilder body = new StringBuilder();

  /**
   * Begins with a heading.
   *
   * @param title of the page
   * @param lead a sentence or two under it
   */
  public HtmlPage(String title, String lead) {
    this.title = title;
    body.append("<h1>").append(Markup.escape(title)).append("</h1>\n<p class=\"lead\">");
    body.append(Markup.escape(lead)).append("</p>\n");
  }

  /**
   * A figure that is to be seen at once.
   *
   * @param figure in large letters
   * @param what it is
   * @param judgement whether it is good; null where there is nothing to judge
   */
  public record Tile(String figure, String what, @Nullable Boolean judgement) {}

  /**
   * Figures to be seen at once.
   *
   * @param tiles beside each other
   * @return this
   */
  public HtmlPage tiles(List<Tile> tiles) {
    body.append("<div class=\"tiles\">\n");
    for (Tile tile : tiles) {
      Boolean judgement = tile.judgement();
      String look = judgement == null ? "tile" : judgement ? "tile good" : "tile bad";
      body.append("<div class=\"").append(look).append("\"><b>");
      body.append(Markup.escape(tile.figure())).append("</b><span>");
      body.append(Markup.escape(tile.what())).append("</span></div>\n");
    }
    body.append("</div>\n");
    return this;
  }

  /**
   * Begins a part.
   *
   * @param heading of the part
   * @return this
   */
  public HtmlPage heading(String heading) {
    body.append("<h2>").append(Markup.escape(heading)).append("</h2>\n");
    return this;
  }

  /**
   * A paragraph.
   *
   * @param text without markup
   * @return this
   */
  public HtmlPage paragraph(String text) {
    body.append("<p>").append(Markup.escape(text)).append("</p>\n");
    return this;
  }

  /**
   * Charts beside each other where there is room.
   *
   * @param svgs charts of this package
   * @return this
   */
  public HtmlPage charts(List<String> svgs) {
    body.append("<div class=\"charts\">\n");
    svgs.forEach(svg -> body.append("<figure>").append(svg).append("</figure>\n"));
    body.append("</div>\n");
    return this;
  }

  /**
   * A table of figures.
   *
   * @param table to show
   * @return this
   */
  public HtmlPage table(Table table) {
    body.append(table.html());
    return this;
  }

  /**
   * Names and what belongs to them, as text.
   *
   * @param rows each of a name and a text
   * @return this
   */
  public HtmlPage facts(List<List<String>> rows) {
    body.append("<table class=\"plain\"><tbody>\n");
    for (List<String> row : rows) {
      body.append("<tr>");
      row.forEach(cell -> body.append("<td>").append(Markup.escape(cell)).append("</td>"));
      body.append("</tr>\n");
    }
    body.append("</tbody></table>\n");
    return this;
  }

  /**
   * Text as it stands, such as commands.
   *
   * @param text with its line ends
   * @return this
   */
  public HtmlPage verbatim(String text) {
    body.append("<pre>").append(Markup.escape(text)).append("</pre>\n");
    return this;
  }

  /**
   * A link, alone on its line.
   *
   * @param target relative to the page
   * @param text to click on
   * @return this
   */
  public HtmlPage link(String target, String text) {
    body.append("<p><a href=\"").append(Markup.escape(target)).append("\">");
    body.append(Markup.escape(text)).append("</a></p>\n");
    return this;
  }

  /** The file. */
  @Override
  public String toString() {
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <title>%s</title>
    <style>
    %s</style>
    </head>
    <body>
    %s</body>
    </html>
    """
        .formatted(Markup.escape(title), STYLE, body);
  }
}
