package io.petrel.rudp.congestion;

import static io.petrel.rudp.congestion.TestPath.MILLISECOND;
import static io.petrel.rudp.congestion.TestPath.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class InFlightCapTest {
  @Test
  void isTwoTrainsUntilMoreIsKnown() {
    assertEquals(131_072, new InFlightCap(cubic()).bytes());
  }

  @Test
  void isTwiceTheDeliveryRateTimesTheMinimumRoundTrip() {
    InFlightCap cap = new InFlightCap(cubic());

    cap.onAck(0, sample(12_500_000, 25 * MILLISECOND, 1));
    cap.onAck(0, sample(10_000_000, 20 * MILLISECOND, 1));

    assertEquals(500_000, cap.bytes());
  }

  @Test
  void forgetsARateAfterTwentyRoundTrips() {
    InFlightCap cap = new InFlightCap(cubic());
    cap.onAck(0, sample(100_000_000, 20 * MILLISECOND, 1));
    for (int roundTrip = 2; roundTrip < 25; roundTrip++) {
      cap.onAck(0, sample(10_000_000, 20 * MILLISECOND, roundTrip));
    }

    assertEquals(400_000, cap.bytes());
  }

  @Test
  void keepsTheQueueOfALoneFlowAtARoundTrip() {
    TestPath path = new TestPath(1).rateMbit(100).delay(10 * MILLISECOND).queue(300 * MILLISECOND);
    TestFlow flow = path.flow(cubic(), 0);
    path.runUntil(2 * SECOND);
    path.mostQueuedNs = 0;

    path.runUntil(20 * SECOND);

    assertTrue(path.mostQueuedNs < 25 * MILLISECOND, "queued " + path.mostQueuedNs + " ns");
    assertTrue(flow.deliveredBytes > 0.95 * 20 * path.rateBytesPerSecond());
  }

  @Test
  void doesNotStarveAgainstAFlowThatFillsTheQueue() {
    TestPath path = new TestPath(1).rateMbit(100).delay(10 * MILLISECOND).queue(60 * MILLISECOND);
    TestFlow capped = path.flow(cubic(), 0);
    TestFlow greedy = path.flow(cubic(), 2 * SECOND).uncapped();
    path.runUntil(30 * SECOND);
    capped.mark();
    greedy.mark();

    path.runUntil(60 * SECOND);

    double share = capped.rateSinceMark() / path.rateBytesPerSecond();
    assertTrue(share >= 0.3 && share <= 0.7, "share of the capped flow: " + share);
  }

  @Test
  void isLiftedByALossWithAQueueStandingUntilTheLossProvesSpurious() {
    InFlightCap cap = new InFlightCap(cubic());
    cap.onAck(0, sample(12_500_000, 20 * MILLISECOND, 1));
    cap.onAck(0, sample(12_500_000, 40 * MILLISECOND, 2));

    cap.onPacketLost(0, 400_000);
    assertEquals(Long.MAX_VALUE, cap.bytes());

    cap.onSpuriousLoss();
    assertEquals(500_000, cap.bytes());
  }

  @Test
  void isNotLiftedByALossInAQueueOfItsOwn() {
    InFlightCap cap = new InFlightCap(cubic());
    cap.onAck(0, sample(12_500_000, 20 * MILLISECOND, 1));
    cap.onAck(0, sample(12_500_000, 40 * MILLISECOND, 2));

    cap.onPacketLost(0, 1_000_000);

    assertEquals(500_000, cap.bytes());
  }

  @Test
  void comesBackAfterAPeerWasSlowForAMoment() {
    TestPath path =
        new TestPath(1)
            .rateMbit(10_000)
            .delay(20 * TestPath.MICROSECOND)
            .queue(20 * MILLISECOND)
            .rateMbit(100);
    path.flow(cubic(), 0);
    path.at(500 * MILLISECOND, () -> path.rateMbit(10_000));
    path.runUntil(1_700 * MILLISECOND);
    path.mostQueuedNs = 0;

    path.runUntil(2 * SECOND);

    assertTrue(
        path.mostQueuedNs < 200 * TestPath.MICROSECOND, "queued " + path.mostQueuedNs + " ns");
  }

  @Test
  void staysWhenAPeerIsSlowForLessThanATenthOfASecond() {
    TestPath path =
        new TestPath(1).rateMbit(10_000).delay(20 * TestPath.MICROSECOND).queue(20 * MILLISECOND);
    path.flow(cubic(), 0);
    path.at(500 * MILLISECOND, () -> path.rateMbit(100));
    path.at(560 * MILLISECOND, () -> path.rateMbit(10_000));
    path.runUntil(580 * MILLISECOND);
    assertTrue(path.mostQueuedNs > 5 * MILLISECOND, "queued " + path.mostQueuedNs + " ns");
    path.mostQueuedNs = 0;

    path.runUntil(800 * MILLISECOND);

    assertTrue(
        path.mostQueuedNs < 200 * TestPath.MICROSECOND, "queued " + path.mostQueuedNs + " ns");
  }

  @Test
  void followsAPathThatBecomesLonger() {
    TestPath path = new TestPath(1).rateMbit(100).delay(2 * MILLISECOND).queue(40 * MILLISECOND);
    TestFlow flow = path.flow(cubic(), 0);
    path.at(3 * SECOND, () -> path.delay(20 * MILLISECOND));
    path.runUntil(20 * SECOND);
    flow.mark();

    path.runUntil(30 * SECOND);

    double share = flow.rateSinceMark() / path.rateBytesPerSecond();
    assertTrue(share >= 0.9, "share of the rate: " + share);
  }

  @Test
  void doesNotThrottleAPathWithMoreJitterThanDelay() {
    TestPath path =
        new TestPath(1)
            .rateMbit(200)
            .delay(MILLISECOND)
            .jitter(20 * MILLISECOND)
            .queue(40 * MILLISECOND);
    TestFlow flow = path.flow(cubic(), 0);
    path.runUntil(15 * SECOND);
    flow.mark();

    path.runUntil(20 * SECOND);

    double share = flow.rateSinceMark() / path.rateBytesPerSecond();
    assertTrue(share >= 0.9, "share of the rate: " + share);
  }

  private static AckSample sample(long rate, long rttNs, long roundTrip) {
    AckSample sample = new AckSample();
    sample.deliveryRateBytesPerSecond = rate;
    sample.latestRttNs = rttNs;
    sample.smoothedRttNs = rttNs;
    sample.roundTrip = roundTrip;
    sample.roundTripStart = true;
    return sample;
  }

  private static CongestionController cubic() {
    return CongestionControllers.find("cubic")
        .create(0, CongestionSettings.defaults(TestPath.DATAGRAM));
  }
}
