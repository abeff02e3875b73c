package io.petrel.bench.rig;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a run leaves behind, and what it clears away. */
class RunDirectoryTest {
  /** Above the largest number that Linux gives to a process. */
  private static final long NOBODY = 99_999_999;

  @Test
  void removesWhatAKilledRunLeftAndKeepsThatOfALiveOne() throws IOException {
    try (RunDirectory live = RunDirectory.make()) {
      Path left = live.path().resolveSibling("petrel-bench-" + NOBODY + "-left");
      Files.createDirectories(left.resolve("peer"));
      Files.writeString(left.resolve("peer").resolve("file"), "x");
      try (RunDirectory next = RunDirectory.make()) {
        assertFalse(Files.exists(left));
        assertTrue(Files.exists(live.path()));
        assertTrue(Files.exists(next.path()));
      }
    }
  }

  @Test
  void goesWithTheRun() throws IOException {
    Path path;
    try (RunDirectory directory = RunDirectory.make()) {
      path = directory.path();
      Files.writeString(path.resolve("file"), "x");
    }
    assertFalse(Files.exists(path));
  }
}
