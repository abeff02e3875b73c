package io.petrel.bench.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The project's own files, found from wherever the tests run. */
final class SourceTree {
  private SourceTree() {}

  /** The folder of the launcher. */
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.exists(folder.resolve("petrel"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException("no launcher above " + Path.of("").toAbsolutePath());
    }
    return folder;
  }

  /** All Java sources below the {@code src} folders of the modules. */
  static List<Path> javaSources() throws IOException {
    Path root = root();
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> isSource(root.relativize(file).toString()))
          .sorted()
          .toList();
    }
  }

  private static boolean isSource(String file) {
    return file.contains("/src/") && !file.startsWith(".") && !file.contains("/target/");
  }
}
