package io.petrel.bench.metrics;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.cli.JsonLine;
import io.petrel.bench.cli.JsonOption;
import io.petrel.bench.measure.Interleaved;
import io.petrel.bench.measure.Machine;
import io.petrel.bench.measure.PinnedWorkers;
import io.petrel.bench.measure.Summary;
import io.petrel.transport.metrics.Counters;
import io.petrel.transport.metrics.CountersFile;
import io.petrel.transport.metrics.MetricsCapacity;
import io.petrel.transport.metrics.MetricsDirectory;
import io.petrel.transport.metrics.MetricsFileException;
import io.petrel.transport.metrics.StripedCounter;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What counting costs. Threads on cores of their own update counters and histograms of a mapped
 * file as fast as they can, alone and at the same time:
 *
 * <pre>
 *   core 0: thread 1 -> its counters \
 *                                     one mapped file
 *   core 1: thread 2 -> its counters /
 * </pre>
 */
@Command(
    name = "metrics",
    description = "Counters and histograms: ns an update, updates/s on 1 and on 2 threads.")
public final class MetricsCommand implements Runnable {
  private static final String BOUNDS_CHECKS_OFF = "agrona.disable.bounds.checks";
  private static final int WARM_UPS = 3;
  private static final MetricsCapacity CAPACITY = new MetricsCapacity(4096, 64, 16 << 20, 64 << 10);

  @Option(
      names = "--updates",
      defaultValue = "20000000",
      description = "Updates a thread makes in a round.")
  private int updates;

  @Option(names = "--rounds", defaultValue = "9", description = "Rounds that count.")
  private int rounds;

  @Mixin private JsonOption json = new JsonOption();

  /** Made by the command-line parser. */
  public MetricsCommand() {}

  private record Case(Updates updates, int threads) {
    String what() {
      return updates.name().toLowerCase(Locale.ROOT);
    }
  }

  private record Round(double nsPerUpdate, double updatesPerSecond, long allocatedBytes) {}

  @Override
  public void run() {
    if (updates < 1 || rounds < 1) {
      throw new CommandFailure("--updates and --rounds must be 1 or more");
    }
    withoutBoundsChecks();
    List<Case> cases = new ArrayList<>();
    for (Updates one : Updates.values()) {
      cases.add(new Case(one, 1));
      cases.add(new Case(one, 2));
    }
    try (JsonOption.Output output = json.open();
        PinnedWorkers workers = new PinnedWorkers(2);
        CountersFile file = createFile()) {
      Machine.CpuTime before = Machine.cpuTime();
      Map<Case, List<? extends Runnable>> loops = loops(file.counters(), cases);
      Map<Case, List<Round>> results =
          Interleaved.run(
              cases,
              WARM_UPS,
              rounds,
              one -> round(workers.run(loops.getOrDefault(one, List.of()))));
      double stolen = Machine.cpuTime().stolenShareSince(before);
      print(output.text(), results, workers, stolen);
      results.forEach((one, all) -> output.line(jsonOf(one, all, workers, stolen)));
    }
  }

  /** As in production; too late once Agrona's buffers are loaded, and the results say so. */
  private static void withoutBoundsChecks() {
    if (System.getProperty(BOUNDS_CHECKS_OFF) == null) {
      System.setProperty(BOUNDS_CHECKS_OFF, "true");
    }
  }

  private static CountersFile createFile() {
    try {
      return CountersFile.createIn(MetricsDirectory.defaultDirectory(), CAPACITY);
    } catch (MetricsFileException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private Map<Case, List<? extends Runnable>> loops(Counters counters, List<Case> cases) {
    Map<Case, List<? extends Runnable>> loops = new HashMap<>();
    for (Case one : cases) {
      StripedCounter striped = counters.addStriped(one.what() + one.threads, 1000, one.threads);
      List<Runnable> ofThreads = new ArrayList<>();
      for (int i = 0; i < one.threads; i++) {
        ofThreads.add(one.updates.loop(counters.forAnotherWriter(), striped, updates));
      }
      loops.put(one, ofThreads);
    }
    return loops;
  }

  private Round round(List<PinnedWorkers.Cost> costs) {
    double sumNs = 0;
    long longestNs = 0;
    long allocated = 0;
    for (PinnedWorkers.Cost cost : costs) {
      sumNs += (double) cost.elapsedNs();
      longestNs = Math.max(longestNs, cost.elapsedNs());
      allocated += cost.allocatedBytes();
    }
    double all = (double) updates * costs.size();
    return new Round(sumNs / all, all / longestNs * 1e9, allocated);
  }

  private JsonLine jsonOf(Case one, List<Round> all, PinnedWorkers workers, double stolen) {
    Summary ns = summaryOfNs(all);
    Summary perSecond = summaryOfRates(all);
    return new JsonLine()
        .put("bench", "metrics")
        .put("what", one.what())
        .put("threads", one.threads)
        .put("ns_per_update", ns.median(), 3)
        .put("updates_per_s", perSecond.median(), 0)
        .put("min_ns_per_update", ns.min(), 3)
        .put("max_ns_per_update", ns.max(), 3)
        .put("min_updates_per_s", perSecond.min(), 0)
        .put("max_updates_per_s", perSecond.max(), 0)
        .put("allocated_bytes", allocated(all))
        .put("rounds", rounds)
        .put("updates", updates)
        .put("cores", workers.cores().stream().mapToLong(core -> core).toArray())
        .put("bounds_checks", UnsafeBuffer.SHOULD_BOUNDS_CHECK)
        .put("stolen_share", stolen, 4);
  }

  private void print(
      PrintWriter text, Map<Case, List<Round>> results, PinnedWorkers workers, double stolen) {
    text.printf(
        Locale.ROOT,
        "medians of %d interleaved rounds, cores %s, %.1f %% of the time stolen by the host%n",
        rounds,
        workers.cores(),
        stolen * 100);
    text.printf("%-10s %7s %10s %16s %9s%n", "what", "threads", "ns/update", "updates/s", "bytes");
    results.forEach((one, all) ->
        text.printf(
            Locale.ROOT,
            "%-10s %7d %10.2f %16.0f %9d%n",
            one.what(),
            one.threads,
            summaryOfNs(all).median(),
            summaryOfRates(all).median(),
            allocated(all)));
  }

  private static Summary summaryOfNs(List<Round> all) {
    return Summary.of(all.stream().mapToDouble(Round::nsPerUpdate).toArray());
  }

  private static Summary summaryOfRates(List<Round> all) {
    return Summary.of(all.stream().mapToDouble(Round::updatesPerSecond).toArray());
  }

  private static long allocated(List<Round> all) {
    return all.stream().mapToLong(Round::allocatedBytes).sum();
  }
}
