package io.petrel.transport.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventQueueTest {
  private static final class Named extends SimulatedEvent {
    final long timeNs;

    Named(long timeNs) {
      this.timeNs = timeNs;
    }

    @Override
    void occur(long nowNs) {}

    @Override
    public String toString() {
      return "at " + timeNs;
    }
  }

  @Test
  void isEmptyAtFirst() {
    EventQueue queue = new EventQueue();
    assertEquals(EventQueue.NOTHING, queue.nextTimeNs());
    assertNull(queue.take());
  }

  @Test
  void givesEventsByTimeAndThoseOfEqualTimeInTheOrderAdded() {
    SeededRandom random = new SeededRandom(1);
    EventQueue queue = new EventQueue();
    List<Named> expected = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      Named event = new Named(random.nextLong(500));
      queue.add(event.timeNs, event);
      expected.add(event);
    }
    expected.sort(Comparator.comparingLong(event -> event.timeNs)); // stable
    for (Named event : expected) {
      assertEquals(event.timeNs, queue.nextTimeNs());
      assertSame(event, queue.take());
    }
    assertEquals(0, queue.size());
  }

  @Test
  void staysInOrderWhileAddingAndTakingAlternate() {
    SeededRandom random = new SeededRandom(2);
    EventQueue queue = new EventQueue();
    long nowNs = 0;
    for (int i = 0; i < 20_000; i++) {
      if (queue.size() == 0 || random.chance(0.5)) {
        Named event = new Named(nowNs + random.nextLong(100));
        queue.add(event.timeNs, event);
      } else {
        long next = queue.nextTimeNs();
        assertTrue(next >= nowNs, next + " after " + nowNs);
        nowNs = next;
        assertEquals(next, assertInstanceOf(Named.class, queue.take()).timeNs);
      }
    }
  }
}
