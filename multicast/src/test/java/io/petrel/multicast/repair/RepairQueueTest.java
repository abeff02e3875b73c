package io.petrel.multicast.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RepairQueueTest {
  private static final long IGNORE_NS = 100;

  private final RepairQueue queue = new RepairQueue();

  @Test
  void repairsTheOldestFirst() {
    queue.request(500, 600, 0, IGNORE_NS);
    queue.request(100, 200, 0, IGNORE_NS);

    assertEquals(100, queue.first());
    queue.sent(100, 150, 1);
    assertEquals(150, queue.first());
    assertEquals(200, queue.firstEnd());
    queue.sent(150, 200, 2);
    assertEquals(500, queue.first());
  }

  @Test
  void ignoresWhatWaitsAlready() {
    assertTrue(queue.request(100, 200, 0, IGNORE_NS));
    assertFalse(queue.request(120, 180, 1, IGNORE_NS));
    assertTrue(queue.request(150, 250, 1, IGNORE_NS));
    assertEquals(250, queue.firstEnd());
  }

  @Test
  void ignoresWhatIsOnItsWayForAsLongAsThatMayTake() {
    queue.request(100, 200, 0, IGNORE_NS);
    queue.sent(100, 200, 10);

    assertFalse(queue.request(100, 200, 109, IGNORE_NS));
    assertTrue(queue.isEmpty());
    assertTrue(queue.request(100, 200, 110, IGNORE_NS));
  }

  @Test
  void repairsTheRestOfARangeOfWhichAPartIsOnItsWay() {
    queue.request(100, 200, 0, IGNORE_NS);
    queue.sent(100, 200, 10);

    assertTrue(queue.request(50, 250, 20, IGNORE_NS));

    assertEquals(50, queue.first());
    assertEquals(100, queue.firstEnd());
    queue.sent(50, 100, 21);
    assertEquals(200, queue.first());
    assertEquals(250, queue.firstEnd());
  }

  @Test
  void forgetsWhatIsGone() {
    queue.request(100, 200, 0, IGNORE_NS);
    queue.dropBelow(150);

    assertEquals(150, queue.first());
    assertEquals(150, queue.unconfirmed().start(0));
    queue.dropBelow(300);
    assertTrue(queue.isEmpty());
    assertTrue(queue.unconfirmed().isEmpty());
  }

  @Test
  void staysBoundedUnderAFlood() {
    for (long i = 0; i < 3L * RepairQueue.RANGE_LIMIT; i++) {
      queue.request(16 * i, 16 * i + 8, 0, IGNORE_NS);
    }

    assertTrue(queue.unconfirmed().count() <= RepairQueue.RANGE_LIMIT);
    assertEquals(0, queue.first());
  }
}
