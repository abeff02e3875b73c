package io.petrel.rudp.fuzz;

import io.petrel.codecs.DatagramValidator;
import io.petrel.codecs.Rejection;
import io.petrel.rudp.acknowledgement.AckPolicy;
import io.petrel.rudp.congestion.CongestionControllers;
import io.petrel.rudp.congestion.CongestionSettings;
import io.petrel.rudp.session.Session;
import io.petrel.rudp.session.SessionListener;
import io.petrel.rudp.session.SessionParameters;
import io.petrel.transport.EndReason;
import io.petrel.transport.Header;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.datagram.DatagramSink;
import io.petrel.transport.ring.ReceiveRing;
import io.petrel.transport.ring.RingMemory;
import io.petrel.transport.ring.SendRing;
import io.petrel.transport.time.Deadline;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** A session with an application whose messages are numbered and of known bytes. */
final class FuzzedSide implements SessionListener, ReceiveRing.Listener, DatagramSink {
  static final int RING = 16 * 1024;
  static final int STREAMS = 4;
  private static final int HOLES = 64;
  private static final int DATAGRAM = 1_200;
  private static final int PACKETS = 256;
  private static final int MOST_WAITING = 256;
  static final int MOST_POLLS = 10_000;
  private static final long MS = 1_000_000;
  private static final int POLL_LIMIT = 64;

  final Session session;
  final ArrayDeque<byte[]> sent = new ArrayDeque<>();
  final Map<Integer, SendRing> sends = new HashMap<>();
  final Map<Integer, ReceiveRing> receives = new HashMap<>();
  final long[] written = new long[STREAMS];
  final long[] read = new long[STREAMS];
  private final int[] generations = new int[STREAMS];
  private final int[] receiveIds = new int[STREAMS];
  final RingMemory memory = RingMemory.unlimited();
  boolean wrong;
  @Nullable EndReason end;
  private final UnsafeBuffer datagram = new UnsafeBuffer(new byte[DATAGRAM * 2]);
  private final DatagramValidator validator = new DatagramValidator();

  FuzzedSide(boolean initiator, String controller) {
    SessionParameters parameters =
        new SessionParameters(
            initiator ? 1 : 2,
            initiator ? 2 : 1,
            7,
            initiator,
            RING,
            DATAGRAM,
            STREAMS,
            true,
            3_000 * MS,
            1_000 * MS,
            2_000 * MS,
            AckPolicy.LONGEST_DELAY_NS,
            10 * MS,
            400 * MS,
            PACKETS,
            CongestionControllers.find(controller),
            CongestionSettings.defaults(DATAGRAM),
            initiator ? 11 : 12);
    session = new Session(0, parameters, this);
  }

  private int sendId(int stream) {
    return Session.streamId(stream, generations[stream]);
  }

  /** Ends a stream to the peer. */
  void endSend(int stream) {
    session.endSend(sendId(stream));
  }

  /** Wants no more of a stream of the peer's. */
  void stopReceive(int stream) {
    session.stopReceive(receiveIds[stream]);
  }

  /** Opens a stream, if there is a place for it. */
  void open(int stream) {
    SendRing ring = SendRing.exclusive(RING, 0, SendRing.UNLIMITED, memory);
    if (session.addSend(sendId(stream), ring)) {
      sends.put(stream, ring);
    } else {
      ring.close();
      ring.giveBack();
    }
  }

  /** Writes a message whose bytes follow from its number. */
  void write(int stream, int length) {
    SendRing ring = sends.get(stream);
    if (ring == null || ring.isClosed()) {
      return;
    }
    byte[] message = new byte[Long.BYTES + length];
    Arrays.fill(message, (byte) written[stream]);
    UnsafeBuffer buffer = new UnsafeBuffer(message);
    buffer.putLong(0, written[stream]);
    if (ring.offer(buffer, 0, message.length) > 0) {
      written[stream]++;
    }
  }

  /** Reads what there is of a stream. */
  void read(int stream) {
    ReceiveRing ring = receives.get(stream);
    if (ring != null) {
      ring.poll(
          (buffer, offset, length, header) -> {
            wrong |= length < Long.BYTES || buffer.getLong(offset) != read[stream];
            for (int i = Long.BYTES; i < length; i++) {
              wrong |= buffer.getByte(offset + i) != (byte) read[stream];
            }
            read[stream]++;
          },
          POLL_LIMIT);
    }
  }

  /** As an endpoint does: only what is valid gets to a session. */
  boolean take(long nowNs, byte[] bytes) {
    UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    if (validator.validate(buffer, 0, bytes.length) != Rejection.NONE) {
      return false;
    }
    session.onDatagram(nowNs, buffer, 0, bytes.length);
    return true;
  }

  /** As an endpoint does: an ended session is forgotten. */
  long nextDeadlineNs() {
    return session.isEnded() ? Deadline.NONE : session.nextDeadlineNs();
  }

  /** What the session says, and how many times it was asked until it had said it. */
  int poll(long nowNs) {
    int polls = 0;
    while (session.poll(nowNs, this) > 0 && polls < MOST_POLLS) {
      polls++;
    }
    return polls;
  }

  @Override
  public String toString() {
    return "end "
        + end
        + ", next deadline "
        + session.nextDeadlineNs()
        + ", in flight "
        + session.recovery().inFlightBytes()
        + " of "
        + session.recovery().windowBytes()
        + ", waiting datagrams "
        + sent.size()
        + ", written "
        + Arrays.toString(written)
        + ", read "
        + Arrays.toString(read);
  }

  @Override
  public @Nullable ReceiveRing openReceive(Session of, int streamId) {
    int number = Session.streamNumber(streamId);
    if (number >= STREAMS) {
      return null;
    }
    ReceiveRing old = receives.get(number);
    if (old != null) {
      old.giveBack();
    }
    read[number] = 0;
    receiveIds[number] = streamId;
    ReceiveRing ring =
        new ReceiveRing(RING, 0, HOLES, memory, new Header(new SessionInfo(1, number, null)), this);
    receives.put(number, ring);
    return ring;
  }

  @Override
  public void onReceiveEnd(Session of, int streamId) {
    // What is in the ring is still read.
  }

  @Override
  public void onSendEnd(Session of, int streamId, boolean delivered) {
    generations[Session.streamNumber(streamId)]++;
    SendRing ring = sends.remove(Session.streamNumber(streamId));
    if (ring != null) {
      ring.close();
      ring.giveBack();
    }
  }

  @Override
  public void onEnd(Session of, EndReason reason) {
    end = reason;
  }

  @Override
  public void onHandlerError(Throwable error) {
    throw new AssertionError("a handler threw", error);
  }

  @Override
  public void onLoss(long fromPosition, long toPosition) {
    throw new AssertionError("lost " + fromPosition + " to " + toPosition);
  }

  @Override
  public MutableDirectBuffer buffer() {
    return datagram;
  }

  @Override
  public int claim(int maxLength) {
    return maxLength <= datagram.capacity() ? 0 : FULL;
  }

  @Override
  public void commit(int length) {
    if (length > 0) {
      byte[] bytes = new byte[length];
      datagram.getBytes(0, bytes);
      sent.add(bytes);
      if (sent.size() > MOST_WAITING) {
        sent.poll(); // a queue in the network that is full
      }
    }
  }
}
