package io.petrel.transport.ipc;

import static io.petrel.transport.ipc.IpcLayout.*;

import io.petrel.transport.ring.RecordLayout;
import io.petrel.transport.ring.RingResult;
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
  private final IpcRing ring;
  private final UnsafeBuffer buffer;
  private final int owner;

  /**
   * A claim may end here; behind the truth until somebody asks again. Volatile: any thread does.
   */
  private volatile long limit;

  IpcWriter(final IpcRing ring, final int owner) {
    this.ring = ring;
    this.buffer = ring.buffer;
    this.owner = owner;
  }

  int owner() {
    return owner;
  }

  /** Claims a record of this type, in this state; returns its position or a ring's result. */
  long claim(final int payloadLength, final int type, final long state) {
    if ((payloadLength | (ring.maxMessageLength - payloadLength)) < 0) {
      return RingResult.MESSAGE_TOO_LARGE;
    }
    final int required = aligned(payloadLength + HEADER_LENGTH);
    while (true) {
      final long tail = ring.tail();
      final int untilEnd = ring.capacity - ((int) tail & ring.mask);
      final int padding = untilEnd < required ? untilEnd : 0;
      final long position = tail + padding;
      if (position + required > limit) {
        final int refusal = refreshLimit(position + required);
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
        buffer.putLongRelease(index, ring.word(position) | state); // Release: whose and how long.
        return position;
      }
    }
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

  private int refreshLimit(final long end) {
    if (end > RecordLayout.MAX_POSITION) {
      return RingResult.MAX_POSITION_EXCEEDED;
    }
    final long floor = ring.floor();
    if (floor == IpcRing.UNSTABLE) {
      return RingResult.BACK_PRESSURED;
    }
    final long newLimit = floor + ring.capacity;
    limit = newLimit;
    return end > newLimit ? RingResult.BACK_PRESSURED : 0;
  }
}
