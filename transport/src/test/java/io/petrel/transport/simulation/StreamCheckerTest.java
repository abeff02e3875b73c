package io.petrel.transport.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class StreamCheckerTest {
  private static final int OFFSET = 3;

  private final MessagePattern pattern = new MessagePattern(1, 8, 100);
  private final StreamChecker checker = new StreamChecker("stream 0", pattern);
  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[200]);

  private boolean deliver(long number) {
    return checker.onMessage(buffer, OFFSET, pattern.write(number, buffer, OFFSET));
  }

  @Test
  void acceptsWhatWasSentInOrder() {
    long bytes = 0;
    for (int number = 0; number < 1_000; number++) {
      assertTrue(deliver(number), () -> String.valueOf(checker.failure()));
      bytes += pattern.length(number);
    }
    assertNull(checker.failureAfter(1_000));
    assertEquals(1_000, checker.delivered());
    assertEquals(bytes, checker.bytes());
  }

  @Test
  void namesAMissingMessage() {
    deliver(0);
    assertFalse(deliver(3));
    assertEquals("stream 0: message 1 was expected, but 3 came: 2 are missing", checker.failure());
    assertFalse(deliver(1), "the first failure is final");
    assertEquals(1, checker.delivered());
  }

  @Test
  void namesAMessageThatComesTwice() {
    deliver(0);
    deliver(1);
    assertFalse(deliver(1));
    assertEquals("stream 0: message 2 was expected, but 1 came again or late", checker.failure());
  }

  @Test
  void noticesAnyByteThatChangedAndAnyOtherLength() {
    for (int number = 0; number < 50; number++) {
      int length = pattern.write(number, buffer, OFFSET);
      assertTrue(pattern.matches(number, buffer, OFFSET, length));
      assertFalse(pattern.matches(number, buffer, OFFSET, length - 1));
      assertFalse(pattern.matches(number, buffer, OFFSET, length + 1));
      for (int i = 0; i < length; i++) {
        byte before = buffer.getByte(OFFSET + i);
        buffer.putByte(OFFSET + i, (byte) (before + 1));
        assertFalse(pattern.matches(number, buffer, OFFSET, length), "byte " + i + " changed");
        buffer.putByte(OFFSET + i, before);
      }
    }
  }

  @Test
  void tellsStreamsApart() {
    int length = new MessagePattern(2, 20, 20).write(0, buffer, OFFSET);
    assertFalse(new MessagePattern(1, 20, 20).matches(0, buffer, OFFSET, length));
    assertFalse(checker.onMessage(buffer, OFFSET, length));
    assertTrue(
        String.valueOf(checker.failure()).contains("20 bytes came that are no message"),
        checker.failure());
  }

  @Test
  void noticesMoreThanWasSent() {
    deliver(0);
    deliver(1);
    assertEquals("stream 0: 2 messages were delivered of 1 sent", checker.failureAfter(1));
  }

  @Test
  void followsAnAnnouncedGap() {
    deliver(0);
    checker.skipTo(5);
    assertTrue(deliver(5));
    assertEquals(2, checker.delivered());
    checker.skipTo(2);
    assertEquals("stream 0: skipped back from message 6 to 2", checker.failure());
  }

  @Test
  void drawsLengthsFromTheWholeRange() {
    MessagePattern narrow = new MessagePattern(3, 0, 3);
    int[] counts = new int[4];
    for (int number = 0; number < 4_000; number++) {
      counts[narrow.length(number)]++;
    }
    for (int count : counts) {
      assertEquals(1_000.0, count, 150.0);
    }
  }
}
