package io.petrel.rudp.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.time.Deadline;
import org.junit.jupiter.api.Test;

class RepairCopiesTest {
  private static final long MS = 1_000_000;

  private final RepairCopies copies = new RepairCopies();

  @Test
  void sendsACopyAFractionOfARoundTripLaterAndAfterAMillisecondAtMost() {
    assertEquals(Deadline.NONE, copies.deadlineNs());

    copies.onRepairSent(5 * MS, 7, 32 * MS);
    copies.onRepairSent(5 * MS, 8, 100 * MS);

    assertEquals(5 * MS + MS / 2, copies.deadlineNs());
    assertEquals(7, copies.take());
    assertEquals(6 * MS, copies.deadlineNs());
    assertEquals(8, copies.take());
    assertEquals(Deadline.NONE, copies.deadlineNs());
  }

  @Test
  void leavesOutTheOldestOfMoreThanEight() {
    for (int number = 1; number <= 10; number++) {
      copies.onRepairSent(0, number, MS);
    }

    for (int number = 3; number <= 10; number++) {
      assertEquals(number, copies.take());
    }
    assertEquals(Deadline.NONE, copies.deadlineNs());
  }

  @Test
  void spendsAnEighthOfWhatIsSentAndSavesUpNoMoreThanAtFirst() {
    for (int i = 0; i < 6; i++) {
      assertTrue(copies.spend(0, 1_000), "credit to begin with, " + i);
    }
    assertFalse(copies.spend(7_999, 1_000));
    assertTrue(copies.spend(8_000, 1_000));
    assertFalse(copies.spend(8_000, 1));

    assertTrue(copies.spend(100_000_000, 6_000), "after long without losses");
    assertFalse(copies.spend(100_000_000, 1));
  }
}
