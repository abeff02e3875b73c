package io.petrel.rudp.congestion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** RFC 9937. */
class ProportionalRateReductionTest {
  private static final int DATAGRAM = 1_000;

  private final ProportionalRateReduction reduction = new ProportionalRateReduction();
  private long inFlight;
  private int sent;

  @Test
  void sendsTheLostPacketAgainAtOnce() {
    enter(100, 1, 70);

    assertEquals(DATAGRAM, reduction.allowanceBytes());
  }

  @Test
  void sendsSevenPacketsForTenDeliveredEvenlyOverTheRoundTrip() { // section 6, proportional part
    enter(100, 1, 70);
    send();
    int[] after = new int[99];
    for (int i = 0; i < 99; i++) {
      ack(true);
      after[i] = send();
    }

    for (int i = 9; i < 99; i++) {
      assertEquals(0.7 * (i + 1), after[i], 1.5, "sent after " + (i + 1) + " deliveries");
    }
    assertEquals(70.0, inFlight / (double) DATAGRAM, 1);
  }

  @Test
  void doesNotSendMoreThanIsDeliveredWhileLossesGoOn() { // conservative reduction bound
    enter(100, 60, 70);
    send();
    int before = sent;
    for (int i = 0; i < 20; i++) {
      ack(false);
      send();
    }

    assertEquals(20, sent - before, 2);
    assertTrue(inFlight <= 42L * DATAGRAM, "in flight " + inFlight);
  }

  @Test
  void growsBackToTheNewWindowWhenLossesHaveStopped() { // slow-start reduction bound
    enter(100, 60, 70);
    send();
    for (int i = 0; i < 39; i++) {
      ack(true);
      send();
    }

    assertEquals(70, inFlight / DATAGRAM);
  }

  private void enter(int flight, int lost, int threshold) {
    reduction.enter((long) flight * DATAGRAM, (long) threshold * DATAGRAM, DATAGRAM);
    inFlight = (long) (flight - lost) * DATAGRAM;
  }

  private int send() {
    while (reduction.allowanceBytes() >= DATAGRAM) {
      reduction.onPacketSent(DATAGRAM);
      inFlight += DATAGRAM;
      sent++;
    }
    return sent;
  }

  private void ack(boolean lossless) {
    AckSample sample = new AckSample();
    sample.ackedBytes = DATAGRAM;
    sample.inFlightBytesBefore = inFlight;
    inFlight -= DATAGRAM;
    sample.inFlightBytes = inFlight;
    reduction.onAck(sample, lossless, DATAGRAM);
  }
}
