package io.petrel.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoCommandTest {
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
  void printsItsTableAndTheReportsPathLast() throws IOException {
    Path report = dir.resolve("report.html");
    Path json = dir.resolve("demo.json");
    int status =
        run(
            "demo",
            "--seconds",
            "0.4",
            "--warm-up",
            "100ms",
            "--subscribers",
            "1",
            "--output",
            report.toString(),
            "--json",
            json.toString());
    assertEquals(0, status, err.toString());
    List<String> lines = out.toString().lines().toList();
    assertEquals("report: " + report, lines.getLast());
    assertEquals(1, count(lines, "clean: market data, subscriber 1"), out.toString());
    assertEquals(1, count(lines, "1% dropped: order until filled"), out.toString());
    assertTrue(Files.readString(report).startsWith("<!DOCTYPE html>"));
    List<String> objects = Files.readAllLines(json);
    assertEquals(7, objects.size(), objects.toString());
    assertEquals(6, count(objects, "{\"demo\":\"latency\",\"what\":\""), objects.toString());
    String result = objects.getLast();
    assertTrue(
        result.startsWith("{\"demo\":\"result\",\"subscribers\":1,\"delivered\":11000,\"lost\":0,"),
        result);
  }

  private static long count(List<String> lines, String beginning) {
    return lines.stream().filter(line -> line.startsWith(beginning)).count();
  }

  @Test
  void saysOnOneLineWhyItCannotPlay() {
    assertEquals(1, run("demo", "--interface", "none0"));
    assertEquals(1, err.toString().lines().count(), err.toString());
    assertTrue(err.toString().contains("'none0'"), err.toString());
    assertEquals(1, run("demo", "--seconds", "0"));
    assertTrue(err.toString().contains("--seconds"), err.toString());
  }
}
