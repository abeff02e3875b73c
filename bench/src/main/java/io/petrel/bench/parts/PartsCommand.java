package io.petrel.bench.parts;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.cli.JsonLine;
import io.petrel.bench.cli.JsonOption;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench parts}: what single operations cost, by JMH. */
@Command(
    name = "parts",
    description =
        "Single operations, in nanoseconds, by JMH: rings, codecs, holes, acknowledgements,"
            + " counters, buffers. Each in a JVM of its own; progress on standard error.")
public final class PartsCommand implements Runnable {
  private static final String ALL = "io\\.petrel\\.bench\\.jmh\\..*";
  private static final String PACKAGE = "io.petrel.bench.jmh.";

  @Option(
      names = "--filter",
      defaultValue = "",
      paramLabel = "REGEX",
      description = "Only benchmarks whose Class.method holds this: Codec, RingBenchmark.offer ...")
  private String filter = "";

  @Option(
      names = "--seconds",
      defaultValue = "1",
      description = "Length of each of 3 iterations of warm-up and 5 of measurement.")
  private double seconds = 1;

  @Option(names = "--forks", defaultValue = "1", description = "JVMs for each, one after another.")
  private int forks = 1;

  @Mixin private JsonOption json = new JsonOption();

  /** Made by the command-line parser. */
  public PartsCommand() {}

  @Override
  public void run() {
    if (seconds <= 0 || forks < 1) {
      throw new CommandFailure("--seconds and --forks must be above 0");
    }
    TimeValue iteration = new TimeValue((long) (seconds * 1000), TimeUnit.MILLISECONDS);
    Options options =
        new OptionsBuilder()
            .include(filter.isEmpty() ? ALL : ALL + filter + ".*")
            .warmupTime(iteration)
            .measurementTime(iteration)
            .forks(forks)
            .build();
    OutputFormat progress =
        OutputFormatFactory.createFormatInstance(System.err, VerboseMode.NORMAL);
    try (JsonOption.Output output = json.open()) {
      print(new Runner(options, progress).run(), output);
    } catch (NoBenchmarksException e) {
      throw new CommandFailure("--filter " + filter + ": no benchmark has such a name", e);
    } catch (RunnerException e) {
      throw new CommandFailure("the benchmarks could not be run: " + e.getMessage(), e);
    }
  }

  private static void print(Collection<RunResult> results, JsonOption.Output output) {
    PrintWriter text = output.text();
    text.printf("%-60s%14s%14s%n", "", "ns", "+-");
    for (RunResult result : results) {
      BenchmarkParams benchmark = result.getParams();
      Result<?> score = result.getPrimaryResult();
      String name = benchmark.getBenchmark().substring(PACKAGE.length());
      StringBuilder parameters = new StringBuilder();
      for (String key : benchmark.getParamsKeys()) {
        parameters.append(' ').append(key).append('=').append(benchmark.getParam(key));
      }
      text.printf("%-60s%14.2f%14.2f%n", name + parameters, score.getScore(), error(score));
      output.line(
          new JsonLine()
              .put("bench", "parts")
              .put("what", name)
              .put("parameters", parameters.toString().strip())
              .put("ns_per_op", score.getScore(), 3)
              .put("error_ns", score.getScoreError(), 3));
    }
  }

  /** Half of the 99.9 % interval; 0 where there are too few iterations for one. */
  private static double error(Result<?> score) {
    return Double.isNaN(score.getScoreError()) ? 0 : score.getScoreError();
  }
}
