package io.petrel.bench.rig;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.cli.JsonLine;
import io.petrel.bench.cli.JsonOption;
import io.petrel.bench.cli.Quantities;
import io.petrel.bench.measure.Percentiles;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
  private static final int LOSSY_WARM_UP_ROUNDS = 6;
  private static final long LOSSY_WARM_UP_MESSAGES = 200_000;
  private static final long WARM_UP_LIMIT_NS = TimeUnit.SECONDS.toNanos(3);
  private static final long ROUND_LIMIT_NS = TimeUnit.SECONDS.toNanos(10);

  @Mixin private RigOptions options = new RigOptions();
  @Mixin private JsonOption json = new JsonOption();

  @Option(names = "--size", defaultValue = "64", description = "Message size in bytes.")
  private int size;

  @Option(names = "--messages", defaultValue = "300000", description = "Round trips a round.")
  private long messages;

  @Option(names = "--in-flight", defaultValue = "1", description = "Messages on their way at once.")
  private int inFlight;

  @Option(
      names = "--loss",
      defaultValue = "0%",
      converter = Quantities.Fraction.class,
      paramLabel = "SHARE",
      description = {
        "Share of the datagrams that each end drops when it should send them, such as 1%%.",
        "With loss a round ends after 10 s at the latest, however many messages that were."
      })
  private double loss;

  @Override
  public void run() {
    Latencies.checkSize(size);
    if (loss >= 1) {
      throw new CommandFailure("--loss must be below 100%");
    }
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
    return loss;
  }

  @Override
  public void warmUp(Pair pair) {
    // The repair is code as well, and of a hundred messages hardly two come by there.
    int rounds = loss > 0 ? LOSSY_WARM_UP_ROUNDS : WARM_UP_ROUNDS;
    long count = loss > 0 ? LOSSY_WARM_UP_MESSAGES : WARM_UP_MESSAGES;
    for (int i = 0; i < rounds; i++) {
      pair.round("rtt", "echo", count, inFlight, limitNs(WARM_UP_LIMIT_NS));
    }
  }

  @Override
  public List<Figures> round(Pair pair) {
    return pair.round("rtt", "echo", messages, inFlight, limitNs(ROUND_LIMIT_NS));
  }

  /** A peer that repairs a loss after a fifth of a second would take hours over all messages. */
  private long limitNs(long lossyNs) {
    return loss > 0 ? lossyNs : Long.MAX_VALUE;
  }

  @Override
  public void describe(JsonLine line, List<Figures> figures) {
    Histogram histogram = figures.getFirst().histogram();
    line.put("messages", figures.getFirst().value("sent"));
    Percentiles.describe(line, histogram);
    line.put("in_flight", inFlight);
  }

  @Override
  public Histogram histogram(List<Figures> figures) {
    return figures.getFirst().histogram();
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
