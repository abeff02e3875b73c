package io.petrel.bench.rig;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.cli.JsonLine;
import io.petrel.bench.cli.JsonOption;
import io.petrel.bench.measure.Machine;
import io.petrel.bench.measure.Percentiles;
import io.petrel.bench.peer.Peer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * Runs one scenario over several peers, round by round in turn, so that whatever the machine does
 * to one it does to all.
 */
final class Rig {
  private static final int LOSS_DECIMALS = 6;
  private static final int STEAL_DECIMALS = 4;

  private final RunOptions options;
  private final Scenario scenario;
  private final JsonOption.Output output;
  private final PrintWriter text;
  private final List<Pair> pairs = new ArrayList<>();
  private final List<List<double[]>> values = new ArrayList<>();
  private boolean flawed;
  private boolean lossless;
  private double mostStolen;

  Rig(RunOptions options, Scenario scenario, JsonOption.Output output) {
    this.options = options;
    this.scenario = scenario;
    this.output = output;
    this.text = output.text();
  }

  /** Runs everything; fails when a message was lost, repeated, reordered or damaged. */
  void run() {
    try (RunDirectory directory = RunDirectory.make()) {
      measureAll(directory.path());
    }
    if (flawed) {
      throw new CommandFailure("messages were lost, repeated, reordered or damaged: see above");
    }
  }

  private void measureAll(Path directory) {
    try {
      text.println("jvm: " + String.join(" ", ChildProcess.JVM_FLAGS));
      openPeers(directory);
      for (int round = 0; round < options.rounds(); round++) {
        for (int i = 0; i < pairs.size(); i++) {
          measure(i, round);
        }
      }
      printTable();
    } finally {
      pairs.forEach(Pair::close);
    }
    if (lossless) {
      throw new CommandFailure("a round lost no datagram at all: let it have more messages");
    }
  }

  private void openPeers(Path directory) {
    for (String name : options.peers()) {
      Peer peer = options.peer(name);
      String reason = peer.unavailable(scenario.bulk(), scenario.loss());
      if (reason == null) {
        Pair pair =
            new Pair(name, options, scenario.size(), scenario.bulk(), scenario.loss(), directory);
        pairs.add(pair);
        values.add(new ArrayList<>());
        text.println(name + ": " + pair.settings());
        scenario.warmUp(pair);
      } else {
        text.println(name + ": skipped, " + reason);
        output.line(line(name).put("skipped", reason));
      }
    }
  }

  private JsonLine line(String peer) {
    return new JsonLine()
        .put("bench", scenario.bench())
        .put("peer", peer)
        .put("size", scenario.size());
  }

  private void measure(int index, int round) {
    Pair pair = pairs.get(index);
    Machine.CpuTime before = Machine.cpuTime();
    List<Figures> figures = scenario.round(pair);
    double stolen = Machine.cpuTime().stolenShareSince(before);
    mostStolen = Math.max(mostStolen, stolen);
    JsonLine line = line(pair.peer());
    scenario.describe(line, figures);
    long lost = 0;
    long misordered = 0;
    long damaged = 0;
    for (Figures figure : figures) {
      lost += figure.value("lost");
      misordered += figure.value("misordered");
      damaged += figure.value("damaged");
    }
    if (scenario.loss() > 0) {
      long drops = sum(figures, "injected");
      line.put("loss", scenario.loss(), LOSS_DECIMALS).put("injected_drops", drops);
      lossless |= drops == 0;
    }
    Figures receiver = figures.getLast();
    long due = figures.getFirst().value("sent") * Math.max(1, options.receivers());
    lost += Math.max(0, due - receiver.value("delivered") - lost);
    line.put("lost", lost).put("out_of_order", misordered).put("damaged", damaged);
    line.put("allocated_bytes", sum(figures, "allocated")).put("gc_count", sum(figures, "gc"));
    line.put("steal", stolen, STEAL_DECIMALS).put("round", round);
    Histogram histogram = options.histograms() ? scenario.histogram(figures) : null;
    if (histogram != null) {
      line.put("histogram", Percentiles.encoded(histogram));
    }
    output.line(line);
    values.get(index).add(scenario.values(figures));
    if (lost + misordered + damaged > 0) {
      flawed = true;
      text.printf(
          "%s round %d: %d lost, %d repeated or out of order, %d damaged%n",
          pair.peer(), round, lost, misordered, damaged);
    }
  }

  static long sum(List<Figures> figures, String key) {
    return figures.stream().mapToLong(figure -> figure.value(key)).sum();
  }

  private void printTable() {
    text.printf("%n%-14s", "median (min..max)");
    for (String column : scenario.columns()) {
      text.printf("%28s", column);
    }
    text.println();
    for (int i = 0; i < pairs.size(); i++) {
      text.printf("%-17s", pairs.get(i).peer());
      for (int column = 0; column < scenario.columns().size(); column++) {
        int index = column;
        double[] sorted = values.get(i).stream().mapToDouble(row -> row[index]).sorted().toArray();
        text.printf("%28s", spread(sorted));
      }
      text.println();
    }
    text.printf(
        Locale.ROOT,
        "the host gave at most %.2f %% of a round's time to others (steal)%n",
        mostStolen * 100);
  }

  private static String spread(double[] sorted) {
    if (sorted.length == 0) {
      return "-";
    }
    return number(sorted[sorted.length / 2])
        + " ("
        + number(sorted[0])
        + ".."
        + number(sorted[sorted.length - 1])
        + ")";
  }

  private static String number(double value) {
    return String.format(
        Locale.ROOT, Math.abs(value) < 100 && value != Math.rint(value) ? "%.2f" : "%.0f", value);
  }
}
