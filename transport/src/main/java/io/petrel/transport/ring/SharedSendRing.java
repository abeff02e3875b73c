package io.petrel.transport.ring;

import static io.petrel.transport.ring.RecordLayout.HEADER_LENGTH;
import static io.petrel.transport.ring.RecordLayout.TYPE_MESSAGE;
import static io.petrel.transport.ring.RecordLayout.TYPE_PADDING;
import static io.petrel.transport.ring.RecordLayout.TYPE_SKIP;

import org.agrona.DirectBuffer;

/**
 * Many producers: a compare-and-set of the tail claims a record, and the record's first word tells
 * how it stands.
 *
 * <pre>
 *   free       0                                cleared by the engine when it frees the memory
 *   claimed    lap (32 bits) | -length          the lap makes the claim different from every other
 *                                               one in the same place, before or later
 *   committed  type          |  length          the record's header
 * </pre>
 *
 * Claimed becomes committed, aborted or abandoned by compare-and-set on the whole word, so exactly
 * one of the producer and the engine wins, and a producer that comes back a lap too late finds a
 * word that is not its own. Between the tail's compare-and-set and the claimed word stand two
 * instructions of this class: a thread can be paused there but not end there, so the engine waits
 * for a free word and abandons only claimed ones.
 */
final class SharedSendRing extends SendRing {
  private static final long CLOSED_BIT = Long.MIN_VALUE;

  private final int lapShift;

  SharedSendRing(
      final int capacity,
      final long initialPosition,
      final long unsentLimit,
      final RingMemory memory) {
    super(capacity, initialPosition, unsentLimit, memory);
    lapShift = Integer.numberOfTrailingZeros(capacity);
  }

  @Override
  public long tryClaim(final int payloadLength) {
    if ((payloadLength | (maxMessageLength - payloadLength)) < 0) {
      return RingResult.MESSAGE_TOO_LARGE;
    }
    final int required = RecordLayout.requiredLength(payloadLength);
    while (true) {
      final long tail = tailAcquire();
      if (tail < 0) {
        return RingResult.CLOSED;
      }
      final int untilEnd = capacity - ((int) tail & mask);
      final int padding = untilEnd < required ? untilEnd : 0;
      final long position = tail + padding;
      // Acquire first: it makes the queue limit and the memory visible that belong to this limit.
      if (position + required > limitAcquire() || tail >= queueLimit) {
        final int refusal = refreshLimits(tail, position + required);
        if (refusal < 0) {
          return refusal;
        }
      }
      if (claimTail(tail, position + required)) {
        if (padding > 0) {
          // Release: the engine may pass over it as soon as it sees it.
          buffer.putLongRelease((int) tail & mask, RecordLayout.header(padding, TYPE_PADDING));
        }
        // Release: whoever abandons this claim sees its length.
        buffer.putLongRelease(
            (int) position & mask, claimedWord(position, payloadLength + HEADER_LENGTH));
        return position;
      }
    }
  }

  @Override
  public long commit(final long position) {
    return settle(position, TYPE_MESSAGE);
  }

  @Override
  public long abort(final long position) {
    return settle(position, TYPE_SKIP);
  }

  @Override
  public long offer(final DirectBuffer source, final int offset, final int length) {
    if ((length | (maxMessageLength - length)) < 0) {
      return RingResult.MESSAGE_TOO_LARGE;
    }
    source.boundsCheck(offset, length); // Once claimed, nothing may fail.
    final long position = tryClaim(length);
    if (position < 0) {
      return position;
    }
    MessageCopy.put(buffer, payloadIndex(position), source, offset, length);
    return settle(position, TYPE_MESSAGE);
  }

  @Override
  public long claimedPosition() {
    return tailAcquire() & ~CLOSED_BIT;
  }

  @Override
  public long writtenPosition() {
    long position = scanned;
    final RecordHints table = hints;
    // A full ring's next word is of the lap before and not free: the scan ends by the limit then.
    final long limit = freedAcquire() + capacity;
    if (table == null) {
      return position;
    }
    while (position < limit) {
      // Volatile: a committed header makes the payload behind it visible.
      final int length = (int) buffer.getLongVolatile((int) position & mask);
      if (length <= 0) {
        break;
      }
      table.note(position);
      position += RecordLayout.alignedLength(length);
    }
    scanned = position;
    return position;
  }

  @Override
  public void close() {
    long tail = tailAcquire();
    while (tail >= 0 && !claimTail(tail, tail | CLOSED_BIT)) {
      tail = tailAcquire();
    }
  }

  @Override
  public boolean isClosed() {
    return tailAcquire() < 0;
  }

  @Override
  public boolean unblock(final long nowNs, final long timeoutNs) {
    final long position = writtenPosition();
    if (position >= claimedPosition()) {
      blockedPosition = NO_CLAIM;
      return false;
    }
    if (position != blockedPosition) {
      blockedPosition = position;
      blockedSinceNs = nowNs;
      return false;
    }
    if (nowNs - blockedSinceNs < timeoutNs) {
      return false;
    }
    final int index = (int) position & mask;
    final long word =
        buffer.getLongVolatile(index); // Volatile: the expected value of the CAS below.
    final int length = (int) word;
    if (length >= 0
        || !buffer.compareAndSetLong(index, word, RecordLayout.header(-length, TYPE_SKIP))) {
      return false;
    }
    blockedPosition = NO_CLAIM;
    abandonedClaims++;
    return true;
  }

  @Override
  void clear(final long from, final long to) {
    final int index = (int) from & mask;
    final int length = (int) (to - from);
    final int untilEnd = Math.min(length, capacity - index);
    buffer.setMemory(index, untilEnd, (byte) 0);
    if (untilEnd < length) {
      buffer.setMemory(0, length - untilEnd, (byte) 0);
    }
  }

  private long settle(final long position, final int type) {
    final int index = (int) position & mask;
    if ((position & (RecordLayout.ALIGNMENT - 1)) != 0 || position < 0 || hints == null) {
      return RingResult.CLAIM_LOST;
    }
    final long word =
        buffer.getLongVolatile(index); // Volatile: the expected value of the CAS below.
    final int length = -(int) word;
    if (length <= 0
        || (int) (word >>> Integer.SIZE) != lap(position)
        || !buffer.compareAndSetLong(index, word, RecordLayout.header(length, type))) {
      return RingResult.CLAIM_LOST;
    }
    return position + RecordLayout.alignedLength(length);
  }

  private long claimedWord(final long position, final int recordLength) {
    return RecordLayout.header(-recordLength, lap(position));
  }

  private int lap(final long position) {
    return (int) (position >>> lapShift);
  }
}
