package io.petrel.transport.journal.chronicle;

import io.petrel.transport.journal.Journal;
import io.petrel.transport.journal.JournalEntry;
import io.petrel.transport.journal.JournalException;
import io.petrel.transport.journal.JournalSettings;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.chronicle.wire.Wire;
import org.jspecify.annotations.Nullable;

/**
 * Appends to a journal. Each opening begins a segment of its own: nothing is ever written behind a
 * torn entry.
 */
final class ChronicleJournal implements Journal {
  private final JournalSettings settings;
  private final Path directory;
  private final FileChannel lockFile;
  private final JournalMark mark;
  private final Segments.Clock clock = new Segments.Clock();
  private final SingleChronicleQueue queue;
  private final ExcerptAppender appender;
  private final DiskRoom room;
  private final EntryCodec codec = new EntryCodec();

  private boolean begun;
  private boolean faulted;
  private long offset;
  private long lastIndex = -1;
  private long lastTimeNs;
  private boolean closed;

  ChronicleJournal(JournalSettings settings) {
    this.settings = settings;
    directory = settings.directory();
    lockFile = lock(directory);
    SingleChronicleQueue opened = null;
    try {
      mark = JournalMark.readOrCreate(directory);
      opened = Segments.open(directory, clock, false);
      queue = opened;
      examineEnd();
      appender = queue.createAppender();
      appender.singleThreadedCheckDisabled(true); // opened by one thread, used by another
      room = new DiskRoom(directory);
      retain(lastTimeNs);
    } catch (RuntimeException | Error e) {
      if (opened != null) {
        opened.close();
      }
      release(lockFile);
      throw e;
    }
  }

  private static FileChannel lock(Path directory) {
    Path file = directory.resolve("petrel-journal.lock");
    try {
      Files.createDirectories(directory);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!isLocked(channel)) {
        channel.close();
        throw new JournalException(
            "the journal in '" + directory + "' is being recorded into; name another");
      }
      return channel;
    } catch (IOException e) {
      throw new JournalException("cannot open the journal in '" + directory + "': " + e, e);
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      @Nullable FileLock lock = channel.tryLock(); // held until the channel is closed
      return lock != null && lock.isValid();
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static void release(FileChannel lockFile) {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new JournalException("cannot give back the journal's lock: " + e, e);
    }
  }

  /** Marks what a crash left torn, and begins behind it. */
  private void examineEnd() {
    List<Path> files = new ArrayList<>(Segments.files(directory));
    if (files.isEmpty()) {
      return;
    }
    clock.segment(Segments.segmentOf(files.getLast()) + 1);
    try (ChronicleReader reader = new ChronicleReader(directory)) {
      while (lastIndex < 0 && !files.isEmpty()) {
        int number = Segments.segmentOf(files.removeLast());
        ChronicleReader.Tail tail = reader.tailOf(number);
        if (tail.tornIndex() >= 0) {
          mark.addTorn(tail.tornIndex(), Segments.firstIndex(number + 1) - 1);
        }
        lastIndex = tail.lastIndex();
        lastTimeNs = tail.lastTimeNs();
      }
    }
  }

  @Override
  public long append(JournalEntry entry) {
    if (closed) {
      return CLOSED;
    }
    int length = entry.length();
    if (length < 0
        || length > JournalEntry.MAX_LENGTH
        || entry.endPosition() - entry.position() < 0) {
      return BAD_RANGE;
    }
    long timeNs = Math.max(lastTimeNs, entry.timeNs());
    if (begun && (faulted || offset >= settings.segmentBytes())) {
      begun = false;
      faulted = false;
      clock.segment(clock.segment() + 1);
    }
    int total = EntryCodec.HEADER_LENGTH + length + Integer.BYTES;
    if (begun ? !room.secure(offset, total) : !room.hasRoomForSegment()) {
      return DISK_FULL;
    }
    long index = write(codec.encode(entry, timeNs));
    if (index < 0) {
      return index;
    }
    lastIndex = index;
    lastTimeNs = timeNs;
    if (!begun) {
      begin(timeNs);
    }
    return index;
  }

  private long write(int total) {
    long index;
    try (DocumentContext document = appender.writingDocument()) {
      Wire wire = document.wire();
      if (wire == null) {
        return CLOSED;
      }
      Bytes<?> bytes = wire.bytes();
      bytes.write(codec.bytes(), 0L, total);
      offset = bytes.writePosition();
      index = document.index();
    } catch (InternalError e) {
      // The room that was secured was not enough: what is half written stays in its segment.
      begun = true;
      faulted = true;
      return DISK_FULL;
    }
    return index;
  }

  private void begin(long timeNs) {
    begun = true;
    try {
      room.begin(Segments.file(directory, clock.segment()));
    } catch (IOException e) {
      throw new JournalException(
          "cannot open '" + Segments.file(directory, clock.segment()) + "': " + e, e);
    }
    retain(timeNs);
  }

  /** Forgets the oldest segments, as far as the limits ask for it. */
  private void retain(long nowNs) {
    if (settings.retentionBytes() == Long.MAX_VALUE && settings.retentionNs() == Long.MAX_VALUE) {
      return;
    }
    List<Path> files = new ArrayList<>(Segments.files(directory));
    try (ChronicleReader reader = new ChronicleReader(directory)) {
      long total = 0;
      for (Path file : files) {
        total += Files.size(file);
      }
      boolean removed = false;
      while (files.size() > 1) {
        long endedNs = reader.firstTimeNs(Segments.segmentOf(files.get(1)));
        boolean old = endedNs != Long.MAX_VALUE && nowNs - endedNs > settings.retentionNs();
        if (!old && total <= settings.retentionBytes()) {
          break;
        }
        Path oldest = files.removeFirst();
        total -= Files.size(oldest);
        Files.delete(oldest);
        removed = true;
      }
      if (removed) {
        queue.refreshDirectoryListing();
        mark.retainFrom(Segments.firstIndex(Segments.segmentOf(files.getFirst())));
      }
    } catch (IOException e) {
      throw new JournalException("cannot remove old segments in '" + directory + "': " + e, e);
    }
  }

  @Override
  public int truncate(long sessionId, int stream, long position) {
    int cut = 0;
    long first = -1;
    JournalEntry entry = new JournalEntry();
    try (ChronicleReader reader = new ChronicleReader(directory)) {
      for (boolean more = reader.seekPosition(sessionId, stream, position);
          more && reader.next(entry); ) {
        if (entry.sessionId() == sessionId
            && entry.stream() == stream
            && entry.endPosition() > position) {
          first = first < 0 ? reader.index() : first;
          cut++;
        }
      }
    }
    if (cut > 0) {
      mark.addCut(first, lastIndex, sessionId, stream, position);
    }
    return cut;
  }

  @Override
  public long lastIndex() {
    return lastIndex;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      appender.close();
      queue.close();
      room.close();
      release(lockFile);
    }
  }
}
