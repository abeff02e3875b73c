package io.petrel.rudp.endpoint;

import io.petrel.transport.time.Deadline;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Sessions by deadline, the earliest first: a binary heap in which each knows its place. */
final class DeadlineHeap {
  private @Nullable EndpointSession[] heap = new EndpointSession[16];
  private int size;

  /** The earliest deadline, or {@link Deadline#NONE}. */
  long earliestNs() {
    return size == 0 ? Deadline.NONE : at(0).deadlineNs;
  }

  /** The session with the earliest deadline; there must be one. */
  EndpointSession first() {
    return at(0);
  }

  /** Gives a session another deadline, or {@link Deadline#NONE}. */
  void set(EndpointSession session, long deadlineNs) {
    int place = session.heapPlace;
    if (deadlineNs == Deadline.NONE) {
      remove(session);
      return;
    }
    session.deadlineNs = deadlineNs;
    if (place < 0) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, size * 2);
      }
      place = size++;
      put(place, session);
    }
    up(session.heapPlace);
    down(session.heapPlace);
  }

  /** Takes a session out. */
  void remove(EndpointSession session) {
    int place = session.heapPlace;
    session.deadlineNs = Deadline.NONE;
    if (place < 0) {
      return;
    }
    session.heapPlace = -1;
    EndpointSession last = at(--size);
    heap[size] = null;
    if (place < size) {
      put(place, last);
      up(place);
      down(last.heapPlace);
    }
  }

  private void up(int from) {
    int place = from;
    EndpointSession moved = at(place);
    while (place > 0) {
      int parent = (place - 1) / 2;
      if (at(parent).deadlineNs - moved.deadlineNs <= 0) {
        break;
      }
      put(place, at(parent));
      place = parent;
    }
    put(place, moved);
  }

  private void down(int from) {
    int place = from;
    EndpointSession moved = at(place);
    while (true) {
      int child = place * 2 + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && at(child + 1).deadlineNs - at(child).deadlineNs < 0) {
        child++;
      }
      if (moved.deadlineNs - at(child).deadlineNs <= 0) {
        break;
      }
      put(place, at(child));
      place = child;
    }
    put(place, moved);
  }

  private void put(int place, EndpointSession session) {
    heap[place] = session;
    session.heapPlace = place;
  }

  private EndpointSession at(int place) {
    EndpointSession session = heap[place];
    if (session == null) {
      throw new IllegalStateException("no session at place " + place + " of " + size);
    }
    return session;
  }
}
