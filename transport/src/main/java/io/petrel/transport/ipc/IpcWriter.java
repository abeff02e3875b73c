package io.petrel.transport.ipc;

import static io.petrel.transport.ipc.IpcLayout.*;

import io.petrel.transport.ring.RecordLayout;
import io.petrel.transport.ring.RingResult;
import java.lang.invoke.VarHandle;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Claims and commits records for one publisher, on any number of threads.
 *
 * <p>A claim is a compare-and-set of the tail; then the record's header says who claimed it and how
 * long it is, and its commit word that it is claimed; then the payload; then the commit word that
 * it is committed. Whoever is killed in between leaves at least the place that the next record
 * begins at, by which {@link IpcMembership} skips it.
 */
final class IpcWriter {
  /** Steps in which a full ring is filled again. */
  private static final int STEPS = 16;

  private final IpcRing ring;
  private final UnsafeBuffer buffer;
  private final int owner;
  private final int roomStep;
  private final int busyOffset;
  private final int capacity;
  private final long secret;

  // Of the one thread that offers at a time.
  private long busy;
  private long limitAlone;

  /** No message after this. Volatile: any thread closes, every claim looks. */
  private volatile boolean closed;

  /**
   * A claim may end here; behind the truth until somebody asks again. Volatile: any thread does.
   */
  private volatile long limit;

  IpcWriter(final IpcRing ring, final int owner) {
    this.ring = ring;
    this.buffer = ring.buffer;
    this.owner = owner;
    roomStep = ring.capacity / STEPS;
    capacity = ring.capacity;
    secret = ring.word(0);
    busyOffset = publisher(slotOf(owner)) + BUSY;
  }

  int owner() {
    return owner;
  }

  void close() {
    closed = true;
  }

  /** Whether a record without payload could be claimed now. */
  boolean hasRoom() {
    final long floor = ring.floor();
    final long tail = ring.tail();
    return floor != IpcRing.UNSTABLE && tail + HEADER_LENGTH <= floor + capacity;
  }

  /**
   * Claims a record of this type, in this state; returns its position or a ring's result.
   *
   * <p>The publisher's last record is claimed when it has closed already. So a message claimed
   * behind that one finds it closed, and is skipped and refused: none comes after the end.
   */
  long claim(final int payloadLength, final int type, final long state) {
    if ((payloadLength | (ring.maxMessageLength - payloadLength)) < 0) {
      return RingResult.MESSAGE_TOO_LARGE;
    }
    final int required = aligned(payloadLength + HEADER_LENGTH);
    while (true) {
      final long tail = ring.tail();
      if (closed && type == TYPE_MESSAGE) {
        return RingResult.CLOSED;
      }
      final int untilEnd = ring.capacity - ((int) tail & ring.mask);
      final int padding = untilEnd < required ? untilEnd : 0;
      final long position = tail + padding;
      if (position + required > limit) {
        final int refusal = refreshLimit(position + required, type == TYPE_MESSAGE ? roomStep : 0);
        if (refusal < 0) {
          return refusal;
        }
      }
      if (buffer.compareAndSetLong(TAIL_OFFSET, tail, position + required)) {
        if (padding > 0) {
          final int index = ring.index(tail);
          buffer.putLong(index + ABOUT, about(padding, owner, TYPE_PADDING));
          buffer.putLongRelease(index, ring.word(tail)); // Release: publishes its length.
        }
        final int index = ring.index(position);
        buffer.putLong(index + ABOUT, about(payloadLength + HEADER_LENGTH, owner, type));
        final boolean late = closed && type == TYPE_MESSAGE;
        // Release: whose and how long.
        buffer.putLongRelease(index, ring.word(position) | (late ? SKIPPED : state));
        return late ? RingResult.CLOSED : position;
      }
    }
  }

  /** Begins what one thread at a time does; it must be ended. */
  void begin() {
    // Release, and whoever waits for this waits out what it may be late.
    buffer.putLongRelease(busyOffset, ++busy);
  }

  /** Whether this is the one publisher, whose the tail is until the end of what it has begun. */
  boolean isAlone() {
    return buffer.getIntVolatile(LEASE_OFFSET) == owner; // Volatile: see IpcRing.lease.
  }

  void end() {
    buffer.putLongRelease(busyOffset, ++busy); // Release: the tail is moved.
  }

  /**
   * Claims by plain stores, copies and commits: nothing can come behind it before it is committed.
   * All in one piece, since it is the fast path.
   */
  long offerAlone(final DirectBuffer source, final int offset, final int length) {
    final UnsafeBuffer ringBuffer = buffer;
    final int recordLength = length + HEADER_LENGTH;
    final int required = aligned(recordLength);
    final long tail = ringBuffer.getLong(TAIL_OFFSET);
    final int untilEnd = capacity - ((int) tail & (capacity - 1));
    final int padding = untilEnd < required ? untilEnd : 0;
    final long position = tail + padding;
    final long end = position + required;
    if (end > limitAlone) {
      final int refusal = end > limit ? refreshLimit(end, roomStep) : 0;
      if (refusal < 0) {
        return refusal;
      }
      limitAlone = limit;
    }
    ringBuffer.putLong(TAIL_OFFSET, end);
    VarHandle.storeStoreFence(); // Overtaken readers see the tail before what is written over.
    if (padding > 0) {
      final int index = ring.index(tail);
      ringBuffer.putLong(index + ABOUT, about(padding, owner, TYPE_PADDING));
      ringBuffer.putLongRelease(index, ring.word(tail)); // Release: publishes its length.
    }
    final int index = DATA_OFFSET + ((int) position & (capacity - 1));
    ringBuffer.putLong(index + ABOUT, about(recordLength, owner, TYPE_MESSAGE));
    ringBuffer.putBytes(index + HEADER_LENGTH, source, offset, length);
    ringBuffer.putLongRelease(index, position ^ secret); // Release: publishes the record.
    return end;
  }

  /** Commits what was claimed within an offer. */
  long commitOffer(final long position, final int payloadLength) {
    // Release: publishes the record.
    buffer.putLongRelease(ring.index(position), ring.word(position));
    return position + aligned(payloadLength + HEADER_LENGTH);
  }

  /** Commits what was claimed for the application, unless it was skipped meanwhile. */
  long commitClaim(final long position) {
    return settle(position, COMMITTED);
  }

  /** Turns what was claimed for the application into a record that readers pass over. */
  long abortClaim(final long position) {
    return settle(position, SKIPPED);
  }

  private long settle(final long position, final long state) {
    final int index = ring.index(position);
    final long word = ring.word(position);
    final int length = (int) buffer.getLong(index + ABOUT);
    return buffer.compareAndSetLong(index, word | CLAIMED, word | state)
        ? position + aligned(length)
        : RingResult.CLAIM_LOST;
  }

  int payloadIndex(final long position) {
    return ring.index(position) + HEADER_LENGTH;
  }

  private int refreshLimit(final long end, final int step) {
    if (end > RecordLayout.MAX_POSITION) {
      return RingResult.MAX_POSITION_EXCEEDED;
    }
    final long floor = ring.floor();
    if (floor == IpcRing.UNSTABLE) {
      return RingResult.BACK_PRESSURED;
    }
    final long newLimit = floor + ring.capacity;
    // Room is taken in steps: a publisher that fills each byte as it comes free keeps the slowest
    // reader's position, and its core, busy. Whoever has read everything frees all at once.
    if (newLimit - limit < step && floor < ring.tail()) {
      return RingResult.BACK_PRESSURED;
    }
    limit = newLimit;
    return end > newLimit ? RingResult.BACK_PRESSURED : 0;
  }
}
