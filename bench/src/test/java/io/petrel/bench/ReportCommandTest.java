package io.petrel.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.bench.grid.Grid;
import io.petrel.bench.grid.GridRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ReportCommandTest {
  @TempDir private Path dir;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return PetrelCommand.run(
        PetrelCommand.commandLine(new PetrelCommand()),
        new PrintWriter(out, true),
        new PrintWriter(err, true),
        arguments);
  }

  @Test
  void everyCommandOfTheGridIsOneThatPetrelTakes() {
    CommandLine petrel = PetrelCommand.commandLine(new PetrelCommand());
    for (Grid.Extent extent : Grid.Extent.values()) {
      for (GridRun run : Grid.of(extent)) {
        List<String> arguments = new ArrayList<>(run.arguments());
        arguments.addAll(List.of("--json", "x"));
        petrel.parseArgs(arguments.toArray(new String[0])); // throws what is wrong
      }
    }
  }

  @Test
  void aReportOfOneSimulationIsMadeAndComparedWithItself() throws IOException {
    int status = run("report", "--only", "sim-rudp-10mbit", "--output", dir.toString());
    assertEquals(0, status, err.toString());
    String last = out.toString().lines().reduce((a, b) -> b).orElseThrow();
    assertTrue(last.startsWith("report: ") && last.endsWith("report.html"), last);
    Path page = Path.of(last.substring("report: ".length()));
    assertTrue(Files.readString(page.resolveSibling("report.md")).contains("| completed | true |"));
    assertTrue(Files.exists(dir.resolve("index.html")));
    out.getBuffer().setLength(0);
    String name = String.valueOf(page.getName(page.getNameCount() - 2));
    assertEquals(0, run("report", "--output", dir.toString(), "--compare", name, name));
    assertTrue(out.toString().startsWith("nothing changed"), out.toString());
  }

  @Test
  void saysWhichCommandsThereAre() {
    assertEquals(1, run("report", "--only", "rtt", "--output", dir.toString()));
    assertTrue(err.toString().contains("--only rtt: there are rtt-64, "), err.toString());
    assertEquals(2, run("report", "--quick", "--full"));
  }
}
