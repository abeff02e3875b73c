package io.petrel.transport.simulation;

import java.util.Arrays;

/**
 * One deadline for each of a number of endpoints, the earliest at hand: a binary heap that knows
 * where each endpoint stands in it, so that a deadline can be moved. Equal deadlines: the lower
 * index first.
 */
final class DeadlineQueue {
  static final long NONE = Long.MAX_VALUE;

  private long[] deadlines = new long[16];
  private int[] heap = new int[16];
  private int[] places = new int[16];
  private int size;

  /** Adds an endpoint without a deadline; its index is the number of those added before. */
  void add() {
    if (size == heap.length) {
      deadlines = Arrays.copyOf(deadlines, 2 * size);
      heap = Arrays.copyOf(heap, 2 * size);
      places = Arrays.copyOf(places, 2 * size);
    }
    deadlines[size] = NONE;
    heap[size] = size;
    places[size] = size;
    size++;
    rise(size - 1);
  }

  void set(int index, long deadlineNs) {
    long before = deadlines[index];
    deadlines[index] = deadlineNs;
    if (deadlineNs < before) {
      rise(places[index]);
    } else if (deadlineNs > before) {
      sink(places[index]);
    }
  }

  long earliestNs() {
    return size == 0 ? NONE : deadlines[heap[0]];
  }

  /** The index of the endpoint with the earliest deadline. */
  int earliest() {
    return heap[0];
  }

  private void rise(int place) {
    int index = heap[place];
    int hole = place;
    while (hole > 0 && isBefore(index, heap[(hole - 1) >> 1])) {
      put(hole, heap[(hole - 1) >> 1]);
      hole = (hole - 1) >> 1;
    }
    put(hole, index);
  }

  private void sink(int place) {
    int index = heap[place];
    int hole = place;
    while (true) {
      int child = 2 * hole + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && isBefore(heap[child + 1], heap[child])) {
        child++;
      }
      if (isBefore(index, heap[child])) {
        break;
      }
      put(hole, heap[child]);
      hole = child;
    }
    put(hole, index);
  }

  private boolean isBefore(int one, int other) {
    return deadlines[one] < deadlines[other] || (deadlines[one] == deadlines[other] && one < other);
  }

  private void put(int place, int index) {
    heap[place] = index;
    places[index] = place;
  }
}
