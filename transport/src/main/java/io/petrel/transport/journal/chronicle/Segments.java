package io.petrel.transport.journal.chronicle;

import io.petrel.transport.journal.JournalException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.openhft.chronicle.core.time.TimeProvider;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/**
 * A journal's segments. To Chronicle Queue a segment is a day, and begins when the clock says so;
 * here the clock is ours and counts segments: the first is 1970-01-02.
 */
final class Segments {
  static final RollCycles ROLL_CYCLE = RollCycles.FAST_DAILY;
  private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyyMMdd'F.cq4'");

  /** What is mapped at a time; a file's length is a multiple of it. */
  private static final int BLOCK_BYTES = 8 << 20;

  /** How long a lock or an entry may look taken before it is taken from the dead. */
  private static final long TIMEOUT_MS = 1_000;

  /** The clock that says which segment is written. */
  static final class Clock implements TimeProvider {
    private volatile int segment = 1; // the writing thread's; a queue's own threads may look

    /** The segment being written. */
    int segment() {
      return segment;
    }

    void segment(int number) {
      segment = number;
    }

    @Override
    public long currentTimeMillis() {
      return (long) segment * ROLL_CYCLE.lengthInMillis();
    }
  }

  private Segments() {}

  static SingleChronicleQueue open(Path directory, Clock clock, boolean readOnly) {
    try {
      // Analytics are not on the class path, and would be off.
      return SingleChronicleQueueBuilder.single(directory.toFile())
          .rollCycle(ROLL_CYCLE)
          .blockSize(BLOCK_BYTES)
          .timeoutMS(TIMEOUT_MS)
          .timeProvider(clock)
          .readOnly(readOnly)
          .build();
    } catch (RuntimeException | AssertionError e) {
      throw new JournalException(
          "refusing the journal in '" + directory + "', its queue does not open: " + e, e);
    }
  }

  static Path file(Path directory, int segment) {
    return directory.resolve(NAME.format(LocalDate.ofEpochDay(segment)));
  }

  /** The number of a segment by its file. */
  static int segmentOf(Path file) {
    return (int) LocalDate.parse(file.getFileName().toString(), NAME).toEpochDay();
  }

  /** The segments' files that are there, oldest first. */
  static List<Path> files(Path directory) {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(directory, "*" + SingleChronicleQueue.SUFFIX)) {
      all.forEach(files::add);
    } catch (IOException e) {
      throw new JournalException("cannot list '" + directory + "': " + e, e);
    }
    files.sort(Comparator.comparing(Path::getFileName));
    return files;
  }

  static long firstIndex(int segment) {
    return ROLL_CYCLE.toIndex(segment, 0);
  }

  static int segmentOf(long index) {
    return ROLL_CYCLE.toCycle(index);
  }

  /** The first segment behind one that has a file, or -1. */
  static int next(Path directory, int segment) {
    for (Path file : files(directory)) {
      int number = segmentOf(file);
      if (number > segment) {
        return number;
      }
    }
    return -1;
  }

  static boolean isEmpty(ChronicleQueue queue) {
    return queue.firstIndex() == Long.MAX_VALUE;
  }
}
