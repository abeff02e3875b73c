package io.petrel.transport.ipc;

import static io.petrel.transport.ipc.IpcLayout.*;

import io.petrel.transport.PetrelException;
import io.petrel.transport.metrics.MetricsDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A ring's file: created by the first opener, whole and allocated to the last page before it gets
 * its name; opened by the others; replaced when all who used it are dead; removed by the last who
 * leaves. All of that under one lock a directory, which the kernel frees when its holder dies.
 */
final class IpcFile {
  private static final int WRITE_LENGTH = 64 * 1024;
  private static final int PAGE_LENGTH = 4096;
  private static final String LOCK_NAME = ".ipc-lock";
  private static final SecureRandom RANDOM = new SecureRandom();

  /** A file lock holds between processes; this one between the threads of one. */
  private static final ReentrantLock WITHIN_PROCESS = new ReentrantLock();

  private final Path directory;
  private final Path path;

  IpcFile(final Path directory, final String name) {
    this.directory = directory;
    this.path = directory.resolve(name);
  }

  Path path() {
    return path;
  }

  /** Opens the ring, or creates it where there is none or a dead one; call it under the lock. */
  IpcRing openOrCreate(final int capacity) {
    try {
      if (Files.exists(path)) {
        final IpcRing ring = open();
        if (!new IpcMembership(ring).isDeserted()) {
          return ring;
        }
        Files.delete(path);
      }
      return create(capacity);
    } catch (final IOException ex) {
      throw new PetrelException(
          "cannot open the ipc ring '"
              + path
              + "' of "
              + capacity
              + " bytes: "
              + ex
              + "; how full it is there says df -h; another place: -Dpetrel.dir=DIRECTORY",
          ex);
    }
  }

  /** Removes the file; call it under the lock. */
  void remove() {
    try {
      Files.deleteIfExists(path);
    } catch (final IOException ex) {
      throw new PetrelException("cannot remove the ipc ring '" + path + "': " + ex, ex);
    }
  }

  /** Runs an action that changes who takes part; waits for other threads and processes. */
  <T> T alone(final Supplier<T> action) {
    MetricsDirectory.prepare(directory);
    WITHIN_PROCESS.lock();
    try (FileChannel channel = lockFile();
        FileLock lock = channel.lock()) {
      assert lock.isValid();
      return action.get();
    } catch (final IOException ex) {
      throw new PetrelException("cannot lock '" + directory.resolve(LOCK_NAME) + "': " + ex, ex);
    } finally {
      WITHIN_PROCESS.unlock();
    }
  }

  /** The same where nobody else is at it; else returns false at once. */
  boolean tryAlone(final Runnable action) {
    if (!WITHIN_PROCESS.tryLock()) {
      return false;
    }
    try (FileChannel channel = lockFile();
        FileLock lock = channel.tryLock()) {
      if (!isHeld(lock)) {
        return false;
      }
      action.run();
      return true;
    } catch (final IOException ex) {
      throw new PetrelException("cannot lock '" + directory.resolve(LOCK_NAME) + "': " + ex, ex);
    } finally {
      WITHIN_PROCESS.unlock();
    }
  }

  private static boolean isHeld(final @Nullable FileLock lock) {
    return lock != null && lock.isValid();
  }

  private FileChannel lockFile() throws IOException {
    return FileChannel.open(
        directory.resolve(LOCK_NAME),
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
        ownerOnly());
  }

  private IpcRing open() throws IOException {
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      final long size = channel.size();
      if (size < DATA_OFFSET) {
        throw refused("it has only " + size + " bytes");
      }
      final UnsafeBuffer header =
          new UnsafeBuffer(channel.map(FileChannel.MapMode.READ_ONLY, 0, DATA_OFFSET));
      final int capacity = header.getInt(CAPACITY_OFFSET);
      if (header.getLong(MAGIC_OFFSET) != MAGIC) {
        throw refused("it is no ipc ring of this machine's byte order");
      }
      if (header.getInt(VERSION_OFFSET) != VERSION) {
        throw refused("it is of version " + header.getInt(VERSION_OFFSET) + ", this is " + VERSION);
      }
      if (!IpcRing.isCapacity(capacity) || size != (long) DATA_OFFSET + capacity) {
        throw refused(size + " bytes do not hold a capacity of " + capacity);
      }
      return new IpcRing(map(channel, size));
    }
  }

  private PetrelException refused(final String why) {
    return new PetrelException(
        "refusing '"
            + path
            + "': "
            + why
            + "; when nobody uses it (fuser "
            + path
            + "): rm "
            + path);
  }

  private IpcRing create(final int capacity) throws IOException {
    final Path unfinished = path.resolveSibling(path.getFileName() + ".unfinished");
    Files.deleteIfExists(unfinished);
    try {
      final long size = (long) DATA_OFFSET + capacity;
      final UnsafeBuffer buffer;
      try (FileChannel channel =
          FileChannel.open(
              unfinished,
              Set.of(
                  StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
              ownerOnly())) {
        allocate(channel, size);
        buffer = map(channel, size);
      }
      IpcRing.format(buffer, capacity, RANDOM.nextLong(), RANDOM.nextInt());
      Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
      return new IpcRing(buffer);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /** Writes every byte: a full file system is an error here and not a SIGBUS later. */
  private static void allocate(final FileChannel channel, final long size) throws IOException {
    final ByteBuffer zeros = ByteBuffer.allocateDirect(WRITE_LENGTH);
    for (long written = 0; written < size; ) {
      zeros.clear().limit((int) Math.min(WRITE_LENGTH, size - written));
      written += channel.write(zeros);
    }
  }

  /** Takes this process's page faults now rather than at the first messages. */
  private static UnsafeBuffer map(final FileChannel channel, final long size) throws IOException {
    final UnsafeBuffer buffer =
        new UnsafeBuffer(channel.map(FileChannel.MapMode.READ_WRITE, 0, size));
    for (int page = 0; page < size; page += PAGE_LENGTH) {
      buffer.getAndAddLong(page, 0); // Atomic: others may be writing there.
    }
    return buffer;
  }

  private static FileAttribute<?>[] ownerOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
