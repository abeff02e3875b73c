package io.petrel.rudp.congestion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** HyStart++, RFC 9406, sections 4.2 and 4.3. */
class SlowStartTest {
  private static final long MICROSECOND = 1_000;
  private static final long MILLISECOND = 1_000_000;

  private final SlowStart slowStart = new SlowStart();

  @Test
  void takesTheThresholdsOfTheRfcFromEightMillisecondsUpwards() {
    assertEquals(4 * MILLISECOND, SlowStart.thresholdNs(8 * MILLISECOND));
    assertEquals(4 * MILLISECOND, SlowStart.thresholdNs(32 * MILLISECOND));
    assertEquals(10 * MILLISECOND, SlowStart.thresholdNs(80 * MILLISECOND));
    assertEquals(16 * MILLISECOND, SlowStart.thresholdNs(600 * MILLISECOND));
  }

  @Test
  void scalesTheLeastThresholdWithShorterRoundTrips() {
    assertEquals(500 * MICROSECOND, SlowStart.thresholdNs(MILLISECOND));
    assertEquals(50 * MICROSECOND, SlowStart.thresholdNs(100 * MICROSECOND));
    assertEquals(50 * MICROSECOND, SlowStart.thresholdNs(10 * MICROSECOND));
  }

  @Test
  void endsAfterFiveRoundTripsOfTrialWhenTheDelayStays() {
    roundTrip(20 * MILLISECOND);
    roundTrip(25 * MILLISECOND);
    assertTrue(slowStart.trial());
    for (int i = 0; i < 4; i++) {
      assertFalse(roundTrip(25 * MILLISECOND), "trial round trip " + i);
    }

    assertTrue(roundTrip(25 * MILLISECOND));
  }

  @Test
  void growsAtAQuarterOfThePaceDuringTheTrial() {
    roundTrip(20 * MILLISECOND);
    assertEquals(4_000, slowStart.growth(4_000));
    roundTrip(25 * MILLISECOND);
    assertEquals(1_000, slowStart.growth(4_000));
  }

  @Test
  void goesOnWhenTheDelayComesDownAgain() {
    roundTrip(20 * MILLISECOND);
    roundTrip(25 * MILLISECOND);
    roundTrip(25 * MILLISECOND);

    roundTrip(21 * MILLISECOND);

    assertFalse(slowStart.trial());
    for (int i = 0; i < 10; i++) {
      assertFalse(roundTrip(21 * MILLISECOND));
    }
  }

  @Test
  void ignoresAChanceDelayOfSomePacketsOnly() {
    roundTrip(20 * MILLISECOND);
    ack(true, 30 * MILLISECOND);
    for (int i = 0; i < 5; i++) {
      ack(false, 60 * MILLISECOND);
    }
    ack(false, 20 * MILLISECOND);
    ack(false, 90 * MILLISECOND);

    assertFalse(slowStart.trial());
  }

  @Test
  void wantsEightSamplesOfARoundTrip() {
    roundTrip(20 * MILLISECOND);
    ack(true, 40 * MILLISECOND);
    for (int i = 0; i < 6; i++) {
      ack(false, 40 * MILLISECOND);
    }
    assertFalse(slowStart.trial(), "seven samples");

    ack(false, 40 * MILLISECOND);

    assertTrue(slowStart.trial(), "eight samples");
  }

  private boolean roundTrip(long rttNs) {
    boolean over = ack(true, rttNs);
    for (int i = 0; i < 9; i++) {
      over |= ack(false, rttNs);
    }
    return over;
  }

  private boolean ack(boolean roundTripStart, long rttNs) {
    AckSample sample = new AckSample();
    sample.roundTripStart = roundTripStart;
    sample.latestRttNs = rttNs;
    return slowStart.onAck(sample);
  }
}
