package io.petrel.bench.stat;

import io.petrel.transport.datagram.PortGauges;
import io.petrel.transport.metrics.CountersReader.Kind;
import io.petrel.transport.metrics.CountersReader.Total;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Datagrams that the kernel dropped at a process's sockets for want of room. The kernel counts them
 * in a table that takes long to go through, so no engine does: whoever looks at one does it here,
 * in that process's network namespace.
 */
final class KernelDrops {
  private static final int INODE_COLUMN = 9;
  private static final int DROPS_COLUMN = 12;
  private static final String SEGMENTATION = PortGauges.Gauge.OFFLOAD.label();

  private KernelDrops() {}

  /** One count for each port that the engine shows and whose socket the kernel knows. */
  static List<Total> of(long pid, List<Total> shown) {
    return of(shown, Path.of("/proc/" + pid + "/net"));
  }

  static List<Total> of(List<Total> shown, Path tables) {
    List<Total> drops = new ArrayList<>();
    Map<Long, Long> counts = Map.of();
    for (Total total : shown) {
      if (total.typeId() == PortGauges.FIRST_TYPE && total.key() != 0) {
        counts = counts.isEmpty() ? read(tables) : counts;
        Long count = counts.get(total.key());
        if (count != null) {
          String label = total.label().replace(SEGMENTATION, PortGauges.KERNEL_DROPS);
          drops.add(
              new Total(Kind.COUNTER, label, PortGauges.KERNEL_DROPS_TYPE, total.key(), count));
        }
      }
    }
    return drops;
  }

  private static Map<Long, Long> read(Path tables) {
    Map<Long, Long> counts = new HashMap<>();
    for (String name : List.of("udp", "udp6")) {
      Path table = tables.resolve(name);
      if (Files.isReadable(table)) { // else no Linux, no IPv6, or the process has gone
        read(table, counts);
      }
    }
    return counts;
  }

  private static void read(Path table, Map<Long, Long> counts) {
    try {
      for (String line : Files.readAllLines(table, StandardCharsets.US_ASCII)) {
        String[] columns = line.trim().split("\\s+", -1);
        if (columns.length > DROPS_COLUMN && Character.isDigit(columns[DROPS_COLUMN].charAt(0))) {
          counts.put(Long.parseLong(columns[INODE_COLUMN]), Long.parseLong(columns[DROPS_COLUMN]));
        }
      }
    } catch (IOException e) {
      counts.clear(); // the process went in the middle: better nothing than half
    }
  }
}
