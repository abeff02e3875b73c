package io.petrel.bench.grid;

import io.petrel.bench.cli.JsonReader;
import io.petrel.bench.measure.Percentiles;
import io.petrel.bench.measure.Summary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What the benches of a report wrote, to be asked by whoever shows it. */
final class Results {
  private static final String HISTOGRAM = "histogram";

  /**
   * One line of one command.
   *
   * @param run the command's id
   * @param values its members
   */
  record Row(String run, Map<String, @Nullable Object> values) {
    String text(String key) {
      return values.get(key) instanceof String text ? text : "";
    }

    /** NaN where there is none. */
    double number(String key) {
      return values.get(key) instanceof Double number ? number : Double.NaN;
    }

    boolean is(String key) {
      return Boolean.TRUE.equals(values.get(key));
    }

    /** The peer, with its congestion control where it has a choice. */
    String label() {
      String controller = text("cc");
      String peer = text("peer");
      return controller.isEmpty() || peer.isEmpty() ? peer : peer + "/" + controller;
    }

    /** Why it was not measured; empty if it was. */
    String skipped() {
      return text("skipped");
    }
  }

  private final List<Row> rows;

  private Results(List<Row> rows) {
    this.rows = rows;
  }

  static Results of(List<Outcome> outcomes) {
    List<Row> rows = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      outcome.lines().forEach(line -> rows.add(new Row(outcome.run().id(), JsonReader.read(line))));
    }
    return new Results(rows);
  }

  /** What {@link #lines} gave. */
  static Results parse(List<String> lines) {
    List<Row> rows = new ArrayList<>();
    for (String line : lines) {
      Row row = new Row("", JsonReader.read(line));
      rows.add(new Row(row.text("run"), row.values()));
    }
    return new Results(rows);
  }

  /** As they came, each with its command's id and without its histogram. */
  static List<String> lines(List<Outcome> outcomes) {
    List<String> lines = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      for (String line : outcome.lines()) {
        lines.add(
            "{\"run\":\""
                + outcome.run().id()
                + "\","
                + line.substring(1).replaceFirst(",\"" + HISTOGRAM + "\":\"[^\"]*\"", ""));
      }
    }
    return lines;
  }

  Results where(Predicate<Row> wanted) {
    return new Results(rows.stream().filter(wanted).toList());
  }

  Results ofRun(String id) {
    return where(row -> row.run().equals(id));
  }

  Results ofPeer(String label) {
    return where(row -> row.label().equals(label));
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  List<Row> rows() {
    return rows;
  }

  /** Ids of the commands, in order. */
  List<String> runs() {
    return rows.stream().map(Row::run).distinct().toList();
  }

  /** Peers that were measured, in order. */
  List<String> peers() {
    return rows.stream().filter(row -> row.skipped().isEmpty()).map(Row::label).distinct().toList();
  }

  /** Peers that were not, and why. */
  Map<String, String> skipped() {
    Map<String, String> reasons = new LinkedHashMap<>();
    for (Row row : rows) {
      if (!row.skipped().isEmpty()) {
        reasons.put(row.label(), row.skipped());
      }
    }
    return reasons;
  }

  /** The values of a member, in order; those that have none left out. */
  double[] values(String key) {
    return rows.stream()
        .mapToDouble(row -> row.number(key))
        .filter(v -> !Double.isNaN(v))
        .toArray();
  }

  /** Median and extremes over the rounds; null where there is no value. */
  @Nullable Summary summary(String key) {
    double[] values = values(key);
    return values.length == 0 ? null : Summary.of(values);
  }

  /** The latencies of all rounds. */
  Histogram histogram() {
    Histogram total = new Histogram(3);
    histograms().forEach(total::add);
    return total;
  }

  /** The latencies round by round. */
  List<Histogram> histograms() {
    return rows.stream()
        .map(row -> row.text(HISTOGRAM))
        .filter(word -> !word.isEmpty())
        .map(Percentiles::decoded)
        .toList();
  }

  /**
   * How a member of one peer's compares with another's, round by round.
   *
   * @return null where a round of either is missing
   */
  @Nullable Summary ratio(String label, String other, String key) {
    double[] ours = ofPeer(label).values(key);
    double[] theirs = ofPeer(other).values(key);
    if (ours.length == 0 || ours.length != theirs.length) {
      return null;
    }
    double[] ratios = new double[ours.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = ours[i] / theirs[i];
    }
    return Summary.of(ratios);
  }
}
