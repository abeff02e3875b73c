package io.petrel.transport.metrics;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * One number, updated by one thread and read by anybody. An update costs about a nanosecond, never
 * waits and never allocates. Who counts need not know whether the number lies in a mapped file or
 * only in this process.
 *
 * <p>Only the writer that the counter was added for may update it: two threads would lose updates.
 * Several threads take a {@link StripedCounter}.
 */
public final class Counter implements AutoCloseable {
  /** The id of what has no place in the directory. */
  static final int NOWHERE = -1;

  private final CounterStore store;
  private final UnsafeBuffer values;
  private int id;
  private int offset;

  Counter(CounterStore store, int id, UnsafeBuffer values, int offset) {
    this.store = store;
    this.id = id;
    this.values = values;
    this.offset = offset;
  }

  /** Adds one. */
  public void increment() {
    add(1);
  }

  /**
   * Adds to the number.
   *
   * @param amount what to add; negative only for a gauge
   */
  public void add(long amount) {
    int at = offset;
    // Release: a reader that sees this update sees all that this thread counted before it.
    values.putLongRelease(at, values.getLong(at) + amount);
  }

  /**
   * Replaces the number.
   *
   * @param value the new one
   */
  public void set(long value) {
    // Release: as in add.
    values.putLongRelease(offset, value);
  }

  /**
   * Raises the number to a value, if it is lower.
   *
   * @param value the least it is to be
   */
  public void raiseTo(long value) {
    if (value > values.getLong(offset)) {
      set(value);
    }
  }

  /**
   * The number, for any thread.
   *
   * @return its newest value or one a moment old
   */
  public long value() {
    // Acquire: pairs with the release of the update.
    return values.getLongAcquire(offset);
  }

  /**
   * Where readers find it.
   *
   * @return its place in the directory, or -1 when there was none left and only {@link #value}
   *     shows it
   */
  public int id() {
    return id;
  }

  /**
   * Gives the place back, by the writer itself or when it has stopped. What is counted afterwards
   * goes nowhere.
   */
  @Override
  public void close() {
    int place = id;
    id = NOWHERE;
    offset = place == NOWHERE ? offset : store.discarded();
    store.freeCounter(place);
  }

  /** For what several threads update; the price is a locked instruction. */
  void addAtomically(long amount) {
    values.getAndAddLong(offset, amount);
  }
}
