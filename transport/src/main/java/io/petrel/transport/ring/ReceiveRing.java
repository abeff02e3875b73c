package io.petrel.transport.ring;

import static io.petrel.transport.ring.RecordLayout.ALIGNMENT;
import static io.petrel.transport.ring.RecordLayout.HEADER_LENGTH;
import static io.petrel.transport.ring.RecordLayout.MAX_POSITION;
import static io.petrel.transport.ring.RecordLayout.TYPE_MESSAGE;

import io.petrel.transport.ControlledMessageHandler;
import io.petrel.transport.ControlledMessageHandler.Action;
import io.petrel.transport.Header;
import io.petrel.transport.MessageHandler;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The receiving twin of a {@link SendRing}, of the same capacity: the engine's thread puts bytes in
 * their final place, in whatever order they come, and one reading thread reads the records below
 * the first hole.
 *
 * <pre>
 *           read         contiguous       holes         highest      read + capacity
 *            |                |                            |               |
 *   ---------+----------------+.....######....#############+---------------+-----> position
 *            |  may be read   | hole       hole            |   free        |
 * </pre>
 *
 * What was received is never overwritten, neither by a copy that differs nor by bytes beyond the
 * window. The records are a peer's and may be hostile: each is judged before anyone reads it, by
 * what is contiguous. The first breach is kept, every later poll returns it, and nothing more is
 * read: the session must end.
 *
 * <p>Memory is asked for at the first byte, and stays as long as the ring can be reached.
 */
public final class ReceiveRing extends ReceiveRingFields.Back {
  /** Told by a poll, on the reading thread, in order with the messages. */
  public interface Listener {
    /**
     * A handler threw; its message counts as consumed.
     *
     * @param error that it threw
     */
    void onHandlerError(Throwable error);

    /**
     * The reader has come to a skip: bytes of this range will not come, or lie in a record that is
     * not whole.
     *
     * @param fromPosition behind the last record before it
     * @param toPosition where the next record begins
     */
    void onLoss(long fromPosition, long toPosition);
  }

  private static final long NO_SKIP = -1;

  private final int capacity;
  private final int mask;
  private final RingMemory memory;
  private final Header header;
  private final Listener listener;
  private final HoleSet holes;

  /** Stands in until the first byte. */
  private UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

  private boolean allocated;
  private boolean givenBack;

  /**
   * A ring without memory yet.
   *
   * @param capacity in bytes, as the sender's
   * @param initialPosition of the first byte, where a record begins
   * @param holeLimit how many holes are kept at most
   * @param memory to ask at the first byte
   * @param header shown to handlers, with the position of each message
   * @param listener told by polls
   */
  public ReceiveRing(
      final int capacity,
      final long initialPosition,
      final int holeLimit,
      final RingMemory memory,
      final Header header,
      final Listener listener) {
    this.capacity = RecordLayout.checkedCapacity(capacity);
    this.mask = capacity - 1;
    this.memory = memory;
    this.header = header;
    this.listener = listener;
    holes = new HoleSet(holeLimit, RecordLayout.checkedPosition(initialPosition));
    limit = initialPosition;
    readRelease(initialPosition);
    contiguousRelease(initialPosition);
  }

  // ---- Engine's thread ----

  /**
   * Puts bytes of the stream in their place, as far as they are new.
   *
   * @param position of the first
   * @param source to copy from
   * @param offset in it
   * @param length of the bytes
   * @return how many were new, 0 when all were there; or, and then nothing was taken, {@link
   *     RingResult#OUTSIDE_WINDOW}, {@link RingResult#TOO_MANY_HOLES}, {@link
   *     RingResult#BAD_RANGE}, {@link RingResult#NO_MEMORY}
   */
  public int insert(
      final long position, final DirectBuffer source, final int offset, final int length) {
    final long end = position + length;
    if (position == contiguousPlain() && holes.count() == 0 && length > 0 && end <= limit) {
      place(position, source, offset, length);
      holes.append(end);
      contiguousRelease(end);
      return length;
    }
    return insertOutOfOrder(position, source, offset, length);
  }

  /**
   * Gives up what is missing below a position, so that reading goes on there. The reader first
   * reads the whole records before the first hole and is then told of the loss.
   *
   * @param recordPosition where a record begins, above the contiguous position
   * @return 0, or {@link RingResult#BAD_RANGE}, or {@link RingResult#SKIP_PENDING} as long as the
   *     reader has not passed the skip before
   */
  public int skipTo(final long recordPosition) {
    if (recordPosition <= contiguousPlain()
        || recordPosition > MAX_POSITION
        || (recordPosition & (ALIGNMENT - 1)) != 0) {
      return RingResult.BAD_RANGE;
    }
    if (skipTo > readAcquire()) {
      return RingResult.SKIP_PENDING;
    }
    skipFrom = contiguousPlain();
    skipTo = recordPosition;
    holes.giveUpBelow(recordPosition);
    contiguousRelease(holes.contiguous());
    return 0;
  }

  /**
   * What is missing; to look at only.
   *
   * @return the holes
   */
  public HoleSet holes() {
    return holes;
  }

  /**
   * Position behind the last byte that {@link #insert} takes.
   *
   * @return reader's position plus capacity
   */
  public long windowEnd() {
    return Math.min(readAcquire() + capacity, MAX_POSITION);
  }

  /**
   * Asks for the memory now, not at the first byte.
   *
   * @return whether it is there
   */
  public boolean allocate() {
    if (!allocated) {
      final UnsafeBuffer given = givenBack ? null : memory.allocate(capacity);
      if (given == null) {
        return false;
      }
      buffer = given;
      allocated = true;
    }
    return true;
  }

  /** Gives the ring's share of {@link RingMemory} back. Call it last; the reader may go on. */
  public void giveBack() {
    if (allocated && !givenBack) {
      memory.giveBack(capacity);
    }
    givenBack = true;
  }

  // ---- Anybody ----

  /**
   * Everything below was received or skipped.
   *
   * @return position of the first hole, or behind the last byte
   */
  public long contiguousPosition() {
    return contiguousAcquire();
  }

  /**
   * Everything below was read; the window begins here.
   *
   * @return position where a record begins
   */
  public long readPosition() {
    return readAcquire();
  }

  /**
   * The first breach of the record layout that the reader met.
   *
   * @return 0 for none, or a negative {@link RingResult}
   */
  public int breach() {
    return breachAcquire();
  }

  /**
   * Capacity.
   *
   * @return bytes
   */
  public int capacity() {
    return capacity;
  }

  // ---- Reading thread ----

  /**
   * Reads messages.
   *
   * @param handler of each
   * @param limit how many at most
   * @return how many were read; or, when none was, the breach that ends the session
   */
  public int poll(final MessageHandler handler, final int limit) {
    if (polling) {
      return 0;
    }
    final long end = contiguousAcquire();
    long position = readPlain();
    long skip = pendingSkip(position, end);
    long stop = skip == NO_SKIP ? end : skipFrom;
    final UnsafeBuffer ring = buffer;
    int messages = 0;
    polling = true;
    try {
      while (messages < limit) {
        final long found = findMessage(ring, position, stop);
        if (found < 0) {
          position = ~found;
          if (skip == NO_SKIP || breach() != 0) {
            break;
          }
          final long lost = position;
          position = skip;
          skip = NO_SKIP;
          stop = end;
          listener.onLoss(lost, position);
        } else {
          final int index = (int) found & mask;
          final int length = ring.getInt(index);
          position = found + RecordLayout.alignedLength(length);
          messages++;
          deliver(handler, ring, index, length, position);
        }
      }
    } finally {
      readRelease(position);
      polling = false;
    }
    return messages == 0 ? breach() : messages;
  }

  /**
   * Reads messages, the handler saying after each how to go on.
   *
   * @param handler of each
   * @param limit how many at most
   * @return how many were consumed; or, when none was, the breach that ends the session
   */
  public int controlledPoll(final ControlledMessageHandler handler, final int limit) {
    if (polling) {
      return 0;
    }
    final long end = contiguousAcquire();
    long position = readPlain();
    long skip = pendingSkip(position, end);
    long stop = skip == NO_SKIP ? end : skipFrom;
    final UnsafeBuffer ring = buffer;
    int messages = 0;
    polling = true;
    try {
      while (messages < limit) {
        final long found = findMessage(ring, position, stop);
        if (found < 0) {
          position = ~found;
          if (skip == NO_SKIP || breach() != 0) {
            break;
          }
          final long lost = position;
          position = skip;
          skip = NO_SKIP;
          stop = end;
          listener.onLoss(lost, position);
        } else {
          final int index = (int) found & mask;
          final int length = ring.getInt(index);
          position = found + RecordLayout.alignedLength(length);
          messages++;
          final Action action = deliverControlled(handler, ring, index, length, position);
          if (action == Action.ABORT) {
            position = found;
            messages--;
            break;
          }
          if (action == Action.BREAK) {
            break;
          }
          if (action == Action.COMMIT) {
            readRelease(position);
          }
        }
      }
    } finally {
      readRelease(position);
      polling = false;
    }
    return messages == 0 ? breach() : messages;
  }

  /**
   * The position of the next message that is whole, passing over padding and skipped records; or
   * the complement of the position reached, when there is none below the stop or the record there
   * is a breach.
   */
  private long findMessage(final UnsafeBuffer ring, final long from, final long stop) {
    long position = from;
    while (stop - position >= HEADER_LENGTH) {
      final int index = (int) position & mask;
      final long word = ring.getLong(index);
      final int breach = RecordLayout.check(word, index, capacity);
      if (breach != 0) {
        breachRelease(breach);
        break;
      }
      final int aligned = RecordLayout.alignedLength(RecordLayout.recordLength(word));
      if (aligned > stop - position) {
        break;
      }
      if (RecordLayout.type(word) == TYPE_MESSAGE) {
        return position;
      }
      position += aligned;
    }
    return ~position;
  }

  private void deliver(
      final MessageHandler handler,
      final UnsafeBuffer ring,
      final int index,
      final int length,
      final long endPosition) {
    try {
      handler.onMessage(
          ring, index + HEADER_LENGTH, length - HEADER_LENGTH, header.position(endPosition));
    } catch (final Throwable error) {
      listener.onHandlerError(error);
    }
  }

  private Action deliverControlled(
      final ControlledMessageHandler handler,
      final UnsafeBuffer ring,
      final int index,
      final int length,
      final long endPosition) {
    try {
      return handler.onMessage(
          ring, index + HEADER_LENGTH, length - HEADER_LENGTH, header.position(endPosition));
    } catch (final Throwable error) {
      listener.onHandlerError(error);
      return Action.CONTINUE;
    }
  }

  /** Where a skip leads that the reader has not passed; its fields are stable up to then. */
  private long pendingSkip(final long position, final long end) {
    final long target = skipTo;
    return target > position && target <= end ? target : NO_SKIP;
  }

  private int insertOutOfOrder(
      final long position, final DirectBuffer source, final int offset, final int length) {
    if (position < 0 || length < 0 || position > MAX_POSITION - length) {
      return RingResult.BAD_RANGE;
    }
    final long contiguous = contiguousPlain();
    final long end = position + length;
    if (end <= contiguous) {
      return 0;
    }
    if (end > limit) {
      final long newLimit = windowEnd();
      if (end > newLimit) {
        return RingResult.OUTSIDE_WINDOW;
      }
      if (!allocate()) {
        return RingResult.NO_MEMORY;
      }
      limit = newLimit;
    }
    final long from = Math.max(position, contiguous);
    if (!holes.admits(from, end)) {
      return RingResult.TOO_MANY_HOLES;
    }
    final int placed = placeMissing(position, from, end, source, offset);
    if (placed > 0) {
      holes.fill(from, end);
      contiguousRelease(holes.contiguous());
    }
    return placed;
  }

  /** Copies what lies in holes or above the highest; what is there already stays as it is. */
  private int placeMissing(
      final long position,
      final long from,
      final long end,
      final DirectBuffer source,
      final int offset) {
    int placed = 0;
    final int count = holes.count();
    for (int hole = holes.firstEndingAbove(from); hole < count && holes.start(hole) < end; hole++) {
      final long begin = Math.max(from, holes.start(hole));
      final int bytes = (int) (Math.min(end, holes.end(hole)) - begin);
      place(begin, source, offset + (int) (begin - position), bytes);
      placed += bytes;
    }
    if (end > holes.highest()) {
      final long begin = Math.max(from, holes.highest());
      final int bytes = (int) (end - begin);
      place(begin, source, offset + (int) (begin - position), bytes);
      placed += bytes;
    }
    return placed;
  }

  private void place(
      final long position, final DirectBuffer source, final int offset, final int length) {
    final int index = (int) position & mask;
    final int untilEnd = capacity - index;
    if (length <= untilEnd) {
      buffer.putBytes(index, source, offset, length);
    } else {
      buffer.putBytes(index, source, offset, untilEnd);
      buffer.putBytes(0, source, offset + untilEnd, length - untilEnd);
    }
  }
}
