package io.petrel.transport.metrics;

import static io.petrel.transport.metrics.MetricsLayout.*;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Gives out places in the two directories and takes them back. Everything here is the control path,
 * under one lock; what is given out works without it.
 *
 * <p>A freed place is not given out again before {@link #REUSE_GUARD_MS} has passed, so that a
 * reader which found it by its label does not take the next one's number for it. Sixteen
 * neighbouring counters belong to one writer, as long as one of them is in use.
 */
final class CounterStore {
  /** Longer than any reader takes from reading an entry to reading its value. */
  static final long REUSE_GUARD_MS = 1_000;

  private static final int NO_WRITER = 0;

  private final UnsafeBuffer buffer;
  private final MetricsLayout layout;
  private final EpochClock clock;
  private final int[] blockWriters;
  private final ThreadSlots threadSlots = new ThreadSlots(this);
  private final Counter refused;
  private int writers = NO_WRITER;
  private int histogramsUsed;
  private int histogramBytesUsed;

  CounterStore(UnsafeBuffer buffer, MetricsLayout layout, EpochClock clock) {
    this.buffer = buffer;
    this.layout = layout;
    this.clock = clock;
    this.blockWriters = new int[layout.counterCapacity / VALUES_PER_BLOCK];
    // The first block is nobody's: there goes what is counted after a counter was closed.
    blockWriters[0] = newWriter();
    // Updated under this store's lock, by whatever thread holds it.
    this.refused =
        blockWriters.length == 1
            ? standaloneCounter()
            : add(newWriter(), KIND_COUNTER, "metrics refused: no room", MetricTypes.REFUSED, 0);
  }

  static CounterStore local(MetricsLayout layout, EpochClock clock) {
    return new CounterStore(standalone(layout.length), layout, clock);
  }

  synchronized int newWriter() {
    return ++writers;
  }

  ThreadSlots threadSlots() {
    return threadSlots;
  }

  CountersReader reader() {
    return new CountersReader(buffer, layout);
  }

  /** Offset of the number that nobody reads. */
  int discarded() {
    return layout.value(0);
  }

  synchronized Counter add(int writer, int kind, String label, int typeId, long key) {
    int id = findPlace(writer);
    if (id == Counter.NOWHERE) {
      refused.increment();
      return standaloneCounter();
    }
    buffer.putLongRelease(layout.value(id), 0);
    publish(layout.counterEntry(id), writer, kind, label, typeId, key);
    return new Counter(this, id, buffer, layout.value(id));
  }

  synchronized MappedHistogram addHistogram(
      int writer, String label, int typeId, long key, HistogramArithmetic arithmetic) {
    int id = findHistogramPlace(arithmetic);
    if (id == Counter.NOWHERE) {
      if (layout.histogramCapacity > 0) {
        refused.increment();
      }
      return new MappedHistogram(this, id, arithmetic, standalone(arithmetic.length()), 0);
    }
    int entry = layout.histogramEntry(id);
    int head = layout.histograms + buffer.getInt(entry + REGION_OFFSET_OFFSET);
    buffer.setMemory(head, arithmetic.length(), (byte) 0);
    publish(entry, writer, KIND_HISTOGRAM, label, typeId, key);
    return new MappedHistogram(this, id, arithmetic, buffer, head);
  }

  synchronized void freeCounter(int id) {
    if (id == Counter.NOWHERE) {
      return;
    }
    free(layout.counterEntry(id));
    int block = id / VALUES_PER_BLOCK;
    for (int i = 0; i < VALUES_PER_BLOCK; i++) {
      if (stateOf(layout.counterEntry(block * VALUES_PER_BLOCK + i)) == IN_USE) {
        return;
      }
    }
    blockWriters[block] = NO_WRITER;
  }

  synchronized void freeHistogram(int id) {
    if (id != Counter.NOWHERE) {
      free(layout.histogramEntry(id));
    }
  }

  private int findPlace(int writer) {
    int id = findPlaceInBlocksOf(writer, writer);
    return id != Counter.NOWHERE ? id : findPlaceInBlocksOf(NO_WRITER, writer);
  }

  private int findPlaceInBlocksOf(int owner, int writer) {
    for (int block = 0; block < blockWriters.length; block++) {
      if (blockWriters[block] == owner) {
        int first = block * VALUES_PER_BLOCK;
        for (int id = first; id < first + VALUES_PER_BLOCK; id++) {
          if (isReusable(layout.counterEntry(id))) {
            blockWriters[block] = writer;
            return id;
          }
        }
      }
    }
    return Counter.NOWHERE;
  }

  private int findHistogramPlace(HistogramArithmetic arithmetic) {
    for (int id = 0; id < histogramsUsed; id++) {
      int entry = layout.histogramEntry(id);
      if (isReusable(entry)
          && buffer.getLong(entry + HIGHEST_VALUE_OFFSET) == arithmetic.highestValue
          && buffer.getInt(entry + DIGITS_OFFSET) == arithmetic.digits) {
        return id;
      }
    }
    int length = arithmetic.length();
    if (histogramsUsed == layout.histogramCapacity
        || length > layout.histogramLength - histogramBytesUsed) {
      return Counter.NOWHERE;
    }
    int id = histogramsUsed++;
    int entry = layout.histogramEntry(id);
    buffer.putInt(entry + REGION_OFFSET_OFFSET, histogramBytesUsed);
    buffer.putLong(entry + HIGHEST_VALUE_OFFSET, arithmetic.highestValue);
    buffer.putInt(entry + DIGITS_OFFSET, arithmetic.digits);
    histogramBytesUsed += org.agrona.BitUtil.align(length, PADDING_LENGTH);
    return id;
  }

  private boolean isReusable(int entry) {
    int state = stateOf(entry);
    return state == UNUSED
        || (state == FREED && clock.time() >= buffer.getLong(entry + REUSABLE_FROM_OFFSET));
  }

  private int stateOf(int entry) {
    return buffer.getInt(entry + STATE_OFFSET);
  }

  private void free(int entry) {
    buffer.putLong(entry + REUSABLE_FROM_OFFSET, clock.time() + REUSE_GUARD_MS);
    buffer.putIntRelease(entry + STATE_OFFSET, FREED); // Release: after the time it is guarded to.
  }

  private void publish(int entry, int writer, int kind, String label, int typeId, long key) {
    buffer.putInt(entry + TYPE_OFFSET, typeId);
    buffer.putLong(entry + KEY_OFFSET, key);
    buffer.putInt(entry + GENERATION_OFFSET, buffer.getInt(entry + GENERATION_OFFSET) + 1);
    buffer.putInt(entry + WRITER_OFFSET, writer);
    buffer.putInt(entry + KIND_OFFSET, kind);
    byte[] text = label.getBytes(StandardCharsets.UTF_8);
    int length = cutAtCharacter(text);
    buffer.putInt(entry + LABEL_LENGTH_OFFSET, length);
    buffer.putBytes(entry + LABEL_OFFSET, text, 0, length);
    buffer.putIntRelease(entry + STATE_OFFSET, IN_USE); // Release: after all else of the entry.
  }

  private static int cutAtCharacter(byte[] text) {
    int length = Math.min(text.length, LABEL_LIMIT);
    // In UTF-8 the bytes of a character but its first have the top bits 10.
    while (length < text.length && (text[length] & 0xC0) == 0x80) {
      length--;
    }
    return length;
  }

  private Counter standaloneCounter() {
    return new Counter(this, Counter.NOWHERE, standalone(PADDING_LENGTH), 0);
  }

  private static UnsafeBuffer standalone(int length) {
    // Direct memory, since arrays are not aligned to 8 bytes under compact object headers.
    return new UnsafeBuffer(ByteBuffer.allocateDirect(length));
  }
}
