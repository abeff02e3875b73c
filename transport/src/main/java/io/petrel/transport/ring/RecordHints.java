package io.petrel.transport.ring;

import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * For each block of the ring, where the first record that begins in it begins, so that the first
 * record of any range is found in a few steps: a datagram sent again must say it as well.
 *
 * <p>Written by whoever publishes records, before the position that covers them is released; read
 * by the engine after it acquired that position. A ring frees memory in whole blocks, so an entry
 * is never replaced while a byte of its block can still be asked for.
 */
final class RecordHints {
  /** 512 bytes: at most 64 steps within a block, and a table of 1.6 % of the ring. */
  private static final int BLOCK_SHIFT = 9;

  static final int BLOCK_BYTES = 1 << BLOCK_SHIFT;

  private static final long NONE = -1;

  private final long[] starts;
  private final int blockMask;

  RecordHints(final int capacity) {
    starts = new long[capacity >> BLOCK_SHIFT];
    blockMask = starts.length - 1;
    Arrays.fill(starts, NONE);
  }

  /** Everything below the result is in blocks that hold no byte at or above the position. */
  static long wholeBlocks(final long position) {
    return position & -BLOCK_BYTES;
  }

  /** Notes that a record begins here; records are noted in order. */
  void note(final long position) {
    final int block = (int) (position >>> BLOCK_SHIFT) & blockMask;
    if ((starts[block] ^ position) >>> BLOCK_SHIFT != 0) {
      starts[block] = position;
    }
  }

  /**
   * Offset from the position to the first record that begins in the range, or -1. The range is
   * published and not yet freed, so the records walked over are our own and well formed.
   */
  int firstRecordOffset(
      final DirectBuffer ring, final int mask, final long position, final int length) {
    final long end = position + length;
    for (long block = position >>> BLOCK_SHIFT; block << BLOCK_SHIFT < end; block++) {
      long start = starts[(int) block & blockMask];
      if (start >>> BLOCK_SHIFT == block) {
        while (start < position) {
          start += RecordLayout.alignedLength(ring.getInt((int) start & mask));
        }
        return start < end ? (int) (start - position) : -1;
      }
    }
    return -1;
  }

  /**
   * Where the record begins that holds the byte at the position; the position itself when a record
   * begins or will begin there. Everything from the floor on is published and not yet freed, and
   * the floor is at most a block below the beginning of a record.
   */
  long recordStart(final DirectBuffer ring, final int mask, final long position, final long floor) {
    for (long block = position >>> BLOCK_SHIFT; block << BLOCK_SHIFT >= floor; block--) {
      long start = starts[(int) block & blockMask];
      if (start >>> BLOCK_SHIFT == block && start <= position) {
        long next = start;
        while (next <= position) {
          start = next;
          if (start == position) {
            break;
          }
          next = start + RecordLayout.alignedLength(ring.getInt((int) start & mask));
        }
        return start;
      }
    }
    return position;
  }
}
