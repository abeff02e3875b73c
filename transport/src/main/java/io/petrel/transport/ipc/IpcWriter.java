package io.petrel.transport.ipc;

import static io.petrel.transport.ipc.IpcLayout.*;

import io.petrel.transport.ring.MessageCopy;
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

  /** Somebody else has come: claims are made as by all others from here on. */
  static final long LEASE_LOST = Long.MIN_VALUE;

  /** A store that misses the cache holds up all behind it; a load does not. */
  private static final int FETCH_AHEAD = 512;

  private final IpcRing ring;
  private final UnsafeBuffer buffer;
  private final int owner;
  private final int roomStep;
  private final int tailOffset;
  private final int capacity;
  private final long secret;

  // Of the one thread that offers at a time.
  private boolean alone;
  private long tailAlone;
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
    tailOffset = publisher(slotOf(owner)) + TAIL_ALONE;
    alone = ring.lease() == owner;
    tailAlone = ring.tail();
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
    if (alone) {
      final long position = claimAlone(aligned(payloadLength + HEADER_LENGTH));
      if (position != LEASE_LOST) {
        if (position >= 0) {
          writeHeader(position, payloadLength, type, state);
        }
        return position;
      }
    }
    return claimAmongOthers(payloadLength, type, state);
  }

  /** Claims without the lease, from any thread. */
  long claimAmongOthers(final int payloadLength, final int type, final long state) {
    final int required = aligned(payloadLength + HEADER_LENGTH);
    while (true) {
      if (ring.lease() != 0) {
        return RingResult.BACK_PRESSURED; // It is being taken away, which takes a moment.
      }
      final long tail = buffer.getLongVolatile(TAIL_OFFSET); // Volatile: expected by the CAS below.
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
          pad(tail, padding);
        }
        final boolean late = closed && type == TYPE_MESSAGE;
        writeHeader(position, payloadLength, type, late ? SKIPPED : state);
        return late ? RingResult.CLOSED : position;
      }
    }
  }

  private void writeHeader(
      final long position, final int payloadLength, final int type, final long state) {
    final int index = ring.index(position);
    final int recordLength = payloadLength + HEADER_LENGTH;
    buffer.putLong(index + ABOUT, about(recordLength, owner, type));
    clearEnd(index, recordLength);
    if (state == CLAIMED) { // The application may write any part of it.
      for (int i = ALIGNMENT; i < recordLength; i += ALIGNMENT) {
        buffer.putLong(index + i, 0);
      }
    }
    buffer.putLongRelease(index, ring.word(position) | state); // Release: whose and how long.
  }

  /**
   * Before a payload is written that ends within a word where a record may begin: half of it would
   * be left of an earlier lap's commit word, and with the payload's bytes that may be the commit
   * word of a later lap. Cleared before, it is nobody's.
   */
  private void clearEnd(final int index, final int recordLength) {
    final int rest = recordLength & (ALIGNMENT - 1);
    if (rest > 0 && rest < Long.BYTES) {
      buffer.putLong(index + recordLength - rest, 0);
    }
  }

  private void pad(final long position, final int length) {
    final int index = ring.index(position);
    buffer.putLong(index + ABOUT, about(length, owner, TYPE_PADDING));
    buffer.putLongRelease(index, ring.word(position)); // Release: publishes its length.
  }

  /** Whether this had the lease when it last looked; the one thread that offers may ask. */
  boolean isAlone() {
    return alone;
  }

  /**
   * Claims by a plain store, while the lease is ours. The claim is shown first and the lease looked
   * at then: who takes the lease waits until the record that ends at the claim shown is there.
   */
  private long claimAlone(final int required) {
    final long tail = tailAlone;
    final int untilEnd = capacity - ((int) tail & (capacity - 1));
    final int padding = untilEnd < required ? untilEnd : 0;
    final long end = tail + padding + required;
    if (end > limitAlone) {
      final int refusal = end > limit ? refreshLimit(end, roomStep) : 0;
      if (refusal < 0) {
        return refusal;
      }
      limitAlone = limit;
    }
    // Release, and whoever takes the lease waits out what it may be late.
    buffer.putLongRelease(tailOffset, end);
    if (buffer.getIntVolatile(LEASE_OFFSET) != owner) { // Volatile: after the claim is shown.
      return giveUp(tail);
    }
    tailAlone = end;
    VarHandle.storeStoreFence(); // Overtaken readers see the tail before what is written over.
    if (padding > 0) {
      pad(tail, padding);
    }
    return tail + padding;
  }

  /**
   * Claims with the lease, copies and commits: nothing can come behind it before it is committed,
   * so its header is written once. {@link #LEASE_LOST} where others have come.
   *
   * <p>The fast path, in one piece: a field read behind an ordered access is read from memory
   * again, so most that is needed is read before.
   */
  long offerAlone(final DirectBuffer source, final int offset, final int length) {
    final UnsafeBuffer ringBuffer = buffer;
    final int required = aligned(length + HEADER_LENGTH);
    final long tail = tailAlone;
    final int place = (int) tail & (capacity - 1);
    final long end = tail + required;
    if (end > limitAlone || place + required > capacity) {
      return offerAtLimit(source, offset, length);
    }
    final int index = DATA_OFFSET + place;
    final int ahead = DATA_OFFSET + ((place + FETCH_AHEAD) & (capacity - 1));
    final long word = tail ^ secret;
    final long about = about(length + HEADER_LENGTH, owner, TYPE_MESSAGE);
    // Release, and whoever takes the lease waits out what it may be late.
    ringBuffer.putLongRelease(tailOffset, end);
    if (ringBuffer.getIntVolatile(LEASE_OFFSET) != owner) { // Volatile: after the claim is shown.
      return giveUp(tail);
    }
    tailAlone = end;
    VarHandle.storeStoreFence(); // Overtaken readers see the tail before what is written over.
    // A load that fetches a line to be written soon; no word there is this record's.
    if (ringBuffer.getLong(ahead) == word) {
      limitAlone = 0;
    }
    ringBuffer.putLong(index + ABOUT, about);
    clearEnd(index, length + HEADER_LENGTH);
    MessageCopy.put(ringBuffer, index + HEADER_LENGTH, source, offset, length);
    ringBuffer.putLongRelease(index, word); // Release: publishes the record.
    return end;
  }

  /** The same where room must be looked for or the ring's end is near. */
  private long offerAtLimit(final DirectBuffer source, final int offset, final int length) {
    final int required = aligned(length + HEADER_LENGTH);
    final long position = claimAlone(required);
    if (position < 0) {
      return position;
    }
    final int index = ring.index(position);
    buffer.putLong(index + ABOUT, about(length + HEADER_LENGTH, owner, TYPE_MESSAGE));
    clearEnd(index, length + HEADER_LENGTH);
    MessageCopy.put(buffer, index + HEADER_LENGTH, source, offset, length);
    buffer.putLongRelease(index, ring.word(position)); // Release: publishes the record.
    return position + required;
  }

  private long giveUp(final long tail) {
    buffer.putLongRelease(tailOffset, tail); // Release: takes back the claim shown.
    alone = false;
    return LEASE_LOST;
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
    // A subscriber that comes behind the tail seen here must be seen, or see this tail.
    VarHandle.fullFence();
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
