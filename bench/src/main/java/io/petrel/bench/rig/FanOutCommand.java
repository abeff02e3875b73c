package io.petrel.bench.rig;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.cli.JsonLine;
import io.petrel.bench.cli.JsonOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench fanout}: one process sends, another stands for all who receive. */
@Command(
    name = "fanout",
    description = {
      "One publisher, many receivers on one host: as fast as the slowest of them takes it.",
      "One process sends, another polls all receivers in turn. Latency counts from when the",
      "sender begins a burst of 64 KiB to when a receiver reads the message."
    })
public final class FanOutCommand implements Runnable, Scenario {
  private static final double NANOSECONDS_PER_SECOND = 1e9;
  private static final double NANOSECONDS_PER_MICROSECOND = 1e3;
  private static final double MILLION = 1e6;
  private static final long WARM_UP_SECONDS = 3;

  @Mixin private FanOutOptions options = new FanOutOptions();
  @Mixin private JsonOption json = new JsonOption();

  @Option(names = "--size", defaultValue = "288", description = "Message size in bytes.")
  private int size;

  @Option(names = "--seconds", defaultValue = "5", description = "Length of a round in seconds.")
  private double seconds;

  @Override
  public void run() {
    Latencies.checkSize(size);
    if (options.receivers() < 1 || seconds <= 0) {
      throw new CommandFailure("--receivers and --seconds must be above 0");
    }
    options.roundSeconds((long) seconds);
    try (JsonOption.Output output = json.open()) {
      new Rig(options, this, output).run();
    }
  }

  @Override
  public String bench() {
    return "fanout";
  }

  @Override
  public boolean bulk() {
    return true;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public double loss() {
    return 0;
  }

  @Override
  public void warmUp(Pair pair) {
    pair.round("send", "fanout", TimeUnit.SECONDS.toNanos(WARM_UP_SECONDS));
  }

  @Override
  public List<Figures> round(Pair pair) {
    return pair.round("send", "fanout", (long) (seconds * NANOSECONDS_PER_SECOND));
  }

  @Override
  public void describe(JsonLine line, List<Figures> figures) {
    Figures receivers = figures.getLast();
    Histogram histogram = receivers.histogram();
    double rate = messagesPerSecond(receivers);
    line.put("receivers", options.receivers())
        .put("mtu", options.mtu())
        .put("seconds", receivers.value("elapsed") / NANOSECONDS_PER_SECOND, 3)
        .put("msgs_per_s", rate, 0)
        .put("bytes_per_s", rate * size, 0)
        .put("delivered", receivers.value("delivered"))
        .put("complete_receivers", receivers.value("complete"))
        .put("p50_ns", histogram.getValueAtPercentile(50))
        .put("p99_ns", histogram.getValueAtPercentile(99));
  }

  /** To each receiver. */
  private double messagesPerSecond(Figures receivers) {
    double elapsed = Math.max(1, receivers.value("elapsed")) / NANOSECONDS_PER_SECOND;
    return receivers.value("delivered") / elapsed / options.receivers();
  }

  @Override
  public Histogram histogram(List<Figures> figures) {
    return figures.getLast().histogram();
  }

  @Override
  public List<String> columns() {
    return List.of("million msg/s each", "MB/s each", "p50 us", "p99 us", "complete");
  }

  @Override
  public double[] values(List<Figures> figures) {
    Figures receivers = figures.getLast();
    Histogram histogram = receivers.histogram();
    double millions = messagesPerSecond(receivers) / MILLION;
    return new double[] {
      millions,
      millions * size,
      histogram.getValueAtPercentile(50) / NANOSECONDS_PER_MICROSECOND,
      histogram.getValueAtPercentile(99) / NANOSECONDS_PER_MICROSECOND,
      receivers.value("complete")
    };
  }
}
