package io.petrel.multicast.join;

import io.petrel.transport.journal.JournalEntry;
import io.petrel.transport.journal.JournalReader;
import io.petrel.transport.ring.RecordLayout;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What one late reader is sent from a journal: what it asked for, in order, and what was not
 * recorded by name. It begins where a record begins and goes on with what is still being recorded,
 * up to the position asked for.
 *
 * <p>Input: {@link #onRequest}. Output: {@link #poll}, to be called when there may be more to send.
 * Requests are a peer's and may be hostile: what makes no sense is not answered.
 */
public final class ReplayFeed {
  /** Takes chunks. */
  @FunctionalInterface
  public interface Sink {
    /**
     * A chunk in two pieces, to be copied.
     *
     * @return 0 or more when it was taken, less when it must be offered again later
     */
    long offer(
        DirectBuffer header,
        int headerOffset,
        int headerLength,
        DirectBuffer bytes,
        int offset,
        int length);
  }

  /** Entries of others or of before that are passed over in one poll. */
  private static final int LOOK_LIMIT = 256;

  private static final int LEAST_CHUNK = 512;

  /** A request that begins a little further on is reached by reading on. */
  private static final long NEAR_BYTES = 1 << 20;

  private static final long UNKNOWN = -1;

  private final JournalReader reader;
  private final Map<Long, PositionIndex> indexes;
  private final JournalEntry entry = new JournalEntry();
  private final UnsafeBuffer header = new UnsafeBuffer(new byte[ReplayMessages.CHUNK_HEADER]);

  private boolean active;
  private boolean held;
  private long sessionId;
  private int stream;
  private int number;
  private int mostBytes;
  private long to;
  private long wanted;
  private long next;
  private long refusals;

  /**
   * Nothing asked for yet.
   *
   * @param reader of its own; stays the caller's to close
   * @param indexes by session; kept by whoever appends, in the same thread
   */
  public ReplayFeed(JournalReader reader, Map<Long, PositionIndex> indexes) {
    this.reader = reader;
    this.indexes = indexes;
  }

  /** Whether there is, or will be, something to send. */
  public boolean isActive() {
    return active;
  }

  /** Requests that made no sense. */
  public long refusals() {
    return refusals;
  }

  /** A request came. */
  public void onRequest(DirectBuffer buffer, int offset, int length) {
    int kind = length < ReplayMessages.REQUEST_LENGTH ? -1 : pointKind(buffer, offset);
    if (kind < 0) {
      refusals++;
      return;
    }
    long session = ReplayMessages.sessionId(buffer, offset);
    int ofStream = ReplayMessages.stream(buffer, offset);
    boolean same = held && session == sessionId && ofStream == stream;
    sessionId = session;
    stream = ofStream;
    number = ReplayMessages.number(buffer, offset);
    mostBytes =
        Math.clamp(
            ReplayMessages.mostBytes(buffer, offset) & -RecordLayout.ALIGNMENT,
            LEAST_CHUNK,
            JournalEntry.MAX_LENGTH);
    to = ReplayMessages.to(buffer, offset);
    long from = ReplayMessages.from(buffer, offset);
    active = kind != JoinPoint.Kind.POSITION.ordinal() || from < to;
    if (active) {
      seek(JoinPoint.Kind.values()[kind], from, same);
    }
  }

  private static int pointKind(DirectBuffer buffer, int offset) {
    int kind = ReplayMessages.pointKind(buffer, offset);
    boolean sane =
        kind >= 0
            && kind < JoinPoint.Kind.values().length
            && ReplayMessages.from(buffer, offset) >= 0
            && ReplayMessages.to(buffer, offset) >= 0;
    return sane ? kind : -1;
  }

  private void seek(JoinPoint.Kind kind, long from, boolean same) {
    next = UNKNOWN;
    wanted = kind == JoinPoint.Kind.POSITION ? from : 0;
    if (kind == JoinPoint.Kind.TIME) {
      held = false;
      reader.seekTime(from);
      return;
    }
    if (same && wanted >= entry.position() && wanted - entry.endPosition() < NEAR_BYTES) {
      return;
    }
    held = false;
    PositionIndex index = indexes.get(sessionId);
    long before = index == null ? -1 : index.before(wanted);
    if (before >= 0) {
      reader.seekIndex(before);
    } else {
      reader.seekFirst();
    }
  }

  /**
   * Sends on.
   *
   * @param sink takes chunks
   * @param byteBudget no chunk is begun when so much was sent
   * @return bytes sent, headers included
   */
  public int poll(Sink sink, int byteBudget) {
    int sent = 0;
    for (int looked = 0; active && sent < byteBudget && looked < LOOK_LIMIT; ) {
      if (!held) {
        if (!reader.next(entry)) {
          break;
        }
        looked++;
        held = entry.sessionId() == sessionId && entry.stream() == stream;
        continue;
      }
      int some = send(sink);
      if (some < 0) {
        break;
      }
      sent += some;
      if (some == 0) {
        looked++;
      }
    }
    return sent;
  }

  /** Some of the entry; 0 when there is nothing in it that is wanted, less when it must wait. */
  private int send(Sink sink) {
    if (next == UNKNOWN) {
      next = begin();
      if (next == UNKNOWN) {
        held = false;
        return 0;
      }
    }
    if (entry.endPosition() <= next) {
      held = false;
      return 0;
    }
    boolean gap = entry.position() > next;
    long end = Math.min(gap ? afterGap() : entry.endPosition(), to);
    if (end <= next) {
      active = false;
      return 0;
    }
    if (gap || entry.isLoss()) {
      return chunk(sink, end, ReplayMessages.NOT_RECORDED, 0);
    }
    int length = (int) Math.min(end - next, mostBytes);
    return chunk(sink, next + length, ReplayMessages.BYTES, length);
  }

  /** Where the first record begins that is wanted, or unknown when it is none of this entry's. */
  private long begin() {
    if (entry.endPosition() <= wanted) {
      return UNKNOWN;
    }
    if (entry.isLoss()) {
      return Math.max(entry.position(), wanted);
    }
    if (entry.firstRecordOffset() == JournalEntry.NO_RECORD) {
      return UNKNOWN;
    }
    long record = entry.position() + entry.firstRecordOffset();
    while (record < wanted) {
      if (entry.endPosition() - record < RecordLayout.HEADER_LENGTH) {
        return UNKNOWN;
      }
      int at = entry.offset() + (int) (record - entry.position());
      int length = RecordLayout.recordLength(entry.buffer().getLong(at));
      record += Math.max(RecordLayout.alignedLength(length), RecordLayout.ALIGNMENT);
    }
    return record < entry.endPosition() ? record : UNKNOWN;
  }

  /** What lies before the entry is not in the journal: it goes on where a record begins. */
  private long afterGap() {
    if (entry.isLoss()) {
      return entry.position();
    }
    int first = entry.firstRecordOffset();
    return first == JournalEntry.NO_RECORD ? entry.endPosition() : entry.position() + first;
  }

  private int chunk(Sink sink, long end, int kind, int length) {
    ReplayMessages.chunk(header, next, end, number, kind);
    int at = entry.offset() + (length == 0 ? 0 : (int) (next - entry.position()));
    long result = sink.offer(header, 0, ReplayMessages.CHUNK_HEADER, entry.buffer(), at, length);
    if (result < 0) {
      return -1;
    }
    next = end;
    active = next < to;
    return ReplayMessages.CHUNK_HEADER + length;
  }
}
