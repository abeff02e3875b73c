package io.petrel.bench.sim;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.cli.JsonOption;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sim multicast}: what the fan-out makes of a lossy group, in virtual time. */
@Command(
    name = "multicast",
    description = "Multicast fan-out to a simulated group: the same options, the same result.")
public final class MulticastCommand implements Runnable {
  private static final int MOST_RECEIVERS = 1_000;
  private static final long MOST_MESSAGES = 100_000_000;

  @Mixin private MulticastOptions options = new MulticastOptions();
  @Mixin private JsonOption json = new JsonOption();
  @Spec private @Nullable CommandSpec spec;

  /** Made by the command-line parser. */
  public MulticastCommand() {}

  @Override
  public void run() {
    check();
    MulticastResult result = new MulticastSimulation(options).run();
    try (JsonOption.Output output = json.open()) {
      output.line(result.json());
      print(result, output);
    }
    if (result.failure() != null) {
      throw new CommandFailure(result.failure() + " (seed " + options.seed + ")");
    }
    int owed = options.receivers - (options.hasJournal() ? 0 : options.crybaby.receivers());
    if (result.completeReceivers() < owed) {
      throw new CommandFailure(
          "only "
              + result.completeReceivers()
              + " of "
              + options.receivers
              + " receivers got everything within "
              + result.seconds()
              + " s (seed "
              + options.seed
              + ")");
    }
    checkJoiners(result);
  }

  private void checkJoiners(MulticastResult result) {
    if (result.completeJoiners() < options.joiners) {
      throw new CommandFailure(
          "only "
              + result.completeJoiners()
              + " of "
              + options.joiners
              + " joiners got everything within "
              + result.seconds()
              + " s (seed "
              + options.seed
              + ")");
    }
  }

  private void check() {
    inRange("--receivers", options.receivers, 1, MOST_RECEIVERS);
    inRange("--messages", options.messages, 1, MOST_MESSAGES);
    inRange("--size", options.messageBytes, Long.BYTES, 1 << 20);
    inRange("--message-rate", options.messageRate, 1, 1_000_000_000L);
    inRange("--lines", options.lines, 1, 2);
    inRange("--mtu", options.datagramBytes, 576, 65_507);
    inRange("--rtt", options.roundTripNs, 1_000, 1_000_000_000L);
    inRange("--group-size-estimate", options.groupSizeEstimate, 0, 1_000_000);
    inRange("--crybaby", options.crybaby.receivers(), 0, options.receivers - 1);
    if (options.ringBytes != 0) {
      inRange("--ring", options.ringBytes, 4_096, 1 << 30);
      if (Long.bitCount(options.ringBytes) != 1) {
        throw wrong("--ring must be a power of two, not " + options.ringBytes);
      }
      inRange("--size", options.messageBytes, Long.BYTES, options.ringBytes / 8);
    }
    inRange("--joiners", options.joiners, 0, MOST_RECEIVERS);
    inRange("--replay-rate", options.replayBitsPerSecond, 1_000, 1_000_000_000_000L);
    for (double share :
        new double[] {
          options.loss,
          options.sharedLoss,
          options.nakLoss,
          options.repairLoss,
          options.lineLoss,
          options.crybaby.loss()
        }) {
      if (share >= 1) {
        throw wrong("a loss must be below 100%");
      }
    }
  }

  private void inRange(String option, long value, long least, long most) {
    if (value < least || value > most) {
      throw wrong(option + " must be from " + least + " to " + most + ", not " + value);
    }
  }

  private RuntimeException wrong(String message) {
    return spec == null
        ? new IllegalArgumentException(message)
        : new ParameterException(spec.commandLine(), message);
  }

  private void print(MulticastResult result, JsonOption.Output output) {
    MulticastRecord record = result.record();
    row(
        output,
        "complete",
        result.completeReceivers() + " of " + options.receivers,
        result.isIntact() ? "intact" : "BROKEN");
    row(
        output,
        "virtual time",
        String.format(Locale.ROOT, "%.3f s", result.seconds()),
        result.sender().offered() + " messages");
    row(
        output,
        "latency",
        String.format(Locale.ROOT, "p50 %.1f us", MulticastResult.micros(record.latencies(), 50)),
        String.format(
            Locale.ROOT,
            "p99 %.1f us, p99.9 %.1f us",
            MulticastResult.micros(record.latencies(), 99),
            MulticastResult.micros(record.latencies(), 99.9)));
    row(
        output,
        "lost",
        result.injectedDrops() + " datagrams",
        record.lossEvents() + " of new data, " + record.sharedEvents() + " times for all");
    row(
        output,
        "NAKs",
        Long.toString(record.naks()),
        String.format(
            Locale.ROOT,
            "%.2f for each loss common to all, the first after %.1f us",
            record.naksPerSharedEvent(),
            MulticastResult.micros(record.firstNaks(), 50)));
    row(
        output,
        "repairs",
        String.format(Locale.ROOT, "%.4f of the data", result.repairOverhead()),
        String.format(
            Locale.ROOT,
            "after p50 %.1f us, p99 %.1f us; at most %.4f of the rate in any 10 ms",
            MulticastResult.micros(record.recoveries(), 50),
            MulticastResult.micros(record.recoveries(), 99),
            record.mostRepairShare()));
    row(
        output,
        "given up",
        result.unrecoverable() + " ranges",
        result.excluded() + " receivers out of the repair");
    if (options.hasJournal()) {
      row(
          output,
          "journal",
          result.completeJoiners() + " of " + options.joiners + " joiners",
          String.format(Locale.ROOT, "%,d bytes replayed", result.replayedBytes()));
    }
  }

  private static void row(JsonOption.Output output, String what, String value, String more) {
    output
        .text()
        .println(String.format(Locale.ROOT, "%-14s%-20s%s", what, value, more).stripTrailing());
  }
}
