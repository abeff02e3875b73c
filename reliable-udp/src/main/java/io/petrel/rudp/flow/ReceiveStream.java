package io.petrel.rudp.flow;

import io.petrel.transport.ring.ReceiveRing;
import org.agrona.DirectBuffer;

/**
 * The receiving half of a stream: a ring, how far the peer may send, where it ends.
 *
 * <p>The window moves in steps of an eighth of the ring, so that a reader who takes byte after byte
 * does not cost a packet each (RFC 9293 section 3.8.6.2.2, the receiver's silly window).
 */
public final class ReceiveStream {
  /** No end is known yet. */
  public static final long OPEN = Long.MAX_VALUE;

  private static final int WINDOW_STEPS = 8;

  private final int id;
  private final ReceiveRing ring;
  private final int step;
  private long announced;
  private long highest;
  private long finalPosition = OPEN;
  private boolean asked;
  private boolean stopped;
  private boolean stopDue;
  private boolean finished;

  /** The receiving half of stream {@code id}; the peer begins with a window of the whole ring. */
  public ReceiveStream(int id, ReceiveRing ring) {
    this.id = id;
    this.ring = ring;
    this.step = ring.capacity() / WINDOW_STEPS;
    this.announced = ring.readPosition() + ring.capacity();
  }

  /** The stream's id. */
  public int id() {
    return id;
  }

  /** The ring the bytes are put into. */
  public ReceiveRing ring() {
    return ring;
  }

  /**
   * Puts bytes in their place.
   *
   * @return how many of them are new, or a negative result of the ring.
   */
  public int insert(long position, DirectBuffer source, int offset, int length) {
    if (stopped || finished) {
      return length; // nobody reads it: as if it had been read
    }
    int inserted = ring.insert(position, source, offset, length);
    if (inserted > 0) {
      highest = Math.max(highest, position + length);
    }
    return inserted;
  }

  /** Whether there is something that the reader could read and has not. */
  public boolean isUnread() {
    return !stopped && !finished && ring.readPosition() < ring.contiguousPosition();
  }

  /** The peer asks for the window. */
  public void ask() {
    asked = true;
  }

  /** Whether the peer should be told of a wider window. */
  public boolean isWindowDue() {
    return !stopped
        && !finished
        && (asked || ring.readPosition() + ring.capacity() - announced >= step);
  }

  /**
   * Whether the peer may be standing at the end of the window, so that the next one must not get
   * lost without anybody noticing.
   */
  public boolean isWindowUrgent() {
    return asked || announced - highest < ring.capacity() / 2;
  }

  /** The reader's position, announced to the peer now. */
  public long announce() {
    asked = false;
    long read = ring.readPosition();
    announced = Math.max(announced, read + ring.capacity());
    return read;
  }

  /** Below it all has been received. */
  public long contiguous() {
    return ring.contiguousPosition();
  }

  /**
   * The peer says where the stream ends.
   *
   * @return false when it contradicts itself.
   */
  public boolean end(long position) {
    if (stopped) {
      finalPosition = position; // wherever it is: nobody looks any more
      return true;
    }
    if (finalPosition != OPEN && finalPosition != position) {
      return false;
    }
    if (position < highest) {
      return false;
    }
    finalPosition = position;
    return true;
  }

  /** Nobody reads any more: the peer is told, and what it still sends is passed over. */
  public void stop() {
    if (!stopped && !finished) {
      stopped = true;
      stopDue = true;
    }
  }

  /** Whether nobody reads any more. */
  public boolean isStopped() {
    return stopped;
  }

  /** Whether the peer is to be told that nobody reads. */
  public boolean isStopDue() {
    return stopDue;
  }

  /** The peer has, or has not, been told that nobody reads. */
  public void stopDue(boolean due) {
    stopDue = due && stopped && !finished;
  }

  /** Everything has come that ever will. */
  public void finish() {
    finished = true;
    stopDue = false;
  }

  /** Whether everything has come that ever will. */
  public boolean isFinished() {
    return finished;
  }

  /** Where the stream ends, or {@link #OPEN}. */
  public long finalPosition() {
    return finalPosition;
  }

  /** Whether all up to the end has been received. */
  public boolean isComplete() {
    return finished || stopped || contiguous() >= finalPosition;
  }
}
