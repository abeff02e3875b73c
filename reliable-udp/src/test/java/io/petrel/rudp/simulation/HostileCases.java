package io.petrel.rudp.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.codecs.FrameHeader;
import io.petrel.codecs.wire.CloseMode;
import io.petrel.codecs.wire.CloseReason;
import io.petrel.rudp.endpoint.Totals.Total;
import io.petrel.transport.EndReason;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What hostile peers do, and what must come of it. */
final class HostileCases {
  private static final long MS = Attack.MS;
  private static final int RING = Attack.RING;
  private static final long FAR = Long.MAX_VALUE - 10_000;
  private static final int UNKNOWN_TEMPLATE = 200;

  private HostileCases() {}

  /**
   * An attack.
   *
   * @param name in words
   * @param moves the counter that must grow
   * @param end why the session must end, or null when it must go on
   * @param does what it does
   */
  record Case(String name, Total moves, @Nullable EndReason end, Consumer<Attack> does) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case unaffected(String name, Total moves, Consumer<Attack> does) {
    return new Case(name, moves, null, does);
  }

  private static Case breach(String name, Total moves, Consumer<Attack> does) {
    return new Case(name, moves, EndReason.PROTOCOL_BREACH, does);
  }

  static Stream<Case> all() {
    return Stream.of(
            acknowledgements(),
            acknowledgementRanges(),
            windows(),
            streams(),
            streamSets(),
            records(),
            floods(),
            floodsOfTheKnown(),
            paths(),
            versions())
        .flatMap(each -> each);
  }

  private static Forgery forge() {
    return new Forgery();
  }

  private static Stream<Case> acknowledgements() {
    return Stream.of(
        breach(
            "ack of a packet never sent",
            Total.BREACHES,
            a -> {
              a.step(20 * MS);
              a.peer.send(forge().ack(a.peer.largest + 5_000, 0, 0, 0, 0));
            }),
        breach(
            "ack of everything, the packets skipped on purpose included",
            Total.BREACHES,
            a -> {
              while (a.end() == null && a.peer.largest < 3_000) {
                a.step(5 * MS);
                long read = a.peer.streamBytesReceived;
                a.peer.send(
                    forge()
                        .ack(a.peer.largest, a.peer.largest, 0, 0, 0)
                        .window(0, read, read, RING));
              }
            }),
        breach(
            "ack of bytes never sent",
            Total.BREACHES,
            a -> {
              a.step(20 * MS);
              a.peer.send(forge().ack(a.peer.largest, 0, 0, 0, FAR));
            }));
  }

  private static Stream<Case> acknowledgementRanges() {
    return Stream.of(
        unaffected(
            "ack ranges that overlap",
            Total.REJECTED,
            a -> a.peer.send(forge().ack(100, 10, 0, 0, 0, 0, 5, 0, 5))),
        unaffected(
            "ack ranges that go below zero",
            Total.REJECTED,
            a -> a.peer.send(forge().ack(10, 2, 0, 0, 0, 5, 1_000_000))),
        unaffected(
            "first range longer than the largest number",
            Total.REJECTED,
            a -> a.peer.send(forge().ack(10, 11, 0, 0, 0))),
        unaffected(
            "more ack ranges than there may be",
            Total.REJECTED,
            a -> a.peer.send(forge().ack(1_000, 0, 0, 0, 0, alternating(200)))),
        unaffected(
            "thousands of acks with 64 ranges each",
            Total.DATAGRAMS_RECEIVED,
            a -> {
              for (int i = 0; i < 5_000; i++) {
                int largest = (int) Math.max(a.peer.largest, 0);
                a.peer.send(
                    forge().ack(largest, 0, 0, 0, 0, alternating(Math.min(largest / 2, 64))));
                a.step(i % 50 == 0 ? MS : 0);
              }
            }),
        unaffected(
            "ack delays that are absurd",
            Total.DATAGRAMS_RECEIVED,
            a -> {
              for (int i = 0; i < 100; i++) {
                a.step(MS);
                a.peer.send(forge().ack(Math.max(a.peer.largest, 0), 0, 0xFFFF_FFFEL, 0, 0));
              }
            }),
        unaffected(
            "numbers sent twice, with other frames",
            Total.DUPLICATES,
            a -> {
              for (int i = 0; i < 100; i++) {
                a.peer.send(forge().ping());
                a.peer.nextNumber--;
                a.peer.send(forge().blocked(0, i));
              }
            }));
  }

  private static Stream<Case> windows() {
    return Stream.of(
        unaffected(
            "a window that shrinks",
            Total.DATAGRAMS_RECEIVED,
            a -> {
              a.peer.send(forge().window(0, 0, 0, RING));
              a.peer.send(forge().window(0, 0, 0, 1));
              a.peer.send(forge().window(0, 0, 0, 0));
            }),
        breach(
            "a window larger than the ring",
            Total.BREACHES,
            a -> a.peer.send(forge().window(0, 0, 0, 0xFFFF_FFFEL))),
        breach(
            "a reader beyond what was sent",
            Total.BREACHES,
            a -> a.peer.send(forge().window(0, 1L << 40, 1L << 40, RING))),
        unaffected(
            "windows of streams that are not there",
            Total.STRAY_FRAMES,
            a -> {
              for (int i = 1; i < 1_000; i++) {
                a.peer.send(forge().window(i, 0, 0, RING));
              }
            }),
        unaffected(
            "a reader that never reads",
            Total.WINDOW_STALLS,
            a -> {
              for (int i = 0; i < 100; i++) {
                a.step(10 * MS);
                a.peer.acknowledgeAll(Math.min(a.peer.streamBytesReceived, RING));
              }
              assertTrue(
                  a.peer.streamBytesReceived <= 4L * RING, "no more than the window, and probes");
            }),
        unaffected(
            "a reader that gives one byte a credit",
            Total.WINDOW_STALLS,
            a -> {
              for (int i = 0; i < 1_000; i++) {
                a.peer.acknowledgeAll(0);
                a.peer.send(forge().window(0, i, i, RING));
                a.step(MS);
              }
              assertTrue(
                  a.peer.datagramsReceived < 6_000, () -> a.peer.datagramsReceived + " datagrams");
            }));
  }

  private static Stream<Case> streams() {
    return Stream.of(
        breach(
            "bytes outside the window",
            Total.OUTSIDE_WINDOW,
            a -> a.peer.send(forge().stream(0, RING, 8, i -> 0))),
        unaffected(
            "bytes whose position overflows",
            Total.REJECTED,
            a -> a.peer.send(forge().stream(0, Long.MAX_VALUE - 4, 100, i -> 0))),
        unaffected(
            "the same bytes again with other contents",
            Total.DATAGRAMS_RECEIVED,
            a -> {
              a.peer.send(forge().stream(0, 8, 8, i -> 'a'));
              a.step(10 * MS);
              a.peer.send(forge().stream(0, 8, 8, i -> 'b'));
              a.step(10 * MS);
              a.peer.send(forge().record(0, 0, 16, 1, 8));
              a.step(10 * MS);
              assertEquals("aaaaaaaa", a.server.hostileText.toString());
            }),
        unaffected(
            "one byte, one gap, one byte, for ever",
            Total.TOO_MANY_HOLES,
            a -> {
              for (int i = 0; i < 8_000; i++) {
                a.peer.send(forge().stream(0, 1 + 2 * i % RING, 1, n -> 1));
                a.step(i % 100 == 0 ? MS : 0);
              }
            }));
  }

  private static Stream<Case> streamSets() {
    return Stream.of(
        breach(
            "more streams than agreed",
            Total.BREACHES,
            a -> {
              for (int i = 0; i < 100; i++) {
                a.peer.send(forge().open(i, RING));
              }
            }),
        unaffected(
            "streams opened and abandoned, again and again",
            Total.STRAY_FRAMES,
            a -> {
              for (int i = 0; i < 2_000; i++) {
                int id = (i % 8 + 1) | (i / 8) << 24;
                a.peer.send(forge().open(id, RING).reset(id, 0).stream(id, 0, 8, n -> 1));
                a.peer.send(forge().stream(id + (200 << 24), 0, 8, n -> 1));
                a.step(i % 50 == 0 ? MS : 0);
              }
            }),
        breach(
            "a stream whose ring has another size",
            Total.BREACHES,
            a -> a.peer.send(forge().open(5, 2L * RING))),
        breach(
            "bytes beyond a stream's end",
            Total.BREACHES,
            a -> {
              a.peer.send(forge().end(5, 8));
              a.peer.send(forge().stream(5, 8, 8, i -> 0));
            }),
        breach(
            "two ends of one stream",
            Total.BREACHES,
            a -> {
              a.peer.send(forge().end(5, 800));
              a.peer.send(forge().end(5, 1_600));
            }),
        breach(
            "a close that names more streams than agreed",
            Total.BREACHES,
            a -> {
              a.peer.send(forge().open(63, RING).open(99, RING));
              a.peer.send(forge().closeSession(CloseMode.GRACEFUL, CloseReason.APPLICATION, 64, 8));
            }),
        unaffected(
            "stops and blocked frames of streams that are not there",
            Total.STRAY_FRAMES,
            a -> {
              for (int i = 1; i < 1_000; i++) {
                a.peer.send(forge().stop(i).blocked(i, FAR));
              }
            }));
  }

  private static Stream<Case> records() {
    return Stream.of(
        breach(
            "a record longer than a message may be",
            Total.BREACHES,
            a -> a.peer.send(forge().record(0, 0, RING / 2, 1, 64))),
        breach(
            "a record of negative length",
            Total.BREACHES,
            a -> a.peer.send(forge().record(0, 0, -16, 1, 64))),
        breach(
            "a record shorter than its own header",
            Total.BREACHES,
            a -> a.peer.send(forge().record(0, 0, 4, 1, 64))),
        breach(
            "a record of an unknown type",
            Total.BREACHES,
            a -> a.peer.send(forge().record(0, 0, 16, 77, 64))),
        breach(
            "padding in the middle of a ring",
            Total.BREACHES,
            a -> a.peer.send(forge().record(0, 0, 16, -1, 64))));
  }

  private static Stream<Case> floods() {
    return Stream.of(
        unaffected(
            "one-byte, short and oversized datagrams",
            Total.REJECTED,
            a -> {
              for (int i = 0; i < 1_000; i++) {
                a.peer.sendRaw(forge().cutTo(1));
                a.peer.sendRaw(forge().cutTo(23));
                a.peer.sendRaw(forge().cutTo(60_000));
              }
            }),
        unaffected(
            "hellos from ten thousand ports",
            Total.RETRIES,
            a -> {
              a.peer.cookieLength = 0;
              long in = a.peer.bytesSent;
              long out = a.server.endpoint.port().statistics().bytesSent;
              for (int i = 0; i < 10_000; i++) {
                a.hostilePort.changeVisiblePort(20_000 + i);
                a.peer.sayHello();
                a.step(i % 100 == 0 ? MS : 0);
              }
              assertEquals(2, a.server.endpoint.sessionCount());
              long answered = a.server.endpoint.port().statistics().bytesSent - out;
              assertTrue(answered < a.peer.bytesSent - in, "less than came");
              a.hostilePort.changeVisiblePort(a.hostilePort.localAddress().port());
            }),
        unaffected(
            "a cookie that has expired",
            Total.RETRIES,
            a -> {
              for (int i = 0; i < 3; i++) {
                a.step(4_000 * MS);
                a.peer.send(forge().ping());
              }
              a.peer.sayHello();
            }),
        unaffected(
            "a cookie made for another port",
            Total.RETRIES,
            a -> {
              int port = a.hostilePort.localAddress().port();
              a.hostilePort.changeVisiblePort(20_001);
              a.peer.sayHello();
              a.hostilePort.changeVisiblePort(port);
              a.step(10 * MS);
              assertEquals(2, a.server.endpoint.sessionCount());
            }));
  }

  private static Stream<Case> floodsOfTheKnown() {
    return Stream.of(
        unaffected(
            "a good cookie again and again",
            Total.HELLOS,
            a -> {
              for (int i = 0; i < 1_000; i++) {
                a.peer.sayHello();
              }
              a.step(50 * MS);
              assertEquals(2, a.server.endpoint.sessionCount());
              assertEquals(0, a.grown(Total.ACCEPTED));
            }),
        unaffected(
            "closes for sessions guessed at",
            Total.UNKNOWN_SESSIONS,
            a -> {
              for (int i = 1; i <= 5_000; i++) {
                a.peer.sendRaw(
                    forge()
                        .closeSession(CloseMode.ABORTIVE, CloseReason.APPLICATION, 0, 0)
                        .close(a.peer.sessionId + i, i, i));
                a.step(i % 50 == 0 ? MS : 0);
              }
            }),
        unaffected(
            "pings by the ten thousand",
            Total.DATAGRAMS_RECEIVED,
            a -> {
              long sent = a.peer.bytesSent;
              for (int i = 0; i < 10_000; i++) {
                a.peer.send(forge().ping());
                a.step(i % 50 == 0 ? MS : 0);
              }
              assertTrue(
                  a.peer.bytesReceived < a.peer.bytesSent - sent + RING * 8L, "less than came");
            }),
        unaffected(
            "clocks that jump by hours, both ways",
            Total.TIME_JUMPS,
            a -> {
              for (int i = 0; i < 10; i++) {
                a.serverHost.jumpClock((i % 2 == 0 ? 7_200 : -3_600) * Attack.SECOND);
                a.step(20 * MS);
                a.peer.send(forge().ping());
              }
            }));
  }

  private static Stream<Case> paths() {
    return Stream.of(
        unaffected(
            "path challenges by the ten thousand, acks withheld",
            Total.PATH_QUESTIONS,
            a -> {
              for (int i = 0; i < 10_000; i++) {
                a.peer.send(forge().challenge(i));
                a.step(i % 50 == 0 ? MS : 0);
              }
              a.step(10 * MS);
              assertTrue(a.peer.responses > 0 && a.peer.responses <= 10_000);
            }),
        unaffected(
            "path responses that nobody asked for",
            Total.STRAY_FRAMES,
            a -> {
              for (int i = 0; i < 1_000; i++) {
                a.peer.send(forge().response(i));
              }
            }),
        unaffected(
            "a new port with each packet",
            Total.ADDRESS_CHANGES,
            a -> {
              int port = a.hostilePort.localAddress().port();
              for (int i = 0; i < 2_000; i++) {
                a.hostilePort.changeVisiblePort(20_000 + i % 500);
                a.peer.send(forge().ping());
                a.step(i % 20 == 0 ? MS : 0);
              }
              a.hostilePort.changeVisiblePort(port);
              a.peer.send(forge().ping());
              a.step(20 * MS);
              assertEquals(0, a.grown(Total.PATH_VALIDATIONS));
            }),
        unaffected(
            "an old packet from elsewhere",
            Total.WRONG_ADDRESS,
            a -> {
              Forgery old = forge().ping().close(a.peer.sessionId, a.peer.nextNumber++, 0);
              a.peer.send(forge().ping());
              a.step(10 * MS);
              int port = a.hostilePort.localAddress().port();
              a.hostilePort.changeVisiblePort(20_001);
              a.peer.sendRaw(old);
              a.hostilePort.changeVisiblePort(port);
              a.step(10 * MS);
              assertEquals(0, a.grown(Total.ADDRESS_CHANGES));
            }));
  }

  private static Stream<Case> versions() {
    return Stream.of(
        unaffected(
            "frames of a kind that is not known",
            Total.DATAGRAMS_RECEIVED,
            a -> a.peer.send(forge().anyFrame(UNKNOWN_TEMPLATE, 100))),
        unaffected(
            "one that must be understood",
            Total.REJECTED,
            a ->
                a.peer.send(
                    forge()
                        .frames(1, FrameHeader.FLAG_MUST_UNDERSTAND)
                        .anyFrame(UNKNOWN_TEMPLATE, 8))),
        unaffected(
            "known frames of a future version",
            Total.DATAGRAMS_RECEIVED,
            a -> a.peer.send(forge().frames(9, 0).ping().challenge(1))),
        unaffected(
            "known frames of version 0",
            Total.REJECTED,
            a ->
                a.peer.send(
                    forge().frames(0, 0).window(0, 0, 0, RING).frames(1, 0).anyFrame(3, 5))),
        unaffected(
            "datagrams of a future version",
            Total.REJECTED,
            a -> {
              for (int version = 2; version < 256; version++) {
                Forgery datagram = forge().ping().close(a.peer.sessionId, a.peer.nextNumber++, 0);
                a.peer.sendRaw(datagram.change(22, version ^ 1));
              }
            }),
        new Case(
            "its own close, abortive",
            Total.DATAGRAMS_RECEIVED,
            EndReason.CONNECTION_LOST,
            a ->
                a.peer.send(
                    forge().closeSession(CloseMode.ABORTIVE, CloseReason.APPLICATION, 0, 0))),
        new Case("silence", Total.PROBES, EndReason.TIMED_OUT, a -> a.step(11_000 * MS)));
  }

  private static int[] alternating(int ranges) {
    int[] pairs = new int[ranges * 2];
    Arrays.fill(pairs, 1);
    return pairs;
  }
}
