package io.petrel.transport.journal.chronicle;

import io.petrel.transport.journal.JournalEntry;
import io.petrel.transport.journal.JournalException;
import io.petrel.transport.journal.JournalReader;
import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.chronicle.wire.Wire;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal. Every entry is copied out of the mapped file before it is looked at, so that
 * neither a close nor retention pulls it from under a reader.
 */
final class ChronicleReader implements JournalReader {
  /** What a look at the queue found. */
  private enum Found {
    NOTHING,
    WHOLE,
    BROKEN,
    /** The queue itself cannot go on: an entry's length makes no sense. */
    UNREADABLE
  }

  /**
   * How a segment ends.
   *
   * @param lastIndex of its last whole entry, or -1
   * @param lastTimeNs of that
   * @param tornIndex of the first entry that is torn, or -1
   */
  record Tail(long lastIndex, long lastTimeNs, long tornIndex) {}

  private final Path directory;
  private final JournalMark mark;
  private final SingleChronicleQueue queue;
  private final ExcerptTailer tailer;
  private final EntryCodec codec = new EntryCodec();
  private int segment;
  private long index = -1;

  /** Of the entry looked at, whole or not. */
  private long seenIndex = -1;

  private @Nullable Throwable failure;
  private boolean closed;

  ChronicleReader(Path directory) {
    this.directory = directory;
    mark = JournalMark.read(directory);
    queue = Segments.open(directory, new Segments.Clock(), true);
    tailer = queue.createTailer();
    tailer.singleThreadedCheckDisabled(true); // opened by one thread, used by another
  }

  @Override
  public boolean next(JournalEntry entry) {
    if (closed) {
      return false;
    }
    while (true) {
      switch (look()) {
        case WHOLE -> {
          if (accept(entry)) {
            return true;
          }
        }
        case NOTHING -> {
          if (!goOn()) {
            return false;
          }
        }
        default -> {
          if (!passBroken()) {
            return false;
          }
        }
      }
    }
  }

  private Found look() {
    if (segment == 0) {
      return Found.NOTHING;
    }
    try (DocumentContext document = tailer.readingDocument()) {
      Wire wire = document.wire();
      if (!document.isPresent() || wire == null) {
        return Found.NOTHING;
      }
      seenIndex = document.index();
      segment = Segments.segmentOf(seenIndex);
      Bytes<?> bytes = wire.bytes();
      long length = bytes.readRemaining();
      if (length > EntryCodec.MAX_LENGTH) {
        return Found.BROKEN;
      }
      codec.bytes().write(0L, bytes, bytes.readPosition(), length);
      return codec.isWhole(length) ? Found.WHOLE : Found.BROKEN;
    } catch (RuntimeException | AssertionError | InternalError e) {
      failure = e;
      seenIndex = Math.max(seenIndex + 1, Segments.firstIndex(segment));
      return Found.UNREADABLE;
    }
  }

  /** Whether the entry counts, and how much of it. */
  private boolean accept(JournalEntry entry) {
    if (codec.version() != EntryCodec.VERSION) {
      throw new JournalException(
          "refusing '"
              + Segments.file(directory, segment)
              + "': its entries are of version "
              + codec.version()
              + ", this is "
              + EntryCodec.VERSION);
    }
    if (mark.isTorn(seenIndex)) {
      return false;
    }
    index = seenIndex;
    codec.show(entry);
    long from = entry.position();
    long end = mark.endOf(index, entry.sessionId(), entry.stream(), entry.endPosition());
    if (end == entry.endPosition()) {
      return true;
    }
    if (end <= from) {
      return false;
    }
    if (entry.isLoss()) {
      entry.lost(entry.sessionId(), entry.stream(), from, end, entry.timeNs());
    } else {
      entry.bytes(entry.buffer(), entry.offset(), (int) (end - from));
    }
    return true;
  }

  /** Begins the next segment, if there is one and nothing was appended to this meanwhile. */
  private boolean goOn() {
    int next = Segments.next(directory, segment);
    if (next < 0) {
      return false;
    }
    if (segment != 0 && isMore()) {
      return true;
    }
    return enter(next);
  }

  /** Whether the tailer has something more, which it will show again. */
  private boolean isMore() {
    try (DocumentContext document = tailer.readingDocument()) {
      if (document.isPresent()) {
        document.rollbackOnClose();
        return true;
      }
      return false;
    } catch (RuntimeException | AssertionError | InternalError e) {
      failure = e;
      return false;
    }
  }

  private boolean enter(int number) {
    // Looked for first: a segment is begun when the one before is done, so where there is one
    // beyond
    // all of this can be seen. Looked for later, it may have come while this was still empty.
    int beyond = Segments.next(directory, number);
    queue.refreshDirectoryListing();
    try {
      if (tailer.moveToIndex(Segments.firstIndex(number))) {
        segment = number;
        return true;
      }
    } catch (RuntimeException | AssertionError | InternalError e) {
      failure = e;
    }
    // Nothing in it, or nothing readable: torn at its very beginning, unless it is the last.
    return beyond > 0 && enter(beyond);
  }

  /** Goes past what is broken where that was torn; false where it is the end, for now. */
  private boolean passBroken() {
    long broken = seenIndex;
    int number = Segments.segmentOf(broken);
    int next = Segments.next(directory, number);
    mark.load();
    if (mark.isTorn(broken)) {
      return next > 0 && enter(next);
    }
    if (next > 0) {
      throw damaged(broken);
    }
    if (failure == null && look() == Found.WHOLE) {
      throw damaged(broken);
    }
    tailer.moveToIndex(broken); // it may be mended by whoever opens the journal next
    return false;
  }

  private JournalException damaged(long at) {
    return new JournalException(
        "'"
            + Segments.file(directory, Segments.segmentOf(at))
            + "' is damaged: its entry "
            + Long.toHexString(at)
            + " does not match its checksum",
        failure);
  }

  @Override
  public long index() {
    return index;
  }

  @Override
  public void seekFirst() {
    mark.load();
    segment = 0;
    index = -1;
    seenIndex = -1;
    failure = null;
  }

  @Override
  public void seekIndex(long wanted) {
    seekFirst();
    int number = Segments.segmentOf(wanted);
    queue.refreshDirectoryListing();
    if (tailer.moveToIndex(wanted)) {
      segment = number;
    } else {
      segment = number - (wanted == Segments.firstIndex(number) ? 1 : 0);
    }
  }

  @Override
  public boolean seekTime(long timeNs) {
    seekFirst();
    JournalEntry entry = new JournalEntry();
    int best = 0;
    for (Path file : Segments.files(directory)) {
      int number = Segments.segmentOf(file);
      if (enterExactly(number) && look() == Found.WHOLE && accept(entry)) {
        if (entry.timeNs() >= timeNs) {
          break;
        }
        best = number;
      }
    }
    seekFirst();
    if (best > 0) {
      enterExactly(best);
    }
    while (next(entry)) {
      if (entry.timeNs() >= timeNs) {
        seekIndex(index);
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean seekPosition(long sessionId, int stream, long position) {
    seekFirst();
    JournalEntry entry = new JournalEntry();
    while (next(entry)) {
      if (entry.sessionId() == sessionId
          && entry.stream() == stream
          && entry.endPosition() > position) {
        seekIndex(index);
        return true;
      }
    }
    return false;
  }

  private boolean enterExactly(int number) {
    queue.refreshDirectoryListing();
    if (tailer.moveToIndex(Segments.firstIndex(number))) {
      segment = number;
      return true;
    }
    return false;
  }

  /** Reads a segment to its end; only its end may be torn. */
  Tail tailOf(int number) {
    seekFirst();
    long last = -1;
    long lastTimeNs = 0;
    long torn = -1;
    JournalEntry entry = new JournalEntry();
    try {
      if (!enterExactly(number)) {
        return new Tail(-1, 0, -1);
      }
    } catch (RuntimeException | AssertionError | InternalError e) {
      failure = e;
      long first = Segments.firstIndex(number);
      return new Tail(-1, 0, mark.isTorn(first) ? -1 : first);
    }
    while (true) {
      Found found = look();
      if (found == Found.NOTHING || (seenIndex >= 0 && Segments.segmentOf(seenIndex) != number)) {
        return new Tail(last, lastTimeNs, torn);
      }
      if (found == Found.WHOLE && !mark.isTorn(seenIndex)) {
        if (torn >= 0) {
          throw damaged(torn);
        }
        codec.show(entry);
        last = seenIndex;
        lastTimeNs = entry.timeNs();
      } else if (found != Found.WHOLE && torn < 0 && !mark.isTorn(seenIndex)) {
        torn = seenIndex;
      }
      if (found == Found.UNREADABLE) {
        return new Tail(last, lastTimeNs, torn);
      }
    }
  }

  /** When the first entry of a segment was recorded; the end of time where there is none. */
  long firstTimeNs(int number) {
    seekFirst();
    JournalEntry entry = new JournalEntry();
    if (enterExactly(number) && look() == Found.WHOLE) {
      codec.show(entry);
      return entry.timeNs();
    }
    return Long.MAX_VALUE;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      tailer.close();
      queue.close();
    }
  }
}
