package io.petrel.rudp.congestion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The rules of draft-ietf-ccwg-bbr, section "Delivery Rate Samples". */
class DeliveryRateSamplerTest {
  private static final long RTT = 10_000_000;
  private static final int BYTES = 1_000;

  private final DeliveryRateSampler sampler = new DeliveryRateSampler(64);

  @Test
  void measuresWhatWasDeliveredInTheTimeItTook() {
    sendEvery(1_000_000, 10);

    AckSample sample = ackEach(1_000_000, 10);

    assertEquals(10 * BYTES, sample.totalDeliveredBytes());
    assertEquals(10 * BYTES, sample.deliveredBytes());
    assertEquals(BYTES, sample.inFlightBytesBefore());
    assertEquals(0, sample.inFlightBytes());
    // The tenth left 9 ms after the first and came back 19 ms after it: 10 kB in 19 ms.
    assertEquals((long) (10 * BYTES * 1e9 / 19e6), sample.deliveryRateBytesPerSecond());
  }

  @Test
  void isNotFooledByAcknowledgementsThatArriveTogether() {
    sendEvery(1_000_000, 40);
    sampler.beginAck(40 * BYTES);
    for (int i = 0; i < 40; i++) {
      sampler.onPacketAcked(45_000_000, i, i, i * 1_000_000L, BYTES);
    }

    AckSample sample = sampler.endAck(0, 6_000_000, RTT, 6_000_000, 0);

    assertTrue(
        sample.deliveryRateBytesPerSecond() <= 1_026_000,
        "rate " + sample.deliveryRateBytesPerSecond());
  }

  @Test
  void givesNoRateForAnIntervalBelowTheMinimumRoundTrip() {
    sampler.onPacketSent(0, 0, BYTES, BYTES);
    sampler.beginAck(BYTES);
    sampler.onPacketAcked(RTT / 2, 0, 0, 0, BYTES);

    assertEquals(0, sampler.endAck(0, RTT / 2, RTT, RTT, 0).deliveryRateBytesPerSecond());
  }

  @Test
  void takesTheNewestPacketWhateverTheOrderInTheAcknowledgement() {
    sendEvery(1_000_000, 4);
    sampler.beginAck(4 * BYTES);
    sampler.onPacketAcked(RTT, 3, 3, 3_000_000, BYTES);
    sampler.onPacketAcked(RTT, 1, 1, 1_000_000, BYTES);

    AckSample sample = sampler.endAck(2 * BYTES, RTT - 3_000_000, RTT, RTT, 0);

    assertEquals(3, sample.newestPacketNumber());
    assertEquals(3_000_000, sample.newestSentNs());
    assertEquals(4 * BYTES, sample.inFlightWhenSentBytes());
    assertEquals(2 * BYTES, sample.ackedBytes());
  }

  @Test
  void marksSamplesUntilThePauseOfTheApplicationHasLeftThePipe() {
    sampler.onPacketSent(0, 0, BYTES, BYTES);
    sampler.onApplicationLimited(BYTES);
    sampler.onPacketSent(1, 1, BYTES, 2 * BYTES);

    assertFalse(ackOne(RTT, 0, 0).applicationLimited(), "sent before the pause");
    assertTrue(ackOne(RTT + 1, 1, 1).applicationLimited(), "sent in the pause");
    sampler.onPacketSent(RTT + 2, 2, BYTES, BYTES);
    assertFalse(ackOne(2 * RTT, 2, RTT + 2).applicationLimited(), "sent after it");
  }

  @Test
  void countsRoundTripsByPackets() {
    sendEvery(1, 2);
    assertTrue(ackOne(RTT, 0, 0).roundTripStart());
    assertFalse(ackOne(RTT + 1, 1, 1).roundTripStart(), "sent before the round trip began");
    sampler.onPacketSent(RTT + 2, 2, BYTES, BYTES);
    AckSample sample = ackOne(2 * RTT, 2, RTT + 2);
    assertTrue(sample.roundTripStart());
    assertEquals(2, sample.roundTrip());
  }

  @Test
  void countsWhatWasLostSinceAPacketWasSent() {
    sendEvery(1, 3);

    LossSample first = sampler.onPacketLost(0, 0, 0, BYTES, 2 * BYTES);
    assertEquals(BYTES, first.lostSinceSentBytes());
    assertEquals(BYTES, first.inFlightWhenSentBytes());
    sampler.onPacketSent(5, 3, BYTES, 3 * BYTES);

    assertEquals(BYTES, ackOne(RTT, 2, 2).lostSinceSentBytes());
    assertEquals(0, ackOne(RTT + 5, 3, 5).lostSinceSentBytes());
  }

  private void sendEvery(long stepNs, int packets) {
    for (int i = 0; i < packets; i++) {
      sampler.onPacketSent(i * stepNs, i, BYTES, (i + 1L) * BYTES);
    }
  }

  private AckSample ackEach(long stepNs, int packets) {
    AckSample sample = null;
    for (int i = 0; i < packets; i++) {
      sampler.beginAck((packets - i) * (long) BYTES);
      sampler.onPacketAcked(RTT + i * stepNs, i, i, i * stepNs, BYTES);
      sample = sampler.endAck((packets - i - 1) * (long) BYTES, RTT, RTT, RTT, 0);
    }
    return java.util.Objects.requireNonNull(sample);
  }

  private AckSample ackOne(long nowNs, int packet, long sentNs) {
    sampler.beginAck(BYTES);
    sampler.onPacketAcked(nowNs, packet, packet, sentNs, BYTES);
    return sampler.endAck(0, nowNs - sentNs, RTT, RTT, 0);
  }
}
