package io.petrel.bench.sim;

import io.petrel.transport.journal.Journal;
import io.petrel.transport.journal.JournalEntry;
import io.petrel.transport.journal.JournalReader;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** A journal without a disk, for one stream and one thread. */
final class MemoryJournal implements Journal {
  private record Range(
      boolean loss,
      long session,
      int stream,
      long from,
      long to,
      long timeNs,
      int first,
      UnsafeBuffer bytes) {
    void show(JournalEntry entry) {
      if (loss) {
        entry.lost(session, stream, from, to, timeNs);
      } else {
        entry.range(session, stream, from, timeNs, first);
        entry.bytes(bytes, 0, bytes.capacity());
      }
    }
  }

  private final List<Range> ranges = new ArrayList<>();

  @Override
  public long append(JournalEntry entry) {
    UnsafeBuffer bytes = new UnsafeBuffer(new byte[entry.length()]);
    bytes.putBytes(0, entry.buffer(), entry.offset(), entry.length());
    ranges.add(
        new Range(
            entry.isLoss(),
            entry.sessionId(),
            entry.stream(),
            entry.position(),
            entry.endPosition(),
            entry.timeNs(),
            entry.firstRecordOffset(),
            bytes));
    return lastIndex();
  }

  @Override
  public int truncate(long sessionId, int stream, long position) {
    throw new UnsupportedOperationException("a simulation truncates nothing");
  }

  @Override
  public long lastIndex() {
    return ranges.size() - 1L;
  }

  @Override
  public void close() {}

  JournalReader newReader() {
    return new Reader();
  }

  private final class Reader implements JournalReader {
    private int next;

    @Override
    public boolean next(JournalEntry entry) {
      if (next == ranges.size()) {
        return false;
      }
      ranges.get(next++).show(entry);
      return true;
    }

    @Override
    public long index() {
      return next - 1L;
    }

    @Override
    public void seekFirst() {
      next = 0;
    }

    @Override
    public void seekIndex(long index) {
      next = (int) index;
    }

    @Override
    public boolean seekTime(long timeNs) {
      next = 0;
      while (next < ranges.size() && ranges.get(next).timeNs < timeNs) {
        next++;
      }
      return next < ranges.size();
    }

    @Override
    public boolean seekPosition(long sessionId, int stream, long position) {
      next = 0;
      while (next < ranges.size() && ranges.get(next).to <= position) {
        next++;
      }
      return next < ranges.size();
    }

    @Override
    public void close() {}
  }
}
