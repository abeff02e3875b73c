package io.petrel.transport.ring;

import static io.petrel.transport.ring.RecordLayout.HEADER_LENGTH;
import static io.petrel.transport.ring.RecordLayout.MAX_POSITION;

import io.petrel.transport.Header;
import io.petrel.transport.MessageHandler;
import java.lang.invoke.VarHandle;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A window of a stream: queue, retransmission buffer and back pressure in one.
 *
 * <pre>
 *        freed    acknowledged     sent        written      claimed       freed + capacity
 *          |           |            |             |            |                 |
 *   -------+-----------+------------+-------------+------------+-----------------+-----> position
 *          |  unacknowledged bytes  | to be sent  | open claims|      free       |
 * </pre>
 *
 * Producers claim, write and commit records; the engine's thread sends the bytes between sent and
 * written, sends bytes above acknowledged again, and frees what is acknowledged. Positions are
 * bytes since the stream began; {@code position & (capacity - 1)} is the place in the ring.
 *
 * <p>Two kinds: {@link #exclusive} for one producing thread, {@link #shared} for many. Methods say
 * whose they are. Memory is asked for at the first claim, and stays as long as the ring can be
 * reached: no close takes it from under an offer.
 */
public abstract sealed class SendRing extends SendRingFields.Back
    permits ExclusiveSendRing, SharedSendRing {
  /** The unsent limit that limits nothing. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  static final long NO_CLAIM = -1;

  final int capacity;
  final int mask;
  final int maxMessageLength;
  private final RingMemory memory;
  private final long unsentLimit;

  /** Stands in until the first claim: no memory, so no record can be in it. */
  UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

  /** Null until the first claim. */
  @Nullable RecordHints hints;

  /** Volatile: the buffer and the hints were set before. */
  private volatile boolean allocated;

  private boolean givenBack;

  SendRing(
      final int capacity,
      final long initialPosition,
      final long unsentLimit,
      final RingMemory memory) {
    this.capacity = RecordLayout.checkedCapacity(capacity);
    RecordLayout.checkedPosition(initialPosition);
    if (unsentLimit <= 0) {
      throw new IllegalArgumentException(
          "unsent limit " + unsentLimit + " is not positive; UNLIMITED for none");
    }
    this.mask = capacity - 1;
    this.maxMessageLength = RecordLayout.maxMessageLength(capacity);
    this.unsentLimit = unsentLimit;
    this.memory = memory;
    tailRelease(initialPosition);
    // The first claim finds no room, asks, and so brings the memory.
    limitRelease(initialPosition);
    queueLimit = initialPosition;
    sentRelease(initialPosition);
    acknowledgedRelease(initialPosition);
    freedRelease(RecordHints.wholeBlocks(initialPosition));
    scanned = initialPosition;
  }

  /**
   * A ring for one producing thread.
   *
   * @param capacity in bytes, a power of two
   * @param initialPosition where the stream begins, a multiple of 8
   * @param unsentLimit a claim is refused while as many bytes are written and not sent; {@link
   *     #UNLIMITED} for none
   * @param memory to ask at the first claim
   * @return the ring
   */
  public static SendRing exclusive(
      final int capacity,
      final long initialPosition,
      final long unsentLimit,
      final RingMemory memory) {
    return new ExclusiveSendRing(capacity, initialPosition, unsentLimit, memory);
  }

  /**
   * A ring for one producing thread, from position 0, with its capacity as the only limit.
   *
   * @param capacity in bytes, a power of two
   * @return the ring
   */
  public static SendRing exclusive(final int capacity) {
    return exclusive(capacity, 0, UNLIMITED, RingMemory.unlimited());
  }

  /**
   * A ring for any number of producing threads.
   *
   * @param capacity in bytes, a power of two
   * @param initialPosition where the stream begins, a multiple of 8
   * @param unsentLimit as in {@link #exclusive(int, long, long, RingMemory)}
   * @param memory to ask at the first claim
   * @return the ring
   */
  public static SendRing shared(
      final int capacity,
      final long initialPosition,
      final long unsentLimit,
      final RingMemory memory) {
    return new SharedSendRing(capacity, initialPosition, unsentLimit, memory);
  }

  /**
   * A ring for any number of producing threads, from position 0, with its capacity as the only
   * limit.
   *
   * @param capacity in bytes, a power of two
   * @return the ring
   */
  public static SendRing shared(final int capacity) {
    return shared(capacity, 0, UNLIMITED, RingMemory.unlimited());
  }

  // ---- Producers ----

  /**
   * Claims a record to write into: {@code payloadLength} bytes of {@link #buffer} from {@link
   * #payloadIndex} on. It must be committed or aborted. In an exclusive ring the next claim or
   * offer drops one left open; in a shared one the engine's {@link #unblock} skips it in the end.
   *
   * @param payloadLength of the message
   * @return the record's position, or a negative {@link RingResult}
   */
  public abstract long tryClaim(int payloadLength);

  /**
   * Publishes a claimed record.
   *
   * @param position that {@link #tryClaim} returned
   * @return the position behind the record, or {@link RingResult#CLAIM_LOST}, in an exclusive ring
   *     also {@link RingResult#CLOSED}: nothing was published
   */
  public abstract long commit(long position);

  /**
   * Gives a claimed record up.
   *
   * @param position that {@link #tryClaim} returned
   * @return the position behind it, or {@link RingResult#CLAIM_LOST}
   */
  public abstract long abort(long position);

  /**
   * Writes and publishes a message.
   *
   * @param source of the message
   * @param offset in it
   * @param length of the message, 0 to {@link #maxMessageLength}
   * @return the position behind the record, above 0, or a negative {@link RingResult}: then nothing
   *     was written
   */
  public abstract long offer(DirectBuffer source, int offset, int length);

  /**
   * Writes and publishes a message that lies in two pieces, a header and a body say.
   *
   * @param first piece
   * @param firstOffset in it
   * @param firstLength of it
   * @param second piece
   * @param secondOffset in it
   * @param secondLength of it
   * @return as {@link #offer(DirectBuffer, int, int)}
   */
  public final long offer(
      final DirectBuffer first,
      final int firstOffset,
      final int firstLength,
      final DirectBuffer second,
      final int secondOffset,
      final int secondLength) {
    if ((firstLength | secondLength) < 0 || firstLength > maxMessageLength - secondLength) {
      return RingResult.MESSAGE_TOO_LARGE;
    }
    final long position = tryClaim(firstLength + secondLength);
    if (position < 0) {
      return position;
    }
    final int index = payloadIndex(position);
    MessageCopy.put(buffer, index, first, firstOffset, firstLength);
    MessageCopy.put(buffer, index + firstLength, second, secondOffset, secondLength);
    return commit(position);
  }

  /**
   * Writes and publishes a message that lies in many pieces.
   *
   * @param pieces of the message, in order
   * @param offsets in them
   * @param lengths of them
   * @param count of pieces
   * @return as {@link #offer(DirectBuffer, int, int)}
   */
  public final long offer(
      final DirectBuffer[] pieces, final int[] offsets, final int[] lengths, final int count) {
    int total = 0;
    for (int i = 0; i < count; i++) {
      if (lengths[i] < 0 || lengths[i] > maxMessageLength - total) {
        return RingResult.MESSAGE_TOO_LARGE;
      }
      total += lengths[i];
    }
    final long position = tryClaim(total);
    if (position < 0) {
      return position;
    }
    int index = payloadIndex(position);
    for (int i = 0; i < count; i++) {
      MessageCopy.put(buffer, index, pieces[i], offsets[i], lengths[i]);
      index += lengths[i];
    }
    return commit(position);
  }

  /**
   * The ring's memory, to write a claimed record into.
   *
   * @return the buffer; of no length before the first claim
   */
  public final UnsafeBuffer buffer() {
    return buffer;
  }

  /**
   * Where in {@link #buffer} a claimed record's payload begins.
   *
   * @param position of the record
   * @return index
   */
  public final int payloadIndex(final long position) {
    return ((int) position & mask) + HEADER_LENGTH;
  }

  /**
   * Where the next record will begin, or a padding record before it; any thread.
   *
   * @return in an exclusive ring what is written, in a shared one what is claimed
   */
  public abstract long claimedPosition();

  /**
   * No claim after this; what was committed stays to be sent. In a shared ring no claim can slip in
   * behind. In an exclusive one an offer that runs at this very moment on another thread may: watch
   * {@link #writtenPosition} or close from the producing thread. Any thread, any number of times.
   */
  public abstract void close();

  /**
   * Whether {@link #close} was called; any thread.
   *
   * @return true once closed
   */
  public abstract boolean isClosed();

  // ---- Engine's thread ----

  /**
   * Everything below is committed. In a shared ring this looks how far the commits have come.
   *
   * @return position
   */
  public abstract long writtenPosition();

  /**
   * Everything below was sent at least once; any thread may ask.
   *
   * @return position
   */
  public final long sentPosition() {
    return sentAcquire();
  }

  /**
   * Moves the sent position.
   *
   * @param position at most {@link #writtenPosition}
   */
  public final void sentPosition(final long position) {
    sentRelease(position);
  }

  /**
   * The peer has everything below; any thread may ask.
   *
   * @return position
   */
  public final long acknowledgedPosition() {
    return acknowledgedAcquire();
  }

  /**
   * The peer has everything below this position: its bytes are freed.
   *
   * @param position from the peer
   * @return false, and nothing is freed, when it lies beyond what was sent; one at or below the
   *     acknowledged position changes nothing
   */
  public final boolean acknowledge(final long position) {
    if (position > sentAcquire()) {
      return false;
    }
    if (position > acknowledgedAcquire()) {
      acknowledgedRelease(position);
      VarHandle.storeStoreFence(); // who copies beside the engine sees this before the clearing
      final long freed = freedAcquire();
      long newlyFreed = RecordHints.wholeBlocks(position);
      final RecordHints table = hints;
      if (newlyFreed > freed && table != null) {
        // The record that is acknowledged in part stays whole, to be given back if the rest is
        // lost.
        newlyFreed = RecordHints.wholeBlocks(table.recordStart(buffer, mask, position, freed));
      }
      if (newlyFreed > freed) {
        clear(freed, newlyFreed);
        freedRelease(newlyFreed);
      }
    }
    return true;
  }

  /**
   * Copies bytes of the stream, across the ring's end where need be.
   *
   * @param position at or above acknowledged
   * @param length such that the end is at most written
   * @param target to copy to
   * @param targetOffset in it
   */
  public final void copyTo(
      final long position,
      final int length,
      final MutableDirectBuffer target,
      final int targetOffset) {
    final int index = (int) position & mask;
    final int untilEnd = Math.min(length, capacity - index);
    target.putBytes(targetOffset, buffer, index, untilEnd);
    if (untilEnd < length) {
      target.putBytes(targetOffset + untilEnd, buffer, 0, length - untilEnd);
    }
  }

  /**
   * Where in a range of the stream the first record begins, so that whoever receives only this
   * range finds his place.
   *
   * @param position at or above acknowledged
   * @param length such that the end is at most what {@link #writtenPosition} last returned
   * @return offset from the position, or -1 when no record begins in the range
   */
  public final int firstRecordOffset(final long position, final int length) {
    final RecordHints table = hints;
    return table == null ? -1 : table.firstRecordOffset(buffer, mask, position, length);
  }

  /**
   * Where the record begins that holds the byte at a position, for who joins there.
   *
   * @param position at or above acknowledged, at most what {@link #writtenPosition} last returned
   * @return the position itself when a record begins or will begin there
   */
  public final long recordStart(final long position) {
    final RecordHints table = hints;
    return table == null ? position : table.recordStart(buffer, mask, position, freedAcquire());
  }

  /**
   * Reads the messages that the peer has not acknowledged whole, in order. For a ring that is
   * closed and that the engine has done with: by any one thread from then on.
   *
   * @param handler of each
   * @param header shown to the handler
   * @return how many there were
   */
  public final int readUnacknowledged(final MessageHandler handler, final Header header) {
    final RecordHints table = hints;
    if (table == null) {
      return 0;
    }
    final long end = writtenPosition();
    long position =
        table.recordStart(buffer, mask, Math.min(acknowledgedAcquire(), end), freedAcquire());
    int messages = 0;
    while (position < end) {
      final int index = (int) position & mask;
      final long word = buffer.getLong(index);
      final int length = RecordLayout.recordLength(word);
      position += RecordLayout.alignedLength(length);
      if (RecordLayout.type(word) == RecordLayout.TYPE_MESSAGE) {
        messages++;
        handler.onMessage(
            buffer, index + HEADER_LENGTH, length - HEADER_LENGTH, header.position(position));
      }
    }
    return messages;
  }

  /**
   * Turns the claim that has held up the written position for the whole timeout into a skip record.
   * The producer must be dead: its commit will fail with {@link RingResult#CLAIM_LOST}, but bytes
   * that it still writes cannot be stopped. So the timeout must be longer than any pause of a live
   * one. An exclusive ring is never held up.
   *
   * @param nowNs the time
   * @param timeoutNs how long the same claim may hold up
   * @return whether a claim was skipped now
   */
  public abstract boolean unblock(long nowNs, long timeoutNs);

  // ---- Anybody ----

  /**
   * Capacity.
   *
   * @return bytes
   */
  public final int capacity() {
    return capacity;
  }

  /**
   * Largest message.
   *
   * @return bytes
   */
  public final int maxMessageLength() {
    return maxMessageLength;
  }

  /**
   * How often a claim was refused with {@link RingResult#BACK_PRESSURED}.
   *
   * @return count
   */
  public final long stalls() {
    return stallsOpaque();
  }

  /**
   * How many claims {@link #unblock} skipped.
   *
   * @return count
   */
  public final long abandonedClaims() {
    return abandonedClaims;
  }

  /**
   * Asks for the memory now, not at the first claim.
   *
   * @return whether it is there
   */
  public final boolean allocate() {
    return allocated || allocateOnce();
  }

  private synchronized boolean allocateOnce() {
    if (!allocated) {
      final UnsafeBuffer given = givenBack ? null : memory.allocate(capacity);
      if (given == null) {
        return false;
      }
      buffer = given;
      hints = new RecordHints(capacity);
      allocated = true;
    }
    return true;
  }

  /** Gives the ring's share of {@link RingMemory} back. Call it last, after {@link #close}. */
  public final synchronized void giveBack() {
    if (allocated && !givenBack) {
      memory.giveBack(capacity);
    }
    givenBack = true;
  }

  /** Clears what is freed, where claims need it so. */
  abstract void clear(long from, long to);

  /** Asks the engine's positions again; 0 when the claim now fits, else why not. */
  final int refreshLimits(final long tail, final long claimEnd) {
    if (claimEnd > MAX_POSITION) {
      return RingResult.MAX_POSITION_EXCEEDED;
    }
    if (!allocate()) {
      return RingResult.NO_MEMORY;
    }
    final long limit = Math.min(freedAcquire() + capacity, MAX_POSITION);
    final long sent = sentAcquire();
    queueLimit = unsentLimit == UNLIMITED ? UNLIMITED : sent + unsentLimit;
    limitRelease(limit);
    if (claimEnd > limit || tail - sent >= unsentLimit) {
      countStall();
      return RingResult.BACK_PRESSURED;
    }
    return 0;
  }
}
