package io.petrel.transport.metrics;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Where metrics files lie: the directory of {@code petrel.dir}, by default one of the user's own in
 * the memory file system. There readers find the engines of this machine without being told.
 */
public final class MetricsDirectory {
  private static final Path MEMORY_FILE_SYSTEM = Path.of("/dev/shm");
  private static final String SUFFIX = ".metrics";

  /** Files of crashed processes that are kept for whoever wants to know what happened. */
  private static final int CRASHED_FILES_KEPT = 8;

  /** File locks hold between processes; this one between the threads of one. */
  private static final ReentrantLock WITHIN_PROCESS = new ReentrantLock();

  private MetricsDirectory() {}

  /**
   * The directory used when {@code petrel.dir} is not set. It may not exist yet.
   *
   * @return {@code /dev/shm/petrel-USER}, or the like under {@code java.io.tmpdir} when there is no
   *     memory file system
   */
  public static Path defaultDirectory() {
    Path base =
        Files.isDirectory(MEMORY_FILE_SYSTEM) && Files.isWritable(MEMORY_FILE_SYSTEM)
            ? MEMORY_FILE_SYSTEM
            : Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    String user = System.getProperty("user.name", "unknown");
    return base.resolve("petrel-" + user.replaceAll("[^A-Za-z0-9._-]", "_"));
  }

  /**
   * The metrics files in a directory, of engines that run and of some that crashed.
   *
   * @param directory as {@link #defaultDirectory}
   * @return sorted by name; empty when there is no such directory
   * @throws MetricsFileException when it cannot be listed
   */
  public static List<Path> files(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(file -> file.getFileName().toString().endsWith(SUFFIX)).sorted().toList();
    } catch (IOException e) {
      throw new MetricsFileException("cannot list the directory '" + directory + "': " + e, e);
    }
  }

  /** The directory that a path lies in. */
  static Path of(Path path) {
    Path parent = path.toAbsolutePath().normalize().getParent();
    if (parent == null) {
      throw new MetricsFileException("'" + path + "' is no path for a metrics file");
    }
    return parent;
  }

  /**
   * Makes sure that a directory is there and, if it is the default one, the user's alone.
   *
   * @param directory for mapped files
   * @throws MetricsFileException when it cannot be made, or is another user's
   */
  public static void prepare(Path directory) {
    try {
      Files.createDirectories(of(directory));
      try {
        Files.createDirectory(directory, MappedMetrics.ownerOnly("rwx------"));
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(directory)) {
          throw new MetricsFileException(
              "'"
                  + directory
                  + "' is no directory: remove it, or another place: -Dpetrel.dir=DIRECTORY",
              e);
        }
        if (directory.equals(defaultDirectory())) {
          claim(directory);
        }
      }
    } catch (IOException e) {
      throw new MetricsFileException(
          "cannot create the directory '"
              + directory
              + "': "
              + e
              + "; another place: -Dpetrel.dir=DIRECTORY",
          e);
    }
  }

  /** In a place that all users share, another one may have put a trap under our name. */
  static void claim(Path directory) throws IOException {
    Path self = Path.of("/proc/self");
    if (Files.isSymbolicLink(directory)
        || (Files.exists(self)
            && !Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS)
                .equals(Files.getOwner(self)))) {
      throw new MetricsFileException(
          "'" + directory + "' belongs to another user: remove it, or -Dpetrel.dir=DIRECTORY");
    }
    if (MappedMetrics.ownerOnly("rwx------").length > 0) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** Runs an action that creates or removes files here, one at a time on this machine. */
  static <T> T alone(Path directory, Supplier<T> action) {
    Path lockFile = directory.resolve(".lock");
    WITHIN_PROCESS.lock();
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assert lock.isValid();
      return action.get();
    } catch (IOException e) {
      throw new MetricsFileException(
          "cannot write in '"
              + directory
              + "': "
              + e
              + "; another place, of yours: -Dpetrel.dir=DIRECTORY",
          e);
    } finally {
      WITHIN_PROCESS.unlock();
    }
  }

  /** A name that no other engine has. */
  static Path nameFor(Path directory, ProcessIdentity process, int number) {
    return directory.resolve("engine-" + process.pid() + "-" + number + SUFFIX);
  }

  /** Removes what crashed processes left, but for the newest few. */
  static void reclaim(Path directory) {
    record Crashed(Path file, long heartbeatMs) {}
    List<Crashed> crashed = new ArrayList<>();
    for (Path file : files(directory)) {
      try {
        CountersReader reader = CountersReader.open(file);
        if (!reader.process().isAlive()) {
          crashed.add(new Crashed(file, reader.heartbeatMs()));
        }
      } catch (MetricsFileException notOurs) {
        // Stays as it is; whoever asks for that very name is told.
      }
    }
    crashed.sort(Comparator.comparingLong(Crashed::heartbeatMs).reversed());
    for (Crashed file :
        crashed.subList(Math.min(CRASHED_FILES_KEPT, crashed.size()), crashed.size())) {
      delete(file.file);
    }
  }

  static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new MetricsFileException("cannot remove '" + file + "': " + e, e);
    }
  }
}
