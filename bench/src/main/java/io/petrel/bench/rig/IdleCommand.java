package io.petrel.bench.rig;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.cli.JsonLine;
import io.petrel.bench.cli.JsonOption;
import io.petrel.bench.cli.Quantities;
import io.petrel.bench.measure.Interleaved;
import io.petrel.bench.measure.Machine;
import io.petrel.bench.measure.Percentiles;
import io.petrel.bench.measure.PinnedWorkers;
import io.petrel.bench.measure.Summary;
import java.io.PrintWriter;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What thousands of idle sessions cost a server, and a busy session beside them:
 *
 * <pre>
 *   core 0: busy client &lt;--one in flight--&gt; core 1: server, one socket
 *                                                      ^
 *   a process of its own: N sessions over 8 sockets ---+   keepalives only
 * </pre>
 *
 * The same busy session is measured at a second server that has no other, in turns; the idle
 * clients then pause.
 */
@Command(
    name = "idle",
    description =
        "Thousands of idle rudp sessions on a server: memory, and a busy one beside them.")
public final class IdleCommand implements Runnable {
  private static final int WARM_UPS = 3;
  private static final int SETTLE_MS = 3_000;
  private static final int LARGEST_NS = 1_000_000_000;

  @Option(names = "--sessions", defaultValue = "10000", description = "Idle sessions.")
  private int sessions;

  @Option(
      names = "--keepalive",
      defaultValue = "15s",
      converter = Quantities.Nanoseconds.class,
      paramLabel = "TIME",
      description = "Silence after which either side asks for a sign of life.")
  private long keepaliveNs;

  @Option(names = "--messages", defaultValue = "50000", description = "Round trips a round.")
  private int messages;

  @Option(names = "--rounds", defaultValue = "9", description = "Interleaved rounds that count.")
  private int rounds;

  @Mixin private JsonOption json = new JsonOption();

  /** Made by the command-line parser. */
  public IdleCommand() {}

  /** What the idle sessions took of the server. */
  private record Cost(double handshakesPerSecond, double heapBytes, double directBytes) {}

  @Override
  public void run() {
    if (sessions < 1 || messages < 1 || rounds < 1) {
      throw new CommandFailure("--sessions, --messages and --rounds must be 1 or more");
    }
    try (JsonOption.Output output = json.open();
        PinnedWorkers workers = new PinnedWorkers(2);
        IdlePair crowded = new IdlePair(sessions + 1, keepaliveNs);
        IdlePair alone = new IdlePair(1, keepaliveNs)) {
      long heap = heapBytes();
      long direct = directBytes();
      List<String> arguments =
          List.of(
              Integer.toString(crowded.port()),
              Integer.toString(sessions),
              Long.toString(keepaliveNs));
      try (ChildProcess clients =
          new ChildProcess("idle clients", List.of(), IdleClients.class, arguments)) {
        long connectNs = connect(crowded, clients);
        Cost cost =
            new Cost(
                sessions * 1e9 / connectNs,
                (double) (heapBytes() - heap) / sessions,
                (double) (directBytes() - direct) / sessions);
        Machine.CpuTime before = Machine.cpuTime();
        Map<Boolean, List<Histogram>> results =
            Interleaved.run(
                List.of(true, false),
                WARM_UPS,
                rounds,
                with -> round(workers, with ? crowded : alone, clients, with));
        if (crowded.sessions() != sessions + 1) {
          throw new CommandFailure(
              "only "
                  + crowded.sessions()
                  + " of "
                  + (sessions + 1)
                  + " sessions lived to the end");
        }
        double stolen = Machine.cpuTime().stolenShareSince(before);
        print(output.text(), cost, results, stolen);
        results.forEach((with, all) -> output.line(line(with, cost, all, stolen)));
      }
    }
  }

  private long connect(IdlePair crowded, ChildProcess clients) {
    long limitNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (crowded.sessions() < sessions + 1) {
      crowded.workServer();
      if (System.nanoTime() - limitNs > 0) {
        throw new CommandFailure(
            "only " + crowded.sessions() + " of " + (sessions + 1) + " sessions after 120 s");
      }
    }
    spin(crowded, SETTLE_MS); // the last ones' first packets, and until they are at rest
    return Long.parseLong(clients.await("connected", 10));
  }

  private static void spin(IdlePair pair, int milliseconds) {
    long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
    while (System.nanoTime() - untilNs < 0) {
      pair.workServer();
    }
  }

  private Histogram round(
      PinnedWorkers workers, IdlePair pair, ChildProcess clients, boolean with) {
    clients.say(with ? "go" : "pause");
    Histogram histogram = new Histogram(LARGEST_NS, 3);
    histogram.setAutoResize(true);
    if (with) {
      spin(pair, 100);
    }
    pair.begin();
    workers.run(List.of(() -> pair.ask(messages, histogram), pair::serve));
    return histogram;
  }

  /** What is in use once nothing more can be collected. */
  private static long heapBytes() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static long directBytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  private static Summary percentile(List<Histogram> all, double percentile) {
    return Summary.of(
        all.stream().mapToDouble(one -> one.getValueAtPercentile(percentile)).toArray());
  }

  private void print(
      PrintWriter text, Cost cost, Map<Boolean, List<Histogram>> results, double stolen) {
    text.printf(
        Locale.ROOT,
        "%d idle sessions: %.0f handshakes/s; %.0f B of heap and %.0f B off the heap each%n",
        sessions,
        cost.handshakesPerSecond(),
        cost.heapBytes(),
        cost.directBytes());
    text.printf(
        Locale.ROOT,
        "a busy session, medians of %d interleaved rounds, %.1f %% of the time stolen%n",
        rounds,
        stolen * 100);
    text.printf("%-10s %10s %10s %10s%n", "beside", "p50 us", "p99 us", "p99.9 us");
    results.forEach((with, all) ->
        text.printf(
            Locale.ROOT,
            "%-10d %10.2f %10.2f %10.2f%n",
            with ? sessions : 0,
            percentile(all, 50).median() / 1e3,
            percentile(all, 99).median() / 1e3,
            percentile(all, 99.9).median() / 1e3));
    text.printf(Locale.ROOT, "p50 with over without: %.3f%n", ratio(results, 50));
    text.printf(Locale.ROOT, "p99 with over without: %.3f%n", ratio(results, 99));
  }

  private static double ratio(Map<Boolean, List<Histogram>> results, double percentile) {
    return percentile(results.getOrDefault(true, List.of()), percentile).median()
        / percentile(results.getOrDefault(false, List.of()), percentile).median();
  }

  private JsonLine line(boolean with, Cost cost, List<Histogram> all, double stolen) {
    Histogram sum = new Histogram(LARGEST_NS, 3);
    sum.setAutoResize(true);
    all.forEach(sum::add);
    JsonLine line =
        new JsonLine()
            .put("bench", "idle")
            .put("sessions", with ? sessions : 0)
            .put("messages", messages)
            .put("rounds", rounds)
            .put("median_p50_ns", percentile(all, 50).median(), 0)
            .put("median_p99_ns", percentile(all, 99).median(), 0)
            .put("heap_bytes_per_session", cost.heapBytes(), 0)
            .put("off_heap_bytes_per_session", cost.directBytes(), 0)
            .put("handshakes_per_s", cost.handshakesPerSecond(), 0)
            .put("stolen_share", stolen, 4);
    Percentiles.describe(line, sum);
    return line;
  }
}
