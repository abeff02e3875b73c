package io.petrel.bench.grid;

import io.petrel.bench.measure.Summary;
import io.petrel.bench.report.Legible;
import io.petrel.bench.report.Table;
import java.util.function.DoubleFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What Petrel means to reach, beside what it did reach in this report. */
final class Goals {
  private final Results results;
  private final Table table = new Table("goal", "wanted", "median", "lowest", "highest", "met");
  private int met;
  private int judged;

  Goals(Results results) {
    this.results = results;
    Results trip = results.ofRun("rtt-64");
    most("round trip 64 B: p50 over raw UDP sockets", 1.08, trip.ratio("rudp", "udp", "p50_ns"));
    most("round trip 64 B: p99 over raw UDP sockets", 1.25, trip.ratio("rudp", "udp", "p99_ns"));
    most("round trip 64 B: p50 over TCP", 0.78, trip.ratio("rudp", "tcp", "p50_ns"));
    most("round trip 64 B: p50 over Aeron", 0.88, trip.ratio("rudp", "aeron", "p50_ns"));
    most("round trip 64 B: p99 over Aeron", 0.40, trip.ratio("rudp", "aeron", "p99_ns"));
    throughput(32, 5);
    throughput(64, 7);
    throughput(288, 10);
    throughput(1344, 12);
    least(
        "throughput 1344 B over TCP",
        1.3,
        results.ofRun("throughput-1344").ratio("rudp", "tcp", "msgs_per_s"));
    least(
        "fan-out to 8 receivers over Aeron",
        10,
        results.ofRun("fanout-8").ratio("mcast", "aeron-mcast", "bytes_per_s"));
    Results lossy = results.ofRun("rtt-loss-64").ofPeer("rudp");
    most("round trip, 1% lost each way: p99", 150e3, lossy.summary("p99_ns"), Legible::duration);
    most("round trip, 1% lost each way: p99.9", 1e6, lossy.summary("p999_ns"), Legible::duration);
    most(
        "1% loss, 20 ms round trip, 100 messages/s: p99.9, ms",
        37,
        results.ofRun("lossy-1-20ms-thin").ofPeer("rudp/cubic").summary("p999_ms"),
        Goals::times);
    Results messages = results.ofRun("lossy-1-20ms");
    most(
        "1% loss, 20 ms round trip, messages: p99.9 over the best other peer's",
        1, LossyGoals.best(messages, "p999_ms"));
    least(
        "5% loss, 20 ms round trip, bulk: rudp/bbr over the link's ceiling",
        0.9, LossyGoals.ofCeiling(results.ofRun("lossy-5-20ms-bulk").ofPeer("rudp/bbr")));
    between(
        "rudp/cubic beside the kernel's cubic: share of the link",
        0.4,
        0.6,
        results.ofRun("lossy-fairness").ofPeer("rudp/cubic").summary("share"));
    most(
        "shared memory: round trip over a cache line's",
        4,
        results.ofRun("rtt-ipc-64").ratio("ipc", "cache-line", "p50_ns"));
    most(
        "counter: an update",
        5,
        results
            .ofRun("metrics")
            .where(row -> row.text("what").equals("counter") && row.number("threads") == 1)
            .summary("ns_per_update"),
        Legible::duration);
  }

  private static String times(double value) {
    return "%.2f".formatted(value);
  }

  private void throughput(int size, double wanted) {
    least(
        "throughput " + size + " B over Aeron",
        wanted,
        results.ofRun("throughput-" + size).ratio("rudp", "aeron", "msgs_per_s"));
  }

  private void most(String goal, double limit, @Nullable Summary reached) {
    most(goal, limit, reached, Goals::times);
  }

  private void most(
      String goal, double limit, @Nullable Summary reached, DoubleFunction<String> format) {
    add(goal, "at most " + format.apply(limit), reached, format, s -> s.median() <= limit);
  }

  private void least(String goal, double limit, @Nullable Summary reached) {
    add(goal, "at least " + times(limit), reached, Goals::times, s -> s.median() >= limit);
  }

  private void between(String goal, double low, double high, @Nullable Summary reached) {
    add(
        goal,
        times(low) + " to " + times(high),
        reached,
        Goals::times,
        s -> s.median() >= low && s.median() <= high);
  }

  private void add(
      String goal,
      String wanted,
      @Nullable Summary reached,
      DoubleFunction<String> format,
      Predicate<Summary> isMet) {
    if (reached == null) {
      return; // not part of this report
    }
    boolean reachedIt = isMet.test(reached);
    judged++;
    met += reachedIt ? 1 : 0;
    table.row(
        goal,
        wanted,
        format.apply(reached.median()),
        format.apply(reached.min()),
        format.apply(reached.max()),
        reachedIt ? "yes" : "no");
  }

  boolean isEmpty() {
    return table.isEmpty();
  }

  Section section() {
    return new Section("Goals")
        .paragraph(
            "%d of the %d goals that this report measures are met. Ratios are taken round by round;"
                    .formatted(met, judged)
                + " the median decides.")
        .table(table);
  }
}
