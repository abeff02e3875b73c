package io.petrel.transport.metrics;

import static io.petrel.transport.metrics.MetricsLayout.*;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A metrics file in memory. It is never unmapped by hand: the mapping goes when nothing refers to
 * it any more, so a counter that outlives its engine still has ground under it.
 */
record MappedMetrics(UnsafeBuffer buffer, MetricsLayout layout) {
  private static final int WRITE_LENGTH = 64 << 10;

  CountersReader reader() {
    return new CountersReader(buffer, layout);
  }

  /** Maps an existing file for reading, once it has proven to be whole and of this version. */
  static MappedMetrics open(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < HEADER_LENGTH) {
        throw refused(file, "it is no metrics file: it has only " + size + " bytes");
      }
      ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, HEADER_LENGTH);
      MetricsLayout layout = checkedLayout(file, new UnsafeBuffer(mapped), size);
      ByteBuffer all = channel.map(FileChannel.MapMode.READ_ONLY, 0, layout.length);
      return new MappedMetrics(new UnsafeBuffer(all), layout);
    } catch (NoSuchFileException e) {
      throw new MetricsFileException("there is no metrics file '" + file + "'", e);
    } catch (AccessDeniedException e) {
      throw new MetricsFileException(
          "the metrics file '" + file + "' is readable by its owner only: ask as that user", e);
    } catch (IOException e) {
      throw new MetricsFileException("cannot read the metrics file '" + file + "': " + e, e);
    }
  }

  private static MetricsLayout checkedLayout(Path file, UnsafeBuffer header, long size) {
    long magic = header.getLongAcquire(MAGIC_OFFSET); // Acquire: all else was written before it.
    if (magic == Long.reverseBytes(MAGIC)) {
      throw refused(file, "it comes from a machine of the other byte order");
    }
    if (magic != MAGIC) {
      throw refused(file, "it is no metrics file: it begins with other letters");
    }
    int version = header.getInt(VERSION_OFFSET);
    if (version != VERSION) {
      throw refused(
          file,
          "it has layout version %d and this Petrel reads version %d: use the other Petrel's tools"
              .formatted(version, VERSION));
    }
    long declared = header.getLong(FILE_LENGTH_OFFSET);
    MetricsLayout layout;
    try {
      layout = MetricsLayout.declaredBy(header);
    } catch (IllegalArgumentException e) {
      throw refused(file, "it is damaged: " + e.getMessage());
    }
    if (layout.length != declared || declared != size) {
      throw refused(
          file,
          "it is damaged: %d bytes, where its header says %d and its parts sum up to %d"
              .formatted(size, declared, layout.length));
    }
    return layout;
  }

  private static MetricsFileException refused(Path file, String why) {
    return new MetricsFileException("refusing '" + file + "': " + why);
  }

  /**
   * Creates a file under its final name only when it is whole, owned and allocated to the last
   * page: a full file system is an error here and not a SIGBUS later.
   */
  static MappedMetrics create(
      Path file, MetricsLayout layout, ProcessIdentity process, long nowMs) {
    Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
    try {
      Files.deleteIfExists(unfinished);
      MappedMetrics metrics;
      try (FileChannel channel =
          FileChannel.open(
              unfinished,
              Set.of(
                  StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
              ownerOnly("rw-------"))) {
        allocate(channel, layout.length);
        ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, layout.length);
        metrics = new MappedMetrics(new UnsafeBuffer(mapped), layout);
      }
      metrics.touch();
      metrics.writeHeader(process, nowMs);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      return metrics;
    } catch (IOException e) {
      try {
        Files.deleteIfExists(unfinished);
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw new MetricsFileException(
          ("cannot create the metrics file '%s' of %d bytes: %s; how full it is there says: df -h"
                  + " %s; another place: -Dpetrel.dir=DIRECTORY")
              .formatted(file, layout.length, e, file.getParent()),
          e);
    }
  }

  static FileAttribute<?>[] ownerOnly(String permissions) {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static void allocate(FileChannel channel, int length) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(WRITE_LENGTH).order(ByteOrder.nativeOrder());
    for (int written = 0; written < length; ) {
      zeros.clear().limit(Math.min(WRITE_LENGTH, length - written));
      written += channel.write(zeros);
    }
  }

  /** Takes the page faults now rather than at the first count. */
  private void touch() {
    for (int page = 0; page < layout.length; page += PAGE_LENGTH) {
      buffer.putLong(page, 0);
    }
  }

  private void writeHeader(ProcessIdentity process, long nowMs) {
    buffer.putInt(VERSION_OFFSET, VERSION);
    buffer.putInt(COUNTER_CAPACITY_OFFSET, layout.counterCapacity);
    buffer.putInt(HISTOGRAM_CAPACITY_OFFSET, layout.histogramCapacity);
    buffer.putInt(HISTOGRAM_LENGTH_OFFSET, layout.histogramLength);
    buffer.putInt(ERROR_LENGTH_OFFSET, layout.errorLength);
    buffer.putLong(FILE_LENGTH_OFFSET, layout.length);
    buffer.putLong(PROCESS_ID_OFFSET, process.pid());
    buffer.putLong(PROCESS_START_OFFSET, process.start());
    buffer.putLong(ENGINE_START_OFFSET, nowMs);
    buffer.putLong(HEARTBEAT_OFFSET, nowMs);
    buffer.putLongRelease(MAGIC_OFFSET, MAGIC); // Release: the header is complete.
  }
}
