package io.petrel.multicast.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.codecs.wire.FanOutDataFrameDecoder;
import io.petrel.multicast.fabric.Fabric;
import io.petrel.multicast.fabric.ListSink;
import io.petrel.multicast.flow.FlowMode;
import io.petrel.multicast.receiver.ReceiverSettings;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Source and receivers together, in a time that goes step by step. */
class FanOutTest {
  private static final int CAPACITY = 64 * 1024;
  private static final int DATA = FanOutDataFrameDecoder.TEMPLATE_ID;

  private static List<Integer> upTo(int end) {
    return IntStream.range(0, end).boxed().toList();
  }

  @Test
  void deliversEveryMessageToEveryReceiverInOrder() {
    Fabric fabric = Fabric.started(3, CAPACITY);
    for (int i = 0; i < 200; i++) {
      assertTrue(fabric.offer(i, 100) > 0);
      fabric.step();
    }

    for (int i = 0; i < 3; i++) {
      assertEquals(upTo(200), fabric.end(i).read());
    }
    assertEquals(0, fabric.naks());
  }

  @Test
  void whatWasOfferedBeforeTheStartIsSentThen() {
    Fabric fabric = new Fabric(Fabric.settings(), new ReceiverSettings(), 1, CAPACITY);
    assertTrue(fabric.offer(0, 100) > 0);
    fabric.step();
    assertFalse(fabric.source().isStarted());

    fabric.startUp();

    assertEquals(upTo(1), fabric.end(0).read());
  }

  @Test
  void startsWithoutAnybodyAfterTheStatedTime() {
    Fabric fabric =
        new Fabric(Fabric.settings().startDelayNs(1_000_000), new ReceiverSettings(), 0, CAPACITY);
    fabric.steps(99);
    assertFalse(fabric.source().isStarted());
    fabric.step();
    assertTrue(fabric.source().isStarted());
  }

  @Test
  void repairsALostMessageOnce() {
    Fabric fabric = Fabric.started(3, CAPACITY);
    fabric.offer(0, 100);
    fabric.drop(template -> template == DATA);
    fabric.step();
    fabric.drop(template -> false);
    fabric.offer(1, 100);
    fabric.steps(200);

    for (int i = 0; i < 3; i++) {
      assertEquals(upTo(2), fabric.end(i).read());
    }
    assertEquals(1, fabric.dropped());
    assertEquals(1, fabric.naks(), "one asked, the others heard it");
    assertEquals(1, fabric.source().counters().repairDatagrams());
  }

  @Test
  void repairsALostTailByTheHeartbeat() {
    Fabric fabric = Fabric.started(1, CAPACITY);
    fabric.offer(0, 100);
    fabric.drop(template -> template == DATA);
    fabric.step();
    fabric.drop(template -> false);
    long lostNs = fabric.nowNs();
    while (fabric.end(0).read().isEmpty() && fabric.nowNs() - lostNs < 50_000_000) {
      fabric.step();
    }

    // A base interval, the longest back-off and a round trip.
    long mostNs = 5_000_000 + 4 * 100_000 + 100_000;
    assertTrue(fabric.nowNs() - lostNs <= mostNs, (fabric.nowNs() - lostNs) + " ns");
  }

  @Test
  void asksForManyLossesInOneNak() {
    Fabric fabric = Fabric.started(1, CAPACITY);
    boolean[] lose = {false};
    fabric.drop(template -> template == DATA && lose[0]);
    for (int i = 0; i < 9; i++) {
      lose[0] = i % 2 == 1;
      fabric.offer(i, 100);
      fabric.source().poll(fabric.nowNs(), new ListSink());
    }
    lose[0] = false;
    fabric.offer(9, 100);
    fabric.steps(100);

    assertEquals(upTo(10), fabric.end(0).read());
    assertTrue(fabric.naks() <= 2, fabric.naks() + " NAKs");
  }

  @Test
  void anUnrecoverableLossIsToldInOrderWithItsRange() {
    Fabric fabric = Fabric.started(1, 4_096);
    fabric.offer(0, 100);
    fabric.step();
    fabric.drop(template -> template == DATA);
    for (int i = 1; i <= 60; i++) {
      fabric.offer(i, 100);
      fabric.step();
    }
    fabric.drop(template -> false);
    for (int i = 61; i < 80; i++) {
      fabric.offer(i, 100);
      fabric.steps(100);
    }

    List<Integer> read = fabric.end(0).read();
    assertEquals(0, read.getFirst());
    assertEquals(79, read.getLast());
    int gap = read.get(1);
    assertTrue(gap > 1, "what left the window cannot come: " + read);
    assertEquals(IntStream.range(gap, 80).boxed().toList(), read.subList(1, read.size()));
    List<String> said = fabric.end(0).said();
    // 36 records of 112 bytes and 64 of padding are a turn of the ring.
    long to = (long) gap / 36 * 4_096 + gap % 36 * 112L;
    assertEquals(List.of("source", "loss 112-" + to + " after 1"), said);
    assertEquals(1, fabric.end(0).receiver().counters().losses());
  }

  @Test
  void aTailThatIsGoneForGoodEndsInALossAndNotInSilence() {
    Fabric fabric = Fabric.started(1, 4_096);
    fabric.offer(0, 100);
    fabric.step();
    fabric.drop(template -> template == DATA);
    for (int i = 1; i <= 60; i++) {
      fabric.offer(i, 100);
      fabric.step();
    }
    fabric.steps(1_000);

    assertTrue(fabric.source().low() > 112, "low is " + fabric.source().low());
    assertEquals(
        List.of("source", "loss 112-" + fabric.source().sent() + " after 1"), fabric.end(0).said());
  }

  @Test
  void slowestWaitsForTheReaderAndFastestDoesNot() {
    for (FlowMode mode : new FlowMode[] {FlowMode.SLOWEST, FlowMode.FASTEST}) {
      Fabric fabric = new Fabric(Fabric.settings().flow(mode), new ReceiverSettings(), 2, 8_192);
      fabric.startUp();
      fabric.end(1).reads(false);
      int taken = 0;
      for (int i = 0; i < 500; i++) {
        if (fabric.offer(taken, 100) > 0) {
          taken++;
        }
        fabric.step();
      }
      boolean waited = taken < 500;
      assertEquals(mode == FlowMode.SLOWEST, waited, mode + " took " + taken);
      if (waited) {
        fabric.end(1).reads(true);
        fabric.steps(500);
        assertEquals(upTo(taken), fabric.end(1).read());
        assertEquals(List.of("source"), fabric.end(1).said());
      }
      assertEquals(upTo(taken), fabric.end(0).read());
    }
  }

  @Test
  void aReceiverThatNeverReadsHoldsOthersUpNoLongerThanThePatience() {
    Fabric fabric =
        new Fabric(
            Fabric.settings().flow(FlowMode.SLOWEST).patienceNs(20_000_000),
            new ReceiverSettings(),
            2,
            8_192);
    fabric.startUp();
    fabric.end(1).reads(false);
    int taken = 0;
    for (int i = 0; i < 10_000; i++) {
      if (fabric.offer(taken, 100) > 0) {
        taken++;
      }
      fabric.step();
    }
    fabric.steps(100);

    assertTrue(taken > 1_000, taken + " messages");
    assertEquals(upTo(taken), fabric.end(0).read());
    assertTrue(fabric.events().getFirst().startsWith("evicted"), fabric.events()::toString);
  }

  @Test
  void keepsTheRateLimit() {
    long rate = 1_000_000;
    Fabric fabric =
        new Fabric(Fabric.settings().rateBytesPerSecond(rate), new ReceiverSettings(), 1, CAPACITY);
    fabric.startUp();
    long before = fabric.source().counters().dataBytes();
    int number = 0;
    for (int i = 0; i < 10_000; i++) {
      number += fabric.offer(number, 1_000) > 0 ? 1 : 0;
      fabric.step();
    }
    long bytes = fabric.source().counters().dataBytes() - before;

    // A tenth of a second, and what a limiter may have saved up.
    assertTrue(bytes <= rate / 10 + 20_000, bytes + " bytes");
    assertTrue(bytes >= rate / 10 * 8 / 10, bytes + " bytes");
  }

  @Test
  void repairsTakeNoMoreThanTheirShareWhileDataWaits() {
    long rate = 2_000_000;
    Fabric fabric =
        new Fabric(
            Fabric.settings().rateBytesPerSecond(rate).repairShare(0.2).excludedShare(1),
            new ReceiverSettings(),
            1,
            CAPACITY);
    fabric.startUp();
    boolean[] lose = {false};
    int[] count = {0};
    fabric.drop(template -> template == DATA && ++count[0] % 2 == 0 && lose[0]);
    lose[0] = true;
    int number = 0;
    for (int i = 0; i < 20_000; i++) {
      number += fabric.offer(number, 1_000) > 0 ? 1 : 0;
      fabric.step();
    }
    SourceCounters counters = fabric.source().counters();

    double share =
        (double) counters.repairBytes() / (counters.repairBytes() + counters.dataBytes());
    assertTrue(counters.repairBytes() > 10_000, counters.repairBytes() + " repaired");
    assertTrue(share <= 0.25, "repairs took " + share);
  }

  @Test
  void endsWhenEverybodyHasEverything() {
    Fabric fabric = Fabric.started(2, CAPACITY);
    for (int i = 0; i < 10; i++) {
      fabric.offer(i, 100);
    }
    fabric.source().close();
    fabric.steps(5);
    assertFalse(fabric.source().isDone(fabric.nowNs()), "nobody has said so yet");
    fabric.steps(20_000);

    assertTrue(fabric.source().isDone(fabric.nowNs()));
    assertEquals(List.of("source", "end FINISHED"), fabric.end(0).said());
    assertEquals(upTo(10), fabric.end(0).read());
  }

  @Test
  void aSourceThatFallsSilentIsForgotten() {
    Fabric fabric = Fabric.started(1, CAPACITY);
    fabric.offer(0, 100);
    fabric.step();
    fabric.drop(template -> true);
    fabric.steps(540_000);

    assertEquals(List.of("source", "end SILENT"), fabric.end(0).said());
    assertEquals(0, fabric.end(0).receivers().count());
  }
}
