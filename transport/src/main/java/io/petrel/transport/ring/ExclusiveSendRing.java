package io.petrel.transport.ring;

import static io.petrel.transport.ring.RecordLayout.HEADER_LENGTH;
import static io.petrel.transport.ring.RecordLayout.TYPE_MESSAGE;
import static io.petrel.transport.ring.RecordLayout.TYPE_PADDING;

import org.agrona.DirectBuffer;

/**
 * One producer: the tail is the written position, and its release publishes a record. Nothing above
 * it is ever looked at, so memory needs no clearing and an open claim blocks nobody.
 */
final class ExclusiveSendRing extends SendRing {
  /** Read at each claim, written once. */
  private volatile boolean closed;

  ExclusiveSendRing(
      final int capacity,
      final long initialPosition,
      final long unsentLimit,
      final RingMemory memory) {
    super(capacity, initialPosition, unsentLimit, memory);
  }

  @Override
  public long tryClaim(final int payloadLength) {
    final long position = place(payloadLength);
    if (position >= 0) {
      openClaim = position;
      openClaimEnd = position + RecordLayout.requiredLength(payloadLength);
    }
    return position;
  }

  @Override
  public long commit(final long position) {
    if (position != openClaim || position < 0) {
      return RingResult.CLAIM_LOST;
    }
    openClaim = NO_CLAIM;
    if (closed) {
      return RingResult.CLOSED;
    }
    publish(position, openClaimEnd);
    return openClaimEnd;
  }

  @Override
  public long abort(final long position) {
    if (position != openClaim || position < 0) {
      return RingResult.CLAIM_LOST;
    }
    openClaim = NO_CLAIM;
    return openClaimEnd;
  }

  @Override
  public long offer(final DirectBuffer source, final int offset, final int length) {
    final long position = place(length);
    if (position < 0) {
      return position;
    }
    openClaim = NO_CLAIM;
    MessageCopy.put(buffer, payloadIndex(position), source, offset, length);
    final long end = position + RecordLayout.requiredLength(length);
    publish(position, end);
    return end;
  }

  @Override
  public long claimedPosition() {
    return tailAcquire();
  }

  @Override
  public long writtenPosition() {
    return tailAcquire();
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public boolean unblock(final long nowNs, final long timeoutNs) {
    return false;
  }

  @Override
  void clear(final long from, final long to) {
    // Nothing above the written position is looked at.
  }

  /** Finds room for a record and writes its header, and the padding's before it; not yet public. */
  private long place(final int payloadLength) {
    if ((payloadLength | (maxMessageLength - payloadLength)) < 0) {
      return RingResult.MESSAGE_TOO_LARGE;
    }
    if (closed) {
      return RingResult.CLOSED;
    }
    final long tail = tailPlain();
    final int required = RecordLayout.requiredLength(payloadLength);
    final int untilEnd = capacity - ((int) tail & mask);
    final int padding = untilEnd < required ? untilEnd : 0;
    final long position = tail + padding;
    if (position + required > limitPlain() || tail >= queueLimit) {
      final int refusal = refreshLimits(tail, position + required);
      if (refusal < 0) {
        return refusal;
      }
    }
    if (padding > 0) {
      buffer.putLong((int) tail & mask, RecordLayout.header(padding, TYPE_PADDING));
    }
    buffer.putLong(
        (int) position & mask, RecordLayout.header(payloadLength + HEADER_LENGTH, TYPE_MESSAGE));
    return position;
  }

  private void publish(final long position, final long end) {
    final RecordHints table = hints;
    if (table != null) {
      final long tail = tailPlain();
      if (tail != position) {
        table.note(tail); // The padding record.
      }
      table.note(position);
    }
    tailRelease(end);
  }
}
