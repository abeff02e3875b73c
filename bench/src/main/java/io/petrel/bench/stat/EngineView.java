package io.petrel.bench.stat;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.transport.metrics.CountersReader;
import io.petrel.transport.metrics.CountersReader.Total;
import io.petrel.transport.metrics.HistogramReader;
import io.petrel.transport.metrics.MetricsDirectory;
import io.petrel.transport.metrics.MetricsFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;

/**
 * One engine as its metrics file shows it.
 *
 * @param file its metrics file
 * @param reader of that file
 */
record EngineView(Path file, CountersReader reader) {
  /** How an engine is. */
  enum State {
    /** Its process runs, and so does the engine. */
    RUNNING,
    /** It was closed while somebody had its file open. */
    CLOSED,
    /** Its process is gone and did not close it. */
    GONE
  }

  /** A histogram's figures. */
  record Distribution(String label, long key, Histogram histogram) {}

  /** A distinct error. */
  record Fault(int count, long firstMs, long lastMs, String text) {
    /** The line that says what, without the stack. */
    String summary() {
      return text.lines().findFirst().orElse("");
    }
  }

  /**
   * The engines that a directory knows of.
   *
   * @throws CommandFailure when there is none, saying what to do
   */
  static List<EngineView> in(Path directory) {
    List<EngineView> found = new ArrayList<>();
    List<String> refusals = new ArrayList<>();
    try {
      for (Path file : MetricsDirectory.files(directory)) {
        try {
          found.add(new EngineView(file, CountersReader.open(file)));
        } catch (MetricsFileException e) {
          if (Files.exists(file)) { // else it was closed since the directory was listed
            refusals.add(String.valueOf(e.getMessage()));
          }
        }
      }
    } catch (MetricsFileException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
    if (found.isEmpty()) {
      throw new CommandFailure(
          "no Petrel runs that keeps its metrics in '%s'%s: start one, or name its directory (its"
                  .formatted(directory, refusals.isEmpty() ? "" : " (" + refusals.getFirst() + ")")
              + " option 'dir') by --dir");
    }
    return found;
  }

  State state() {
    if (reader.endMs() != 0) {
      return State.CLOSED;
    }
    return reader.process().isAlive() ? State.RUNNING : State.GONE;
  }

  String name() {
    return String.valueOf(file.getFileName());
  }

  /**
   * Counters and gauges, and what the kernel dropped at its ports: those that are not zero, unless
   * all are wanted.
   */
  List<Total> totals(boolean all, Predicate<String> wanted) {
    List<Total> shown = new ArrayList<>(reader.totals());
    if (state() == State.RUNNING) {
      shown.addAll(KernelDrops.of(reader.process().pid(), shown));
    }
    return shown.stream()
        .filter(total -> all || total.value() != 0)
        .filter(total -> wanted.test(total.label()))
        .toList();
  }

  List<Distribution> distributions(boolean all, Predicate<String> wanted) {
    List<Distribution> found = new ArrayList<>();
    for (CountersReader.Entry entry : reader.histograms()) {
      HistogramReader histogram = reader.histogram(entry);
      if (histogram != null && wanted.test(entry.label())) {
        Histogram total = histogram.total();
        if (all || total.getTotalCount() > 0) {
          found.add(new Distribution(entry.label(), entry.key(), total));
        }
      }
    }
    return found;
  }

  List<Fault> faults() {
    List<Fault> found = new ArrayList<>();
    reader.errors(
        (count, firstMs, lastMs, text) -> found.add(new Fault(count, firstMs, lastMs, text)));
    return found;
  }

  /** Whether a label holds some words, whatever their case. */
  static Predicate<String> holding(String words) {
    String small = words.toLowerCase(Locale.ROOT);
    return label -> label.toLowerCase(Locale.ROOT).contains(small);
  }
}
