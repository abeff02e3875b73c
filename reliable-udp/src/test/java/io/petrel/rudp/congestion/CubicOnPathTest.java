package io.petrel.rudp.congestion;

import static io.petrel.rudp.congestion.TestPath.MICROSECOND;
import static io.petrel.rudp.congestion.TestPath.MILLISECOND;
import static io.petrel.rudp.congestion.TestPath.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Cubic with pacer and cap on whole paths, in virtual time. */
class CubicOnPathTest {
  @Test
  void fillsAPathByItself() {
    TestPath path = new TestPath(1).rateMbit(100).delay(10 * MILLISECOND).queue(40 * MILLISECOND);
    TestFlow flow = path.flow(cubic(), 0);

    path.runUntil(8 * SECOND);

    assertShare(0.95, flow.deliveredBytes / 8.0, path);
  }

  @Test
  void fillsAPathWhoseQueueIsShorterThanTheCapAllows() {
    TestPath path = new TestPath(1).rateMbit(100).delay(10 * MILLISECOND).queue(10 * MILLISECOND);
    TestFlow flow = path.flow(cubic(), 0);
    path.runUntil(10 * SECOND);
    flow.mark();

    path.runUntil(30 * SECOND);

    assertShare(0.9, flow.rateSinceMark(), path);
    assertTrue(path.queueDrops > 0, "the queue must have overflown for this to say anything");
  }

  @Test
  void fillsLoopback() {
    TestPath path = new TestPath(1).rateMbit(30_000).delay(10 * MICROSECOND).queue(MILLISECOND);
    TestFlow flow = path.flow(cubic(), 0);

    path.runUntil(100 * MILLISECOND);

    assertShare(0.9, flow.deliveredBytes * 10.0, path);
  }

  @Test
  void sharesWithALaterFlowOfItsKind() {
    TestPath path = new TestPath(1).rateMbit(100).delay(10 * MILLISECOND).queue(40 * MILLISECOND);
    TestFlow first = path.flow(cubic(), 0);
    TestFlow second = path.flow(cubic(), 5 * SECOND);
    path.runUntil(30 * SECOND);
    first.mark();
    second.mark();

    path.runUntil(60 * SECOND);

    double fairness = TestPath.fairness(first.rateSinceMark(), second.rateSinceMark());
    assertTrue(fairness >= 0.95, fairness + ": " + first.rateSinceMark());
    assertShare(0.95, first.rateSinceMark() + second.rateSinceMark(), path);
  }

  @Test
  void startsUpOnALongPath() {
    TestPath path = new TestPath(1).rateMbit(250).delay(300 * MILLISECOND).queue(600 * MILLISECOND);
    TestFlow flow = path.flow(cubic(), 0).bytes(100_000_000);

    path.runUntil(30 * SECOND);

    assertTrue(flow.complete() && flow.seconds() <= 12, "took " + flow.seconds());
  }

  @Test
  void isNotSlowedByReordering() {
    TestPath path =
        new TestPath(1)
            .rateMbit(100)
            .delay(2 * MILLISECOND)
            .queue(20 * MILLISECOND)
            .reorder(0.05, 3 * MILLISECOND);
    TestFlow flow = path.flow(cubic(), 0);
    path.runUntil(SECOND);
    flow.mark();
    long spurious = flow.spuriousBytes;

    path.runUntil(6 * SECOND);

    assertTrue(path.reordered > 1_000, "reordered " + path.reordered);
    assertTrue(spurious > 0, "the window must have been too short at first");
    assertTrue(flow.undone > 0, "undone " + flow.undone);
    assertShare(0.95, flow.rateSinceMark(), path);
  }

  @Test
  void comesBackAfterABlackhole() {
    TestPath path = new TestPath(1).rateMbit(10).delay(15 * MILLISECOND).queue(30 * MILLISECOND);
    TestFlow flow = path.flow(cubic(), 0);
    path.at(5 * SECOND, () -> path.blackhole(true));
    path.at(7 * SECOND, () -> path.blackhole(false));
    path.runUntil(8 * SECOND);
    flow.mark();

    path.runUntil(12 * SECOND);

    assertShare(0.9, flow.rateSinceMark(), path);
  }

  @Test
  void repeatsToTheByte() {
    long[] sent = new long[2];
    for (int i = 0; i < 2; i++) {
      TestPath path = new TestPath(7).rateMbit(50).delay(MILLISECOND).queue(MILLISECOND).loss(0.01);
      TestFlow flow = path.flow(cubic(), 0);
      path.runUntil(3 * SECOND);
      sent[i] = flow.sentBytes;
    }
    assertEquals(sent[0], sent[1]);
  }

  private static void assertShare(double least, double bytesPerSecond, TestPath path) {
    double share = bytesPerSecond / path.rateBytesPerSecond();
    assertTrue(share >= least, "share of the rate: " + share);
  }

  private static CongestionController cubic() {
    return CongestionControllers.find("cubic")
        .create(0, CongestionSettings.defaults(TestPath.DATAGRAM));
  }
}
