package io.petrel.transport.ring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageCopyTest {
  private static final int LONGEST = MessageCopy.SHORT + 20;
  private static final int MARGIN = 16;

  private final byte[] memory = new byte[LONGEST + 3 * MARGIN];
  private final UnsafeBuffer ring = new UnsafeBuffer(ByteBuffer.allocateDirect(memory.length));

  static Stream<DirectBuffer> sources() {
    final byte[] bytes = new byte[LONGEST + MARGIN];
    new Random(7).nextBytes(bytes);
    final ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 3).position(3).slice();
    direct.put(0, bytes);
    final ExpandableArrayBuffer expandable = new ExpandableArrayBuffer(bytes.length);
    expandable.putBytes(0, bytes);
    return Stream.of(new UnsafeBuffer(bytes), new UnsafeBuffer(direct), expandable);
  }

  @ParameterizedTest
  @MethodSource("sources")
  void putsExactlyTheBytesOfAnyLengthAtAnyPlace(final DirectBuffer source) {
    for (int length = 0; length <= LONGEST; length++) {
      for (int offset = 0; offset < Long.BYTES; offset++) {
        Arrays.fill(memory, (byte) 0x5A);
        ring.putBytes(0, memory);
        MessageCopy.put(ring, MARGIN + offset * 3 % 8, source, offset, length);

        source.getBytes(offset, memory, MARGIN + offset * 3 % 8, length);
        final byte[] found = new byte[memory.length];
        ring.getBytes(0, found);
        assertArrayEquals(memory, found, "length " + length + ", offset " + offset);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("sources")
  void readsNothingBeyondTheSource(final DirectBuffer source) {
    final int capacity = source.capacity();

    assertThrows(
        IndexOutOfBoundsException.class,
        () -> MessageCopy.put(ring, 0, source, capacity - Long.BYTES, Long.BYTES + 1));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> MessageCopy.put(ring, ring.capacity() - 8, source, 0, Long.BYTES + 1));
  }
}
