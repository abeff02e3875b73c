package io.petrel.codecs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of README.md are those of the schemas. */
class ReadmeTest {
  private static final Path README = Path.of("README.md");
  private static final String MARK =
      "<!-- From here on the text is drawn from the schemas; ReadmeTest says how. -->\n";

  @Test
  void drawsTheWireFormatAsTheSchemasHaveIt() throws IOException {
    String text = Files.readString(README);
    String written = text.substring(0, text.indexOf(MARK) + MARK.length());
    String tables =
        Stream.of("wire", "market-data", "orders")
            .map(
                name -> "\n" + SchemaTables.draw(SchemaModel.read("src/main/sbe/" + name + ".xml")))
            .collect(Collectors.joining());
    if (Golden.UPDATE) {
      Files.writeString(README, written + tables);
    }

    assertEquals(
        written + tables,
        Files.readString(README),
        "stale tables; mvn -pl codecs test -Dtest=ReadmeTest -Dpetrel.update=true mends them");
  }
}
