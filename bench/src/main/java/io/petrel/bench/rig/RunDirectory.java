package io.petrel.bench.rig;

import io.petrel.bench.cli.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory of this run's own, in memory where there is such a file system. It goes with the run,
 * also when that is interrupted; what a killed run left is removed by the next.
 */
final class RunDirectory implements AutoCloseable {
  private static final Path MEMORY = Path.of("/dev/shm");
  private static final String PREFIX = "petrel-bench-";

  private final Path path;
  private final Thread atExit = new Thread(this::delete, "remove directory");

  private RunDirectory(Path path) {
    this.path = path;
  }

  static RunDirectory make() {
    Path parent = Files.isWritable(MEMORY) ? MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
    try {
      removeStale(parent);
      Path path = Files.createTempDirectory(parent, PREFIX + ProcessHandle.current().pid() + "-");
      RunDirectory directory = new RunDirectory(path);
      Runtime.getRuntime().addShutdownHook(directory.atExit);
      return directory;
    } catch (IOException e) {
      throw new CommandFailure("cannot make a directory for the run: " + e.getMessage(), e);
    }
  }

  Path path() {
    return path;
  }

  private static void removeStale(Path parent) throws IOException {
    try (Stream<Path> files = Files.list(parent)) {
      List<Path> stale = files.filter(RunDirectory::isStale).toList();
      stale.forEach(RunDirectory::delete);
    }
  }

  /** Whether the process that a directory is named after is no more. */
  private static boolean isStale(Path directory) {
    String name = directory.getFileName().toString();
    if (!name.matches(PREFIX + "[0-9]{1,9}-.*")) {
      return false;
    }
    long pid = Long.parseLong(name.substring(PREFIX.length(), name.indexOf('-', PREFIX.length())));
    return ProcessHandle.of(pid).isEmpty();
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
    delete(path);
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(RunDirectory::deleteFile);
    } catch (IOException e) {
      System.err.println("could not remove " + directory + ": " + e.getMessage());
    }
  }

  private static void deleteFile(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      System.err.println("could not remove " + file + ": " + e.getMessage());
    }
  }
}
