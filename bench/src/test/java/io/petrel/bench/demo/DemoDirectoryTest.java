package io.petrel.bench.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoDirectoryTest {
  @TempDir private Path parent;

  @Test
  void removesWhatAKilledDemoLeftAndNothingElse() throws IOException {
    // No process with this number started before all others.
    Path left = Files.createDirectories(parent.resolve("petrel-demo-1-0-x"));
    Files.writeString(left.resolve("journal"), "something");
    Path strange = Files.createDirectories(parent.resolve("petrel-demo-notes"));
    try (DemoDirectory other = DemoDirectory.make(parent);
        DemoDirectory own = DemoDirectory.make(parent)) {
      assertFalse(Files.exists(left), "left by a process that is gone");
      assertTrue(Files.exists(strange), "not a demo's");
      assertTrue(Files.exists(other.path()), "of a demo that plays");
      assertEquals(parent, own.path().getParent());
    }
    assertTrue(Files.exists(strange));
    try (var files = Files.list(parent)) {
      assertEquals(1, files.count(), "nothing is left of demos that ended");
    }
  }
}
