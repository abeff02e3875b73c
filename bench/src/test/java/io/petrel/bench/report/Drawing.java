package io.petrel.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** A chart as a reader's program sees it. */
public final class Drawing {
  private static final double ASCENT = 0.8;
  private static final double DESCENT = 0.25;

  /** Where a text is. */
  record Label(String text, double left, double top, double right, double bottom) {
    boolean overlaps(Label other) {
      return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
    }
  }

  private final Document document;

  private Drawing(Document document) {
    this.document = document;
  }

  public static Drawing parse(String markup) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      return new Drawing(
          factory.newDocumentBuilder().parse(new InputSource(new StringReader(markup))));
    } catch (Exception e) {
      throw new AssertionError("not well-formed: " + e + "\n" + markup, e);
    }
  }

  public List<Element> all(String tag) {
    NodeList nodes = document.getElementsByTagName(tag);
    List<Element> found = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      found.add((Element) nodes.item(i));
    }
    return found;
  }

  List<Label> labels() {
    return all("text").stream().map(Drawing::label).toList();
  }

  public List<String> texts() {
    return labels().stream().map(Label::text).toList();
  }

  private static Label label(Element text) {
    String content = text.getTextContent();
    double size = number(text, "font-size");
    double width = Svg.widthOf(content, (int) size);
    double x = number(text, "x");
    double y = number(text, "y");
    double left =
        switch (text.getAttribute("text-anchor")) {
          case "end" -> x - width;
          case "middle" -> x - width / 2;
          default -> x;
        };
    return new Label(content, left, y - ASCENT * size, left + width, y + DESCENT * size);
  }

  static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  /** Every text is within the picture and apart from all others. */
  public void assertLegible() {
    Element svg = document.getDocumentElement();
    double width = number(svg, "width");
    double height = number(svg, "height");
    List<Label> labels = labels();
    assertFalse(labels.isEmpty(), "no text at all");
    for (int i = 0; i < labels.size(); i++) {
      Label one = labels.get(i);
      boolean inside =
          one.left() >= 0 && one.top() >= 0 && one.right() <= width && one.bottom() <= height;
      assertEquals(true, inside, one + " is not within " + width + " x " + height);
      for (Label other : labels.subList(i + 1, labels.size())) {
        assertFalse(one.overlaps(other), one + " overlaps " + other);
      }
    }
  }

  /** It asks for nothing from elsewhere and runs nothing. */
  public void assertAlone() {
    for (String tag : List.of("script", "link", "image", "img", "iframe", "use", "object")) {
      assertEquals(List.of(), all(tag), tag);
    }
    for (Element style : all("style")) {
      assertFalse(
          style.getTextContent().matches("(?s).*(url\\(|@import).*"), "a style from elsewhere");
    }
  }
}
