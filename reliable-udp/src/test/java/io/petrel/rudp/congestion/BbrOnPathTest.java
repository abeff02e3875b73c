package io.petrel.rudp.congestion;

import static io.petrel.rudp.congestion.TestPath.DATAGRAM;
import static io.petrel.rudp.congestion.TestPath.MICROSECOND;
import static io.petrel.rudp.congestion.TestPath.MILLISECOND;
import static io.petrel.rudp.congestion.TestPath.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bbr with pacer and cap on whole paths, in virtual time; the draft's own example cases among them.
 */
class BbrOnPathTest {
  @Test
  void fillsAPathByItselfWithLittleQueue() {
    TestPath path = path().queue(40 * MILLISECOND);
    TestFlow flow = path.flow(bbr(1), 0);
    path.runUntil(2 * SECOND);
    flow.mark();

    path.runUntil(12 * SECOND);

    assertShare(0.97, flow, path);
    assertTrue(flow.smoothedRttNs() < 27 * MILLISECOND, "round trip " + flow.smoothedRttNs());
  }

  @Test
  void fillsAPathWithAQueueOfAQuarterOfTheBandwidthDelayProduct() {
    TestPath path = path().queue(5 * MILLISECOND);
    TestFlow flow = path.flow(bbr(1), 0);
    path.runUntil(2 * SECOND);
    flow.mark();

    path.runUntil(12 * SECOND);

    assertTrue(path.queueDrops > 100, "the queue must have overflown");
    assertShare(0.95, flow, path);
  }

  @Test
  void fillsLoopback() {
    TestPath path = new TestPath(1).rateMbit(30_000).delay(10 * MICROSECOND).queue(MILLISECOND);
    TestFlow flow = path.flow(bbr(1), 0);

    path.runUntil(100 * MILLISECOND);

    flow.mark();
    path.runUntil(200 * MILLISECOND);
    assertShare(0.95, flow, path);
  }

  @ParameterizedTest
  @CsvSource({"0.20, 0.01", "0.20, 0.05", "0.20, 0.10", "0.02, 0.01"})
  void deliversWhatTheLossLeaves(double threshold, double loss) {
    TestPath path = path().queue(100 * MILLISECOND).lossBehind(loss);
    TestFlow flow = path.flow(bbr(1, threshold), 0).bytes(100_000_000);

    path.runUntil(20 * SECOND);

    double best = path.rateBytesPerSecond() * (1 - loss);
    double share = 100_000_000 / flow.seconds() / best;
    assertTrue(path.randomDrops > 500, "lost " + path.randomDrops);
    assertTrue(share >= 0.92, "share of what the loss leaves: " + share);
  }

  @Test
  void takesLossAboveTheThresholdForCongestion() {
    TestPath tolerant = path().queue(40 * MILLISECOND).loss(0.10);
    TestFlow tolerantFlow = tolerant.flow(bbr(1, 0.20), 0);
    TestPath wary = path().queue(40 * MILLISECOND).loss(0.10);
    TestFlow waryFlow = wary.flow(bbr(1, 0.02), 0);

    tolerant.runUntil(10 * SECOND);
    wary.runUntil(10 * SECOND);

    assertTrue(
        waryFlow.deliveredBytes < tolerantFlow.deliveredBytes / 2,
        waryFlow.deliveredBytes + " and " + tolerantFlow.deliveredBytes);
  }

  @Test
  void sharesWithALaterFlowOfItsKind() {
    TestPath path = path().queue(40 * MILLISECOND);
    TestFlow first = path.flow(bbr(1), 0);
    TestFlow second = path.flow(bbr(2), 5 * SECOND);
    path.runUntil(30 * SECOND);
    first.mark();
    second.mark();

    path.runUntil(60 * SECOND);

    double fairness = TestPath.fairness(first.rateSinceMark(), second.rateSinceMark());
    assertTrue(fairness >= 0.9, fairness + ": " + first.rateSinceMark());
  }

  @Test
  void sharesWithCubicOnTwoBandwidthDelayProductsOfQueue() {
    TestPath path = path().queue(40 * MILLISECOND);
    TestFlow bbr = path.flow(bbr(1), 0);
    TestFlow cubic =
        path.flow(
            CongestionControllers.find("cubic").create(0, CongestionSettings.defaults(DATAGRAM)),
            0);
    path.runUntil(30 * SECOND);
    bbr.mark();
    cubic.mark();

    path.runUntil(60 * SECOND);

    assertShare(0.2, bbr, path);
    assertShare(0.2, cubic, path);
  }

  @Test
  void startsUpOnALongPath() {
    TestPath path = new TestPath(1).rateMbit(250).delay(300 * MILLISECOND).queue(600 * MILLISECOND);
    CongestionSettings settings =
        CongestionSettings.defaults(DATAGRAM).withInitialRtt(600 * MILLISECOND);
    TestFlow flow =
        path.flow(CongestionControllers.find("bbr").create(0, settings), 0).bytes(100_000_000);

    path.runUntil(30 * SECOND);

    assertTrue(flow.complete() && flow.seconds() <= 6.2, "took " + flow.seconds());
    assertEquals(0, path.queueDrops, "a queue of one bandwidth-delay product must not overflow");
  }

  @Test
  void findsTenTimesTheBandwidthWhenThereIs() {
    TestPath path = new TestPath(1).rateMbit(10).delay(10 * MILLISECOND).queue(40 * MILLISECOND);
    TestFlow flow = path.flow(bbr(1), 0);
    path.at(10 * SECOND, () -> path.rateMbit(100).queue(40 * MILLISECOND));
    path.runUntil(20 * SECOND);
    flow.mark();

    path.runUntil(25 * SECOND);

    assertShare(0.9, flow, path);
  }

  @Test
  void adaptsWhenATenthOfTheBandwidthIsLeft() {
    TestPath path = path().queue(40 * MILLISECOND);
    TestFlow flow = path.flow(bbr(1), 0);
    path.at(5 * SECOND, () -> path.rateMbit(10).queue(40 * MILLISECOND));
    path.runUntil(15 * SECOND);
    flow.mark();
    long drops = path.queueDrops;

    path.runUntil(25 * SECOND);

    assertShare(0.9, flow, path);
    double lost = (path.queueDrops - drops) * (double) DATAGRAM / (flow.rateSinceMark() * 10);
    assertTrue(lost < 0.1, "lost " + lost);
  }

  @Test
  void livesWithBandwidthDelayProductsBelowAPacket() {
    TestPath path = new TestPath(1).rateMbit(1).delay(MILLISECOND / 2).queue(100 * MILLISECOND);
    TestFlow flow = path.flow(bbr(1), 0);

    path.runUntil(10 * SECOND);

    flow.mark();
    path.runUntil(20 * SECOND);
    assertShare(0.95, flow, path);
  }

  @Test
  void looksForTheBareRoundTripWhenAQueueHidesIt() {
    TestPath path = path().queue(100 * MILLISECOND);
    TestFlow flow = path.flow(bbr(1), 0);
    TestFlow greedy =
        path.flow(
            CongestionControllers.find("cubic").create(0, CongestionSettings.defaults(DATAGRAM)),
            0);
    greedy.uncapped();
    Set<CongestionPhase> seen = EnumSet.noneOf(CongestionPhase.class);
    for (long ns = 0; ns < 20 * SECOND; ns += MILLISECOND) {
      path.at(ns, () -> seen.add(flow.controller.phase()));
    }

    path.runUntil(20 * SECOND);

    assertEquals(EnumSet.range(CongestionPhase.STARTUP, CongestionPhase.PROBE_ROUND_TRIP), seen);
  }

  @Test
  void doesNotThrottleAPathWithMoreJitterThanDelay() {
    TestPath path =
        new TestPath(1)
            .rateMbit(200)
            .delay(MILLISECOND)
            .jitter(20 * MILLISECOND)
            .queue(40 * MILLISECOND);
    TestFlow flow = path.flow(bbr(1), 0);

    path.runUntil(20 * SECOND);

    assertTrue(flow.deliveredBytes > 0.6 * 20 * path.rateBytesPerSecond());
  }

  @Test
  void keepsItsEstimateWhileTheApplicationSendsLittle() {
    TestPath path = path().queue(40 * MILLISECOND);
    TestFlow flow = path.flow(bbr(1), 0).offering(6_000_000);
    path.runUntil(6 * SECOND);

    assertTrue(flow.deliveredBytes >= 0.99 * 6 * 6_000_000, "delivered " + flow.deliveredBytes);
    assertTrue(flow.smoothedRttNs() < 22 * MILLISECOND, "round trip " + flow.smoothedRttNs());
  }

  @Test
  void comesBackAfterABlackhole() {
    TestPath path = new TestPath(1).rateMbit(10).delay(15 * MILLISECOND).queue(30 * MILLISECOND);
    TestFlow flow = path.flow(bbr(1), 0);
    path.at(5 * SECOND, () -> path.blackhole(true));
    path.at(7 * SECOND, () -> path.blackhole(false));
    path.runUntil(8 * SECOND);
    flow.mark();

    path.runUntil(12 * SECOND);

    assertShare(0.9, flow, path);
  }

  @Test
  void isNotSlowedByReordering() {
    TestPath path =
        new TestPath(1)
            .rateMbit(100)
            .delay(2 * MILLISECOND)
            .queue(20 * MILLISECOND)
            .reorder(0.05, 3 * MILLISECOND);
    TestFlow flow = path.flow(bbr(1), 0);
    path.runUntil(SECOND);
    flow.mark();

    path.runUntil(6 * SECOND);

    assertTrue(path.reordered > 1_000, "reordered " + path.reordered);
    assertShare(0.93, flow, path);
  }

  @Test
  void repeatsWithTheSameSeedAndNotWithAnother() {
    assertEquals(sent(3), sent(3));
    assertTrue(sent(3) != sent(4) || sent(3) != sent(5), "three seeds, one course");
  }

  private static long sent(long seed) {
    TestPath path = path().queue(10 * MILLISECOND).loss(0.01);
    TestFlow flow = path.flow(bbr(seed), 0);
    path.runUntil(5 * SECOND);
    return flow.sentBytes;
  }

  private static TestPath path() {
    return new TestPath(1).rateMbit(100).delay(10 * MILLISECOND);
  }

  private static CongestionController bbr(long seed) {
    return bbr(seed, CongestionSettings.DEFAULT_LOSS_THRESHOLD);
  }

  private static CongestionController bbr(long seed, double threshold) {
    CongestionSettings settings = CongestionSettings.defaults(DATAGRAM).withSeed(seed);
    return CongestionControllers.find("bbr").create(0, settings.withLossThreshold(threshold));
  }

  private static void assertShare(double least, TestFlow flow, TestPath path) {
    double share = flow.rateSinceMark() / path.rateBytesPerSecond();
    assertTrue(share >= least, "share of the rate: " + share);
  }
}
