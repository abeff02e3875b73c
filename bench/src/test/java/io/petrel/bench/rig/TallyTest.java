package io.petrel.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class TallyTest {
  private static final int SIZE = 288;
  private static final int RECEIVERS = 8;

  private final UnsafeBuffer message = new UnsafeBuffer(new byte[SIZE]);
  private final Tally[] tallies = new Tally[RECEIVERS];

  TallyTest() {
    Payload.fill(message, SIZE);
    for (int i = 0; i < RECEIVERS; i++) {
      tallies[i] = new Tally(i, RECEIVERS);
      tallies[i].expect(0);
    }
  }

  private void deliver(Tally tally, long sequence) {
    Payload.stamp(message, SIZE, sequence, 0);
    tally.onMessage(message, 0, SIZE);
  }

  @Test
  void eachMessageIsVerifiedWholeByOneOfTheReceivers() {
    for (int sequence = 0; sequence < 100; sequence++) {
      Payload.stamp(message, SIZE, sequence, 0);
      message.putByte(SIZE - 1, (byte) (message.getByte(SIZE - 1) ^ 1));
      for (Tally tally : tallies) {
        tally.onMessage(message, 0, SIZE);
      }
      message.putByte(SIZE - 1, (byte) (message.getByte(SIZE - 1) ^ 1));
    }
    long damaged = 0;
    for (Tally tally : tallies) {
      damaged += tally.damaged();
      assertEquals(0, tally.lost() + tally.outOfOrder());
    }
    assertEquals(100, damaged);
  }

  @Test
  void everyReceiverSeesWhatItLosesAndWhatComesAgain() {
    for (Tally tally : tallies) {
      deliver(tally, 0);
      deliver(tally, 3);
      deliver(tally, 3);
      deliver(tally, 4);
      assertEquals(2, tally.lost());
      assertEquals(1, tally.outOfOrder());
      assertEquals(0, tally.damaged());
      assertFalse(tally.isComplete());
    }
  }

  @Test
  void aMessageTooShortToSayAnythingIsDamaged() {
    tallies[0].onMessage(message, 0, Payload.MINIMUM_LENGTH - 1);
    assertEquals(1, tallies[0].damaged());
  }

  @Test
  void whoGotEverythingOnceAndInOrderIsComplete() {
    for (int i = 0; i < 20; i++) {
      deliver(tallies[5], i);
    }
    assertTrue(tallies[5].isComplete());
    assertEquals(20, tallies[5].passed());
  }
}
