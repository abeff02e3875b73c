package io.petrel.bench.grid;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.grid.Grid.Extent;
import io.petrel.bench.measure.Machine;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code petrel report}: runs the benches and makes a report of them, or compares two. */
@Command(
    name = "report",
    description = {
      "Runs the benches, some minutes of them, and writes perf-reports/DATE-COMMIT: a page that",
      "opens offline, Markdown with charts, histograms, the machine and its settings. Interrupted,",
      "it keeps what it has and says what is missing."
    })
public final class ReportCommand implements Runnable {
  private static final long WRITE_LIMIT_SECONDS = 60;

  @Spec private @Nullable CommandSpec spec;

  @ArgGroup private @Nullable Kind kind;

  /** One of them. */
  private static final class Kind {
    @Option(names = "--quick", description = "Two minutes: whether all is as it was.")
    private boolean quick;

    @Option(names = "--full", description = "Hours: every cell, with rounds enough to publish.")
    private boolean full;

    @Option(
        names = "--compare",
        arity = "2",
        paramLabel = "REPORT",
        description = "Runs nothing: says what changed from one report to another, by folder.")
    private Path @Nullable [] compare;
  }

  @Option(
      names = "--output",
      paramLabel = "DIR",
      defaultValue = "perf-reports",
      description = "The folder of all reports.")
  private Path folder = Path.of("perf-reports");

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "RUN",
      description = "Only these commands of the grid, by their ids, comma-separated.")
  private @Nullable List<String> only;

  /** Made by the command-line parser. */
  public ReportCommand() {}

  @Override
  public void run() {
    CommandSpec command = spec;
    if (command == null) {
      throw new IllegalStateException("run by the command line only");
    }
    PrintWriter out = command.commandLine().getOut();
    Kind chosen = kind;
    Path[] pair = chosen == null ? null : chosen.compare;
    if (pair != null) {
      out.print(new Comparison(read(pair[0]), read(pair[1])).text());
      out.flush();
      return;
    }
    make(extentOf(chosen), runs(extentOf(chosen)), out, command.commandLine().getErr());
  }

  private static Extent extentOf(@Nullable Kind chosen) {
    if (chosen == null) {
      return Extent.NORMAL;
    }
    return chosen.quick ? Extent.QUICK : chosen.full ? Extent.FULL : Extent.NORMAL;
  }

  /** A folder as given, or a report of the folder of all. */
  private Results read(Path report) {
    return Comparison.read(Files.isDirectory(report) ? report : folder.resolve(report));
  }

  private List<GridRun> runs(Extent extent) {
    List<GridRun> all = Grid.of(extent);
    List<String> wanted = only;
    if (wanted == null) {
      return all;
    }
    List<String> known = all.stream().map(GridRun::id).toList();
    for (String id : wanted) {
      if (!known.contains(id)) {
        throw new CommandFailure("--only " + id + ": there are " + String.join(", ", known));
      }
    }
    return all.stream().filter(run -> wanted.contains(run.id())).toList();
  }

  private void make(Extent extent, List<GridRun> runs, PrintWriter out, PrintWriter err) {
    LocalDateTime now = LocalDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.MINUTES);
    Environment environment = Environment.here();
    warm(runs, environment, out);
    Path directory = free(now.toLocalDate() + "-" + environment.commit());
    boolean watched = isTerminal(System.console());
    GridRunner runner =
        new GridRunner(
            GridRunner.petrel(),
            directory,
            line -> {
              if (watched) {
                err.println(line);
                err.flush();
              }
            });
    CountDownLatch written = new CountDownLatch(1);
    Thread atExit = new Thread(() -> interrupt(runner, written), "interrupt the report");
    Runtime.getRuntime().addShutdownHook(atExit);
    try {
      int seconds = runs.stream().mapToInt(GridRun::seconds).sum();
      out.printf("%d benches, about %s%n", runs.size(), GridRunner.minutes(seconds));
      out.flush();
      List<Outcome> outcomes = runner.run(runs);
      String name = String.valueOf(directory.getFileName());
      String how = only == null ? extent.name().toLowerCase(Locale.ROOT) : "a part";
      ReportFiles files = new ReportFiles(name, now.toString(), how, environment, outcomes);
      write(files, directory);
      files.gaps().forEach(gap -> out.println("missing: " + gap));
      out.println("report: " + directory.resolve("report.html").toAbsolutePath().normalize());
      out.flush();
      if (runner.isInterrupted()) {
        throw new CommandFailure("interrupted; what was done is in the report");
      }
    } finally {
      written.countDown();
      try {
        Runtime.getRuntime().removeShutdownHook(atExit);
      } catch (IllegalStateException e) {
        // The JVM is on its way down already, which is why the report ends here.
      }
    }
  }

  /** Else the first to send much would pay for memory that no one has touched. */
  private static void warm(List<GridRun> runs, Environment environment, PrintWriter out) {
    if (runs.stream().anyMatch(GridRun::isBulk)) {
      out.println("touching free memory once, up to a minute");
      out.flush();
      environment.add("memory touched before", Machine.warmMemory() + " MiB");
    }
  }

  private static boolean isTerminal(@Nullable Console console) {
    return console != null && console.isTerminal();
  }

  /** Ctrl-C: the benches end, and the JVM waits until the report is written. */
  private static void interrupt(GridRunner runner, CountDownLatch written) {
    runner.interrupt();
    try {
      if (!written.await(WRITE_LIMIT_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("the report could not be written in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(ReportFiles files, Path directory) {
    try {
      files.write(directory);
      History history = new History(folder);
      history.add(files);
      history.writeIndex();
    } catch (IOException e) {
      throw new CommandFailure("cannot write the report: " + e + "; choose by --output", e);
    }
  }

  /** A folder that is not there yet. */
  private Path free(String name) {
    Path directory = folder.resolve(name);
    for (int i = 2; Files.exists(directory); i++) {
      directory = folder.resolve(name + "-" + i);
    }
    return directory;
  }
}
