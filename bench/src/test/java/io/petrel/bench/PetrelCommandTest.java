package io.petrel.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.cli.JsonLine;
import io.petrel.bench.cli.JsonOption;
import io.petrel.bench.cli.Quantities;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

final class PetrelCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(Object root, String... arguments) {
    return PetrelCommand.run(
        PetrelCommand.commandLine(root),
        new PrintWriter(out, true),
        new PrintWriter(err, true),
        arguments);
  }

  private void assertOneErrorLineNaming(String what) {
    assertEquals(1, err.toString().lines().count(), err.toString());
    assertTrue(err.toString().contains(what), err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void aloneItListsTheCommands() {
    assertEquals(0, run(new Root()));
    assertTrue(out.toString().lines().anyMatch(line -> line.matches(" +work +Works hard\\.")));
    assertTrue(out.toString().lines().anyMatch(line -> line.matches(" +group +Holds work\\.")));
    assertEquals("", err.toString());
  }

  @Test
  void aGroupAloneListsWhatItHolds() {
    assertEquals(0, run(new Root(), "group"));
    assertTrue(out.toString().contains("Works hard."), out.toString());
  }

  @Test
  void namesAnUnknownCommandOnOneLine() {
    assertEquals(2, run(new Root(), "wrk"));
    assertOneErrorLineNaming("'wrk'");
  }

  @Test
  void namesAnUnknownOptionOnOneLine() {
    assertEquals(2, run(new Root(), "work", "--sise", "3"));
    assertOneErrorLineNaming("--sise");
  }

  @Test
  void namesABadValueItsOptionAndWhatIsExpected() {
    assertEquals(2, run(new Root(), "work", "--rtt", "20"));
    assertOneErrorLineNaming("'20' is not a duration");
    assertTrue(err.toString().contains("--rtt"), err.toString());
  }

  @Test
  void refusesAnOptionGivenTwice() {
    assertEquals(2, run(new Root(), "work", "--rtt", "20ms", "--rtt", "30ms"));
    assertOneErrorLineNaming("--rtt");
  }

  @Test
  void helpShowsDefaultsWithTheirUnits() {
    assertEquals(0, run(new Root(), "work", "--help"));
    assertTrue(out.toString().contains("Default: 5ms"), out.toString());
  }

  @Test
  void workThatCannotBeDoneExitsWithOneAndSaysWhy() {
    assertEquals(1, run(new Root(), "work", "--fail"));
    assertOneErrorLineNaming("petrel work: no room; make some");
  }

  @Test
  void aMissingExportIsAnsweredWithTheFlag() {
    assertEquals(1, run(new Root(), "work", "--unexported"));
    assertOneErrorLineNaming("--add-exports java.base/jdk.internal.misc=ALL-UNNAMED");
  }

  @Test
  void jsonToStandardOutputLeavesNothingElseThere() {
    assertEquals(0, run(new Root(), "work", "--rtt", "20ms", "--json", "-"));
    assertEquals("{\"rtt_ns\":20000000}\n", out.toString());
  }

  @Test
  void jsonToAFileLeavesTheTextOnStandardOutput(@TempDir Path dir) throws Exception {
    Path file = dir.resolve("result.json");
    assertEquals(0, run(new Root(), "work", "--json", file.toString()));
    assertEquals("{\"rtt_ns\":5000000}\n", Files.readString(file));
    assertEquals("for people" + System.lineSeparator(), out.toString());
  }

  @Test
  void aJsonFileThatCannotBeWrittenIsNamed(@TempDir Path dir) {
    String file = dir.resolve("absent").resolve("result.json").toString();
    assertEquals(1, run(new Root(), "work", "--json", file));
    assertOneErrorLineNaming(file);
    assertFalse(Files.exists(Path.of(file)));
  }

  @Command(
      name = "petrel",
      subcommands = {Work.class, Group.class})
  static final class Root {}

  @Command(name = "group", description = "Holds work.", subcommands = Work.class)
  static final class Group {}

  @Command(name = "work", description = "Works hard.")
  static final class Work implements Runnable {
    @Option(
        names = "--rtt",
        defaultValue = "5ms",
        description = "Round trip.",
        converter = Quantities.Nanoseconds.class)
    private long rttNs;

    @Option(names = "--fail", description = "Fails.")
    private boolean fails;

    @Option(names = "--unexported", description = "Fails as a JVM without flags does.")
    private boolean unexported;

    @Mixin private JsonOption json = new JsonOption();

    @Override
    public void run() {
      if (fails) {
        throw new CommandFailure("no room;\nmake some");
      }
      if (unexported) {
        throw new ExceptionInInitializerError(
            new IllegalAccessError(
                "class org.agrona.UnsafeApi (in unnamed module @0x1) cannot access class"
                    + " jdk.internal.misc.Unsafe (in module java.base) because module java.base"
                    + " does not export jdk.internal.misc to unnamed module @0x1"));
      }
      try (JsonOption.Output output = json.open()) {
        output.text().println("for people");
        output.line(new JsonLine().put("rtt_ns", rttNs));
      }
    }
  }
}
