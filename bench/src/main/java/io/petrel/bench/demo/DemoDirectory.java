package io.petrel.bench.demo;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.transport.metrics.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the demo's journal lies as long as it plays. Its name tells whose it is, so that the next
 * demo removes what a killed one has left.
 */
final class DemoDirectory implements AutoCloseable {
  private static final String PREFIX = "petrel-demo-";
  private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d+)-(\\d+)-.*");

  private final Path path;
  private final Thread atExit = new Thread(this::delete, "remove the demo's journal");

  private DemoDirectory(Path path) {
    this.path = path;
  }

  static DemoDirectory make() {
    return make(Path.of(System.getProperty("java.io.tmpdir")));
  }

  static DemoDirectory make(Path parent) {
    removeLeftovers(parent);
    ProcessIdentity own = ProcessIdentity.own();
    try {
      DemoDirectory made =
          new DemoDirectory(
              Files.createTempDirectory(parent, PREFIX + own.pid() + "-" + own.start() + "-"));
      Runtime.getRuntime().addShutdownHook(made.atExit);
      return made;
    } catch (IOException e) {
      throw new CommandFailure("cannot make a directory for the journal: " + e, e);
    }
  }

  /** Of demos whose process is gone; what is somebody else's to remove stays. */
  private static void removeLeftovers(Path parent) {
    try (Stream<Path> files = Files.list(parent)) {
      for (Path file : files.toList()) {
        Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
        if (name.matches()
            && Files.isWritable(file)
            && !new ProcessIdentity(Long.parseLong(name.group(1)), Long.parseLong(name.group(2)))
                .isAlive()) {
          new DemoDirectory(file).delete();
        }
      }
    } catch (IOException e) {
      System.err.println("could not look for what earlier demos left: " + e.getMessage());
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
