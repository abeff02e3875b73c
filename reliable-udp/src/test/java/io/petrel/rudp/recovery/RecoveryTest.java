package io.petrel.rudp.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.rudp.congestion.CongestionControllers;
import io.petrel.rudp.congestion.CongestionSettings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecoveryTest implements Recovery.Listener {
  private static final long US = 1_000;
  private static final long MS = 1_000_000;
  private static final int LIMIT = 1024;

  private final SentPackets packets = new SentPackets(LIMIT);
  private final Recovery recovery =
      new Recovery(
          packets,
          10 * MS,
          CongestionControllers.find("fixed").create(0, CongestionSettings.defaults(1400)),
          400 * MS,
          this);
  private final List<String> events = new ArrayList<>();

  @Test
  void theProbeRunsFromTheOldestPacketHoweverManyFollow() {
    measure(100 * US);
    long startNs = MS;
    recovery.onSent(startNs, 100, 0, true);
    long timeoutNs = recovery.probeTimeoutNs();
    for (int i = 1; i <= 5; i++) {
      recovery.onSent(startNs + i * 20L * US, 100, 0, true);
    }
    assertEquals(startNs + timeoutNs, recovery.deadlineNs());
    assertEquals(Recovery.NOTHING, recovery.onTimer(startNs + timeoutNs - 1));
    assertEquals(Recovery.PROBE, recovery.onTimer(startNs + timeoutNs));
  }

  @Test
  void aPacketThatOthersHaveOvertakenIsNotProbedFor() {
    measure(10 * MS);
    recovery.onSent(100 * MS, 100, 0, true);
    long second = recovery.onSent(101 * MS, 100, 0, true);
    acknowledge(111 * MS, second, second);
    long reorderingNs = 10 * MS / 4;
    assertEquals(110 * MS + reorderingNs, recovery.deadlineNs());
    assertEquals(Recovery.NOTHING, recovery.onTimer(110 * MS + reorderingNs));
    assertEquals(List.of("acknowledged " + second, "lost " + (second - 1)), events);
  }

  @Test
  void aSteadyPathOfMicrosecondsIsProbedWithinMicroseconds() {
    for (int i = 0; i < 100; i++) {
      measureAt(i * 8L * US, 8 * US);
    }
    recovery.peerAckDelayNs(20 * US);
    assertTrue(recovery.probeTimeoutNs() < 40 * US, () -> recovery.probeTimeoutNs() + " ns");
  }

  @Test
  void unansweredProbesComeEverLessOftenUpToABound() {
    measure(10 * MS);
    long sentNs = 100 * MS;
    recovery.onSent(sentNs, 100, 0, true);
    long timeoutNs = recovery.probeTimeoutNs();
    long nowNs = sentNs + timeoutNs;
    assertEquals(Recovery.PROBE, recovery.onTimer(nowNs));
    assertEquals(nowNs + 2 * timeoutNs, recovery.deadlineNs());
    for (int i = 0; i < 30; i++) {
      nowNs = recovery.deadlineNs();
      assertEquals(Recovery.PROBE, recovery.onTimer(nowNs));
    }
    assertEquals(nowNs + 400 * MS, recovery.deadlineNs());
  }

  @Test
  void aProbeCondemnsNothingItsAcknowledgementDoes() {
    measure(10 * MS);
    long first = recovery.onSent(100 * MS, 100, 0, true);
    long nowNs = recovery.deadlineNs();
    recovery.onTimer(nowNs);
    long probe = recovery.onSent(nowNs, 100, 0, true);
    assertEquals(200, recovery.inFlightBytes());
    acknowledge(nowNs + 10 * MS, probe, probe);
    assertEquals(List.of("acknowledged " + probe, "lost " + first), events);
    assertEquals(0, recovery.inFlightBytes());
  }

  @Test
  void aLateAcknowledgementOfALostPacketIsSpurious() {
    measure(10 * MS);
    long first = recovery.onSent(100 * MS, 100, 0, true);
    long second = recovery.onSent(100 * MS, 100, 0, true);
    acknowledge(110 * MS, second, second);
    recovery.onTimer(recovery.deadlineNs());
    acknowledge(115 * MS, first, second);
    assertEquals(List.of("acknowledged " + second, "lost " + first, "spurious " + first), events);
    assertEquals(1, recovery.spuriousPackets());
    assertEquals(0, recovery.inFlightBytes());
  }

  @Test
  void refusesAcknowledgementsOfWhatWasNeverSent() {
    recovery.onSent(0, 100, 0, true);
    recovery.beginAck();
    assertFalse(recovery.onAckRange(1, 0, 1));
    assertFalse(recovery.onAckRange(1, -1, 0));
    assertFalse(recovery.onAckRange(1, Long.MIN_VALUE, Long.MAX_VALUE));
  }

  @Test
  void refusesAcknowledgementsOfWhatWasLeftOutOnPurpose() {
    recovery.onSent(0, 100, 0, true);
    packets.skip();
    recovery.onSent(0, 100, 0, true);
    recovery.beginAck();
    assertFalse(recovery.onAckRange(1, 0, 2));
  }

  @Test
  void acknowledgementsNobodyAsksForDoNotPileUp() {
    for (int i = 0; i < 10 * LIMIT; i++) {
      recovery.onSent(i, 60, 0, false);
    }
    assertEquals(0, packets.size());
  }

  @Test
  void theOldestPacketIsGivenUpWhenTheTableIsFull() {
    for (int i = 0; i <= LIMIT; i++) {
      recovery.onSent(i, 60, 0, true);
    }
    assertEquals(List.of("lost 0"), events);
    assertEquals(LIMIT, packets.size());
    assertEquals(60L * LIMIT, recovery.inFlightBytes());
  }

  @Test
  void theWindowIsClosedBeforeTheTableIsFull() {
    int sent = 0;
    while (recovery.inFlightBytes() + 60 <= recovery.windowBytes()) {
      recovery.onSent(sent, 60, 0, true);
      assertTrue(++sent < LIMIT, "nothing holds it back");
    }
    assertEquals(List.of(), events);
    assertTrue(sent > LIMIT / 2, () -> "held back after " + recovery.inFlightBytes() / 60);
    acknowledge(MS, 0, sent / 2);
    assertTrue(recovery.inFlightBytes() + 60 <= recovery.windowBytes(), "opens again");
  }

  @Test
  void probesWaitForPacketsThatArriveOutOfOrder() {
    measure(10 * MS);
    for (int i = 0; i < 50; i++) {
      measureAt(i * 20L * MS, 10 * MS);
    }
    events.clear();
    long beforeNs = recovery.probeTimeoutNs();
    long late = recovery.onSent(2_000 * MS, 100, 0, true);
    long newer = recovery.onSent(2_000 * MS, 100, 0, true);
    acknowledge(2_010 * MS, newer, newer);
    acknowledge(2_012 * MS, late, late);
    assertEquals(List.of("acknowledged " + newer, "acknowledged " + late), events);
    assertTrue(beforeNs < 11 * MS, () -> beforeNs + " ns on a steady path");
    assertTrue(recovery.probeTimeoutNs() > 12 * MS, () -> recovery.probeTimeoutNs() + " ns");
  }

  @Test
  void everyPacketEndsInExactlyOneWay() {
    java.util.SplittableRandom random = new java.util.SplittableRandom(1);
    long nowNs = 0;
    for (int i = 0; i < 20_000; i++) {
      nowNs += random.nextInt(1_000_000);
      recovery.onSent(nowNs, 1, 0, true);
      if (random.nextInt(4) == 0 && packets.size() > 0) {
        long first = packets.lowest() + random.nextInt(packets.size());
        long last = Math.min(first + random.nextInt(8), packets.next() - 1);
        acknowledge(nowNs, first, last);
      }
      recovery.onTimer(nowNs);
    }
    long acknowledged = events.stream().filter(event -> event.startsWith("ack")).count();
    long lost = events.stream().filter(event -> event.startsWith("lost")).count();
    assertEquals(20_000, acknowledged + lost + recovery.inFlightBytes());
    assertEquals(recovery.lostPackets(), lost);
  }

  private void measure(long roundTripNs) {
    long number = recovery.onSent(0, 1, 0, true);
    acknowledge(roundTripNs, number, number);
    events.clear();
  }

  private void measureAt(long nowNs, long roundTripNs) {
    long number = recovery.onSent(nowNs, 1, 0, true);
    acknowledge(nowNs + roundTripNs, number, number);
  }

  private void acknowledge(long nowNs, long first, long last) {
    recovery.beginAck();
    assertTrue(recovery.onAckRange(nowNs, first, last));
    recovery.endAck(nowNs);
  }

  @Override
  public void onPacketAcknowledged(long nowNs, long number) {
    events.add("acknowledged " + number);
  }

  @Override
  public void onPacketLost(long nowNs, long number) {
    events.add("lost " + number);
  }

  @Override
  public void onPacketSpurious(long nowNs, long number) {
    events.add("spurious " + number);
  }
}
