package io.petrel.bench.rig;

import io.petrel.bench.cli.JsonLine;
import io.petrel.bench.cli.JsonOption;
import java.util.List;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench rtt}: how long a message and its echo take. */
@Command(
    name = "rtt",
    description = "Round trip: a message and its echo, each end a pinned process of its own.")
public final class RttCommand implements Runnable, Scenario {
  private static final int WARM_UP_ROUNDS = 3;
  private static final long WARM_UP_MESSAGES = 60_000;

  @Mixin private RigOptions options = new RigOptions();
  @Mixin private JsonOption json = new JsonOption();

  @Option(names = "--size", defaultValue = "64", description = "Message size in bytes.")
  private int size;

  @Option(names = "--messages", defaultValue = "300000", description = "Round trips a round.")
  private long messages;

  @Option(names = "--in-flight", defaultValue = "1", description = "Messages on their way at once.")
  private int inFlight;

  @Override
  public void run() {
    Latencies.checkSize(size);
    options.roundSeconds(messages / 1000);
    try (JsonOption.Output output = json.open()) {
      new Rig(options, this, output).run();
    }
  }

  @Override
  public String bench() {
    return "rtt";
  }

  @Override
  public boolean bulk() {
    return false;
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
    for (int i = 0; i < WARM_UP_ROUNDS; i++) {
      pair.round("rtt", "echo", WARM_UP_MESSAGES, inFlight);
    }
  }

  @Override
  public List<Figures> round(Pair pair) {
    return pair.round("rtt", "echo", messages, inFlight);
  }

  @Override
  public void describe(JsonLine line, List<Figures> figures) {
    Histogram histogram = figures.getFirst().histogram();
    line.put("messages", figures.getFirst().value("sent"));
    Latencies.describe(line, histogram);
    line.put("in_flight", inFlight);
  }

  @Override
  public List<String> columns() {
    return Latencies.COLUMNS;
  }

  @Override
  public double[] values(List<Figures> figures) {
    return Latencies.values(figures.getFirst().histogram());
  }
}
