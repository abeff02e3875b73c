package io.petrel.bench.demo;

import io.petrel.transport.Context;
import io.petrel.transport.Options;
import io.petrel.transport.metrics.CountersReader;
import io.petrel.transport.metrics.MetricsDirectory;
import io.petrel.transport.metrics.MetricsFileException;
import io.petrel.transport.metrics.ProcessIdentity;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What some engines of this process count, read as {@code petrel stat} reads it. */
final class RepairCounts {
  private final Map<String, Long> totals = new HashMap<>();

  private RepairCounts() {}

  /** Of the engines of these names. */
  static RepairCounts read(List<String> names) {
    RepairCounts counts = new RepairCounts();
    for (Path file : MetricsDirectory.files(Path.of(new Context().value(Options.DIR)))) {
      try {
        counts.add(CountersReader.open(file), names);
      } catch (MetricsFileException e) {
        // An engine that was closed since the directory was listed: none of ours.
      }
    }
    return counts;
  }

  private void add(CountersReader reader, List<String> names) {
    if (reader.process().equals(ProcessIdentity.own())
        && names.stream().anyMatch(name -> !reader.countersLabelled(name + " turns").isEmpty())) {
      reader.totals().forEach(each -> totals.merge(each.label(), each.value(), Long::sum));
    }
  }

  long total(String label) {
    return totals.getOrDefault(label, 0L);
  }
}
