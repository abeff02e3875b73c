package io.petrel.rudp.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.rudp.recovery.Recovery;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The figures that the protocol promises, each on its own network. */
class ScenarioFiguresTest {
  private static final long MS = 1_000_000;
  private static final long SECOND = 1_000 * MS;

  @Test
  void tenMegabytesAtTenMegabitTakeLittleMoreThanTheLinkNeeds() {
    Scenario scenario = bulk("cubic", 10_000_000, 15, 30, 10_000_000).start();
    assertTrue(scenario.runUntilDelivered(60 * SECOND), scenario::report);
    assertTrue(scenario.seconds() <= 9.2, scenario::report);
    assertIntact(scenario);
  }

  @Test
  void aBlackholeOfTwoSecondsCostsLittleMoreThanTwoSeconds() {
    Scenario scenario = bulk("cubic", 10_000_000, 15, 30, 10_000_000);
    scenario.forth.blackhole(5 * SECOND, 7 * SECOND);
    scenario.back.blackhole(5 * SECOND, 7 * SECOND);
    scenario.start();
    assertTrue(scenario.runUntilDelivered(60 * SECOND), scenario::report);
    assertTrue(scenario.seconds() <= 12, scenario::report);
    assertIntact(scenario);
  }

  @Test
  void cubicFillsALinkOfAHundredMegabit() {
    Scenario scenario = bulk("cubic", 100_000_000, 10, 40, 30_000_000).start();
    assertTrue(scenario.runUntilDelivered(60 * SECOND), scenario::report);
    double wire = scenario.forth.counters().carriedBytes() * 8.0 / scenario.seconds();
    assertTrue(wire >= 0.95 * 100_000_000, () -> wire + " bit/s " + scenario.report());
    assertIntact(scenario);
  }

  @Test
  void reorderingCostsNextToNoRetransmissions() {
    Scenario scenario = bulk("cubic", 100_000_000, 10, 40, 30_000_000);
    scenario.forth.reorder(0.05, 3 * MS);
    scenario.start();
    assertTrue(scenario.runUntilDelivered(60 * SECOND), scenario::report);
    long again = client(scenario).counters().retransmittedDatagrams();
    assertTrue(again <= client(scenario).counters().datagramsSent() / 1_000, scenario::report);
    assertTrue(scenario.forth.counters().reordered() > 500, scenario::report);
    assertTrue(scenario.seconds() <= 30_000_000 * 8 / (0.95 * 92_000_000), scenario::report);
    assertIntact(scenario);
  }

  @Test
  void aThinStreamThroughLossKeepsItsTail() {
    Scenario scenario = new Scenario(1).congestion("cubic").rate(100_000_000).delay(10 * MS);
    scenario.forth.loss(0.01);
    scenario.back.loss(0.01);
    scenario.clientWorkload = new Workload(20_000, 256, 10 * MS);
    scenario.start();
    assertTrue(scenario.runUntilDelivered(600 * SECOND), scenario::report);
    double tailMs = Scenario.percentileMs(scenario.server(), 99.9);
    assertTrue(tailMs <= 37, () -> "p99.9 " + tailMs + " ms " + scenario.report());
    assertIntact(scenario);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cubic", "bbr", "fixed"})
  void aRepairThatGetsLostCostsAStreamOfShortMessagesNoRoundTrip(String controller) {
    Scenario scenario = new Scenario(1).congestion(controller).rate(100_000_000).delay(10 * MS);
    scenario.forth.loss(0.01);
    scenario.back.loss(0.01);
    scenario.clientWorkload = new Workload(20_000, 256, MS / 2);
    scenario.start();
    assertTrue(scenario.runUntilDelivered(60 * SECOND), scenario::report);
    // Half a round trip, a whole one until three packets tell of the loss, and half a one again.
    double tailMs = Scenario.percentileMs(scenario.server(), 99.9);
    assertTrue(tailMs <= 34, () -> "p99.9 " + tailMs + " ms " + scenario.report());
    // A repair and a copy for each loss and each silence, and none for anything else.
    long again = client(scenario).counters().retransmittedDatagrams();
    long lost = client(scenario).recovery().lostPackets();
    long repairs = lost + client(scenario).recovery().probes();
    assertTrue(lost > 100 && again > repairs && again <= 2 * repairs, scenario::report);
    assertIntact(scenario);
  }

  @Test
  void aSessionWithMoreToSendThanItMayRepairsOnce() {
    Scenario scenario = bulk("bbr", 20_000_000, 5, 20, 5_000_000);
    scenario.forth.loss(0.02);
    scenario.start();
    assertTrue(scenario.runUntilDelivered(60 * SECOND), scenario::report);
    long again = client(scenario).counters().retransmittedDatagrams();
    long lost = client(scenario).recovery().lostPackets();
    assertTrue(lost > 50 && again <= lost + 5, scenario::report);
    assertIntact(scenario);
  }

  @Test
  void onAPathOfMicrosecondsALossCostsMicroseconds() {
    Scenario scenario = new Scenario(2).delay(3_000);
    scenario.forth.loss(0.01).jitter(1_000);
    scenario.back.loss(0.01).jitter(1_000);
    PingPong pingPong = new PingPong(scenario, 20_000);
    assertTrue(pingPong.run(60 * SECOND), scenario::report);
    double p99 = Scenario.percentileMs(scenario.server(), 99);
    double p999 = Scenario.percentileMs(scenario.server(), 99.9);
    assertTrue(p99 <= 0.15, () -> "p99 " + p99 + " ms " + scenario.report());
    assertTrue(p999 <= 1, () -> "p99.9 " + p999 + " ms " + scenario.report());
    assertIntact(scenario);
  }

  @Test
  void everyPacketSentIsAccountedFor() {
    Scenario scenario = bulk("cubic", 20_000_000, 5, 20, 5_000_000);
    scenario.forth.loss(0.02).reorder(0.02, 2 * MS).duplicate(0.01);
    scenario.back.loss(0.02);
    scenario.start();
    assertTrue(scenario.runUntilDelivered(60 * SECOND), scenario::report);
    scenario.simulation.runUntil(
        () -> client(scenario).recovery().inFlightBytes() == 0, 120 * SECOND);
    Recovery recovery = client(scenario).recovery();
    assertEquals(
        recovery.sentPackets(),
        recovery.acknowledgedPackets() + recovery.lostPackets(),
        scenario::report);
    assertTrue(recovery.lostPackets() > 10, scenario::report);
    assertIntact(scenario);
  }

  private static Scenario bulk(
      String controller, long bitsPerSecond, long delayMs, long queueMs, long bytes) {
    Scenario scenario =
        new Scenario(1).congestion(controller).rate(bitsPerSecond).delay(delayMs * MS);
    scenario.forth.queueTime(queueMs * MS);
    scenario.clientWorkload = Workload.bytes(bytes);
    return scenario;
  }

  private static io.petrel.rudp.session.Session client(Scenario scenario) {
    return Objects.requireNonNull(scenario.client().session).session();
  }

  private static void assertIntact(Scenario scenario) {
    assertEquals(List.of(), scenario.client().errors);
    assertEquals(List.of(), scenario.server().errors);
    assertTrue(scenario.network.isBalanced());
  }
}
