package io.petrel.transport.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SendRingTest {
  private static final int CAPACITY = 4096;
  private static final int MAX_MESSAGE = CAPACITY / 8;

  private final UnsafeBuffer source = new UnsafeBuffer(new byte[CAPACITY]);

  enum Kind {
    EXCLUSIVE,
    SHARED;

    SendRing ring(final long initialPosition, final long unsentLimit, final RingMemory memory) {
      return this == EXCLUSIVE
          ? SendRing.exclusive(CAPACITY, initialPosition, unsentLimit, memory)
          : SendRing.shared(CAPACITY, initialPosition, unsentLimit, memory);
    }

    SendRing ring() {
      return ring(0, SendRing.UNLIMITED, RingMemory.unlimited());
    }
  }

  private static void sendAndAcknowledgeAll(final SendRing ring) {
    ring.sentPosition(ring.writtenPosition());
    assertTrue(ring.acknowledge(ring.sentPosition()));
  }

  private static long headerAt(final SendRing ring, final long position) {
    final UnsafeBuffer header = new UnsafeBuffer(new byte[8]);
    ring.copyTo(position, 8, header, 0);
    return header.getLong(0);
  }

  @ParameterizedTest
  @EnumSource
  void anOfferLiesInTheRingAsARecord(final Kind kind) {
    final SendRing ring = kind.ring();
    source.putStringWithoutLengthAscii(0, "hello");

    assertEquals(16, ring.offer(source, 0, 5));

    assertEquals(16, ring.writtenPosition());
    final UnsafeBuffer copy = new UnsafeBuffer(new byte[16]);
    ring.copyTo(0, 16, copy, 0);
    assertEquals(13, copy.getInt(0));
    assertEquals(RecordLayout.TYPE_MESSAGE, copy.getInt(4));
    assertEquals("hello", copy.getStringWithoutLengthAscii(8, 5));
  }

  @ParameterizedTest
  @EnumSource
  void everyLengthUpToTheLargestIsCopiedWhole(final Kind kind) {
    final SendRing ring = kind.ring();
    final UnsafeBuffer copy = new UnsafeBuffer(new byte[CAPACITY]);
    for (int i = 0; i < MAX_MESSAGE; i++) {
      source.putByte(i, (byte) (i * 31 + 7));
    }
    for (int length = 0; length <= MAX_MESSAGE; length++) {
      final long end = ring.offer(source, 0, length);
      assertTrue(end > 0, "length " + length + ": " + RingResult.name(end));
      assertEquals(end, ring.writtenPosition());
      final long position = end - RecordLayout.requiredLength(length);
      ring.copyTo(position, length + 8, copy, 0);
      assertEquals(
          RecordLayout.header(length + 8, RecordLayout.TYPE_MESSAGE), copy.getLong(0), "header");
      for (int i = 0; i < length; i++) {
        assertEquals(source.getByte(i), copy.getByte(8 + i), "byte " + i + " of " + length);
      }
      sendAndAcknowledgeAll(ring);
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesByNameWhatIsTooLarge(final Kind kind) {
    final SendRing ring = kind.ring();

    assertEquals(MAX_MESSAGE, ring.maxMessageLength());
    assertEquals(RingResult.MESSAGE_TOO_LARGE, ring.offer(source, 0, MAX_MESSAGE + 1));
    assertEquals(RingResult.MESSAGE_TOO_LARGE, ring.offer(source, 0, -1));
    assertEquals(RingResult.MESSAGE_TOO_LARGE, ring.tryClaim(Integer.MAX_VALUE));
    assertEquals(RingResult.MESSAGE_TOO_LARGE, ring.tryClaim(Integer.MIN_VALUE));
    assertEquals(RingResult.MESSAGE_TOO_LARGE, ring.offer(source, 0, MAX_MESSAGE, source, 0, 1));
    assertEquals(
        RingResult.MESSAGE_TOO_LARGE,
        ring.offer(source, 0, Integer.MAX_VALUE, source, 0, Integer.MAX_VALUE));
    assertEquals(0, ring.writtenPosition());
  }

  @ParameterizedTest
  @EnumSource
  void gathersAMessageFromPieces(final Kind kind) {
    final SendRing ring = kind.ring();
    source.putStringWithoutLengthAscii(0, "abcdefghij");
    final UnsafeBuffer copy = new UnsafeBuffer(new byte[64]);

    assertEquals(16, ring.offer(source, 0, 3, source, 5, 4));
    assertEquals(
        32,
        ring.offer(
            new DirectBuffer[] {source, source, source},
            new int[] {9, 0, 4},
            new int[] {1, 0, 2},
            3));

    assertEquals(32, ring.writtenPosition());
    ring.copyTo(0, 32, copy, 0);
    assertEquals("abcfghi", copy.getStringWithoutLengthAscii(8, copy.getInt(0) - 8));
    assertEquals("jef", copy.getStringWithoutLengthAscii(24, copy.getInt(16) - 8));
  }

  @ParameterizedTest
  @EnumSource
  void everyDistanceFromTheWrapIsPaddedOrFilledExactly(final Kind kind) {
    for (int untilEnd = 8; untilEnd <= 256; untilEnd += 8) {
      for (int length = 0; length <= 256; length += 4) {
        final SendRing ring =
            kind.ring(CAPACITY * 3L - untilEnd, SendRing.UNLIMITED, RingMemory.unlimited());
        final long start = CAPACITY * 3L - untilEnd;
        final int required = RecordLayout.requiredLength(length);
        final int padding = required <= untilEnd ? 0 : untilEnd;

        final long end = ring.offer(source, 0, length);

        final String at = untilEnd + " bytes before the end, message of " + length;
        assertEquals(start + padding + required, end, at);
        assertEquals(end, ring.writtenPosition(), at);
        if (padding > 0) {
          assertEquals(
              RecordLayout.header(padding, RecordLayout.TYPE_PADDING), headerAt(ring, start), at);
        }
        assertEquals(
            RecordLayout.header(length + 8, RecordLayout.TYPE_MESSAGE),
            headerAt(ring, start + padding),
            at);
        assertEquals(0, ring.firstRecordOffset(start, untilEnd), at);
        assertEquals(
            padding > 0 ? padding - 1 : -1, ring.firstRecordOffset(start + 1, required - 1), at);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFullRingPushesBackUntilBytesAreAcknowledged(final Kind kind) {
    final SendRing ring = kind.ring();
    long end = 0;
    long last;
    while ((last = ring.offer(source, 0, 120)) > 0) {
      end = last;
    }

    assertEquals(RingResult.BACK_PRESSURED, last);
    assertEquals(CAPACITY, end, "all of the ring is used");
    assertEquals(1, ring.stalls());
    assertEquals(CAPACITY, ring.writtenPosition());
    ring.sentPosition(CAPACITY);
    assertEquals(RingResult.BACK_PRESSURED, ring.offer(source, 0, 120), "sent is not enough");
    assertTrue(ring.acknowledge(RecordHints.BLOCK_BYTES));
    assertEquals(CAPACITY + 128, ring.offer(source, 0, 120));
    assertEquals(CAPACITY + 128, ring.writtenPosition());
  }

  @ParameterizedTest
  @EnumSource
  void neverOverwritesWhatIsNotAcknowledged(final Kind kind) {
    final SendRing ring = kind.ring();
    while (ring.offer(source, 0, 24) > 0) {}
    ring.sentPosition(ring.writtenPosition());
    for (long acknowledged = 1; acknowledged <= CAPACITY; acknowledged += 37) {
      assertTrue(ring.acknowledge(acknowledged));
      while (ring.offer(source, 0, 24) > 0) {}
      assertTrue(
          ring.claimedPosition() <= acknowledged + CAPACITY,
          "claimed " + ring.claimedPosition() + ", acknowledged " + acknowledged);
      ring.sentPosition(ring.writtenPosition());
    }
  }

  @ParameterizedTest
  @EnumSource
  void limitsWhatIsUnsentButLetsOneMessageThrough(final Kind kind) {
    final SendRing ring = kind.ring(0, 64, RingMemory.unlimited());

    assertEquals(RecordLayout.requiredLength(200), ring.offer(source, 0, 200));
    assertEquals(RingResult.BACK_PRESSURED, ring.offer(source, 0, 1));
    ring.sentPosition(ring.writtenPosition());
    assertTrue(ring.offer(source, 0, 24) > 0);
    assertTrue(ring.offer(source, 0, 24) > 0);
    assertEquals(RingResult.BACK_PRESSURED, ring.offer(source, 0, 1));
    assertEquals(2, ring.stalls());
  }

  @ParameterizedTest
  @EnumSource
  void refusesAcknowledgementsOfWhatWasNeverSent(final Kind kind) {
    final SendRing ring = kind.ring();
    ring.offer(source, 0, 100);
    ring.sentPosition(56);

    assertFalse(ring.acknowledge(57));
    assertEquals(0, ring.acknowledgedPosition());
    assertTrue(ring.acknowledge(56));
    assertTrue(ring.acknowledge(3), "an old one changes nothing");
    assertEquals(56, ring.acknowledgedPosition());
  }

  @ParameterizedTest
  @EnumSource
  void takesNoClaimOnceClosedAndKeepsWhatIsWritten(final Kind kind) {
    final SendRing ring = kind.ring();
    final long end = ring.offer(source, 0, 100);

    ring.close();
    ring.close();

    assertTrue(ring.isClosed());
    assertEquals(RingResult.CLOSED, ring.offer(source, 0, 1));
    assertEquals(RingResult.CLOSED, ring.tryClaim(1));
    assertEquals(end, ring.writtenPosition());
    assertEquals(end, ring.claimedPosition());
  }

  @ParameterizedTest
  @EnumSource
  void endsAtTheLastPosition(final Kind kind) {
    final SendRing ring =
        kind.ring(RecordLayout.MAX_POSITION - 32, SendRing.UNLIMITED, RingMemory.unlimited());

    assertEquals(RecordLayout.MAX_POSITION - 16, ring.offer(source, 0, 8));
    assertEquals(RecordLayout.MAX_POSITION, ring.offer(source, 0, 8));
    assertEquals(RingResult.MAX_POSITION_EXCEEDED, ring.offer(source, 0, 0));
    assertEquals(RecordLayout.MAX_POSITION, ring.writtenPosition());
  }

  @ParameterizedTest
  @EnumSource
  void aClaimIsInvisibleUntilCommitted(final Kind kind) {
    final SendRing ring = kind.ring();

    final long position = ring.tryClaim(12);
    ring.buffer().putStringWithoutLengthAscii(ring.payloadIndex(position), "twelve bytes");
    assertEquals(0, ring.writtenPosition());

    assertEquals(24, ring.commit(position));
    assertEquals(24, ring.writtenPosition());
    assertEquals(RingResult.CLAIM_LOST, ring.commit(position), "only once");
    assertEquals(RingResult.CLAIM_LOST, ring.abort(position), "nor undone");
    assertEquals(RingResult.CLAIM_LOST, ring.commit(-7));
    assertEquals(RingResult.CLAIM_LOST, ring.commit(3));
    assertEquals(RingResult.CLAIM_LOST, ring.commit(CAPACITY * 5L));
  }

  @ParameterizedTest
  @EnumSource
  void anAbortedClaimBlocksNobody(final Kind kind) {
    final SendRing ring = kind.ring();

    ring.abort(ring.tryClaim(40));
    final long end = ring.offer(source, 0, 8);

    assertEquals(end, ring.writtenPosition());
    assertEquals(
        kind == Kind.EXCLUSIVE ? RecordLayout.TYPE_MESSAGE : RecordLayout.TYPE_SKIP,
        RecordLayout.type(headerAt(ring, 0)));
  }

  @Test
  void theNextClaimOfTheOneProducerDropsAnOpenOne() {
    final SendRing ring = SendRing.exclusive(CAPACITY);
    ring.offer(source, 0, 8);
    final long open = ring.tryClaim(40);
    assertEquals(open + 16, ring.offer(source, 0, 8));

    assertEquals(RingResult.CLAIM_LOST, ring.commit(open));
    assertEquals(open + 16, ring.writtenPosition());
  }

  @Test
  void laterCommitsWaitForAnEarlierClaim() {
    final SendRing ring = SendRing.shared(CAPACITY);
    final long first = ring.tryClaim(8);
    final long end = ring.offer(source, 0, 8);

    assertEquals(0, ring.writtenPosition());
    ring.commit(first);
    assertEquals(end, ring.writtenPosition());
  }

  @Test
  void anAbandonedClaimIsSkippedAfterTheTimeoutAndCannotComeBack() {
    final SendRing ring = SendRing.shared(CAPACITY);
    final long dead = ring.tryClaim(40);
    final long end = ring.offer(source, 0, 8);

    assertFalse(ring.unblock(1_000, 500), "first seen");
    assertFalse(ring.unblock(1_499, 500), "not yet");
    assertEquals(0, ring.writtenPosition());
    assertTrue(ring.unblock(1_500, 500));

    assertEquals(end, ring.writtenPosition());
    assertEquals(RecordLayout.header(48, RecordLayout.TYPE_SKIP), headerAt(ring, 0));
    assertEquals(1, ring.abandonedClaims());
    assertEquals(RingResult.CLAIM_LOST, ring.commit(dead), "the zombie");
    assertEquals(RingResult.CLAIM_LOST, ring.abort(dead), "the zombie");
    assertEquals(RecordLayout.header(48, RecordLayout.TYPE_SKIP), headerAt(ring, 0));
  }

  @Test
  void aZombieThatCommitsALapLaterTouchesNoClaimOfThatLap() {
    final SendRing ring = SendRing.shared(CAPACITY);
    final long dead = ring.tryClaim(56);
    assertFalse(ring.unblock(0, 1));
    assertTrue(ring.unblock(1, 1));
    sendAndAcknowledgeAll(ring);
    while (ring.claimedPosition() < CAPACITY) {
      assertTrue(ring.offer(source, 0, 56) > 0);
      sendAndAcknowledgeAll(ring);
    }
    final long sameIndex = ring.tryClaim(56);
    assertEquals(dead + CAPACITY, sameIndex, "same place and length, one lap later");

    assertEquals(RingResult.CLAIM_LOST, ring.commit(dead));

    assertEquals(sameIndex, ring.writtenPosition(), "still open");
    assertEquals(sameIndex + 64, ring.commit(sameIndex));
  }

  @Test
  void progressStartsTheTimeoutAnew() {
    final SendRing ring = SendRing.shared(CAPACITY);
    final long first = ring.tryClaim(8);
    final long second = ring.tryClaim(8);
    assertFalse(ring.unblock(0, 100));
    ring.commit(first);

    assertFalse(ring.unblock(100, 100), "another claim");
    assertFalse(ring.unblock(199, 100));
    assertEquals(second + 16, ring.commit(second));
    assertFalse(ring.unblock(200, 100), "none is open");
    assertEquals(0, ring.abandonedClaims());
  }

  @ParameterizedTest
  @EnumSource
  void holdsNoMemoryBeforeTheFirstByteAndGivesItBackOnce(final Kind kind) {
    final RingMemory memory = new RingMemory(CAPACITY);
    final SendRing ring = kind.ring(0, SendRing.UNLIMITED, memory);
    final SendRing other = kind.ring(0, SendRing.UNLIMITED, memory);
    assertEquals(0, memory.bytesInUse());
    assertEquals(0, ring.writtenPosition());
    assertEquals(-1, ring.firstRecordOffset(0, 0));

    assertTrue(ring.offer(source, 0, 8) > 0);
    assertEquals(CAPACITY, memory.bytesInUse());
    assertEquals(RingResult.NO_MEMORY, other.offer(source, 0, 8));
    assertEquals(1, memory.refusals());
    ring.close();
    ring.giveBack();
    ring.giveBack();
    assertEquals(0, memory.bytesInUse());
    assertEquals(RingResult.CLOSED, ring.offer(source, 0, 8));

    assertTrue(other.offer(source, 0, 8) > 0);
    assertEquals(CAPACITY, memory.bytesInUse());
  }

  @Test
  void namesTheCapacityThatIsWrong() {
    final IllegalArgumentException odd =
        assertThrows(IllegalArgumentException.class, () -> SendRing.exclusive(5000));
    assertTrue(String.valueOf(odd.getMessage()).contains("5000"), odd::getMessage);
    assertThrows(IllegalArgumentException.class, () -> SendRing.shared(2048));
    assertThrows(IllegalArgumentException.class, () -> SendRing.shared(Integer.MIN_VALUE));
    assertThrows(
        IllegalArgumentException.class,
        () -> SendRing.shared(4096, 4, SendRing.UNLIMITED, RingMemory.unlimited()));
    assertThrows(
        IllegalArgumentException.class, () -> SendRing.shared(4096, 0, 0, RingMemory.unlimited()));
  }
}
