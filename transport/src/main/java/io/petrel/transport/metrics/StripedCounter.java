package io.petrel.transport.metrics;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A number that any thread adds to: each thread has a counter of its own, readers sum them. A few
 * nanoseconds an update; a thread's first one takes a lock and allocates.
 *
 * <p>The stripe of a thread that has ended goes to a newcomer, value and all. Beyond 16 living
 * threads the rest share one stripe with locked instructions.
 */
public final class StripedCounter implements AutoCloseable {
  private final CounterStore store;
  private final String label;
  private final int typeId;
  private final long key;
  private final AtomicReferenceArray<@Nullable Counter> stripes =
      new AtomicReferenceArray<>(ThreadSlots.EXCLUSIVE + 1);

  StripedCounter(CounterStore store, String label, int typeId, long key) {
    this.store = store;
    this.label = label;
    this.typeId = typeId;
    this.key = key;
  }

  /** Adds one. */
  public void increment() {
    add(1);
  }

  /**
   * Adds to the number.
   *
   * @param amount what to add
   */
  public void add(long amount) {
    ThreadSlots.Slot slot = store.threadSlots().mine();
    Counter stripe = stripes.get(slot.index());
    if (stripe == null) {
      stripe = addStripe(slot);
    }
    if (slot.index() == ThreadSlots.SHARED) {
      stripe.addAtomically(amount);
    } else {
      stripe.add(amount);
    }
  }

  /**
   * The sum over all threads.
   *
   * @return not a moment's picture while others count, but never less than an earlier answer
   */
  public long value() {
    long sum = 0;
    for (int i = 0; i < stripes.length(); i++) {
      Counter stripe = stripes.get(i);
      sum += stripe == null ? 0 : stripe.value();
    }
    return sum;
  }

  /** Gives the places back, when no thread counts any more. */
  @Override
  public synchronized void close() {
    for (int i = 0; i < stripes.length(); i++) {
      Counter stripe = stripes.get(i);
      if (stripe != null) {
        stripe.close();
      }
    }
  }

  private synchronized Counter addStripe(ThreadSlots.Slot slot) {
    Counter stripe = stripes.get(slot.index());
    if (stripe == null) {
      stripe = store.add(slot.writer(), MetricsLayout.KIND_COUNTER, label, typeId, key);
      stripes.set(slot.index(), stripe);
    }
    return stripe;
  }
}
