package io.petrel.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.petrel.transport.linux.ThreadAffinity;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class PortBenchTest {
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
  @EnabledOnOs(OS.LINUX)
  void writesAnObjectForEachKindAndASummary() {
    BitSet cores = ThreadAffinity.allowedCores();
    assumeTrue(cores.get(0) && cores.get(1), () -> "needs cores 0 and 1, may use " + cores);

    int status = run("port", "--json", "-", "--rounds=1", "--round-trips=200", "--millis=10");

    assertEquals(0, status, err::toString);
    List<String> lines = out.toString().lines().toList();
    List<String> kinds = List.of("datagrams", "rtt-bare", "trains", "rtt-port", "summary");
    assertEquals(kinds.size(), lines.size(), out.toString());
    for (int i = 0; i < lines.size(); i++) {
      String beginning = "{\"bench\":\"port\",\"what\":\"" + kinds.get(i) + "\",";
      assertTrue(lines.get(i).startsWith(beginning), lines.get(i));
    }
    for (String line : lines.subList(0, 4)) {
      assertTrue(line.matches(".*\"(p50_ns|bytes_per_s)\":[1-9].*"), line);
    }
  }

  @Test
  void refusesToMeasureNothing() {
    assertEquals(1, run("port", "--rounds", "0"));
    assertTrue(err.toString().contains("--rounds"), err.toString());
  }
}
