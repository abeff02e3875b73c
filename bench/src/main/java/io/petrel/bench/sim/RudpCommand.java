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

/** {@code sim rudp}: what reliable UDP makes of a link, in virtual time. */
@Command(
    name = "rudp",
    description = "Reliable UDP over a simulated link: the same options and seed, the same result.")
public final class RudpCommand implements Runnable {
  private static final int MOST_FLOWS = 1_000;
  private static final int MOST_STREAMS = 64;

  @Mixin private RudpOptions options = new RudpOptions();
  @Mixin private LinkOptions link = new LinkOptions();
  @Mixin private JsonOption json = new JsonOption();
  @Spec private @Nullable CommandSpec spec;

  /** Made by the command-line parser. */
  public RudpCommand() {}

  @Override
  public void run() {
    check();
    RudpResult result = new RudpSimulation(options, link).run();
    try (JsonOption.Output output = json.open()) {
      output.line(result.json());
      print(result, output);
    }
    if (result.failure() != null) {
      throw new CommandFailure(result.failure() + " (seed " + options.seed + ")");
    }
    if (!result.isCompleted()) {
      throw new CommandFailure(
          "not everything was delivered within "
              + options.limitNs / 1e9
              + " s: "
              + result.bytes()
              + " bytes were; --limit gives it longer");
    }
  }

  private void check() {
    if (options.bytes != null && options.messages != null) {
      throw wrong("--bytes and --messages exclude each other");
    }
    inRange("--size", options.messageBytes, 0, 1 << 27);
    inRange("--flows", options.flows, 1, MOST_FLOWS);
    inRange("--streams", options.streams, 1, MOST_STREAMS);
    inRange("--mtu", options.datagramBytes, 576, 65_507);
    if (options.messages != null) {
      inRange("--messages", options.messages, 1, Long.MAX_VALUE - 1);
    } else if (options.messageBytes == 0) {
      throw wrong("--size 0 needs --messages, since nothing adds up to any --bytes");
    }
    if (link.meanBurst < 1) {
      throw wrong("--burst must be 1 or more, not " + link.meanBurst);
    }
    if (link.loss >= 1 || link.lossBack >= 1) {
      throw wrong("--loss must be below 100%");
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

  private void print(RudpResult result, JsonOption.Output output) {
    row(output, "delivered", result.bytes() + " bytes", result.isIntact() ? "intact" : "BROKEN");
    row(output, "virtual time", String.format(Locale.ROOT, "%.3f s", result.seconds()), "");
    row(
        output,
        "goodput",
        String.format(Locale.ROOT, "%.3f mbit/s", result.goodputMbit()),
        flows(result));
    row(
        output,
        "latency",
        String.format(Locale.ROOT, "p50 %.3f ms", result.latencyNs(50) / 1e6),
        String.format(
            Locale.ROOT,
            "p99 %.3f ms, p99.9 %.3f ms",
            result.latencyNs(99) / 1e6,
            result.latencyNs(99.9) / 1e6));
    row(
        output,
        "packets",
        result.packetsSent() + " sent",
        result.retransmitted() + " again, " + result.spurious() + " of them in vain");
    row(
        output,
        "injected",
        result.injectedDrops() + " drops",
        result.injectedReorders()
            + " reorders, "
            + result.injectedDuplicates()
            + " duplicates, "
            + result.injectedCorruptions()
            + " corruptions; "
            + result.queueDrops()
            + " dropped by the queue");
    row(output, "address", result.rebinds() + " changes", result.validations() + " proven");
    row(output, "memory", result.maxMemoryBytes() + " bytes", result.ringStalls() + " ring stalls");
  }

  private static String flows(RudpResult result) {
    double[] rates = result.flowGoodputsMbit();
    return rates.length == 1
        ? ""
        : String.format(Locale.ROOT, "fairness over the last half %.4f", result.fairness());
  }

  private static void row(JsonOption.Output output, String what, String value, String more) {
    output
        .text()
        .println(String.format(Locale.ROOT, "%-14s%-20s%s", what, value, more).stripTrailing());
  }
}
