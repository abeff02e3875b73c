package io.petrel.rudp.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.ring.SendRing;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class SendStreamTest {
  private static final int CAPACITY = 65_536;

  private final SendRing ring = SendRing.exclusive(CAPACITY);
  private final SendStream stream = new SendStream(1, ring, CAPACITY);

  SendStreamTest() {
    UnsafeBuffer message = new UnsafeBuffer(new byte[1_016]);
    for (int i = 0; i < 32; i++) {
      assertTrue(ring.offer(message, 0, 1_016) > 0);
    }
    stream.refresh();
  }

  @Test
  void resendsOnlyTheHoleWhenOnePacketIsLost() {
    stream.onSent(4_096);
    stream.onDelivered(0, 1_024);
    stream.onDelivered(2_048, 2_048);
    stream.onLost(1_024, 1_024);
    assertEquals(1_024, stream.missingStart());
    assertEquals(1_024, stream.missingLength());
    stream.onSentAgain(1_024, 1_024);
    assertFalse(stream.hasMissing());
    stream.onDelivered(1_024, 1_024);
    assertEquals(4_096, stream.acknowledged());
    assertEquals(4_096, ring.acknowledgedPosition());
  }

  @Test
  void doesNotResendWhatTheProbeHasDelivered() {
    stream.onSent(2_048);
    stream.onDelivered(500, 1_000);
    stream.onLost(0, 2_048);
    assertEquals(0, stream.missingStart());
    assertEquals(500, stream.missingLength());
    stream.onSentAgain(0, 500);
    assertEquals(1_500, stream.missingStart());
    assertEquals(548, stream.missingLength());
  }

  @Test
  void aLateAcknowledgementTakesBackWhatWasToBeSentAgain() {
    stream.onSent(2_048);
    stream.onLost(0, 1_024);
    stream.onDelivered(0, 1_024);
    assertFalse(stream.hasMissing());
  }

  @Test
  void thePeersWindowHoldsBackWhatIsWritten() {
    SendStream narrow = new SendStream(1, ring, 1_000);
    narrow.refresh();
    assertEquals(1_000, narrow.sendable());
    narrow.onSent(1_000);
    assertTrue(narrow.isBlocked());
    assertTrue(narrow.onWindow(500, 1_000));
    assertEquals(500, narrow.sendable());
  }

  @Test
  void aWindowNeverShrinks() {
    stream.onSent(2_048);
    assertTrue(stream.onWindow(2_048, CAPACITY));
    assertTrue(stream.onWindow(1_024, CAPACITY));
    assertEquals(2_048 + CAPACITY, stream.limit());
  }

  @Test
  void refusesPositionsThatWereNeverSent() {
    stream.onSent(2_048);
    assertFalse(stream.onContiguous(2_049));
    assertFalse(stream.onContiguous(-1));
    assertFalse(stream.onWindow(2_049, 10));
    assertFalse(stream.onWindow(0, CAPACITY + 1L));
    assertEquals(0, stream.acknowledged());
  }

  @Test
  void piecesBeyondTheBoundAreSentAgain() {
    stream.onSent(2 * SendStream.RANGE_LIMIT + 10);
    for (int i = 0; i <= SendStream.RANGE_LIMIT; i++) {
      stream.onDelivered(1 + 2L * i, 1);
    }
    assertEquals(1, stream.overflows());
    assertTrue(stream.hasMissing());
    assertTrue(stream.onContiguous(2 * SendStream.RANGE_LIMIT + 10));
    assertFalse(stream.hasMissing());
  }

  @Test
  void endsWhereWritingEnded() {
    stream.end();
    assertEquals(32 * 1_024, stream.finalPosition());
    assertTrue(ring.isClosed());
    assertFalse(stream.isDelivered());
    stream.onSent(32 * 1_024);
    stream.onDelivered(0, 32 * 1_024);
    assertTrue(stream.isDelivered());
  }

  @Test
  void endsBehindWhatWasAcceptedAfterAClaimThatIsStillOpen() {
    SendRing shared = SendRing.shared(CAPACITY);
    SendStream several = new SendStream(2, shared, CAPACITY);
    UnsafeBuffer message = new UnsafeBuffer(new byte[1_016]);
    long open = shared.tryClaim(1_016);
    long accepted = shared.offer(message, 0, 1_016);
    several.end();
    assertEquals(accepted, several.finalPosition());
    assertEquals(0, several.sendable());
    assertTrue(shared.commit(open) > 0);
    assertTrue(several.isNewlyWritten());
    several.refresh();
    assertEquals(accepted, several.sendable());
    assertTrue(shared.offer(message, 0, 1_016) < 0, "closed");
  }
}
