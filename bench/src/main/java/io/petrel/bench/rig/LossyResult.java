package io.petrel.bench.rig;

import io.petrel.bench.cli.JsonLine;
import io.petrel.bench.link.LinkAccounts;
import io.petrel.bench.measure.Percentiles;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What one cell did in one round, and what the link did to it. */
final class LossyResult {
  static final String TITLES =
      String.format(
          "%14s%10s%10s%11s%10s%10s%12s%10s",
          "goodput mbit", "p50 ms", "p99 ms", "p99.9 ms", "max ms", "drops", "queue full", "wire");

  /** So many messages leave 20 beyond the 99.9th percentile. */
  static final long ENOUGH = 20_000;

  private static final double NANOSECONDS_PER_MILLISECOND = 1e6;

  private final long size;
  private final long elapsedNs;
  private final long counted;
  private final long carriedInAll;
  private final long undelivered;
  private final long lost;
  private final long misordered;
  private final long damaged;
  private final @Nullable Histogram histogram;
  private @Nullable LinkAccounts accounts;
  private long deviceDrops;
  private @Nullable Histogram lateness;
  private long writeFailures;
  private String besideLabel = "";
  private double besideMbit;

  private LossyResult(
      LossyPlan plan,
      Figures receiver,
      long counted,
      long carriedInAll,
      long undelivered,
      long lost,
      @Nullable Histogram histogram) {
    size = plan.size();
    elapsedNs = Math.max(1, receiver.value("elapsed"));
    this.counted = counted;
    this.carriedInAll = carriedInAll;
    this.undelivered = undelivered;
    this.lost = lost;
    this.histogram = histogram;
    misordered = receiver.value("misordered");
    damaged = receiver.value("damaged");
  }

  /** Of messages on a schedule. */
  static LossyResult paced(LossyPlan plan, List<Figures> figures, long warmUp) {
    Figures receiver = figures.getLast();
    long delivered = receiver.value("delivered");
    long lost = receiver.value("lost");
    // Those behind the last that came are not known to be lost, only not to have come in time.
    long missing = plan.messagesIn(plan.durationNs()) - delivered - lost;
    return new LossyResult(
        plan,
        receiver,
        delivered,
        delivered + warmUp,
        Math.max(0, missing),
        lost,
        receiver.histogram());
  }

  /** Of as many messages as went through. */
  static LossyResult bulk(LossyPlan plan, Figures receiver) {
    return new LossyResult(
        plan,
        receiver,
        receiver.value("stretch"),
        receiver.value("delivered"),
        0,
        receiver.value("lost"),
        null);
  }

  /**
   * Adds the link's side.
   *
   * @param accounts of the link since the cell's first packet
   * @param dropped by the devices since then
   */
  void link(LinkAccounts accounts, long dropped) {
    this.accounts = accounts;
    deviceDrops = dropped;
  }

  /**
   * Adds what the emulator says of itself.
   *
   * @param late by how much packets came out too late
   * @param failures packets that the receiving kernel would not take
   */
  void emulator(Histogram late, long failures) {
    lateness = late;
    writeFailures = failures;
  }

  /** Adds what another flow got through the link at the same time. */
  void beside(String rival, LossyResult result) {
    besideLabel = rival;
    besideMbit = result.goodputMbit();
  }

  /** In words who got how much; empty for a flow that was alone. */
  String besideText() {
    return besideLabel.isEmpty()
        ? ""
        : String.format(
            Locale.ROOT,
            "    beside %s, which got %.3f mbit: %.3f of both%n",
            besideLabel,
            besideMbit,
            share());
  }

  private double share() {
    return goodputMbit() / (goodputMbit() + besideMbit);
  }

  /** What went wrong that the link does not excuse; empty if nothing did. */
  String flaw() {
    StringBuilder flaw = new StringBuilder();
    append(flaw, lost, "lost");
    append(flaw, misordered, "repeated or out of order");
    append(flaw, damaged, "damaged");
    append(flaw, undelivered, "not delivered by the end");
    append(flaw, writeFailures, "packets that the receiving kernel would not take");
    append(flaw, deviceDrops, "packets dropped before the emulator read them");
    LinkAccounts link = accounts;
    if (link != null && !link.isBalanced()) {
      append(flaw, 1, "emulator lost count: " + link);
    }
    return flaw.toString();
  }

  private static void append(StringBuilder flaw, long count, String what) {
    if (count > 0) {
      flaw.append(flaw.isEmpty() ? "" : ", ").append(count).append(' ').append(what);
    }
  }

  /** Whether too few messages stand behind the 99.9th percentile. */
  boolean isTailThin() {
    return histogram != null && histogram.getTotalCount() < ENOUGH;
  }

  private double goodputMbit() {
    return counted * size * 8e3 / elapsedNs;
  }

  private double millis(double percentile) {
    return histogram == null || histogram.getTotalCount() == 0
        ? Double.NaN
        : histogram.getValueAtPercentile(percentile) / NANOSECONDS_PER_MILLISECOND;
  }

  /** Bytes of IP packets sent towards the receiver, for each byte it was handed by a flow alone. */
  private double amplification() {
    LinkAccounts link = accounts;
    return link == null || carriedInAll == 0 || !besideLabel.isEmpty()
        ? Double.NaN
        : (double) link.forward().enteredBytes() / (carriedInAll * size);
  }

  private double drops() {
    return accounts == null ? Double.NaN : accounts.injectedDrops();
  }

  private double queueDrops() {
    return accounts == null
        ? Double.NaN
        : accounts.forward().queueDrops() + accounts.back().queueDrops();
  }

  JsonLine json(JsonLine line) {
    line.put("injected_drops", drops(), 0)
        .put("goodput_mbit", goodputMbit(), 3)
        .put("p50_ms", millis(50), 3)
        .put("p99_ms", millis(99), 3)
        .put("p999_ms", millis(99.9), 3)
        .put("max_ms", millis(100), 3)
        .put("wire_amplification", amplification(), 4)
        .put("messages", counted)
        .put("p999_from_enough", histogram != null && !isTailThin())
        .put("undelivered", undelivered)
        .put("lost", lost)
        .put("out_of_order", misordered)
        .put("damaged", damaged)
        .put("seconds", elapsedNs / 1e9, 3)
        .put("device_drops", deviceDrops);
    if (!besideLabel.isEmpty()) {
      line.put("beside", besideLabel).put("beside_mbit", besideMbit, 3).put("share", share(), 4);
    }
    LinkAccounts link = accounts;
    if (link != null) {
      line.put("forward", json(link.forward())).put("back", json(link.back()));
    }
    Histogram late = lateness;
    if (late != null) {
      line.put("emulator_late_p50_us", late.getValueAtPercentile(50) / 1e3, 1)
          .put("emulator_late_p99_us", late.getValueAtPercentile(99) / 1e3, 1)
          .put("emulator_late_max_us", late.getMaxValue() / 1e3, 1);
    }
    return line;
  }

  /** Adds all latencies, where there are any. */
  JsonLine histogram(JsonLine line) {
    return histogram == null ? line : line.put("histogram", Percentiles.encoded(histogram));
  }

  private static JsonLine json(LinkAccounts.Direction direction) {
    return new JsonLine()
        .put("packets", direction.entered())
        .put("bytes", direction.enteredBytes())
        .put("delivered", direction.delivered())
        .put("lost", direction.lost())
        .put("queue_drops", direction.queueDrops())
        .put("reordered", direction.reordered())
        .put("duplicated", direction.duplicated())
        .put("max_queue_ms", direction.maxQueueDelayNs() / NANOSECONDS_PER_MILLISECOND, 3);
  }

  /** Medians of several rounds. */
  static String row(List<LossyResult> rounds) {
    String mark = rounds.stream().anyMatch(LossyResult::isTailThin) ? "*" : " ";
    return String.format("%14s", median(rounds, LossyResult::goodputMbit, 3))
        + String.format("%10s", median(rounds, result -> result.millis(50), 2))
        + String.format("%10s", median(rounds, result -> result.millis(99), 2))
        + String.format("%10s%s", median(rounds, result -> result.millis(99.9), 2), mark)
        + String.format("%10s", median(rounds, result -> result.millis(100), 2))
        + String.format("%10s", median(rounds, LossyResult::drops, 0))
        + String.format("%12s", median(rounds, LossyResult::queueDrops, 0))
        + String.format("%10s", median(rounds, LossyResult::amplification, 3));
  }

  private static String median(
      List<LossyResult> rounds, ToDoubleFunction<LossyResult> value, int decimals) {
    double[] sorted = rounds.stream().mapToDouble(value).sorted().toArray();
    double median = sorted[sorted.length / 2];
    return Double.isNaN(median) ? "-" : String.format(Locale.ROOT, "%." + decimals + "f", median);
  }
}
