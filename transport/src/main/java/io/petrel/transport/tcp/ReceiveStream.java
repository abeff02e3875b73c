package io.petrel.transport.tcp;

import io.petrel.transport.EndReason;
import io.petrel.transport.ring.ReceiveRing;
import io.petrel.transport.spi.RingSource;
import io.petrel.transport.spi.SubscriptionPort;
import org.jspecify.annotations.Nullable;

/** A stream that the peer publishes in a session, and what it has been told of it. */
final class ReceiveStream {
  /** The peer hears of progress at the latest when this share of the ring is consumed. */
  private static final int TELL_SHIFT = 3;

  final int id;
  @Nullable SubscriptionPort port;

  /** What the peer fills; null before it opens the stream and after it is stopped. */
  @Nullable RingSource source;

  /** Filled and ended before anyone subscribed. */
  private @Nullable RingSource unclaimed;

  private boolean ownsPort;
  private long toldContiguous;
  private long toldRead;
  private boolean stopPending;

  /** With the subscription of a listener, if there is one, which outlives the session. */
  ReceiveStream(int id, @Nullable SubscriptionPort port) {
    this.id = id;
    this.port = port;
  }

  /** The peer opens the stream. */
  void open(RingSource fresh) {
    if (unclaimed != null) {
      stopPending = true; // nobody has read the one before: the new one must wait
      return;
    }
    source = fresh;
    toldContiguous = 0;
    toldRead = 0;
    SubscriptionPort to = port;
    if (to != null && !to.attach(fresh)) {
      stop(EndReason.REFUSED);
    }
  }

  /** Somebody subscribes, perhaps after the data came. */
  void subscribe(SubscriptionPort to) {
    port = to;
    ownsPort = true;
    RingSource waiting = unclaimed != null ? unclaimed : source;
    unclaimed = null;
    if (waiting != null && !to.attach(waiting)) {
      stop(EndReason.REFUSED);
    }
  }

  /** Closes what the application subscribed with, if it did so by this session. */
  void closeSubscription() {
    SubscriptionPort own = port;
    if (own != null && ownsPort) {
      own.closed();
    }
  }

  /** Nobody reads any more: the peer is told to stop. */
  void unsubscribe() {
    port = null;
    unclaimed = null;
    stop(EndReason.CLOSED_HERE);
  }

  /** The rings' memory is used up: the peer may open the stream again later. */
  void stopForLackOfMemory() {
    stop(EndReason.REFUSED);
  }

  private void stop(EndReason reason) {
    RingSource current = source;
    if (current != null) {
      current.end(reason);
      source = null;
      stopPending = true;
    }
  }

  /** Ends without telling the peer. */
  void end(EndReason reason) {
    RingSource current = source;
    if (current != null) {
      current.end(reason);
      source = null;
      if (port == null) {
        unclaimed = current;
      }
    }
  }

  /** Whether nothing would be lost by forgetting this stream. */
  boolean isIdle() {
    return source == null && unclaimed == null && port == null && !stopPending;
  }

  /** Whether so much was consumed that the peer may be waiting to hear of it. */
  boolean isAckUrgent() {
    RingSource current = source;
    if (current == null) {
      return stopPending;
    }
    ReceiveRing ring = current.ring();
    return ring.readPosition() - toldRead > ring.capacity() >> TELL_SHIFT
        || ring.contiguousPosition() - toldContiguous > ring.capacity() >> TELL_SHIFT;
  }

  /** Stages an acknowledgement when there is anything new to tell. */
  void stage(TcpBuffers buffers) {
    if (buffers.room() < TcpFrames.HEADER_LENGTH) {
      return;
    }
    RingSource current = source;
    if (current == null) {
      if (stopPending) {
        buffers.stage(TcpFrames.STOP, 0, id, 0, 0);
        stopPending = false;
      }
      return;
    }
    ReceiveRing ring = current.ring();
    long read = ring.readPosition();
    long contiguous = ring.contiguousPosition();
    if (contiguous != toldContiguous || read != toldRead) {
      toldContiguous = contiguous;
      toldRead = read;
      buffers.stage(TcpFrames.ACK, 0, id, (int) (contiguous - read), contiguous);
    }
  }
}
