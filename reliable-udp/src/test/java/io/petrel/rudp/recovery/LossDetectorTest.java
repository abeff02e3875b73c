package io.petrel.rudp.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LossDetectorTest {
  private static final long MS = 1_000_000;
  private static final long ROUND_TRIP_NS = 20 * MS;

  private final SentPackets packets = new SentPackets(1024);
  private final RoundTripEstimator roundTrip = new RoundTripEstimator(ROUND_TRIP_NS);
  private final LossDetector detector = new LossDetector();
  private final List<Long> lost = new ArrayList<>();

  LossDetectorTest() {
    roundTrip.onSample(0, ROUND_TRIP_NS);
  }

  @Test
  void waitsAQuarterOfTheRoundTripForASinglePacketOvertaken() {
    send(0, 0);
    send(1, 1 * MS);
    acknowledge(21 * MS, 1);
    assertEquals(List.of(), detect(21 * MS));
    assertEquals(25 * MS, detector.deadlineNs());
    assertEquals(List.of(), detect(25 * MS - 1));
    assertEquals(List.of(0L), detect(25 * MS));
    assertEquals(Deadline.NONE, detector.deadlineNs());
  }

  @Test
  void threePacketsArrivingAfterwardsCondemnAtOnce() {
    for (int i = 0; i < 4; i++) {
      send(i, 0);
    }
    acknowledge(20 * MS, 3, 2, 1);
    assertEquals(List.of(0L), detect(20 * MS));
  }

  @Test
  void onAPathThatReordersOnlyTimeCondemns() {
    send(0, 0);
    send(1, 0);
    acknowledge(20 * MS, 1);
    acknowledge(21 * MS, 0);
    assertTrue(detector.isReorderingSeen());
    for (int i = 2; i < 8; i++) {
      send(i, 30 * MS);
    }
    acknowledge(50 * MS, 7, 6, 5, 4, 3);
    assertEquals(List.of(), detect(50 * MS));
    assertEquals(55 * MS, detector.deadlineNs());
  }

  @Test
  void oneAcknowledgementOfSeveralPacketsIsNoReordering() {
    for (int i = 0; i < 4; i++) {
      send(i, 0);
    }
    acknowledge(20 * MS, 3, 0, 1, 2);
    assertFalse(detector.isReorderingSeen());
  }

  @Test
  void aWrongVerdictWidensTheWindowToWhatWasNeeded() {
    send(0, 0);
    send(1, 0);
    acknowledge(20 * MS, 1);
    assertEquals(List.of(0L), detect(25 * MS));
    detector.onSpurious(28 * MS, 0);
    assertEquals(9 * MS, detector.reorderingWindowNs(roundTrip));
  }

  @Test
  void theWindowIsNeverWiderThanARoundTrip() {
    send(0, 0);
    send(1, 0);
    acknowledge(20 * MS, 1);
    detect(25 * MS);
    detector.onSpurious(500 * MS, 0);
    assertEquals(ROUND_TRIP_NS, detector.reorderingWindowNs(roundTrip));
  }

  @Test
  void theWindowShrinksBackAfterSixteenCleanRecoveries() {
    send(0, 0);
    send(1, 0);
    acknowledge(20 * MS, 1);
    detect(25 * MS);
    detector.onSpurious(28 * MS, 0);
    long nowNs = 100 * MS;
    int number = 2;
    for (int i = 0; i < LossDetector.RECOVERIES_UNTIL_RESET; i++) {
      assertEquals(9 * MS, detector.reorderingWindowNs(roundTrip), "recovery " + i);
      send(number, nowNs);
      send(number + 1, nowNs);
      acknowledge(nowNs + 20 * MS, number + 1);
      assertEquals(List.of((long) number), detect(nowNs + 40 * MS));
      nowNs += 100 * MS;
      number += 2;
    }
    assertEquals(5 * MS, detector.reorderingWindowNs(roundTrip));
  }

  @Test
  void whatWasSentAfterTheNewestDeliveredIsNeverCondemned() {
    send(0, 0);
    send(1, 10 * MS);
    acknowledge(20 * MS, 0);
    assertEquals(List.of(), detect(1_000 * MS));
    assertEquals(Deadline.NONE, detector.deadlineNs());
  }

  private void send(long number, long nowNs) {
    assertEquals(number, packets.append(nowNs, 100, 0, true));
  }

  private void acknowledge(long nowNs, long... numbers) {
    detector.beginAck();
    for (long number : numbers) {
      packets.markAcknowledged(number);
      detector.onAcknowledged(nowNs, number, packets.sentNs(number));
    }
  }

  private List<Long> detect(long nowNs) {
    lost.clear();
    long oldest = packets.lowest();
    while (oldest < packets.next() && packets.state(oldest) != SentPackets.IN_FLIGHT) {
      oldest++;
    }
    detector.detect(
        nowNs,
        packets,
        oldest,
        roundTrip,
        (now, number) -> {
          packets.markLost(number);
          lost.add(number);
        });
    return List.copyOf(lost);
  }
}
