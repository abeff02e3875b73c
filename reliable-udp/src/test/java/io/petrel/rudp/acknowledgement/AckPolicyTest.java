package io.petrel.rudp.acknowledgement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.time.Deadline;
import org.junit.jupiter.api.Test;

class AckPolicyTest {
  private static final long DELAY_NS = 100;

  private final AckPolicy acks = new AckPolicy();

  @Test
  void waitsForTheAnswerOfAnApplicationThatAnswers() {
    for (int i = 0; i < 10; i++) {
      long nowNs = i * 1_000L;
      acks.onReceived(nowNs, true, DELAY_NS);
      assertFalse(acks.isDue(nowNs + DELAY_NS - 1));
      assertTrue(acks.isPending());
      acks.onDataSent(nowNs + 50, DELAY_NS);
      acks.onAckSent(nowNs + 50, false);
      assertFalse(acks.isDue(nowNs + 10 * DELAY_NS));
    }
  }

  @Test
  void learnsThatNobodyAnswersAndThenAcknowledgesALonePacketAtOnce() {
    acks.onReceived(0, true, DELAY_NS);
    assertFalse(acks.isDue(0));
    assertTrue(acks.isDue(DELAY_NS));
    acks.onAckSent(DELAY_NS, true);
    acks.onReceived(1_000, true, DELAY_NS);
    assertTrue(acks.isDue(1_000));
  }

  @Test
  void learnsThatTheApplicationAnswersAgain() {
    acks.onReceived(0, true, DELAY_NS);
    acks.onAckSent(DELAY_NS, true);
    acks.onReceived(1_000, true, DELAY_NS);
    acks.onAckSent(1_000, true);
    acks.onDataSent(1_020, DELAY_NS);
    acks.onReceived(2_000, true, DELAY_NS);
    assertFalse(acks.isDue(2_000));
  }

  @Test
  void aGapIsReportedAtOnce() {
    acks.onReceived(0, false, DELAY_NS);
    assertTrue(acks.isDue(0));
  }

  @Test
  void theTwoPacketsAfterAGapAreReportedAtOnceToo() {
    acks.onReceived(0, true, DELAY_NS);
    acks.onReceived(10, false, DELAY_NS);
    acks.onAckSent(10, true);

    for (int i = 1; i <= AckPolicy.PACKETS_AFTER_GAP; i++) {
      acks.onReceived(10 + i, true, DELAY_NS);
      assertTrue(acks.isDue(10 + i), "packet " + i + " after the gap");
      acks.onAckSent(10 + i, true);
    }
    acks.onReceived(20, true, DELAY_NS);
    assertFalse(acks.isDue(20), "the sender knows by now");
  }

  @Test
  void aBusyStreamIsAcknowledgedEveryFewPackets() {
    for (int i = 1; i < AckPolicy.BUSY_PACKETS; i++) {
      acks.onReceived(i, true, DELAY_NS);
      assertFalse(acks.isDue(i));
    }
    acks.onReceived(9, true, DELAY_NS);
    assertTrue(acks.isDue(9));
  }

  @Test
  void nothingIsOwedWhenNothingCame() {
    assertFalse(acks.isPending());
    assertEquals(Deadline.NONE, acks.deadlineNs());
  }

  @Test
  void theDelayFollowsTheRoundTripWithinItsBounds() {
    assertEquals(AckPolicy.SHORTEST_DELAY_NS, AckPolicy.delayNs(5_000));
    assertEquals(125_000, AckPolicy.delayNs(1_000_000));
    assertEquals(AckPolicy.LONGEST_DELAY_NS, AckPolicy.delayNs(600_000_000));
  }
}
