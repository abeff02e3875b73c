package io.petrel.transport.journal.chronicle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Room on the disk, secured before the queue writes into its mapped file: there a full file system
 * is a fault in the middle of an entry, here it is an exception before it.
 *
 * <p>What lies ahead in the file is read and written back as it is. The one process that may write
 * the file is this, and this is called between two entries.
 */
final class DiskRoom implements AutoCloseable {
  /** Secured at a time. */
  private static final int STEP = 1 << 20;

  /** Beyond an entry the queue writes of its own: an index of 32 KiB and its like. */
  private static final int MARGIN = 256 << 10;

  private static final int CHUNK = 64 << 10;

  private final Path reserve;
  private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
  private @Nullable FileChannel channel;
  private long secured;

  DiskRoom(Path directory) {
    reserve = directory.resolve("petrel-journal.reserve");
  }

  /** Whether a segment can be begun: its first pages are written before its file is known here. */
  boolean hasRoomForSegment() {
    try (FileChannel file =
        FileChannel.open(
            reserve,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      for (long at = 0; at < 2 * STEP; at += CHUNK) {
        writeFully(file, at, chunk.clear());
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Goes on with the file of a segment. */
  void begin(Path file) throws IOException {
    close();
    channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    secured = 0;
  }

  /** Whether an entry, and what comes with it, can be written at an offset of the file. */
  boolean secure(long offset, int length) {
    long needed = offset + length + MARGIN;
    if (needed <= secured) {
      return true;
    }
    FileChannel file = channel;
    if (file == null) {
      return false;
    }
    try {
      while (secured < needed + STEP) {
        rewrite(file, secured);
        secured += CHUNK;
      }
      return true;
    } catch (IOException e) {
      return needed <= secured;
    }
  }

  private void rewrite(FileChannel file, long at) throws IOException {
    chunk.clear();
    while (chunk.hasRemaining() && file.read(chunk, at + chunk.position()) > 0) {
      Thread.onSpinWait();
    }
    while (chunk.hasRemaining()) {
      chunk.put((byte) 0); // behind the end of the file
    }
    chunk.flip();
    writeFully(file, at, chunk);
  }

  private static void writeFully(FileChannel file, long at, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      file.write(bytes, at + bytes.position());
    }
  }

  @Override
  public void close() {
    FileChannel file = channel;
    channel = null;
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        secured = 0; // nothing was left to write
      }
    }
    try {
      Files.deleteIfExists(reserve);
    } catch (IOException e) {
      secured = 0; // it is overwritten next time
    }
  }
}
