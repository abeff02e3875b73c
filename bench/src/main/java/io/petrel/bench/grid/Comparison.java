package io.petrel.bench.grid;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.measure.Summary;
import io.petrel.bench.report.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What changed from one report to another. A change is more than noise when the ranges of the
 * rounds do not touch; where either has a single round, nobody can tell.
 */
final class Comparison {
  private final Results before;
  private final Results after;
  private final Table table = new Table("what", "before", "after", "change", "verdict");
  private int same;

  Comparison(Results before, Results after) {
    this.before = before;
    this.after = after;
    for (String run : after.runs()) {
      compareRun(run);
    }
  }

  /** The results of a report by its folder. */
  static Results read(Path folder) {
    Path file = folder.resolve("results.jsonl");
    try {
      return Results.parse(Files.readAllLines(file));
    } catch (IOException e) {
      throw new CommandFailure("'" + folder + "' is no report: cannot read " + file, e);
    }
  }

  private void compareRun(String run) {
    Results old = before.ofRun(run);
    Results now = after.ofRun(run);
    for (String peer : now.peers()) {
      if (peer.isEmpty() || old.ofPeer(peer).isEmpty()) {
        continue; // not to be compared
      }
      for (Metric metric : Metric.of(now.rows().getFirst().text("bench"))) {
        Summary earlier = old.ofPeer(peer).summary(metric.key());
        Summary later = now.ofPeer(peer).summary(metric.key());
        if (earlier != null && later != null) {
          add(run + " " + peer + " " + metric.title(), metric, earlier, later);
        }
      }
    }
  }

  private void add(String what, Metric metric, Summary earlier, Summary later) {
    String verdict = verdict(metric, earlier, later);
    if (verdict.equals("noise")) {
      same++;
      return;
    }
    table.row(
        what,
        Sections.range(earlier, metric),
        Sections.range(later, metric),
        "%+.1f%%".formatted(100 * (later.median() / earlier.median() - 1)),
        verdict);
  }

  /** Better, worse, noise, or that one cannot tell. */
  static String verdict(Metric metric, Summary earlier, Summary later) {
    if (earlier.median() == later.median()) {
      return "noise";
    }
    boolean single = earlier.min() == earlier.max() || later.min() == later.max();
    if (!single && later.min() <= earlier.max() && earlier.min() <= later.max()) {
      return "noise";
    }
    if (single) {
      return "one round: unknown";
    }
    return later.median() > earlier.median() == metric.moreIsBetter() ? "better" : "worse";
  }

  /** For a terminal. */
  String text() {
    String changes = table.isEmpty() ? "nothing changed by more than the noise\n" : table.text();
    return changes + "%d other figures differ by no more than their rounds do%n".formatted(same);
  }
}
