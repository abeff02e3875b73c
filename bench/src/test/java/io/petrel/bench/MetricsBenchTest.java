package io.petrel.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MetricsBenchTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return PetrelCommand.run(
        PetrelCommand.commandLine(new BenchCommand()),
        new PrintWriter(out, true),
        new PrintWriter(err, true),
        arguments);
  }

  @Test
  void writesAnObjectForEachCaseAndNothingElse() {
    assertEquals(
        0, run("metrics", "--json", "-", "--updates", "1000", "--rounds", "1"), err::toString);
    List<String> lines = out.toString().lines().toList();
    List<String> beginnings =
        List.of("counter", "striped", "histogram").stream()
            .flatMap(what ->
                List.of(1, 2).stream()
                    .map(threads ->
                        "{\"bench\":\"metrics\",\"what\":\""
                            + what
                            + "\",\"threads\":"
                            + threads
                            + ",\"ns_per_update\":"))
            .toList();
    assertEquals(beginnings.size(), lines.size(), out.toString());
    for (int i = 0; i < lines.size(); i++) {
      assertTrue(lines.get(i).startsWith(beginnings.get(i)), lines.get(i));
      assertTrue(lines.get(i).contains("\"updates_per_s\":"), lines.get(i));
    }
  }

  @Test
  void refusesToMeasureNothing() {
    assertEquals(1, run("metrics", "--rounds", "0"));
    assertTrue(err.toString().contains("--rounds"), err.toString());
  }
}
