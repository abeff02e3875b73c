package io.petrel.transport.journal;

import io.petrel.transport.ControlledMessageHandler;
import io.petrel.transport.ControlledMessageHandler.Action;
import io.petrel.transport.EndReason;
import io.petrel.transport.Header;
import io.petrel.transport.MessageHandler;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.Subscription;
import io.petrel.transport.ring.RecordLayout;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Records what a subscription receives: a reader like any other, on whatever thread polls it. What
 * is polled is gathered into ranges of up to 64 KiB and appended when a range is full or a poll
 * finds nothing.
 *
 * <pre>
 *   stream    | message | message | padding | message |
 *   range     | record  | record  |   skip  | record  |      one position in both
 * </pre>
 *
 * <p>Where recording is required nothing is consumed that could not be appended: the publisher
 * feels it as it would any slow reader. Else what the disk does not take is left out and told.
 *
 * <p>The subscription must have been given this as its {@link SessionEvents}.
 */
public final class Recorder implements SessionEvents {
  /** A stretch between two messages that is worth filling; behind a longer one a range begins. */
  private static final int MAX_GAP = 64;

  private record Stream(long sessionId, int stream) {}

  private record Range(long from, long to) {}

  private final Journal journal;
  private final boolean required;
  private final RecorderEvents events;
  private final LongSupplier epochNs;
  private final UnsafeBuffer open =
      new UnsafeBuffer(ByteBuffer.allocateDirect(JournalEntry.MAX_LENGTH));
  private final JournalEntry entry = new JournalEntry();
  private final Map<Stream, Range> untold = new HashMap<>();
  private final MessageHandler handler = this::take;
  private final ControlledMessageHandler controlled =
      (buffer, offset, length, header) ->
          take(buffer, offset, length, header) ? Action.CONTINUE : Action.ABORT;

  // The open range.
  private long sessionId;
  private int stream;
  private long start;
  private int length;
  private int firstRecord = JournalEntry.NO_RECORD;
  private long timeNs;

  private long nowNs;
  private boolean full;
  private @Nullable JournalException failure;
  private long messages;
  private long bytes;
  private long entries;
  private long lostBytes;

  /** Of the long record that a required append has got to, or 0. */
  private int sliced;

  /**
   * With nothing recorded yet.
   *
   * @param journal appended to; stays the caller's to close
   * @param required whether what cannot be recorded must wait rather than be left out
   * @param epochNs nanoseconds since 1970
   * @param events told of what is not recorded
   */
  public Recorder(Journal journal, boolean required, LongSupplier epochNs, RecorderEvents events) {
    this.journal = journal;
    this.required = required;
    this.epochNs = epochNs;
    this.events = events;
  }

  /**
   * Records what a subscription has.
   *
   * @param subscription that has this as its events
   * @param limit of messages
   * @return how many there were
   * @throws JournalException when the journal can take no more at all
   */
  public int poll(Subscription subscription, int limit) {
    nowNs = epochNs.getAsLong();
    int polled =
        required
            ? subscription.controlledPoll(controlled, limit)
            : subscription.poll(handler, limit);
    if (failure != null) {
      throw new JournalException(String.valueOf(failure.getMessage()), failure);
    }
    if (polled == 0) {
      flush();
    }
    return polled;
  }

  /** What is thrown within a poll goes no further: it is kept for the end of the poll. */
  private boolean take(DirectBuffer buffer, int offset, int size, Header header) {
    if (failure != null) {
      return false;
    }
    try {
      return onMessage(buffer, offset, size, header);
    } catch (JournalException e) {
      failure = e;
      return false;
    }
  }

  private boolean onMessage(DirectBuffer buffer, int offset, int size, Header header) {
    SessionInfo from = header.session();
    int need = RecordLayout.requiredLength(size);
    long at = header.position() - need;
    long gap = at - (start + length);
    boolean fits =
        length > 0
            && from.sessionId() == sessionId
            && from.stream() == stream
            && gap >= 0
            && gap <= MAX_GAP
            && length + gap + need <= JournalEntry.MAX_LENGTH;
    if (!fits) {
      if (!flush()) {
        return false;
      }
      begin(from, at);
      gap = 0;
    }
    if (need > JournalEntry.MAX_LENGTH) {
      if (!appendLong(buffer, offset, size, at)) {
        return false;
      }
    } else {
      put(buffer, offset, size, (int) gap, need);
    }
    messages++;
    bytes += size;
    return true;
  }

  private void begin(SessionInfo from, long at) {
    sessionId = from.sessionId();
    stream = from.stream();
    start = at;
    length = 0;
    firstRecord = JournalEntry.NO_RECORD;
    timeNs = nowNs;
  }

  private void put(DirectBuffer buffer, int offset, int size, int gap, int need) {
    if (gap > 0) {
      open.setMemory(length, gap, (byte) 0);
      open.putLong(length, RecordLayout.header(gap, RecordLayout.TYPE_SKIP));
      length += gap;
    }
    if (firstRecord == JournalEntry.NO_RECORD) {
      firstRecord = 0;
    }
    int record = RecordLayout.HEADER_LENGTH + size;
    open.putLong(length + need - Long.BYTES, 0); // what only aligns is always the same
    open.putLong(length, RecordLayout.header(record, RecordLayout.TYPE_MESSAGE));
    open.putBytes(length + RecordLayout.HEADER_LENGTH, buffer, offset, size);
    length += need;
  }

  /** A record longer than a range: in as many ranges as it takes, which nothing comes between. */
  private boolean appendLong(DirectBuffer buffer, int offset, int size, long at) {
    int need = RecordLayout.requiredLength(size);
    while (sliced < need) {
      int slice = Math.min(JournalEntry.MAX_LENGTH, need - sliced);
      int header = sliced == 0 ? RecordLayout.HEADER_LENGTH : 0;
      int from = sliced + header - RecordLayout.HEADER_LENGTH;
      int payload = Math.min(slice - header, size - from);
      open.putLong(slice - Long.BYTES, 0);
      if (sliced == 0) {
        open.putLong(
            0, RecordLayout.header(RecordLayout.HEADER_LENGTH + size, RecordLayout.TYPE_MESSAGE));
      }
      open.putBytes(header, buffer, offset + from, payload);
      start = at + sliced;
      length = slice;
      firstRecord = sliced == 0 ? 0 : JournalEntry.NO_RECORD;
      if (!flush()) {
        length = 0; // it is gathered again when the message comes again
        return false;
      }
      sliced += slice;
    }
    sliced = 0;
    return true;
  }

  /**
   * Appends what was gathered.
   *
   * @return false when recording is required and the disk is full: the range stays open
   */
  public boolean flush() {
    tellUntold();
    if (length == 0) {
      return true;
    }
    entry.range(sessionId, stream, start, timeNs, firstRecord).bytes(open, 0, length);
    long result = untold.isEmpty() ? journal.append(entry) : Journal.DISK_FULL;
    if (result >= 0) {
      entries++;
      noteFull(false);
    } else if (result == Journal.DISK_FULL) {
      noteFull(true);
      if (required) {
        return false;
      }
      leaveOut(sessionId, stream, start, start + length);
    } else {
      throw new JournalException("the journal refuses a range: " + Journal.nameOf(result));
    }
    start += length;
    length = 0;
    return true;
  }

  private void noteFull(boolean now) {
    if (full != now) {
      full = now;
      events.onDiskFull(now);
    }
  }

  private void leaveOut(long session, int ofStream, long from, long to) {
    lostBytes += to - from;
    Stream key = new Stream(session, ofStream);
    Range before = untold.get(key);
    untold.put(key, new Range(before == null ? from : before.from, to));
  }

  /** Losses go into the journal before anything that came after them. */
  private void tellUntold() {
    while (!untold.isEmpty()) {
      Map.Entry<Stream, Range> first = untold.entrySet().iterator().next();
      Stream of = first.getKey();
      Range range = first.getValue();
      entry.lost(of.sessionId, of.stream, range.from, range.to, nowNs);
      if (journal.append(entry) < 0) {
        return;
      }
      untold.remove(of);
      noteFull(false);
      events.onNotRecorded(of.sessionId, of.stream, range.from, range.to);
    }
  }

  @Override
  public void onLoss(SessionInfo session, long fromPosition, long toPosition) {
    if (!flush()) {
      leaveOut(sessionId, stream, start, start + length);
      length = 0;
    }
    leaveOut(session.sessionId(), session.stream(), fromPosition, toPosition);
    tellUntold();
  }

  @Override
  public void onSessionDown(SessionInfo session, EndReason reason, long position) {
    flush();
  }

  /**
   * Messages that were consumed.
   *
   * @return those left out included
   */
  public long messages() {
    return messages;
  }

  /**
   * Their bytes.
   *
   * @return without what a record takes beside
   */
  public long bytes() {
    return bytes;
  }

  /**
   * Ranges appended.
   *
   * @return since this was made
   */
  public long entries() {
    return entries;
  }

  /**
   * Bytes of streams that are not in the journal.
   *
   * @return by their positions
   */
  public long lostBytes() {
    return lostBytes;
  }
}
