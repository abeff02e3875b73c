package io.petrel.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

final class PagesTest {
  private final Table table =
      new Table("who", "p50", "p|99").row("rudp <ours>", "6 us", "26 us").row("a|b", "1 ms", "2");

  @Test
  void aPageIsOneWellFormedFileThatNeedsNothingElse() {
    String page =
        new HtmlPage("Title & <more>", "A lead.")
            .tiles(List.of(new HtmlPage.Tile("0", "lost", true), new HtmlPage.Tile("1", "x", null)))
            .heading("Figures")
            .table(table)
            .charts(List.of(BarChart.draw("c", "u", Legible::amount, List.of())))
            .facts(List.of(List.of("kernel", "6.18 <x>")))
            .verbatim("./petrel demo > file\n")
            .link("a/report.html", "the report")
            .toString();
    Drawing parsed = Drawing.parse(page);
    parsed.assertAlone();
    assertEquals("Title & <more>", parsed.all("h1").getFirst().getTextContent());
    List<String> cells = parsed.all("td").stream().map(Element::getTextContent).toList();
    assertTrue(cells.containsAll(List.of("rudp <ours>", "26 us", "kernel", "6.18 <x>")));
    assertTrue(page.contains("prefers-color-scheme:dark"), "light only");
    assertTrue(page.contains("name=\"viewport\""), "not for small screens");
    assertEquals(1, parsed.all("svg").size());
  }

  @Test
  void aTableIsTheSameInMarkdownAndOnATerminal() {
    assertEquals(
        """
        | who | p50 | p\\|99 |
        |---|---:|---:|
        | rudp <ours> | 6 us | 26 us |
        | a\\|b | 1 ms | 2 |
        """,
        table.markdown());
    assertEquals(
        """
        who           p50   p|99
        rudp <ours>  6 us  26 us
        a|b          1 ms      2
        """,
        table.text());
  }

  @Test
  void aRowOfTheWrongLengthIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Table("a", "b").row("1"));
  }

  @Test
  void figuresHaveThreeDigitsAndTheUnitThatSuits() {
    assertEquals("0 ns", Legible.duration(0));
    assertEquals("999 ns", Legible.duration(999));
    assertEquals("1 us", Legible.duration(999.7));
    assertEquals("6.25 us", Legible.duration(6_251));
    assertEquals("47.5 us", Legible.duration(47_520));
    assertEquals("100 us", Legible.duration(99_960));
    assertEquals("1.5 s", Legible.duration(1.5e9));
    assertEquals("5000 s", Legible.duration(5e12));
    assertEquals("12.5 M", Legible.amount(12.51e6));
    assertEquals("1 k", Legible.amount(999.9));
    assertEquals("418 MB/s", Legible.amountsOf("B/s").apply(418e6));
    assertEquals("5 B/s", Legible.amountsOf("B/s").apply(5));
    assertEquals("1,234,567", Legible.count(1_234_567));
    assertEquals("0.1%", Legible.share(0.001));
    assertEquals("20%", Legible.share(0.2));
  }
}
