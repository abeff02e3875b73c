package io.petrel.transport.metrics;

import static org.agrona.BitUtil.align;

import org.agrona.DirectBuffer;

/**
 * Where things stand in a metrics file. Everything is in the machine's byte order: the file is for
 * processes of this machine only. Regions begin on page bounds.
 *
 * <pre>
 *        0  magic "PETRELMX"           8 bytes, written last: a file with it is complete
 *        8  layout version             int
 *       12  counter capacity           int, a multiple of 16
 *       16  histogram capacity         int, directory entries
 *       20  histogram region length    int, bytes
 *       24  error log length           int, bytes
 *       32  file length                long
 *       40  process id                 long
 *       48  process start              long, see {@link ProcessIdentity}
 *       56  engine start               long, epoch milliseconds
 *       64  heartbeat                  long, epoch milliseconds, written by the engine
 *       72  end                        long, epoch milliseconds, 0 while it runs
 *
 *     4096  counter directory          capacity x 256 bytes
 *        .  counter values             capacity x 8 bytes; 16 neighbours, 128 bytes, have one writer
 *        .  histogram directory        capacity x 256 bytes
 *        .  histogram region           each: 128 bytes of head, then 8 bytes a bucket
 *        .  error log                  as Agrona's DistinctErrorLog writes it
 *
 *   an entry of either directory
 *        0  state                      int: 0 never used, 1 in use, 2 freed; written last
 *        4  type id                    int
 *        8  key                        long, such as a session id
 *       16  reusable from              long, epoch milliseconds, while freed
 *       24  generation                 int, counts the uses of this entry
 *       28  writer                     int, who alone updates the value
 *       32  kind                       int: 1 counter (only grows), 2 gauge, 3 histogram
 *       36  region offset              int, histograms: from the histogram region's start
 *       40  highest trackable value    long, histograms
 *       48  significant digits         int, histograms
 *       52  label length               int, bytes
 *       56  label                      UTF-8, at most 200 bytes
 *
 *   a histogram's head
 *        0  values above the highest   long; counted in the last bucket as well
 *        8  values below zero          long; counted in the first bucket as well
 * </pre>
 */
final class MetricsLayout {
  /** The letters PETRELMX as a little-endian number. */
  static final long MAGIC = 0x584D4C4552544550L;

  static final int VERSION = 1;

  static final int MAGIC_OFFSET = 0;
  static final int VERSION_OFFSET = 8;
  static final int COUNTER_CAPACITY_OFFSET = 12;
  static final int HISTOGRAM_CAPACITY_OFFSET = 16;
  static final int HISTOGRAM_LENGTH_OFFSET = 20;
  static final int ERROR_LENGTH_OFFSET = 24;
  static final int FILE_LENGTH_OFFSET = 32;
  static final int PROCESS_ID_OFFSET = 40;
  static final int PROCESS_START_OFFSET = 48;
  static final int ENGINE_START_OFFSET = 56;
  static final int HEARTBEAT_OFFSET = 64;
  static final int END_OFFSET = 72;

  static final int HEADER_LENGTH = 4096;
  static final int PAGE_LENGTH = 4096;

  static final int ENTRY_LENGTH = 256;
  static final int STATE_OFFSET = 0;
  static final int TYPE_OFFSET = 4;
  static final int KEY_OFFSET = 8;
  static final int REUSABLE_FROM_OFFSET = 16;
  static final int GENERATION_OFFSET = 24;
  static final int WRITER_OFFSET = 28;
  static final int KIND_OFFSET = 32;
  static final int REGION_OFFSET_OFFSET = 36;
  static final int HIGHEST_VALUE_OFFSET = 40;
  static final int DIGITS_OFFSET = 48;
  static final int LABEL_LENGTH_OFFSET = 52;
  static final int LABEL_OFFSET = 56;
  static final int LABEL_LIMIT = ENTRY_LENGTH - LABEL_OFFSET;

  static final int UNUSED = 0;
  static final int IN_USE = 1;
  static final int FREED = 2;

  static final int KIND_COUNTER = 1;
  static final int KIND_GAUGE = 2;
  static final int KIND_HISTOGRAM = 3;

  /** Two cache lines: the neighbour of a line is fetched along with it on x86. */
  static final int PADDING_LENGTH = 128;

  static final int VALUE_LENGTH = 8;
  static final int VALUES_PER_BLOCK = PADDING_LENGTH / VALUE_LENGTH;

  static final int SATURATED_OFFSET = 0;
  static final int NEGATIVE_OFFSET = 8;
  static final int HISTOGRAM_HEAD_LENGTH = PADDING_LENGTH;

  final int counterCapacity;
  final int histogramCapacity;
  final int histogramLength;
  final int errorLength;
  final int counterDirectory;
  final int values;
  final int histogramDirectory;
  final int histograms;
  final int errors;
  final int length;

  MetricsLayout(int counterCapacity, int histogramCapacity, int histogramLength, int errorLength) {
    this.counterCapacity = align(counterCapacity, VALUES_PER_BLOCK);
    this.histogramCapacity = histogramCapacity;
    this.histogramLength = histogramLength;
    this.errorLength = errorLength;
    long end = HEADER_LENGTH;
    counterDirectory = (int) end;
    end = pages(end + (long) this.counterCapacity * ENTRY_LENGTH);
    values = (int) end;
    end = pages(end + (long) this.counterCapacity * VALUE_LENGTH);
    histogramDirectory = (int) end;
    end = pages(end + (long) histogramCapacity * ENTRY_LENGTH);
    histograms = (int) end;
    end = pages(end + histogramLength);
    errors = (int) end;
    end = pages(end + errorLength);
    if (counterCapacity < VALUES_PER_BLOCK
        || histogramCapacity < 0
        || histogramLength < 0
        || errorLength < 0
        || end > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "no metrics file has %d counters, %d histograms in %d bytes and %d bytes of errors: "
                  .formatted(counterCapacity, histogramCapacity, histogramLength, errorLength)
              + "at least 16 counters, none negative, 2 GiB in all");
    }
    length = (int) end;
  }

  /** The layout a file declares in its header. */
  static MetricsLayout declaredBy(DirectBuffer header) {
    return new MetricsLayout(
        header.getInt(COUNTER_CAPACITY_OFFSET),
        header.getInt(HISTOGRAM_CAPACITY_OFFSET),
        header.getInt(HISTOGRAM_LENGTH_OFFSET),
        header.getInt(ERROR_LENGTH_OFFSET));
  }

  int counterEntry(int id) {
    return counterDirectory + id * ENTRY_LENGTH;
  }

  int value(int id) {
    return values + id * VALUE_LENGTH;
  }

  int histogramEntry(int id) {
    return histogramDirectory + id * ENTRY_LENGTH;
  }

  private static long pages(long length) {
    return align(length, PAGE_LENGTH);
  }
}
