package io.petrel.bench.grid;

import io.petrel.bench.report.HtmlPage;
import io.petrel.bench.report.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A part of a report, for a page and for Markdown alike. */
final class Section {
  private final String title;
  private final List<String> paragraphs = new ArrayList<>();
  private final Map<String, String> charts = new LinkedHashMap<>();
  private final List<Table> tables = new ArrayList<>();
  private final StringBuilder verbatim = new StringBuilder();

  Section(String title) {
    this.title = title;
  }

  Section paragraph(String text) {
    paragraphs.add(text);
    return this;
  }

  /** A chart by the name of its file. */
  Section chart(String name, String svg) {
    charts.put(name + ".svg", svg);
    return this;
  }

  Section table(Table table) {
    if (!table.isEmpty()) {
      tables.add(table);
    }
    return this;
  }

  Section verbatim(String text) {
    verbatim.append(text);
    return this;
  }

  Map<String, String> charts() {
    return charts;
  }

  void addTo(HtmlPage page) {
    page.heading(title);
    paragraphs.forEach(page::paragraph);
    if (!charts.isEmpty()) {
      page.charts(List.copyOf(charts.values()));
    }
    tables.forEach(page::table);
    if (!verbatim.isEmpty()) {
      page.verbatim(verbatim.toString());
    }
  }

  /** With its charts as files of a folder beside it. */
  String markdown(String folder) {
    StringBuilder text = new StringBuilder("## " + title + "\n\n");
    paragraphs.forEach(paragraph -> text.append(paragraph).append("\n\n"));
    charts
        .keySet()
        .forEach(name ->
            text.append("![%s](%s/%s)\n\n".formatted(name.replace(".svg", ""), folder, name)));
    tables.forEach(table -> text.append(table.markdown()).append('\n'));
    if (!verbatim.isEmpty()) {
      text.append("```\n").append(verbatim).append("```\n\n");
    }
    return text.toString();
  }
}
