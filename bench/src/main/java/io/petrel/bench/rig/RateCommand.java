package io.petrel.bench.rig;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.cli.JsonLine;
import io.petrel.bench.cli.JsonOption;
import io.petrel.bench.measure.Percentiles;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench rate}: round trips on a schedule that waits for nobody. */
@Command(
    name = "rate",
    description = "Round trip at a fixed rate, measured from the intended send time.")
public final class RateCommand implements Runnable, Scenario {
  private static final double NANOSECONDS_PER_SECOND = 1e9;
  private static final long WARM_UP_SECONDS = 3;

  @Mixin private RigOptions options = new RigOptions();
  @Mixin private JsonOption json = new JsonOption();

  @Option(names = "--size", defaultValue = "288", description = "Message size in bytes.")
  private int size;

  @Option(names = "--rate", defaultValue = "100000", description = "Messages a second.")
  private long rate;

  @Option(names = "--seconds", defaultValue = "10", description = "Length of a round in seconds.")
  private double seconds;

  @Override
  public void run() {
    Latencies.checkSize(size);
    if (rate < 1 || seconds <= 0) {
      throw new CommandFailure("--rate and --seconds must be above 0");
    }
    options.roundSeconds((long) seconds);
    try (JsonOption.Output output = json.open()) {
      new Rig(options, this, output).run();
    }
  }

  @Override
  public String bench() {
    return "rate";
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
    pair.round("rate", "echo", rate * WARM_UP_SECONDS, intervalNs());
  }

  @Override
  public List<Figures> round(Pair pair) {
    return pair.round("rate", "echo", Math.max(1, (long) (rate * seconds)), intervalNs());
  }

  private long intervalNs() {
    return TimeUnit.SECONDS.toNanos(1) / rate;
  }

  @Override
  public void describe(JsonLine line, List<Figures> figures) {
    Figures initiator = figures.getFirst();
    line.put("messages", initiator.value("sent"));
    Percentiles.describe(line, initiator.histogram());
    line.put("rate", rate).put("achieved_rate", achieved(initiator), 0);
  }

  private static double achieved(Figures initiator) {
    return initiator.value("sent")
        * NANOSECONDS_PER_SECOND
        / Math.max(1, initiator.value("elapsed"));
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
