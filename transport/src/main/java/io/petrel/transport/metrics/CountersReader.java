package io.petrel.transport.metrics;

import static io.petrel.transport.metrics.MetricsLayout.*;

import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads an engine's metrics, in its own process or any other, without its noticing. Reading never
 * waits. What is found in the file is not trusted: an entry that makes no sense is left out.
 */
public final class CountersReader {
  private static final int READ_ATTEMPTS = 3;

  private final UnsafeBuffer buffer;
  private final MetricsLayout layout;

  CountersReader(UnsafeBuffer buffer, MetricsLayout layout) {
    this.buffer = buffer;
    this.layout = layout;
  }

  /**
   * Opens the file of an engine, running or not, for reading.
   *
   * @param file the metrics file
   * @return a reader, for any thread
   * @throws MetricsFileException when it cannot be read, is damaged, is something else, or was
   *     written by a version of another layout; the message says which
   */
  public static CountersReader open(Path file) {
    return MappedMetrics.open(file).reader();
  }

  /** Whether a number only grows. */
  public enum Kind {
    /** Only grows. */
    COUNTER,
    /** Goes up and down. */
    GAUGE,
    /** Counts of values by size. */
    HISTOGRAM
  }

  /**
   * One counter, gauge or histogram.
   *
   * @param id its place in its directory
   * @param generation how many have had that place so far
   * @param kind what it is
   * @param label what it counts, in words
   * @param typeId the same for all that count the same kind of thing
   * @param key which of those things
   * @param writer the thread that updates it, by a number of this file's own
   */
  public record Entry(
      int id, int generation, Kind kind, String label, int typeId, long key, int writer) {}

  /**
   * What several writers counted under one name.
   *
   * @param kind what it is
   * @param label what it counts, in words
   * @param typeId the same for all that count the same kind of thing
   * @param key which of those things
   * @param value the sum
   */
  public record Total(Kind kind, String label, int typeId, long key, long value) {}

  /** Takes an entry of the error log. */
  @FunctionalInterface
  public interface ErrorVisitor {
    /**
     * One distinct error.
     *
     * @param count how often it happened
     * @param firstMs when first, epoch milliseconds
     * @param lastMs when last, epoch milliseconds
     * @param text its stack trace
     */
    void onError(int count, long firstMs, long lastMs, String text);
  }

  /**
   * The process that writes or wrote this file.
   *
   * @return may be gone
   */
  public ProcessIdentity process() {
    return new ProcessIdentity(
        buffer.getLong(PROCESS_ID_OFFSET), buffer.getLong(PROCESS_START_OFFSET));
  }

  /**
   * When the engine started.
   *
   * @return epoch milliseconds
   */
  public long engineStartMs() {
    return buffer.getLong(ENGINE_START_OFFSET);
  }

  /**
   * When the engine last said that it runs.
   *
   * @return epoch milliseconds
   */
  public long heartbeatMs() {
    return buffer.getLongAcquire(HEARTBEAT_OFFSET);
  }

  /**
   * When the engine was closed in good order.
   *
   * @return epoch milliseconds, or 0 when it runs or has crashed
   */
  public long endMs() {
    return buffer.getLongAcquire(END_OFFSET);
  }

  /**
   * All counters and gauges.
   *
   * @return in the order of their places
   */
  public List<Entry> counters() {
    return entries(layout.counterDirectory, layout.counterCapacity, entry -> true);
  }

  /**
   * Counters and gauges with this label, several when it is striped by writer.
   *
   * @param label the exact words
   * @return in the order of their places
   */
  public List<Entry> countersLabelled(String label) {
    return entries(
        layout.counterDirectory, layout.counterCapacity, entry -> entry.label.equals(label));
  }

  /**
   * Counters and gauges of one type.
   *
   * @param typeId the type
   * @return in the order of their places
   */
  public List<Entry> countersOfType(int typeId) {
    return entries(
        layout.counterDirectory, layout.counterCapacity, entry -> entry.typeId == typeId);
  }

  /**
   * The counter or gauge at a place.
   *
   * @param id the place
   * @return null when there is none
   */
  public @Nullable Entry counter(int id) {
    boolean inside = id >= 0 && id < layout.counterCapacity;
    return inside ? entry(layout.counterDirectory, id) : null;
  }

  /**
   * The number of a counter or gauge.
   *
   * @param entry found before
   * @return its value now; ask {@link #isCurrent} afterwards when it was found long ago
   */
  public long value(Entry entry) {
    // Acquire: pairs with the release of the update.
    return buffer.getLongAcquire(layout.value(checkedId(entry)));
  }

  /**
   * Whether a place still belongs to what was found there.
   *
   * @param entry a counter or gauge found before
   * @return false once it was freed
   */
  public boolean isCurrent(Entry entry) {
    Entry now = counter(entry.id);
    return now != null && now.generation == entry.generation;
  }

  /**
   * All counters and gauges, those of one label, type and key summed over their writers.
   *
   * @return in the order of the first place of each
   */
  public List<Total> totals() {
    Map<Total, Long> sums = new LinkedHashMap<>();
    for (Entry entry : counters()) {
      Total name = new Total(entry.kind, entry.label, entry.typeId, entry.key, 0);
      sums.merge(name, value(entry), Long::sum);
    }
    List<Total> totals = new ArrayList<>();
    sums.forEach(
        (name, sum) -> totals.add(new Total(name.kind, name.label, name.typeId, name.key, sum)));
    return totals;
  }

  /**
   * The sum of all counters with a label.
   *
   * @param label the exact words
   * @return 0 when there is none
   */
  public long total(String label) {
    return countersLabelled(label).stream().mapToLong(this::value).sum();
  }

  /**
   * All histograms.
   *
   * @return in the order of their places
   */
  public List<Entry> histograms() {
    return entries(layout.histogramDirectory, layout.histogramCapacity, entry -> true);
  }

  /**
   * A reader of one histogram.
   *
   * @param entry found before
   * @return null when the place was given to another one since
   */
  public @Nullable HistogramReader histogram(Entry entry) {
    int at = layout.histogramDirectory + checkedId(entry) * ENTRY_LENGTH;
    HistogramArithmetic arithmetic = arithmeticOf(at);
    Entry now = entry(layout.histogramDirectory, entry.id);
    if (arithmetic == null || now == null || now.generation != entry.generation) {
      return null;
    }
    int head = layout.histograms + buffer.getInt(at + REGION_OFFSET_OFFSET);
    return new HistogramReader(buffer, head, arithmetic);
  }

  /**
   * Visits the distinct errors in the order in which they first happened.
   *
   * @param visitor takes each
   * @return how many there are
   */
  public int errors(ErrorVisitor visitor) {
    return ErrorLog.read(buffer, layout.errors, layout.errorLength, visitor);
  }

  private List<Entry> entries(int directory, int capacity, Predicate<Entry> wanted) {
    List<Entry> found = new ArrayList<>();
    for (int id = 0; id < capacity; id++) {
      Entry entry = entry(directory, id);
      if (entry != null && wanted.test(entry)) {
        found.add(entry);
      }
    }
    return found;
  }

  /** Reads an entry, again when it changed meanwhile. */
  private @Nullable Entry entry(int directory, int id) {
    int at = directory + id * ENTRY_LENGTH;
    for (int attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
      // Acquire: what follows was written before the state was.
      if (buffer.getIntAcquire(at + STATE_OFFSET) != IN_USE) {
        return null;
      }
      int generation = buffer.getInt(at + GENERATION_OFFSET);
      Entry entry = parse(at, id, generation);
      VarHandle.loadLoadFence(); // The second look must not come before the first.
      if (buffer.getIntAcquire(at + STATE_OFFSET) == IN_USE
          && buffer.getInt(at + GENERATION_OFFSET) == generation) {
        return entry;
      }
    }
    return null;
  }

  private @Nullable Entry parse(int at, int id, int generation) {
    boolean counts = at < layout.histogramDirectory;
    Kind kind =
        switch (buffer.getInt(at + KIND_OFFSET)) {
          case KIND_COUNTER -> counts ? Kind.COUNTER : null;
          case KIND_GAUGE -> counts ? Kind.GAUGE : null;
          case KIND_HISTOGRAM -> counts || arithmeticOf(at) == null ? null : Kind.HISTOGRAM;
          default -> null;
        };
    int length = buffer.getInt(at + LABEL_LENGTH_OFFSET);
    if (kind == null || length < 0 || length > LABEL_LIMIT) {
      return null;
    }
    byte[] label = new byte[length];
    buffer.getBytes(at + LABEL_OFFSET, label);
    return new Entry(
        id,
        generation,
        kind,
        new String(label, StandardCharsets.UTF_8),
        buffer.getInt(at + TYPE_OFFSET),
        buffer.getLong(at + KEY_OFFSET),
        buffer.getInt(at + WRITER_OFFSET));
  }

  private @Nullable HistogramArithmetic arithmeticOf(int at) {
    int digits = buffer.getInt(at + DIGITS_OFFSET);
    long highest = buffer.getLong(at + HIGHEST_VALUE_OFFSET);
    int offset = buffer.getInt(at + REGION_OFFSET_OFFSET);
    if (!HistogramArithmetic.isValid(highest, digits) || offset < 0 || offset % VALUE_LENGTH != 0) {
      return null;
    }
    HistogramArithmetic arithmetic = new HistogramArithmetic(highest, digits);
    boolean inside = arithmetic.length() <= (long) layout.histogramLength - offset;
    return inside ? arithmetic : null;
  }

  private int checkedId(Entry entry) {
    int capacity = entry.kind == Kind.HISTOGRAM ? layout.histogramCapacity : layout.counterCapacity;
    if (entry.id < 0 || entry.id >= capacity) {
      throw new IllegalArgumentException("no such place in this file: " + entry);
    }
    return entry.id;
  }
}
