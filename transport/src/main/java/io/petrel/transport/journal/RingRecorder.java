package io.petrel.transport.journal;

import io.petrel.transport.ring.RecordLayout;
import io.petrel.transport.ring.SendRing;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Records what a publisher's own ring has sent, on a thread of its own: copies it out of the ring,
 * and looks afterwards whether the ring was freed meanwhile.
 *
 * <pre>
 *     freed          recorded          sent          written
 *       |               |                |              |
 *   ----+---------------+----------------+--------------+----&gt; position
 *                       | to be recorded |
 * </pre>
 *
 * <p>The ring goes its own way: a recorder that falls behind what the ring still holds tells the
 * exact range and goes on where a record begins. Where recording is required the ring's owner must
 * free nothing above {@link #position()}.
 */
public final class RingRecorder {
  private static final int ALIGNED = -RecordLayout.ALIGNMENT;

  private final Journal journal;
  private final SendRing ring;
  private final long sessionId;
  private final int stream;
  private final boolean required;
  private final LongSupplier epochNs;
  private final LongSupplier restart;
  private final RecorderEvents events;
  private final UnsafeBuffer copy =
      new UnsafeBuffer(ByteBuffer.allocateDirect(JournalEntry.MAX_LENGTH));
  private final JournalEntry entry = new JournalEntry();

  /** Beside the other, which may wait for this to be told. */
  private final JournalEntry loss = new JournalEntry();

  private long nextRecord;
  private long missingFrom = -1;
  private boolean full;
  private long lastIndex = -1;
  private long lastPosition;
  private long recordedBytes;
  private long lostBytes;
  private volatile long position; // the ring's owner frees by it: what is below was appended

  /**
   * Begins with the ring's beginning.
   *
   * @param journal appended to; stays the caller's to close
   * @param ring whose sent bytes are recorded
   * @param sessionId of the ring's session
   * @param stream of the session
   * @param required whether a full disk is waited for rather than passed over
   * @param epochNs nanoseconds since 1970
   * @param restart where a record begins that the ring holds, for when this fell behind
   * @param events told of what is not recorded
   */
  public RingRecorder(
      Journal journal,
      SendRing ring,
      long sessionId,
      int stream,
      boolean required,
      LongSupplier epochNs,
      LongSupplier restart,
      RecorderEvents events) {
    this.journal = journal;
    this.ring = ring;
    this.sessionId = sessionId;
    this.stream = stream;
    this.required = required;
    this.epochNs = epochNs;
    this.restart = restart;
    this.events = events;
    position = ring.acknowledgedPosition();
    nextRecord = position;
  }

  /**
   * Records a range, if there is one.
   *
   * @return bytes that were dealt with; 0 when there is nothing to do
   * @throws JournalException when the journal can take no more at all
   */
  public int work() {
    long from = position;
    int length = (int) Math.min(ring.sentPosition() - from, JournalEntry.MAX_LENGTH) & ALIGNED;
    if (length <= 0) {
      return 0;
    }
    boolean held = ring.acknowledgedPosition() <= from;
    if (held) {
      ring.copyTo(from, length, copy, 0);
      VarHandle.loadLoadFence(); // the copy first, then the look whether it was in time
      held = ring.acknowledgedPosition() <= from;
    }
    if (!held) {
      fallBehind(from);
      return length;
    }
    return record(from, length);
  }

  private void fallBehind(long from) {
    long to = restart.getAsLong();
    missingFrom = missingFrom < 0 ? from : missingFrom;
    nextRecord = to;
    position = to;
    tellMissing(to);
  }

  private int record(long from, int length) {
    long firstRecord = nextRecord;
    long walked = firstRecord;
    while (walked < from + length) {
      int size = RecordLayout.recordLength(copy.getLong((int) (walked - from)));
      walked += RecordLayout.alignedLength(size);
    }
    // Behind a range that is missing the next one begins with a record.
    int skipped = missingFrom < 0 ? 0 : (int) Math.min(firstRecord - from, length);
    if (skipped < length) {
      int first =
          firstRecord < from + length
              ? (int) (firstRecord - from) - skipped
              : JournalEntry.NO_RECORD;
      entry
          .range(sessionId, stream, from + skipped, epochNs.getAsLong(), first)
          .bytes(copy, skipped, length - skipped);
      boolean told = missingFrom < 0 || tellMissing(from + skipped);
      long index = told ? journal.append(entry) : Journal.DISK_FULL;
      if (index < 0 && index != Journal.DISK_FULL) {
        throw new JournalException("the journal refuses a range: " + Journal.nameOf(index));
      }
      noteFull(index < 0);
      if (index < 0) {
        if (required) {
          return 0;
        }
        missingFrom = missingFrom < 0 ? from : missingFrom;
      } else {
        lastIndex = index;
        lastPosition = from + skipped;
        recordedBytes += length - skipped;
      }
    }
    nextRecord = walked;
    position = from + length;
    return length;
  }

  private void noteFull(boolean now) {
    if (full != now) {
      full = now;
      events.onDiskFull(now);
    }
  }

  /** Says in the journal what is missing before a position; false when that is not possible now. */
  private boolean tellMissing(long to) {
    long from = missingFrom;
    loss.lost(sessionId, stream, from, to, epochNs.getAsLong());
    if (journal.append(loss) < 0) {
      return false;
    }
    missingFrom = -1;
    lostBytes += to - from;
    events.onNotRecorded(sessionId, stream, from, to);
    return true;
  }

  /**
   * Up to where the ring was dealt with: recorded, or known not to be. Any thread may ask.
   *
   * @return position
   */
  public long position() {
    return position;
  }

  /**
   * Index of the range recorded last.
   *
   * @return -1 before the first
   */
  public long lastIndex() {
    return lastIndex;
  }

  /**
   * Where the range recorded last begins.
   *
   * @return position
   */
  public long lastPosition() {
    return lastPosition;
  }

  /**
   * Bytes recorded.
   *
   * @return of the ring
   */
  public long recordedBytes() {
    return recordedBytes;
  }

  /**
   * Bytes that are told to be missing.
   *
   * @return of the ring
   */
  public long lostBytes() {
    return lostBytes;
  }
}
