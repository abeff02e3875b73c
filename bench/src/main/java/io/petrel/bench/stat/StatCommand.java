package io.petrel.bench.stat;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.cli.JsonOption;
import io.petrel.bench.cli.Quantities;
import io.petrel.transport.Context;
import io.petrel.transport.Options;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * What the engines on this machine count, found by their metrics files: those that run, and those
 * that crashed lately.
 */
@Command(
    name = "stat",
    description = "Live counters, sessions, loss, errors of running processes, or of crashed ones.")
public final class StatCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      showDefaultValue = Visibility.NEVER,
      description =
          "Where to look: the engines' option 'dir'. Default: petrel.dir, else the directory that"
              + " engines take by themselves.")
  private @Nullable Path directory;

  @Option(names = "--pid", description = "Only engines of this process.")
  private @Nullable Long pid;

  @Option(
      names = "--filter",
      paramLabel = "WORDS",
      defaultValue = "",
      showDefaultValue = Visibility.NEVER,
      description = "Only what has these words in its label.")
  private String filter = "";

  @Option(names = "--all", description = "Shows what is zero, too.")
  private boolean all;

  @Option(names = "--once", description = "Looks once, which is the default.")
  private boolean once;

  @Option(
      names = "--watch",
      paramLabel = "TIME",
      converter = Quantities.Nanoseconds.class,
      description = "Looks again and again, this far apart, and shows rates.")
  private @Nullable Long watchNs;

  @Option(names = "--looks", defaultValue = "0", description = "Ends --watch; 0: never.")
  private int looks;

  @Option(
      names = "--http",
      paramLabel = "PORT",
      description = "Serves OpenMetrics text at http://127.0.0.1:PORT/metrics instead; 0: any.")
  private @Nullable Integer httpPort;

  @Mixin private JsonOption json = new JsonOption();

  /** Made by the command-line parser. */
  public StatCommand() {}

  @Override
  public void run() {
    CommandSpec command = spec;
    if (command == null) {
      throw new IllegalStateException("run by the command line only");
    }
    Long apartNs = watchNs;
    if ((once && apartNs != null) || (httpPort != null && (once || apartNs != null))) {
      throw new ParameterException(
          command.commandLine(), "--once, --watch and --http exclude each other");
    }
    if (httpPort != null) {
      serve(httpPort, command.commandLine().getOut());
    } else {
      look(apartNs == null ? 0 : apartNs, apartNs == null ? 1 : looks);
    }
  }

  private void look(long apartNs, int times) {
    Predicate<String> wanted = EngineView.holding(filter);
    try (JsonOption.Output output = json.open()) {
      StatTable table = new StatTable(output.text(), all, wanted);
      for (int i = 0; times == 0 || i < times; i++) {
        if (i > 0 && !pause(apartNs)) {
          return;
        }
        List<EngineView> engines = engines();
        table.print(engines, Instant.now(), System.nanoTime());
        engines.forEach(engine -> StatLines.print(engine, all, wanted, output));
      }
    }
  }

  private static boolean pause(long ns) {
    try {
      TimeUnit.NANOSECONDS.sleep(ns);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void serve(int port, PrintWriter out) {
    try (MetricsServer server = new MetricsServer(port, () -> OpenMetrics.text(engines()))) {
      out.println(server.uri());
      out.flush();
      new CountDownLatch(1).await(); // until the process is told to end
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<EngineView> engines() {
    Path where = directory != null ? directory : Path.of(new Context().value(Options.DIR));
    List<EngineView> found = EngineView.in(where);
    Long only = pid;
    if (only == null) {
      return found;
    }
    List<EngineView> ofProcess =
        found.stream().filter(engine -> engine.reader().process().pid() == only).toList();
    if (ofProcess.isEmpty()) {
      throw new CommandFailure(
          "process %d has no Petrel that keeps its metrics in '%s'; there is one in process %s"
              .formatted(
                  only,
                  where,
                  String.join(
                      ", ",
                      found.stream()
                          .map(engine -> Long.toString(engine.reader().process().pid()))
                          .distinct()
                          .toList())));
    }
    return ofProcess;
  }
}
