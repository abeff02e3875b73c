package io.petrel.rudp.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RoundTripEstimatorTest {
  private static final long US = 1_000;

  private final RoundTripEstimator roundTrip = new RoundTripEstimator(20_000 * US);

  @Test
  void theFirstSampleReplacesTheGuess() {
    roundTrip.onSample(0, 8 * US);
    assertEquals(8 * US, roundTrip.smoothedNs());
    assertEquals(4 * US, roundTrip.variationNs());
    assertEquals(8 * US, roundTrip.minimumNs());
  }

  @Test
  void weighsSamplesAsTheRfcSays() {
    roundTrip.onSample(0, 80 * US);
    roundTrip.onSample(1, 160 * US);
    assertEquals(90 * US, roundTrip.smoothedNs());
    assertEquals(50 * US, roundTrip.variationNs());
  }

  @Test
  void aSteadyPathHasNoVariation() {
    for (int i = 0; i < 100; i++) {
      roundTrip.onSample(i, 50 * US);
    }
    assertTrue(roundTrip.variationNs() < US / 10, () -> roundTrip.variationNs() + " ns");
  }

  @Test
  void holdsAVariationForRoundTripsHoweverManySamplesTheyGive() {
    long nowNs = 0;
    for (int i = 0; i < 4_000; i++) {
      roundTrip.onSample(nowNs += 200 * US, 20_000 * US);
    }
    roundTrip.onSample(nowNs, 24_000 * US);
    long heldNs = roundTrip.heldVariationNs();
    assertTrue(heldNs >= 900 * US && heldNs <= 1_100 * US, () -> heldNs + " ns");
    for (int i = 0; i < 90; i++) {
      roundTrip.onSample(nowNs += 200 * US, 20_000 * US);
    }
    assertTrue(roundTrip.variationNs() < 50 * US, () -> roundTrip.variationNs() + " ns");
    assertTrue(
        roundTrip.heldVariationNs() >= heldNs * 3 / 4, () -> roundTrip.heldVariationNs() + " ns");
    for (int i = 0; i < 2_000; i++) {
      roundTrip.onSample(nowNs += 200 * US, 20_000 * US);
    }
    assertTrue(roundTrip.heldVariationNs() < 50 * US, () -> roundTrip.heldVariationNs() + " ns");
  }

  @Test
  void forgetsAMinimumThatTheNewPathNoLongerReaches() {
    roundTrip.onSample(0, 10 * US);
    long nowNs = 0;
    for (int i = 0; i < 4; i++) {
      nowNs += RoundTripEstimator.MINIMUM_WINDOW_NS;
      roundTrip.onSample(nowNs, 30 * US);
    }
    assertEquals(30 * US, roundTrip.minimumNs());
  }

  @Test
  void keepsAMinimumAtLeastOneWindow() {
    roundTrip.onSample(0, 10 * US);
    roundTrip.onSample(RoundTripEstimator.MINIMUM_WINDOW_NS, 30 * US);
    roundTrip.onSample(2 * RoundTripEstimator.MINIMUM_WINDOW_NS - 1, 30 * US);
    assertEquals(10 * US, roundTrip.minimumNs());
  }

  @Test
  void bringsSamplesOfAJumpedClockIntoBounds() {
    roundTrip.onSample(0, -5);
    assertEquals(1, roundTrip.latestNs());
    roundTrip.onSample(1, Long.MAX_VALUE);
    assertEquals(RoundTripEstimator.LONGEST_SAMPLE_NS, roundTrip.latestNs());
  }
}
