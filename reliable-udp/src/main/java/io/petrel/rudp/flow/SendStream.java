package io.petrel.rudp.flow;

import io.petrel.transport.ring.RangeSet;
import io.petrel.transport.ring.SendRing;

/**
 * The sending half of a stream: a ring, how far the peer lets it go, what the peer has, and what is
 * to be sent again.
 *
 * <pre>
 *      acknowledged                  sent          written
 *          |   ####        ####  xxx  |  to be sent   |            # the peer has   x to be sent again
 *   -------+--------------------------+---------------+-----|----> position
 *                                                         limit
 * </pre>
 *
 * <p>Both sets are bounded. One of what the peer has that finds no place is sent again; one to be
 * sent again that finds none is joined with its neighbour. Either costs bytes, never correctness.
 */
public final class SendStream {
  /** No end is known: more may be written. */
  public static final long OPEN = Long.MAX_VALUE;

  /** Twice the holes that a receiver tolerates: what the peer has is known late and in parts. */
  static final int RANGE_LIMIT = 1024;

  private final int id;
  private final SendRing ring;
  private final RangeSet delivered = new RangeSet(RANGE_LIMIT);
  private final RangeSet missing = new RangeSet(RANGE_LIMIT);
  private long sent;
  private long acknowledged;
  private long limit;
  private long written;
  private long finalPosition = OPEN;
  private long overflows;
  private boolean openDue = true;
  private boolean endDue;
  private boolean endAcknowledged;
  private boolean stopped;

  /**
   * The sending half of stream {@code id}.
   *
   * @param ring what the application writes.
   * @param initialLimit how far may be sent before the peer said anything.
   */
  public SendStream(int id, SendRing ring, long initialLimit) {
    this.id = id;
    this.ring = ring;
    this.sent = ring.sentPosition();
    this.acknowledged = ring.acknowledgedPosition();
    this.limit = initialLimit;
    this.written = sent;
  }

  /** The stream's id. */
  public int id() {
    return id;
  }

  /** The ring the bytes are in. */
  public SendRing ring() {
    return ring;
  }

  /** Asks the ring what the application has written. */
  public void refresh() {
    written = Math.min(ring.writtenPosition(), finalPosition);
  }

  /** Whether the application has written since the last {@link #refresh}. */
  public boolean isNewlyWritten() {
    return ring.writtenPosition() > written && written < finalPosition;
  }

  /** Bytes that were never sent and may be now, as of the last {@link #refresh}. */
  public long sendable() {
    return Math.max(Math.min(written, limit) - sent, 0);
  }

  /** Bytes that were never sent. */
  public long queued() {
    return Math.max(ring.writtenPosition() - sent, 0);
  }

  /** Whether there are bytes which the peer's window keeps back. */
  public boolean isBlocked() {
    return written > sent && sent >= limit;
  }

  /** Whether anything is to be sent again. */
  public boolean hasMissing() {
    return !missing.isEmpty();
  }

  /** The first position to be sent again. */
  public long missingStart() {
    return missing.start(0);
  }

  /** How many bytes from {@link #missingStart} are to be sent again in one piece. */
  public long missingLength() {
    return missing.end(0) - missing.start(0);
  }

  /** The first position from the given one on that the peer is not known to have. */
  public long undeliveredFrom(long position) {
    return delivered.endOfRangeAt(Math.max(position, acknowledged));
  }

  /** These bytes have been sent again. */
  public void onSentAgain(long position, int length) {
    missing.remove(position, position + length);
  }

  /** These bytes, the next, have been sent. */
  public void onSent(int length) {
    sent += length;
    ring.sentPosition(sent);
  }

  /** The peer has these bytes. */
  public void onDelivered(long position, int length) {
    long end = position + length;
    if (!missing.isEmpty()) {
      missing.remove(position, end);
    }
    if (end <= acknowledged) {
      return;
    }
    if (position <= acknowledged) {
      advance(delivered.isEmpty() ? end : delivered.endOfRangeAt(end));
    } else if (!delivered.add(position, end)) {
      overflows++;
      missing.addMerging(position, end);
    }
  }

  /**
   * The packet that carried these bytes was lost: what the peer does not have is to be sent again.
   */
  public void onLost(long position, int length) {
    long end = stopped ? position : position + length;
    long from = Math.max(position, acknowledged);
    while (from < end) {
      long deliveredEnd = delivered.endOfRangeAt(from);
      if (deliveredEnd > from) {
        from = deliveredEnd;
      } else {
        long to = Math.min(end, delivered.nextStartAfter(from));
        missing.addMerging(from, to);
        from = to;
      }
    }
  }

  /**
   * The peer has everything below the position.
   *
   * @return false when it cannot, because that was never sent.
   */
  public boolean onContiguous(long position) {
    if (position > sent || position < 0) {
      return false;
    }
    if (position > acknowledged) {
      advance(delivered.isEmpty() ? position : delivered.endOfRangeAt(position));
    }
    return true;
  }

  /**
   * The peer's reader stands at {@code readPosition} and so many bytes beyond may be sent. A window
   * never shrinks: one that would was overtaken by a newer.
   *
   * @return false when the reader cannot stand there.
   */
  public boolean onWindow(long readPosition, long windowBytes) {
    if (readPosition > sent || readPosition < 0 || windowBytes > ring.capacity()) {
      return false;
    }
    limit = Math.max(limit, readPosition + windowBytes);
    return true;
  }

  /**
   * Nothing is claimed any more: the end is where the last claim ends. One that is still being
   * written, with others behind it that were accepted, is waited for.
   */
  public void end() {
    ring.close();
    if (finalPosition == OPEN) {
      finalPosition = ring.claimedPosition();
      endDue = true;
    }
    refresh();
  }

  /**
   * The peer wants no more: what it does not have is given up, and it is told where the stream
   * ends.
   */
  public void stop() {
    if (!stopped) {
      stopped = true;
      ring.close();
      finalPosition = sent;
      written = sent;
      missing.clear();
      endDue = true;
      endAcknowledged = false;
    }
  }

  /** Whether the peer wanted no more. */
  public boolean isStopped() {
    return stopped;
  }

  /** Whether the peer is to be told that the stream begins. */
  public boolean isOpenDue() {
    return openDue;
  }

  /** The peer has, or has not, been told that the stream begins. */
  public void openDue(boolean due) {
    openDue = due;
  }

  /** Whether the peer is to be told where the stream ends. */
  public boolean isEndDue() {
    return endDue;
  }

  /** The peer has, or has not, been told where the stream ends. */
  public void endDue(boolean due) {
    endDue = due && !endAcknowledged;
  }

  /** The peer knows where the stream ends. */
  public void onEndAcknowledged() {
    endAcknowledged = true;
  }

  /** Whether nothing is left to be done for the stream. */
  public boolean isFinished() {
    return endAcknowledged && (stopped || isDelivered());
  }

  /** Where the stream ends, or {@link #OPEN}. */
  public long finalPosition() {
    return finalPosition;
  }

  /** Whether the peer has everything up to the end. */
  public boolean isDelivered() {
    return stopped || acknowledged >= finalPosition;
  }

  /** Whether the peer has everything that was written so far. */
  public boolean isDrained() {
    return acknowledged >= written;
  }

  /**
   * Ends writing where the application stands now, and forgets what it says of the end: the
   * session's own close says it.
   */
  public void endWithSession() {
    end();
    endDue = false;
  }

  /** The next position never sent. */
  public long sent() {
    return sent;
  }

  /** The peer has everything below. */
  public long acknowledged() {
    return acknowledged;
  }

  /** Written by the application, as of the last {@link #refresh}. */
  public long written() {
    return written;
  }

  /** How far the peer lets this stream go. */
  public long limit() {
    return limit;
  }

  /** Bytes that the stream's sets take; its ring is not among them. */
  public long memoryBytes() {
    return delivered.memoryBytes() + missing.memoryBytes();
  }

  /** Ranges that found no place and were sent again. */
  public long overflows() {
    return overflows;
  }

  private void advance(long position) {
    acknowledged = position;
    delivered.removeBelow(position);
    missing.removeBelow(position);
    ring.acknowledge(position);
  }
}
