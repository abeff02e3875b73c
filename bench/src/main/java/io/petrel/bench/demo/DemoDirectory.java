package io.petrel.bench.demo;

import io.petrel.bench.cli.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Where the demo's journal lies as long as it plays. */
final class DemoDirectory implements AutoCloseable {
  private final Path path;
  private final Thread atExit = new Thread(this::delete, "remove the demo's journal");

  private DemoDirectory(Path path) {
    this.path = path;
  }

  static DemoDirectory make() {
    try {
      DemoDirectory made = new DemoDirectory(Files.createTempDirectory("petrel-demo-"));
      Runtime.getRuntime().addShutdownHook(made.atExit);
      return made;
    } catch (IOException e) {
      throw new CommandFailure("cannot make a directory for the journal: " + e, e);
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    delete();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The JVM is on its way down already and found nothing left to remove.
    }
  }

  private void delete() {
    try (Stream<Path> files = Files.exists(path) ? Files.walk(path) : Stream.empty()) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println("could not remove " + path + ": " + e.getMessage());
    }
  }
}
