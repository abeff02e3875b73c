package io.petrel.transport.metrics;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.SystemEpochClock;

/**
 * The metrics file of one engine: its counters, histograms and error log, mapped, so that other
 * processes can read them while the engine runs and after it has crashed.
 *
 * <p>An orderly {@link #close} removes the file. What a crash leaves is recognised by its dead
 * process; the newest few are kept for inspection, the rest is removed when another engine starts.
 */
public final class CountersFile implements AutoCloseable {
  private static final AtomicInteger ENGINES = new AtomicInteger();

  private final Path path;
  private final MappedMetrics metrics;
  private final EpochClock clock;
  private final Counters counters;
  private final ErrorLog errorLog;

  private CountersFile(Path path, MappedMetrics metrics, EpochClock clock) {
    this.path = path;
    this.metrics = metrics;
    this.clock = clock;
    CounterStore store = new CounterStore(metrics.buffer(), metrics.layout(), clock);
    this.counters = new Counters(store, store.newWriter());
    this.errorLog =
        new ErrorLog(
            metrics.buffer(),
            metrics.layout().errors,
            metrics.layout().errorLength,
            clock,
            counters.forAnotherWriter());
  }

  /**
   * Creates a file of its own name in a directory.
   *
   * @param directory as {@link MetricsDirectory#defaultDirectory}; created when missing
   * @param capacity what the file has room for
   * @return the file, mapped
   * @throws MetricsFileException when it cannot be created, which includes a full file system
   */
  public static CountersFile createIn(Path directory, MetricsCapacity capacity) {
    ProcessIdentity process = ProcessIdentity.own();
    Path file = MetricsDirectory.nameFor(directory, process, ENGINES.incrementAndGet());
    return create(file, capacity, process, SystemEpochClock.INSTANCE);
  }

  /**
   * Creates a file of a given name, in the place of one that a dead process left.
   *
   * @param file its path; missing directories are created
   * @param capacity what the file has room for
   * @return the file, mapped
   * @throws MetricsFileException when it cannot be created: the file system is full, a living
   *     process has that file, or it is no metrics file or a damaged one
   */
  public static CountersFile create(Path file, MetricsCapacity capacity) {
    return create(file, capacity, ProcessIdentity.own(), SystemEpochClock.INSTANCE);
  }

  static CountersFile create(
      Path file, MetricsCapacity capacity, ProcessIdentity process, EpochClock clock) {
    Path directory = MetricsDirectory.of(file);
    MetricsDirectory.prepare(directory);
    MetricsLayout layout = capacity.layout();
    MappedMetrics metrics =
        MetricsDirectory.alone(
            directory,
            () -> {
              MetricsDirectory.reclaim(directory);
              makeWay(file);
              return MappedMetrics.create(file, layout, process, clock.time());
            });
    return new CountersFile(file, metrics, clock);
  }

  private static void makeWay(Path file) {
    if (!Files.exists(file)) {
      return;
    }
    ProcessIdentity owner = CountersReader.open(file).process();
    if (owner.isAlive()) {
      throw new MetricsFileException(
          "the metrics file '%s' is in use by process %d: choose another name or directory"
              .formatted(file, owner.pid()));
    }
    MetricsDirectory.delete(file);
  }

  /**
   * Where it lies.
   *
   * @return its path
   */
  public Path path() {
    return path;
  }

  /**
   * The counters of the engine's thread.
   *
   * @return the same set each time
   */
  public Counters counters() {
    return counters;
  }

  /**
   * Where errors go.
   *
   * @return for any thread
   */
  public ErrorLog errorLog() {
    return errorLog;
  }

  /**
   * Reads this file, from within its own process.
   *
   * @return a reader, for any thread
   */
  public CountersReader reader() {
    return metrics.reader();
  }

  /**
   * Says that the engine runs; about once a second, by its thread.
   *
   * @param nowMs epoch milliseconds
   */
  public void heartbeat(long nowMs) {
    // Release: what was counted before is seen by who sees the heartbeat.
    metrics.buffer().putLongRelease(MetricsLayout.HEARTBEAT_OFFSET, nowMs);
  }

  /**
   * Marks the end and removes the file. Counters that are still updated stay harmless: the memory
   * is given back when nothing refers to it any more.
   */
  @Override
  public void close() {
    // Release: who has the file open sees the last counts when it sees the end.
    metrics.buffer().putLongRelease(MetricsLayout.END_OFFSET, clock.time());
    MetricsDirectory.delete(path);
  }
}
