package io.petrel.transport.ring;

import io.petrel.transport.Header;
import io.petrel.transport.MessageHandler;
import io.petrel.transport.SessionInfo;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** What the tests of rings share. */
final class RingFixtures {
  private RingFixtures() {}

  static Header header() {
    return new Header(new SessionInfo(42, 7, null));
  }

  static ReceiveRing receiveRing(final int capacity, final Events events) {
    return receiveRing(capacity, 0, events);
  }

  static ReceiveRing receiveRing(
      final int capacity, final long initialPosition, final Events events) {
    return new ReceiveRing(capacity, initialPosition, 64, RingMemory.unlimited(), header(), events);
  }

  /** Copies a range of what was sent into the receiver's ring. */
  static int replicate(
      final SendRing from, final ReceiveRing to, final long position, final int length) {
    final UnsafeBuffer bytes = new UnsafeBuffer(new byte[length]);
    from.copyTo(position, length, bytes, 0);
    return to.insert(position, bytes, 0, length);
  }

  /** A record as a peer might send it, well formed or not. */
  static UnsafeBuffer record(final int length, final int type, final int bytes) {
    final UnsafeBuffer record = new UnsafeBuffer(new byte[bytes]);
    record.putInt(0, length);
    record.putInt(4, type);
    return record;
  }

  /** Writes down what a poll tells, in order. */
  static final class Events implements ReceiveRing.Listener {
    final List<String> lines = new ArrayList<>();

    @Override
    public void onHandlerError(final Throwable error) {
      lines.add("error " + error.getMessage());
    }

    @Override
    public void onLoss(final long fromPosition, final long toPosition) {
      lines.add("loss " + fromPosition + "-" + toPosition);
    }

    MessageHandler handler() {
      return (buffer, offset, length, header) ->
          lines.add(buffer.getStringWithoutLengthAscii(offset, length) + "@" + header.position());
    }
  }
}
