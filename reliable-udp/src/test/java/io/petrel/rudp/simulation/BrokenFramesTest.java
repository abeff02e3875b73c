package io.petrel.rudp.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.codecs.DatagramHeader;
import io.petrel.codecs.DatagramValidator;
import io.petrel.codecs.Rejection;
import io.petrel.codecs.wire.CloseMode;
import io.petrel.codecs.wire.CloseReason;
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
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every frame cut off at every length, and with every byte changed, each time with a checksum that
 * says all is well, given to a session that has bytes in flight: no exception, and an end that says
 * whose fault it was.
 */
class BrokenFramesTest {
  static final int RING = 4096;
  private static final int DATAGRAM = 1_400;
  static final long LOCAL_ID = 77;
  private static final int TRACKED = 64;
  private static final long MEMORY_LIMIT = 64 << 10;
  private static final int[] CHANGES = {0x01, 0x80, 0xFF, 0x7F};

  private final DatagramValidator validator = new DatagramValidator();
  private final Map<EndReason, Integer> ends = new EnumMap<>(EndReason.class);
  private final List<ReceiveRing> rings = new ArrayList<>();
  private final Sink sink = new Sink();
  private int taken;
  private int rejected;
  private int goOn;

  private static List<Supplier<Forgery>> samples() {
    return List.of(
        () -> new Forgery().ping(),
        () -> new Forgery().record(0, 0, 24, 1, 24),
        () -> new Forgery().ack(3, 1, 5, 0, 8, 1, 1),
        () -> new Forgery().window(0, 8, 8, RING),
        () -> new Forgery().blocked(0, 8),
        () -> new Forgery().challenge(5),
        () -> new Forgery().response(5),
        () -> new Forgery().anyFrame(8, 40),
        () -> new Forgery().anyFrame(9, 40),
        () -> new Forgery().open(1, RING),
        () -> new Forgery().end(1, 64),
        () -> new Forgery().reset(1, 64),
        () -> new Forgery().stop(0),
        () -> new Forgery().closeSession(CloseMode.GRACEFUL, CloseReason.APPLICATION, 3, 8),
        () -> new Forgery().closeSession(CloseMode.ABORTIVE, CloseReason.MALFORMED, 0, 0),
        () -> new Forgery().ack(3, 3, 5, 0, 0).stream(0, 8, 8, i -> i).window(0, 0, 0, RING));
  }

  @Test
  void breakNothing() {
    int cases = 0;
    for (Supplier<Forgery> sample : samples()) {
      int length = closed(sample).length;
      for (int cut = 0; cut < length; cut++) {
        receive(closed(sample).cutTo(cut));
        cases++;
      }
      for (int index = 0; index < length; index++) {
        for (int change : CHANGES) {
          receive(closed(sample).change(index, change));
          cases++;
        }
      }
    }
    System.out.printf(
        "broken frames: %d datagrams, %d rejected, %d taken by sessions, of which %d went on and"
            + " others ended: %s%n",
        cases, rejected, taken, goOn, ends);
    assertEquals(cases, taken + rejected);
    assertTrue(rejected > cases / 4, "most lengths and headers are checked at the entrance");
    assertTrue(goOn > 0 && ends.containsKey(EndReason.PROTOCOL_BREACH), ends::toString);
    assertTrue(!ends.containsKey(EndReason.TIMED_OUT), ends::toString);
  }

  private static Forgery closed(Supplier<Forgery> sample) {
    return sample.get().close(LOCAL_ID, 4, 0);
  }

  private void receive(Forgery datagram) {
    int rejection = validator.validate(datagram.buffer, 0, datagram.length);
    if (rejection != Rejection.NONE || DatagramHeader.sessionId(datagram.buffer, 0) != LOCAL_ID) {
      rejected++;
      return;
    }
    taken++;
    rings.clear();
    Listener listener = new Listener();
    Session session = new Session(0, parameters(), listener);
    SendRing out = SendRing.exclusive(RING);
    session.addSend(0, out);
    out.offer(new UnsafeBuffer(new byte[64]), 0, 64);
    Forgery ping = new Forgery().ping().close(LOCAL_ID, 0, 0);
    session.onDatagram(1_000, ping.buffer, 0, ping.length);
    pollAll(session, 2_000);
    session.onDatagram(3_000, datagram.buffer, 0, datagram.length);
    for (ReceiveRing ring : rings) {
      ring.poll((buffer, offset, length, header) -> {}, 10);
    }
    pollAll(session, 4_000);
    session.onTimer(1_000_000);
    pollAll(session, 1_000_000);
    assertTrue(session.memoryBytes() < MEMORY_LIMIT, () -> session.memoryBytes() + " bytes");
    EndReason end = session.endReason();
    if (end == null) {
      goOn++;
    } else {
      ends.merge(end, 1, Integer::sum);
    }
  }

  private void pollAll(Session session, long nowNs) {
    for (int i = 0; i < 10; i++) {
      if (session.poll(nowNs, sink) == 0) {
        return;
      }
    }
  }

  static SessionParameters parameters() {
    return new SessionParameters(
        LOCAL_ID,
        LOCAL_ID + 1,
        5,
        false,
        RING,
        DATAGRAM,
        8,
        true,
        10_000_000_000L,
        3_000_000_000L,
        5_000_000_000L,
        1_000_000,
        100_000,
        400_000_000,
        TRACKED,
        CongestionControllers.find("cubic"),
        CongestionSettings.defaults(DATAGRAM),
        1);
  }

  private final class Listener implements SessionListener, ReceiveRing.Listener {
    @Override
    public @Nullable ReceiveRing openReceive(Session session, int streamId) {
      ReceiveRing ring =
          new ReceiveRing(
              RING,
              0,
              16,
              RingMemory.unlimited(),
              new Header(new SessionInfo(1, streamId, null)),
              this);
      rings.add(ring);
      return ring;
    }

    @Override
    public void onReceiveEnd(Session session, int streamId) {}

    @Override
    public void onSendEnd(Session session, int streamId, boolean delivered) {}

    @Override
    public void onEnd(Session session, EndReason reason) {}

    @Override
    public void onHandlerError(Throwable error) {
      throw new AssertionError(error);
    }

    @Override
    public void onLoss(long fromPosition, long toPosition) {
      throw new AssertionError("a loss from " + fromPosition + " to " + toPosition);
    }
  }

  private static final class Sink implements DatagramSink {
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1 << 16]);

    @Override
    public MutableDirectBuffer buffer() {
      return buffer;
    }

    @Override
    public int claim(int maxLength) {
      return 0;
    }

    @Override
    public void commit(int length) {
      assertTrue(length >= 0 && length <= DATAGRAM, () -> length + " bytes");
    }
  }
}
