package io.petrel.bench.grid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.petrel.bench.grid.Outcome.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runner with commands that only pretend. */
final class GridRunnerTest {
  /** Arguments: what to do, its id, --json, the file. */
  private static final String PRETENDS =
      """
      echo "settings of $2"
      echo "{\\"bench\\":\\"$2\\"}" > "$4"
      case "$1" in
        fail) echo; echo "no sockets left" >&2; exit 1 ;;
        told) exit 130 ;;
        cut) printf '{"bench":"cu' >> "$4" ;;
        hang) exec sleep 600 ;;
      esac
      """;

  @TempDir private Path dir;
  private final List<String> progress = new ArrayList<>();
  private List<String> launcher = List.of();

  @BeforeEach
  void pretend() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")));
    Path script = Files.writeString(dir.resolve("petrel"), PRETENDS);
    launcher = List.of("/bin/sh", script.toString());
  }

  private static GridRun run(String what, String id) {
    return GridRun.of(id, 1, what + " " + id);
  }

  @Test
  void keepsWhatEachCommandWroteAndPrinted() {
    List<Outcome> outcomes =
        new GridRunner(launcher, dir, progress::add)
            .run(List.of(run("do", "first"), run("fail", "second"), run("cut", "third")));
    assertEquals(
        List.of(State.DONE, State.FAILED, State.DONE),
        outcomes.stream().map(Outcome::state).toList());
    assertEquals(List.of("", "no sockets left", ""), outcomes.stream().map(Outcome::why).toList());
    assertEquals(List.of("{\"bench\":\"second\"}"), outcomes.get(1).lines());
    assertEquals(List.of("{\"bench\":\"third\"}"), outcomes.get(2).lines(), "half a line is none");
    assertEquals("settings of first\n", outcomes.getFirst().text());
    assertTrue(progress.getFirst().startsWith("[1/3] first, about 0:03 min"), progress.toString());
    assertEquals(3, progress.size());
  }

  @Test
  void anInterruptionEndsWhatRunsAndKeepsWhatIsDone() {
    List<GridRunner> itself = new ArrayList<>();
    GridRunner runner =
        new GridRunner(
            launcher,
            dir,
            line -> {
              progress.add(line);
              if (line.contains("second")) {
                Thread.ofVirtual().start(() -> interruptWhenItRuns(itself.getFirst()));
              }
            });
    itself.add(runner);
    List<Outcome> outcomes =
        runner.run(List.of(run("do", "first"), run("hang", "second"), run("do", "third")));
    assertEquals(
        List.of(State.DONE, State.MISSING, State.MISSING),
        outcomes.stream().map(Outcome::state).toList());
    assertEquals("interrupted", outcomes.get(1).why());
    assertEquals(List.of("{\"bench\":\"second\"}"), outcomes.get(1).lines(), "so far");
    assertEquals("interrupted before it began", outcomes.get(2).why());
    assertEquals(2, progress.size());
  }

  private void interruptWhenItRuns(GridRunner runner) {
    Path written = dir.resolve("output/second.jsonl");
    while (!Files.exists(written) || sizeOf(written) == 0) {
      Thread.onSpinWait();
    }
    runner.interrupt();
  }

  private static long sizeOf(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  @Test
  void aCommandThatCtrlCEndedIsMissingNotFailed() {
    Outcome outcome =
        new GridRunner(launcher, dir, progress::add).run(List.of(run("told", "it"))).getFirst();
    assertEquals(State.MISSING, outcome.state());
    assertEquals("interrupted", outcome.why());
  }

  @Test
  void theGridFitsTheTimeItPromisesAndNamesEachCommandOnce() {
    assertTrue(seconds(Grid.Extent.QUICK) <= 150);
    assertTrue(seconds(Grid.Extent.NORMAL) <= 540);
    for (Grid.Extent extent : Grid.Extent.values()) {
      List<String> ids = Grid.of(extent).stream().map(GridRun::id).toList();
      assertEquals(ids.size(), new HashSet<>(ids).size(), ids.toString());
    }
  }

  private static int seconds(Grid.Extent extent) {
    return Grid.of(extent).stream().mapToInt(GridRun::seconds).sum();
  }

  @Test
  void timeIsReadable() {
    assertEquals("0:05 min", GridRunner.minutes(5));
    assertEquals("7:42 min", GridRunner.minutes(462));
    assertEquals("2:05 h", GridRunner.minutes(7_500));
  }
}
