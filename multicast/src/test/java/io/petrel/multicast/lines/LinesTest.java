package io.petrel.multicast.lines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {
  private static final long DEAD_NS = 1_000;

  private final List<String> events = new ArrayList<>();
  private final Lines lines =
      new Lines(2, 100, DEAD_NS, (line, alive) -> events.add(line + (alive ? " up" : " down")));

  @Test
  void aHoleIsLostWhenBothHaveGonePastIt() {
    lines.onBytes(0, 0, 500, true);
    assertFalse(lines.havePassed(400));
    lines.onBytes(1, 1, 300, false);
    assertFalse(lines.havePassed(400));
    lines.onBytes(2, 1, 400, false);
    assertTrue(lines.havePassed(400));
  }

  @Test
  void countsWhatEachLostByTheNumbersThatCame() {
    for (long number : new long[] {5, 6, 9, 10}) {
      lines.onPacket(0, 0, number);
    }

    assertEquals(4, lines.line(0).packets());
    assertEquals(2, lines.line(0).lost());
    assertEquals(0, lines.line(1).lost());
  }

  @Test
  void countsWhichIsFirstAndMeasuresTheSkew() {
    lines.onBytes(100, 0, 50, true);
    lines.onBytes(130, 1, 50, false);
    lines.onBytes(200, 1, 80, true);
    lines.onBytes(210, 0, 80, false);

    assertEquals(1, lines.line(0).firsts());
    assertEquals(1, lines.line(1).firsts());
    assertEquals(10, lines.skewNs());
    assertEquals(30, lines.mostSkewNs());
  }

  @Test
  void aLineThatFallsSilentIsDeadUntilItIsHeardAgain() {
    lines.onPacket(0, 0, 0);
    lines.onPacket(0, 1, 0);
    lines.onBytes(0, 1, 10, true);
    for (long ns = 10; ns < DEAD_NS; ns += 10) {
      lines.onPacket(ns, 0, ns);
    }
    assertTrue(events.isEmpty());
    lines.onPacket(DEAD_NS, 0, DEAD_NS);
    lines.onBytes(DEAD_NS, 0, 90, true);

    assertEquals(List.of("1 down"), events);
    assertTrue(lines.havePassed(90), "nobody waits for a dead line");
    lines.onPacket(DEAD_NS + 2, 1, 7);
    assertEquals(List.of("1 down", "1 up"), events);
    assertFalse(lines.havePassed(90));
  }

  @Test
  void aPauseOfTheReceiverKillsNoLine() {
    lines.onPacket(0, 0, 0);
    lines.onPacket(0, 1, 0);
    for (long number = 1; number < 100; number++) {
      lines.onPacket(10 * DEAD_NS, 0, number);
    }
    lines.onPacket(10 * DEAD_NS, 1, 1);

    assertTrue(events.isEmpty());
  }

  @Test
  void aLineThatNeverSpokeIsDeadToo() {
    for (long ns = 0; ns <= DEAD_NS; ns += 10) {
      lines.onPacket(ns, 0, ns);
    }

    assertEquals(List.of("1 down"), events);
  }
}
