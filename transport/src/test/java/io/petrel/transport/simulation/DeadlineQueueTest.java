package io.petrel.transport.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DeadlineQueueTest {
  @Test
  void knowsNoneAtFirst() {
    DeadlineQueue queue = new DeadlineQueue();
    assertEquals(DeadlineQueue.NONE, queue.earliestNs());
    queue.add();
    assertEquals(DeadlineQueue.NONE, queue.earliestNs());
  }

  @Test
  void findsTheEarliestWhateverIsMoved() {
    SeededRandom random = new SeededRandom(1);
    int count = 100;
    DeadlineQueue queue = new DeadlineQueue();
    long[] expected = new long[count];
    Arrays.fill(expected, DeadlineQueue.NONE);
    for (int i = 0; i < count; i++) {
      queue.add();
    }
    for (int i = 0; i < 20_000; i++) {
      int index = random.between(0, count - 1);
      long deadline = random.chance(0.2) ? DeadlineQueue.NONE : random.nextLong(50);
      queue.set(index, deadline);
      expected[index] = deadline;
      int earliest = 0;
      for (int other = 1; other < count; other++) {
        earliest = expected[other] < expected[earliest] ? other : earliest;
      }
      assertEquals(expected[earliest], queue.earliestNs());
      assertEquals(earliest, queue.earliest(), "of equal deadlines the lower index");
    }
  }
}
