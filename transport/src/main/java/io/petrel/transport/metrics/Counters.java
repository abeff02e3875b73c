package io.petrel.transport.metrics;

import org.agrona.concurrent.SystemEpochClock;

/**
 * The counters and histograms of one writing thread. They lie side by side, and no other thread
 * writes within 128 bytes of them.
 *
 * <p>Adding and freeing may happen on any thread and take a lock; updating is for the writer alone.
 * When the file has no room left, what is added still counts, but only {@link Counter#value} and
 * {@link MappedHistogram#snapshot} show it, and the counter {@code metrics refused} says how often.
 */
public final class Counters {
  /** Enough for a simulated endpoint, and small enough to have a thousand of those. */
  private static final int LOCAL_CAPACITY = 256;

  private final CounterStore store;
  private final int writer;

  Counters(CounterStore store, int writer) {
    this.store = store;
    this.writer = writer;
  }

  /**
   * Counters within this process only, without a file: for simulations and tests.
   *
   * @return room for some hundred
   */
  public static Counters local() {
    CounterStore store =
        CounterStore.local(new MetricsLayout(LOCAL_CAPACITY, 0, 0, 0), SystemEpochClock.INSTANCE);
    return new Counters(store, store.newWriter());
  }

  /**
   * Adds a number that only grows.
   *
   * @param label what it counts, in words; longer than 200 bytes of UTF-8 it is cut
   * @param typeId the same for all that count the same kind of thing
   * @return starts at 0
   */
  public Counter add(String label, int typeId) {
    return add(label, typeId, 0);
  }

  /**
   * Adds a number that only grows.
   *
   * @param label what it counts, in words; longer than 200 bytes of UTF-8 it is cut
   * @param typeId the same for all that count the same kind of thing
   * @param key which of those things, for example a session id
   * @return starts at 0
   */
  public Counter add(String label, int typeId, long key) {
    return store.add(writer, MetricsLayout.KIND_COUNTER, label, typeId, key);
  }

  /**
   * Adds a number that goes up and down.
   *
   * @param label what it shows, in words; longer than 200 bytes of UTF-8 it is cut
   * @param typeId the same for all that show the same kind of thing
   * @param key which of those things, for example a session id
   * @return starts at 0
   */
  public Counter addGauge(String label, int typeId, long key) {
    return store.add(writer, MetricsLayout.KIND_GAUGE, label, typeId, key);
  }

  /**
   * Adds a number that any thread may add to.
   *
   * @param label what it counts, in words; longer than 200 bytes of UTF-8 it is cut
   * @param typeId the same for all that count the same kind of thing
   * @param key which of those things
   * @return starts at 0
   */
  public StripedCounter addStriped(String label, int typeId, long key) {
    return new StripedCounter(store, label, typeId, key);
  }

  /**
   * Adds a histogram.
   *
   * @param label what it shows, in words, with the unit
   * @param typeId the same for all that show the same kind of thing
   * @param key which of those things
   * @param highestValue larger values count as this one
   * @param digits how many decimal digits are told apart, 2 or 3
   * @return empty
   */
  public MappedHistogram addHistogram(
      String label, int typeId, long key, long highestValue, int digits) {
    return store.addHistogram(
        writer, label, typeId, key, new HistogramArithmetic(highestValue, digits));
  }

  /**
   * The counters of another thread.
   *
   * @return an empty set of its own
   */
  public Counters forAnotherWriter() {
    return new Counters(store, store.newWriter());
  }

  /**
   * Reads what has been added here and by all other writers of the same file.
   *
   * @return a reader, for any thread
   */
  public CountersReader reader() {
    return store.reader();
  }
}
