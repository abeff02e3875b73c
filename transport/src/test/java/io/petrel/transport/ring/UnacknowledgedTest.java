package io.petrel.transport.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.Header;
import io.petrel.transport.SessionInfo;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a lost session had not acknowledged comes back whole, wherever the last byte acknowledged.
 */
class UnacknowledgedTest {
  private static final int CAPACITY = 16 * 1024;
  private static final int[] LENGTHS = {0, 1, 7, 8, 40, 500, 511, 513, 2_000, 2_048};

  private final UnsafeBuffer message = new UnsafeBuffer(new byte[4 * 1024]);
  private final List<Long> starts = new ArrayList<>();
  private final List<Long> ends = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void givesBackEveryMessageNotAcknowledgedWhole(boolean exclusive) {
    for (int step = 8; step < 3_000; step = step * 3 + 8) {
      SendRing ring = exclusive ? SendRing.exclusive(CAPACITY) : SendRing.shared(CAPACITY);
      starts.clear();
      ends.clear();
      long acknowledged = 0;
      for (int i = 0; i < 200; i++) {
        while (!offer(ring, i)) {
          acknowledged = Math.min(acknowledged + step, ring.writtenPosition());
          ring.sentPosition(ring.writtenPosition());
          assertTrue(ring.acknowledge(acknowledged));
        }
      }
      ring.close();
      assertGivesBackFrom(ring, acknowledged);
    }
  }

  private boolean offer(SendRing ring, int number) {
    int length = LENGTHS[number % LENGTHS.length];
    message.setMemory(0, length, (byte) number);
    long end = ring.offer(message, 0, length);
    if (end > 0) {
      starts.add(end - RecordLayout.requiredLength(length));
      ends.add(end);
    }
    return end > 0;
  }

  private void assertGivesBackFrom(SendRing ring, long acknowledged) {
    List<Long> expected = ends.stream().filter(end -> end > acknowledged).toList();
    List<Long> returned = new ArrayList<>();
    int count =
        ring.readUnacknowledged(
            (buffer, offset, length, header) -> {
              int number = ends.indexOf(header.position());
              assertEquals(LENGTHS[number % LENGTHS.length], length);
              for (int i = 0; i < length; i++) {
                assertEquals((byte) number, buffer.getByte(offset + i), "message " + number);
              }
              returned.add(header.position());
            },
            new Header(new SessionInfo(1, 0, null)));
    assertEquals(expected, returned, "acknowledged up to " + acknowledged);
    assertEquals(expected.size(), count);
  }
}
