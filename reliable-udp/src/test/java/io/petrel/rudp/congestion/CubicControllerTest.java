package io.petrel.rudp.congestion;

import static io.petrel.rudp.congestion.TestAcks.DATAGRAM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** RFC 9438, rule by rule; sections are named where a test obeys one. */
class CubicControllerTest {
  private static final long MILLISECOND = 1_000_000;
  private static final long SECOND = 1_000 * MILLISECOND;

  @Test
  void doublesEachRoundTripUntilTheFirstLoss() {
    TestAcks acks = acks(10, 20 * MILLISECOND);

    acks.roundTrips(3);

    assertEquals(80, acks.windowDatagrams());
    assertEquals(CongestionPhase.SLOW_START, acks.controller.phase());
    assertEquals(CongestionController.UNLIMITED, acks.controller.slowStartThresholdBytes());
  }

  @Test
  void doesNotGrowWhileTheApplicationUsesLessThanTheWindow() { // section 5.8
    TestAcks acks = acks(10, 20 * MILLISECOND);

    for (int i = 0; i < 20; i++) {
      acks.roundTrip(4);
    }
    assertEquals(10, acks.windowDatagrams(), "in slow start");

    acks.roundTrips(3);
    acks.loseOneOfARoundTrip();
    double reduced = acks.windowDatagrams();
    acks.roundTrip(20);
    acks.roundTrip(20);
    double before = acks.windowDatagrams();
    for (int i = 0; i < 100; i++) {
      acks.roundTrip(20);
    }
    assertEquals(before, acks.windowDatagrams(), "after it; reduced to " + reduced);
  }

  @Test
  void reducesToSevenTenthsOfTheFlight() { // section 4.6
    TestAcks acks = acks(100, 20 * MILLISECOND);

    acks.loseOneOfARoundTrip();

    assertEquals(70_000, acks.controller.slowStartThresholdBytes());
    assertEquals(70, acks.windowDatagrams(), 1);
    assertEquals(CongestionPhase.CONGESTION_AVOIDANCE, acks.controller.phase());
  }

  @Test
  void reducesByTwiceWhatWasInFlightAndNotByAWindowThatNobodyUsed() { // section 4.6, RFC 7661
    TestAcks acks = acks(100, 20 * MILLISECOND);
    acks.fill(40);
    acks.nowNs += acks.rttNs;

    acks.lose();

    assertEquals(56_000, acks.controller.slowStartThresholdBytes());
  }

  @Test
  void letsADatagramGoWhenNothingIsInFlight() { // nobody would acknowledge anything else
    TestAcks acks = acks(100, 20 * MILLISECOND);
    acks.fill(1);
    acks.nowNs += acks.rttNs;
    acks.lose();
    acks.inFlightBytes = 100; // what is sent again is short, and is lost as well
    acks.controller.onPacketSent(acks.nowNs, acks.nextPacket++, 100, 100);
    acks.nowNs += acks.rttNs;
    acks.lose(100);

    assertEquals(0, acks.inFlightBytes);
    assertTrue(acks.windowDatagrams() >= 1, () -> acks.windowDatagrams() + " datagrams");
  }

  @Test
  void reducesAllOfAWindowOfWhichHalfIsUsed() {
    TestAcks acks = acks(100, 20 * MILLISECOND);
    acks.fill(51);
    acks.nowNs += acks.rttNs;

    acks.lose();

    assertEquals(70_000, acks.controller.slowStartThresholdBytes());
  }

  @Test
  void reducesByTheBytesThatWereLost() { // RFC 7141, section 2.2
    TestAcks acks = acks(100, 20 * MILLISECOND);
    acks.fill(100);
    acks.nowNs += acks.rttNs;

    acks.lose(DATAGRAM / 4);
    assertEquals(92_500, acks.controller.slowStartThresholdBytes(), "a quarter of a datagram");

    acks.lose(DATAGRAM / 4);
    assertEquals(85_000, acks.controller.slowStartThresholdBytes(), "two of them in one flight");

    for (int i = 0; i < 10; i++) {
      acks.lose(DATAGRAM / 4);
    }
    assertEquals(70_000, acks.controller.slowStartThresholdBytes(), "never more than once");
  }

  @Test
  void reducesOnceForAllLossesOfOneFlight() {
    TestAcks acks = acks(100, 20 * MILLISECOND);
    acks.fill(100);
    acks.nowNs += acks.rttNs;
    acks.lose();
    long threshold = acks.controller.slowStartThresholdBytes();

    for (int i = 0; i < 30; i++) {
      acks.lose();
    }

    assertEquals(threshold, acks.controller.slowStartThresholdBytes());
    assertEquals(CongestionPhase.RECOVERY, acks.controller.phase());
  }

  @Test
  void reducesAgainForALossAmongWhatWasSentSince() {
    TestAcks acks = acks(100, 20 * MILLISECOND);
    acks.loseOneOfARoundTrip();

    acks.loseOneOfARoundTrip();

    assertEquals(49.0, acks.controller.slowStartThresholdBytes() / (double) DATAGRAM, 1);
  }

  @Test
  void returnsToTheOldWindowInTheTimeThatTheCubicFunctionTakes() { // section 4.2
    TestAcks acks = acks(100, SECOND / 2);
    acks.loseOneOfARoundTrip();
    // K = cbrt(30 / 0.4) = 4.2 s; the rest of the growth is well above Reno's at this round trip.
    acks.roundTrips(4);
    double after2 = acks.windowDatagrams();
    acks.roundTrips(5);
    double after4 = acks.windowDatagrams();
    acks.roundTrips(6);
    double after7 = acks.windowDatagrams();

    assertEquals(95, after2, 3, "steep at first");
    assertEquals(100, after4, 2, "flat around the old window");
    assertTrue(after7 > 108, "steep beyond it: " + after7);
  }

  @Test
  void givesWayToOthersWhenItMeetsLossBelowItsOldWindow() { // section 4.7, fast convergence
    TestAcks acks = acks(100, SECOND / 2);
    acks.loseOneOfARoundTrip();
    acks.loseOneOfARoundTrip();
    // W_max is now 0.85 x 70 and not 70; K = cbrt(10.5 / 0.4) = 3 s.
    acks.roundTrips(6);

    assertEquals(60, acks.windowDatagrams(), 2);
  }

  @Test
  void growsLikeRenoWhereTheCubicFunctionIsSlower() { // section 4.3
    TestAcks acks = acks(20, MILLISECOND);
    acks.loseOneOfARoundTrip();
    double before = acks.windowDatagrams();

    acks.roundTrips(8);
    double slow = acks.windowDatagrams();
    acks.roundTrips(40);

    assertEquals(before + 8 * 0.53, slow, 1, "0.53 datagrams a round trip up to the old window");
    assertTrue(acks.windowDatagrams() > slow + 25, "then one: " + acks.windowDatagrams());
  }

  @Test
  void doesNotCountAPauseAsTimeToGrow() { // section 5.8
    TestAcks acks = acks(100, SECOND / 10);
    acks.loseOneOfARoundTrip();
    acks.roundTrips(5);
    double before = acks.windowDatagrams();

    acks.nowNs += 100 * SECOND;
    acks.controller.onIdleRestart(acks.nowNs);
    acks.roundTrips(2);

    assertEquals(before, acks.windowDatagrams(), 10);
  }

  @Test
  void restoresEverythingWhenTheLossWasAFalseAlarm() { // section 4.9
    TestAcks acks = acks(100, SECOND / 2);
    acks.loseOneOfARoundTrip();
    acks.roundTrips(4);
    TestAcks twin = acks(100, SECOND / 2);
    twin.loseOneOfARoundTrip();
    twin.roundTrips(4);

    long threshold = acks.controller.slowStartThresholdBytes();
    double before = acks.windowDatagrams();
    acks.fill(200);
    twin.fill(200);
    acks.lose();
    assertTrue(acks.windowDatagrams() < before, "reduced");
    acks.controller.onSpuriousLoss(acks.nowNs);

    assertEquals(before, acks.windowDatagrams());
    assertEquals(threshold, acks.controller.slowStartThresholdBytes());
    acks.roundTrips(10);
    twin.roundTrips(10);
    assertEquals(twin.windowDatagrams(), acks.windowDatagrams(), 3, "grows on as if nothing were");
  }

  @Test
  void undoesOnlyOnce() {
    TestAcks acks = acks(100, SECOND / 2);
    acks.fill(200);
    acks.lose();
    acks.controller.onSpuriousLoss(acks.nowNs);
    acks.fill(200);
    acks.nowNs += SECOND;
    acks.controller.onPersistentCongestion(acks.nowNs, acks.inFlightBytes);

    acks.controller.onSpuriousLoss(acks.nowNs);

    assertEquals(2, acks.windowDatagrams());
  }

  @Test
  void startsOverAfterPersistentCongestion() { // section 4.8; RFC 9002, section 7.6
    TestAcks acks = acks(100, 20 * MILLISECOND);
    acks.fill(100);
    acks.lose();

    acks.controller.onPersistentCongestion(acks.nowNs, acks.inFlightBytes);

    assertEquals(2, acks.windowDatagrams());
    assertEquals(70_000, acks.controller.slowStartThresholdBytes());
    assertEquals(CongestionPhase.SLOW_START, acks.controller.phase());
  }

  @Test
  void keepsAWindowOfTwoDatagrams() { // RFC 9002, section 7.2
    TestAcks acks = acks(10, 20 * MILLISECOND);

    for (int i = 0; i < 20; i++) {
      acks.loseOneOfARoundTrip();
    }

    assertEquals(2_000, acks.controller.slowStartThresholdBytes());
    assertTrue(acks.windowDatagrams() >= 2, "window " + acks.windowDatagrams());
  }

  @Test
  void reducesLessForAMarkThanForALossAndOnceAFlight() { // RFC 8511
    TestAcks acks = acks(100, 20 * MILLISECOND);
    acks.fill(100);

    acks.controller.onCongestionMark(acks.nowNs, 3, 1, acks.inFlightBytes);
    acks.controller.onCongestionMark(acks.nowNs, 40, 5, acks.inFlightBytes);

    assertEquals(85_000, acks.controller.slowStartThresholdBytes());
  }

  @Test
  void spendsTheWindowFasterWhileItDoubles() {
    TestAcks acks = acks(10, 20 * MILLISECOND);
    acks.roundTrips(3);
    assertEquals(
        2.0 * 80 * DATAGRAM / 0.020, (double) acks.controller.pacingRateBytesPerSecond(), 1);

    acks.loseOneOfARoundTrip();
    acks.roundTrips(1);
    double window = acks.windowDatagrams() * DATAGRAM;
    assertEquals(1.2 * window / 0.020, (double) acks.controller.pacingRateBytesPerSecond(), window);
  }

  private static TestAcks acks(int windowDatagrams, long rttNs) {
    return new TestAcks(new CubicController(TestAcks.settings(windowDatagrams)), rttNs);
  }
}
