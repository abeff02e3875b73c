package io.petrel.bench.grid;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.grid.Outcome.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the commands of a grid one after the other, each a process of its own, so that none profits
 * or suffers from what another has left in a JVM.
 */
final class GridRunner {
  /** By its name, since it knows this package. */
  private static final String COMMAND = "io.petrel.bench.PetrelCommand";

  private static final String INTERRUPTED = "interrupted";

  /** Exit statuses after SIGINT, which Ctrl-C sends to commands too, and SIGTERM. */
  private static final List<Integer> TOLD_TO_END = List.of(130, 143);

  private static final long LOOK_MS = 500;
  private static final long GRACE_SECONDS = 10;
  private static final double NANOSECONDS_PER_SECOND = 1e9;

  /** Beyond so many times what it should take, a command hangs. */
  private static final int HANGS_AFTER = 10;

  private static final int LEAST_LIMIT_SECONDS = 900;

  private final List<String> launcher;
  private final Path directory;
  private final Consumer<String> progress;

  // Written by the thread that interrupts.
  private volatile boolean interrupted;

  /**
   * Nothing runs yet.
   *
   * @param launcher what the command line of each begins with
   * @param directory of the report: what commands print goes into its folder {@code output}
   * @param progress takes a line whenever there is news
   */
  GridRunner(List<String> launcher, Path directory, Consumer<String> progress) {
    this.launcher = launcher;
    this.directory = directory;
    this.progress = progress;
  }

  /** The {@code petrel} command in a JVM like this one. */
  static List<String> petrel() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        COMMAND);
  }

  /** Ends what runs, from another thread; what is done stays. */
  void interrupt() {
    interrupted = true;
  }

  boolean isInterrupted() {
    return interrupted;
  }

  /** Runs them all, or as many as there is time for before an interruption. */
  List<Outcome> run(List<GridRun> runs) {
    List<Outcome> outcomes = new ArrayList<>();
    double planned = 0;
    double taken = 0;
    for (int i = 0; i < runs.size(); i++) {
      GridRun run = runs.get(i);
      if (interrupted) {
        outcomes.add(Outcome.missing(run));
        continue;
      }
      int left = runs.subList(i, runs.size()).stream().mapToInt(GridRun::seconds).sum();
      // This machine may be slower, or faster, than the plan has it.
      double pace = planned == 0 ? 1 : taken / planned;
      progress.accept(
          "[%d/%d] %s, about %s left"
              .formatted(i + 1, runs.size(), run.id(), minutes(left * pace)));
      Outcome outcome = run(run);
      outcomes.add(outcome);
      planned += run.seconds();
      taken += outcome.seconds();
    }
    return outcomes;
  }

  static String minutes(double seconds) {
    long whole = Math.round(seconds);
    return whole >= 3600
        ? "%d:%02d h".formatted(whole / 3600, whole % 3600 / 60)
        : "%d:%02d min".formatted(whole / 60, whole % 60);
  }

  private Outcome run(GridRun run) {
    Path json = directory.resolve("output").resolve(run.id() + ".jsonl");
    Path text = directory.resolve("output").resolve(run.id() + ".txt");
    List<String> command = new ArrayList<>(launcher);
    command.addAll(run.arguments());
    command.addAll(List.of("--json", json.toString()));
    long startNs = System.nanoTime();
    try {
      Files.createDirectories(json.getParent());
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(text.toFile())
              .start();
      String why = await(process, run, startNs);
      double seconds = (System.nanoTime() - startNs) / NANOSECONDS_PER_SECOND;
      String printed = Files.readString(text, StandardCharsets.UTF_8);
      State state =
          why == null ? State.DONE : why.equals(INTERRUPTED) ? State.MISSING : State.FAILED;
      String explained = why == null ? "" : why.isEmpty() ? lastLine(printed) : why;
      List<String> lines = Files.exists(json) ? whole(Files.readAllLines(json)) : List.of();
      Files.deleteIfExists(json);
      return new Outcome(run, state, seconds, explained, lines, printed);
    } catch (IOException e) {
      throw new CommandFailure("cannot run " + run.command() + ": " + e, e);
    }
  }

  /** Null when all went well; else why not, or empty when the command itself says so. */
  private @Nullable String await(Process process, GridRun run, long startNs) {
    long limitNs =
        TimeUnit.SECONDS.toNanos(Math.max(LEAST_LIMIT_SECONDS, (long) HANGS_AFTER * run.seconds()));
    try {
      while (!process.waitFor(LOOK_MS, TimeUnit.MILLISECONDS)) {
        if (interrupted || System.nanoTime() - startNs > limitNs) {
          end(process);
          return interrupted
              ? INTERRUPTED
              : "it had not ended after " + TimeUnit.NANOSECONDS.toSeconds(limitNs) + " s";
        }
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted", e);
    }
    if (process.exitValue() == 0) {
      return null;
    }
    return interrupted || TOLD_TO_END.contains(process.exitValue()) ? INTERRUPTED : "";
  }

  /** Kindly first: a command may have namespaces to take away. */
  private static void end(Process process) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  /** Without a last line that was cut off in the middle. */
  private static List<String> whole(List<String> lines) {
    return lines.stream().filter(line -> line.startsWith("{") && line.endsWith("}")).toList();
  }

  private static String lastLine(String text) {
    return text.lines()
        .filter(line -> !line.isBlank())
        .reduce((earlier, later) -> later)
        .orElse("it failed without a word");
  }
}
