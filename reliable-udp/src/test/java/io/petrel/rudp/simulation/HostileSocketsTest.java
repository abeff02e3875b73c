package io.petrel.rudp.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.codecs.FrameHeader;
import io.petrel.codecs.wire.CloseMode;
import io.petrel.codecs.wire.CloseReason;
import io.petrel.rudp.endpoint.Totals.Total;
import io.petrel.transport.EndReason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The most telling of the {@link HostileCases}, and some that only sockets have, against a real
 * server: the hostile session goes on or ends for the right reason, a counter that other processes
 * see has moved, nothing reaches the error handler, and the other session on the same socket goes
 * on answering in order while the attack lasts. How long its answers took is printed.
 */
class HostileSocketsTest {
  private static final int RING = SocketAttack.RING;
  private static final long FAR = Long.MAX_VALUE - 10_000;
  private static final int TURNS_AFTER = 200;
  private static final int UNKNOWN_TEMPLATE = 200;
  private static final List<String> ROWS = Collections.synchronizedList(new ArrayList<>());

  @TempDir private Path dir;

  /** What a hostile peer does. */
  interface Deed {
    void on(SocketAttack attack) throws IOException;
  }

  record Case(String name, Total moves, @Nullable EndReason end, Deed deed) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case unaffected(String name, Total moves, Deed deed) {
    return new Case(name, moves, null, deed);
  }

  private static Case breach(String name, Total moves, Deed deed) {
    return new Case(name, moves, EndReason.PROTOCOL_BREACH, deed);
  }

  private static Forgery forge() {
    return new Forgery();
  }

  static Stream<Case> cases() {
    return Stream.of(lies(), streams(), floods(), strangers()).flatMap(each -> each);
  }

  private static Stream<Case> lies() {
    return Stream.of(
        breach(
            "ack of a packet never sent",
            Total.BREACHES,
            a -> a.peer.send(forge().ack(a.peer.largest + 50_000, 0, 0, 0, 0))),
        breach(
            "ack of bytes never sent",
            Total.BREACHES,
            a -> {
              a.until(() -> a.peer.largest >= 0);
              a.peer.send(forge().ack(a.peer.largest, 0, 0, 0, FAR));
            }),
        unaffected(
            "ack ranges that overlap and go below zero",
            Total.REJECTED,
            a -> {
              a.peer.send(forge().ack(100, 10, 0, 0, 0, 0, 5, 0, 5));
              a.peer.send(forge().ack(10, 2, 0, 0, 0, 5, 1_000_000));
            }),
        breach(
            "a window larger than the ring",
            Total.BREACHES,
            a -> a.peer.send(forge().window(0, 0, 0, 0xFFFF_FFFEL))),
        unaffected(
            "a reader that never reads",
            Total.WINDOW_STALLS,
            a -> {
              a.until(() -> {
                a.peer.acknowledgeAll(Math.min(a.peer.streamBytesReceived, RING));
                return a.grown(Total.WINDOW_STALLS) > 0;
              });
            }));
  }

  private static Stream<Case> streams() {
    return Stream.of(
        breach(
            "bytes outside the window",
            Total.OUTSIDE_WINDOW,
            a -> a.peer.send(forge().stream(0, RING, 8, i -> 0))),
        breach(
            "a record longer than a message may be",
            Total.BREACHES,
            a -> a.peer.send(forge().record(0, 0, RING / 2, 1, 64))),
        breach(
            "more streams than agreed",
            Total.BREACHES,
            a -> {
              for (int i = 0; i < 100; i++) {
                a.peer.send(forge().open(i, RING));
              }
            }),
        unaffected(
            "one byte, one gap, one byte, for ever",
            Total.TOO_MANY_HOLES,
            a -> {
              for (int i = 0; i < 4_000; i++) {
                a.peer.send(forge().stream(0, 1 + 2 * i % RING, 1, n -> 1));
                a.turns(i % 32 == 0 ? 1 : 0);
              }
            }));
  }

  private static Stream<Case> floods() {
    return Stream.of(
        unaffected(
            "empty, one-byte, short and oversized datagrams",
            Total.REJECTED,
            a -> {
              for (int i = 0; i < 300; i++) {
                a.peer.sendRaw(forge().cutTo(0));
                a.peer.sendRaw(forge().cutTo(1));
                a.peer.sendRaw(forge().cutTo(23));
                a.peer.sendRaw(forge().cutTo(60_000));
                a.turn();
              }
            }),
        unaffected(
            "path challenges by the thousand, acks withheld",
            Total.PATH_QUESTIONS,
            a -> {
              for (int i = 0; i < 5_000; i++) {
                a.peer.send(forge().challenge(i));
                a.turns(i % 32 == 0 ? 1 : 0);
              }
            }),
        unaffected(
            "frames that must be understood, and are not",
            Total.REJECTED,
            a ->
                a.peer.send(
                    forge()
                        .frames(1, FrameHeader.FLAG_MUST_UNDERSTAND)
                        .anyFrame(UNKNOWN_TEMPLATE, 8))),
        unaffected(
            "every datagram truncated at every length",
            Total.REJECTED,
            a -> {
              for (int cut = 0; cut < 90; cut++) {
                Forgery whole =
                    forge()
                        .ack(5, 0, 0, 0, 0)
                        .window(0, 0, 0, RING)
                        .close(a.peer.sessionId, a.peer.nextNumber++, 0);
                whole.cutTo(Math.min(cut, whole.length - 1));
                a.peer.sendRaw(whole);
                a.turns(cut % 8 == 0 ? 1 : 0);
              }
            }));
  }

  private static Stream<Case> strangers() {
    return Stream.of(
        unaffected(
            "hellos from a hundred ports that never come back",
            Total.RETRIES,
            a -> {
              for (int i = 1; i <= 100; i++) {
                HostilePeer stranger = a.newPeer(i);
                stranger.sayHello();
                stranger.sayHello();
                a.turn();
                stranger.port.close();
              }
            }),
        unaffected(
            "a cookie made for another port",
            Total.RETRIES,
            a -> {
              HostilePeer thief = a.newPeer(a.peer.hello.clientSessionId());
              thief.cookieLength = a.peer.cookieLength;
              thief.cookie.putBytes(0, a.peer.cookie, 0, a.peer.cookieLength);
              thief.sayHello();
              a.until(() -> thief.datagramsReceived > 0);
              assertEquals(0, thief.sessionId, "a session for a stolen cookie");
            }),
        unaffected(
            "closes for sessions guessed at, from elsewhere",
            Total.UNKNOWN_SESSIONS,
            a -> {
              HostilePeer stranger = a.newPeer(77);
              for (int i = 1; i <= 2_000; i++) {
                stranger.sendRaw(
                    forge()
                        .closeSession(CloseMode.ABORTIVE, CloseReason.APPLICATION, 0, 0)
                        .close(a.peer.sessionId + i, i, i));
                a.turns(i % 32 == 0 ? 1 : 0);
              }
            }),
        new Case(
            "its own close, abortive",
            Total.DATAGRAMS_RECEIVED,
            EndReason.CONNECTION_LOST,
            a ->
                a.peer.send(
                    forge().closeSession(CloseMode.ABORTIVE, CloseReason.APPLICATION, 0, 0))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void harmNobodyElse(Case one) throws IOException {
    try (SocketAttack attack = new SocketAttack(dir)) {
      long echoedBefore = attack.echoed();
      one.deed().on(attack);
      if (one.end() == null) {
        attack.turns(TURNS_AFTER);
        assertNull(attack.end(), "the hostile session's end");
      } else {
        assertTrue(attack.until(attack.hostile::isClosed), "the hostile session goes on");
        assertEquals(one.end(), attack.end());
      }
      attack.metrics();
      long moved = attack.grown(one.moves());
      assertTrue(moved > 0, () -> one.moves() + " has not moved");
      long further = attack.echoed() + 10;
      assertTrue(attack.until(() -> attack.echoed() >= further), "the good session stands still");
      assertTrue(attack.echoed() > echoedBefore);
      assertEquals(List.of(), attack.wrong);
      assertEquals(List.of(), attack.errors);
      ROWS.add(row(one, attack, moved));
    }
  }

  private static String row(Case one, SocketAttack attack, long moved) {
    long[] sorted = attack.roundTripsNs.toLongArray();
    Arrays.sort(sorted);
    return String.format(
        Locale.ROOT,
        "%-52s %-16s %-28s +%-7d %7d %10.1f %10.1f",
        one.name(),
        one.end() == null ? "goes on" : one.end(),
        one.moves().label(),
        moved,
        sorted.length,
        sorted[sorted.length / 2] / 1e3,
        sorted[(int) (sorted.length * 0.99)] / 1e3);
  }

  @AfterAll
  static void print() {
    System.out.printf(
        "%-52s %-16s %-28s  %-7s %7s %10s %10s%n",
        "hostile peer, real sockets", "its session", "counter", "", "others", "p50 us", "p99 us");
    ROWS.forEach(System.out::println);
  }
}
