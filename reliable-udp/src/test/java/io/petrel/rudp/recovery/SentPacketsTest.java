package io.petrel.rudp.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SentPacketsTest {
  private final SentPackets packets = new SentPackets(256);

  @Test
  void remembersWhatAPacketCarriedAcrossGrowth() {
    for (int i = 0; i < 200; i++) {
      packets.addPiece(7, 1000L * i, 100 + i);
      packets.addPiece(8, 2000L * i, 300 + i);
      packets.append(i * 10L, 500 + i, i, true);
    }
    for (int i = 0; i < 200; i++) {
      assertEquals(SentPackets.IN_FLIGHT, packets.state(i));
      assertEquals(i * 10L, packets.sentNs(i));
      assertEquals(500 + i, packets.bytes(i));
      assertEquals(i, packets.flags(i));
      assertEquals(2, packets.pieceCount(i));
      assertEquals(7, packets.pieceStream(i, 0));
      assertEquals(2000L * i, packets.piecePosition(i, 1));
      assertEquals(300 + i, packets.pieceLength(i, 1));
    }
  }

  @Test
  void doesNotGrowWhenTheOldestLeaveAsNewOnesCome() {
    for (int i = 0; i < 10_000; i++) {
      packets.addPiece(1, i, 1);
      packets.append(i, 100, 0, true);
      if (packets.size() == 60) {
        packets.markAcknowledged(packets.lowest());
        packets.removeLowest();
      }
    }
    assertEquals(64, packets.slots());
    assertEquals(9_999, packets.piecePosition(9_999, 0));
  }

  @Test
  void aNumberLeftOutTakesNoPieces() {
    packets.addPiece(1, 42, 5);
    packets.skip();
    packets.append(1, 100, 0, true);
    assertEquals(SentPackets.SKIPPED, packets.state(0));
    assertEquals(0, packets.pieceCount(0));
    assertEquals(1, packets.pieceCount(1));
    assertEquals(42, packets.piecePosition(1, 0));
  }

  @Test
  void passesOverAnAcknowledgedRunInOneStep() {
    for (int i = 0; i < 20; i++) {
      packets.append(i, 100, 0, true);
    }
    for (int i = 3; i < 18; i++) {
      packets.markAcknowledged(i);
    }
    packets.joinAcknowledged(3, 18);
    assertEquals(18, packets.skipAcknowledged(3));
    assertEquals(2, packets.skipAcknowledged(2));
  }

  @Test
  void refusesMoreThanItsBound() {
    for (int i = 0; i < 256; i++) {
      assertFalse(packets.isFull());
      packets.append(i, 100, 0, true);
    }
    assertTrue(packets.isFull());
    assertThrows(IllegalStateException.class, () -> packets.append(0, 100, 0, true));
  }
}
