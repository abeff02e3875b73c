package io.petrel.bench.rig;

import io.petrel.bench.cli.JsonLine;
import io.petrel.bench.cli.JsonOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench throughput}: how many messages a second flow control lets through, one way. */
@Command(
    name = "throughput",
    description = "One way, as fast as flow control allows, counted where the messages arrive.")
public final class ThroughputCommand implements Runnable, Scenario {
  private static final double NANOSECONDS_PER_SECOND = 1e9;
  private static final long WARM_UP_SECONDS = 5;

  @Mixin private RigOptions options = new RigOptions();
  @Mixin private JsonOption json = new JsonOption();

  @Option(names = "--size", defaultValue = "288", description = "Message size in bytes.")
  private int size;

  @Option(names = "--seconds", defaultValue = "5", description = "Length of a round in seconds.")
  private double seconds;

  @Override
  public void run() {
    Latencies.checkSize(size);
    options.roundSeconds((long) seconds);
    try (JsonOption.Output output = json.open()) {
      new Rig(options, this, output).run();
    }
  }

  @Override
  public String bench() {
    return "throughput";
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
    pair.round("send", "receive", TimeUnit.SECONDS.toNanos(WARM_UP_SECONDS));
  }

  @Override
  public List<Figures> round(Pair pair) {
    return pair.round("send", "receive", (long) (seconds * NANOSECONDS_PER_SECOND));
  }

  @Override
  public void describe(JsonLine line, List<Figures> figures) {
    double[] values = values(figures);
    line.put("mtu", options.mtu())
        .put("seconds", figures.getLast().value("elapsed") / NANOSECONDS_PER_SECOND, 3)
        .put("msgs_per_s", values[0] * 1e6, 0)
        .put("bytes_per_s", values[0] * 1e6 * size, 0)
        .put("delivered", figures.getLast().value("delivered"));
  }

  @Override
  public List<String> columns() {
    return List.of("million msg/s", "MB/s");
  }

  @Override
  public double[] values(List<Figures> figures) {
    Figures receiver = figures.getLast();
    double elapsed = Math.max(1, receiver.value("elapsed")) / NANOSECONDS_PER_SECOND;
    double millions = receiver.value("delivered") / elapsed / 1e6;
    return new double[] {millions, millions * size};
  }
}
