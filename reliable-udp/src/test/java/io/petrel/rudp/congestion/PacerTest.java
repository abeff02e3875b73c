package io.petrel.rudp.congestion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PacerTest {
  private static final int DATAGRAM = 1_400;
  private static final long MILLISECOND = 1_000_000;
  private static final long SECOND = 1_000 * MILLISECOND;

  @Test
  void letsEverythingGoWhileThereIsNoRate() {
    Pacer pacer = new Pacer(0, DATAGRAM);

    assertEquals(Long.MAX_VALUE, pacer.sendableBytes(0));
    assertEquals(17, pacer.nextSendNs(17));
  }

  @Test
  void allowsTwoDatagramsBackToBackOnASlowPath() {
    Pacer pacer = new Pacer(0, DATAGRAM);
    pacer.rate(0, 10_000);

    assertEquals(2 * DATAGRAM, pacer.sendableBytes(10 * SECOND));
  }

  @Test
  void allowsAMillisecondsWorthOnAFasterPath() {
    Pacer pacer = new Pacer(0, DATAGRAM);
    pacer.rate(0, 12_500_000);

    assertEquals(12_500, pacer.sendableBytes(10 * SECOND));
  }

  @Test
  void allowsNoMoreThanATrainWhereAMillisecondIsMore() {
    Pacer pacer = new Pacer(0, DATAGRAM);
    pacer.rate(0, 200_000_000);

    assertEquals(65_536, pacer.sendableBytes(10 * SECOND));
  }

  @Test
  void forgivesFiftyMicrosecondsOfLatenessAtLoopbackRates() {
    Pacer pacer = new Pacer(0, DATAGRAM);
    long rate = 5_000_000_000L;
    pacer.rate(0, rate);
    long sent = 0;
    long nowNs = 0;

    for (int turn = 0; turn < 10_000; turn++) {
      nowNs += turn % 10 == 0 ? 50_000 : 5_000;
      long train = Math.min(pacer.sendableBytes(nowNs), 10 * 65_536);
      pacer.onSent(nowNs, train);
      sent += train;
    }

    assertEquals(1.0, sent / (nowNs * 5.0), 0.01);
  }

  @Test
  void keepsTheRateHoweverOftenItIsAsked() {
    for (long stepNs : new long[] {50, 1_000, 20_000, 150_000}) {
      Pacer pacer = new Pacer(0, DATAGRAM);
      long rate = 1_000_000;
      pacer.rate(0, rate);
      long sent = 0;
      for (long nowNs = 0; nowNs < SECOND; nowNs += stepNs) {
        if (pacer.sendableBytes(nowNs) >= DATAGRAM) {
          pacer.onSent(nowNs, DATAGRAM);
          sent += DATAGRAM;
        }
      }
      assertEquals(1.0, (double) sent / rate, 0.005, "asked every " + stepNs + " ns");
    }
  }

  @Test
  void saysWhenTheNextTrainIsDue() {
    Pacer pacer = new Pacer(0, DATAGRAM);
    pacer.rate(0, 1_000_000);
    pacer.onSent(0, pacer.sendableBytes(0));

    long nextNs = pacer.nextSendNs(0);

    assertEquals(1_400_001, nextNs);
    assertTrue(pacer.sendableBytes(nextNs) >= DATAGRAM, "credit " + pacer.sendableBytes(nextNs));
    assertEquals(nextNs, pacer.nextSendNs(nextNs));
  }

  @Test
  void addsNothingWhenTheClockJumpsBackAndABurstWhenItJumpsAhead() {
    Pacer pacer = new Pacer(0, DATAGRAM);
    pacer.rate(0, 1_000_000);
    pacer.onSent(5 * SECOND, pacer.sendableBytes(5 * SECOND));

    assertEquals(0, pacer.sendableBytes(SECOND));
    assertTrue(pacer.nextSendNs(SECOND) <= SECOND + 3 * MILLISECOND);
    assertEquals(2 * DATAGRAM, pacer.sendableBytes(900_000 * SECOND));
    assertEquals(2 * DATAGRAM, pacer.sendableBytes(Long.MIN_VALUE + 1));
  }

  @Test
  void makesProbesOwedButBoundsTheDebt() {
    Pacer pacer = new Pacer(0, DATAGRAM);
    pacer.rate(0, 1_000_000);

    pacer.onSent(0, 100L * DATAGRAM);

    assertEquals(0, pacer.sendableBytes(0));
    assertTrue(pacer.nextSendNs(0) <= 10 * MILLISECOND, "due at " + pacer.nextSendNs(0));
  }

  @Test
  void doesNotTurnANewRateIntoAPastCredit() {
    Pacer pacer = new Pacer(0, DATAGRAM);
    pacer.rate(0, 1_000_000);
    pacer.onSent(0, pacer.sendableBytes(0));

    pacer.rate(MILLISECOND, 1_000_000_000);

    assertEquals(1_000, pacer.sendableBytes(MILLISECOND));
  }
}
