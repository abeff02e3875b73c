package io.petrel.transport.metrics;

import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * Gives each thread that counts in striped counters a slot, which it keeps for life. The slot of a
 * thread that has ended goes to the next newcomer; when all are taken, newcomers share the last.
 */
final class ThreadSlots {
  /** Threads with a slot of their own. */
  static final int EXCLUSIVE = 16;

  /** The slot of all other threads. */
  static final int SHARED = EXCLUSIVE;

  /** A slot and the writer whose counters its thread updates. */
  record Slot(int index, int writer) {}

  private final CounterStore store;
  private final @Nullable Slot[] slots = new Slot[EXCLUSIVE + 1];
  private final @Nullable WeakReference<Thread>[] owners = newOwners();
  private final ThreadLocal<Slot> mine = ThreadLocal.withInitial(this::assign);

  ThreadSlots(CounterStore store) {
    this.store = store;
  }

  /** The calling thread's slot: a few nanoseconds, but for the first call. */
  Slot mine() {
    return mine.get();
  }

  private synchronized Slot assign() {
    int index = 0;
    while (index < EXCLUSIVE && !isFree(owners[index])) {
      index++;
    }
    if (index < EXCLUSIVE) {
      owners[index] = new WeakReference<>(Thread.currentThread());
    }
    Slot slot = slots[index];
    if (slot == null) {
      slot = new Slot(index, store.newWriter());
      slots[index] = slot;
    }
    return slot;
  }

  private static boolean isFree(@Nullable WeakReference<Thread> owner) {
    Thread thread = owner == null ? null : owner.get();
    // A living thread is never collected. One seen as ended has made all its updates visible.
    return thread == null || thread.getState() == Thread.State.TERMINATED;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no generic arrays.
  private static @Nullable WeakReference<Thread>[] newOwners() {
    return new WeakReference[EXCLUSIVE];
  }
}
