package io.petrel.transport.simulation;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Events by time; those of equal time in the order they were added, so that a run can be repeated.
 *
 * <p>A heap with four children a node whose keys lie in arrays of their own: half as deep as a
 * binary one, and comparing touches no event. Grows by doubling and allocates nothing else.
 */
final class EventQueue {
  /** The answer of {@link #nextTimeNs} when nothing is queued. */
  static final long NOTHING = Long.MAX_VALUE;

  private static final int INITIAL_CAPACITY = 64;

  private long[] times = new long[INITIAL_CAPACITY];
  private long[] orders = new long[INITIAL_CAPACITY];
  private @Nullable SimulatedEvent[] events = new SimulatedEvent[INITIAL_CAPACITY];
  private int size;
  private long added;

  int size() {
    return size;
  }

  long nextTimeNs() {
    return size == 0 ? NOTHING : times[0];
  }

  void add(long timeNs, SimulatedEvent event) {
    if (size == times.length) {
      times = Arrays.copyOf(times, 2 * size);
      orders = Arrays.copyOf(orders, 2 * size);
      events = Arrays.copyOf(events, 2 * size);
    }
    int hole = size++;
    while (hole > 0) {
      int parent = (hole - 1) >> 2;
      if (times[parent] <= timeNs) {
        break; // of equal time: the parent came first
      }
      move(parent, hole);
      hole = parent;
    }
    put(hole, timeNs, added++, event);
  }

  /** Takes the earliest event; null when nothing is queued. */
  @Nullable SimulatedEvent take() {
    if (size == 0) {
      return null;
    }
    SimulatedEvent first = events[0];
    int last = --size;
    if (last > 0) {
      sink(times[last], orders[last], events[last]);
    }
    events[last] = null;
    return first;
  }

  private void sink(long timeNs, long order, @Nullable SimulatedEvent event) {
    int hole = 0;
    while (true) {
      int firstChild = (hole << 2) + 1;
      if (firstChild >= size) {
        break;
      }
      int least = firstChild;
      int end = Math.min(firstChild + 4, size);
      for (int child = firstChild + 1; child < end; child++) {
        if (isBefore(times[child], orders[child], least)) {
          least = child;
        }
      }
      if (isBefore(timeNs, order, least)) {
        break;
      }
      move(least, hole);
      hole = least;
    }
    put(hole, timeNs, order, event);
  }

  private boolean isBefore(long timeNs, long order, int other) {
    return timeNs < times[other] || (timeNs == times[other] && order < orders[other]);
  }

  private void move(int from, int to) {
    put(to, times[from], orders[from], events[from]);
  }

  private void put(int index, long timeNs, long order, @Nullable SimulatedEvent event) {
    times[index] = timeNs;
    orders[index] = order;
    events[index] = event;
  }
}
