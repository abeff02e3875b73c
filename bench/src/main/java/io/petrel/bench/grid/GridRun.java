package io.petrel.bench.grid;

import java.util.List;

/**
 * One command of the grid.
 *
 * @param id names its files; letters, digits, hyphens and points
 * @param seconds that it takes, about
 * @param arguments after {@code petrel}
 */
public record GridRun(String id, int seconds, List<String> arguments) {
  static GridRun of(String id, int seconds, String line) {
    return new GridRun(id, seconds, List.of(line.split(" ", -1)));
  }

  /** Whether it sends as much as it can. */
  boolean isBulk() {
    return id.startsWith("throughput") || id.startsWith("fanout");
  }

  /** As one would type it. */
  String command() {
    return "./petrel " + String.join(" ", arguments);
  }
}
