package io.petrel.bench.rig;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What every message of a rig carries, so that a lost, repeated, reordered, torn or damaged one is
 * caught.
 *
 * <pre>
 *   0        8        16       24
 *   +--------+--------+--------+-----------------------------------------+
 *   |sequence|checksum|time ns | body: a pattern that the sequence alters |
 *   +--------+--------+--------+-----------------------------------------+
 * </pre>
 *
 * The sequence is also written at the start of each further 64 bytes, so that no two messages are
 * alike in any cache line; the checksum is over everything but itself.
 */
final class Payload {
  static final int MINIMUM_LENGTH = 24;

  private static final int CHECKSUM_OFFSET = 8;
  private static final int TIME_OFFSET = 16;
  private static final int LINE_LENGTH = 64;
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

  private Payload() {}

  /** Fills the part of a message that stays the same from one to the next. */
  static void fill(MutableDirectBuffer buffer, int length) {
    for (int i = MINIMUM_LENGTH; i < length; i++) {
      buffer.putByte(i, (byte) (i * 31));
    }
  }

  /** Makes the prepared buffer message number {@code sequence}. */
  static void stamp(MutableDirectBuffer buffer, int length, long sequence, long timeNs) {
    buffer.putLong(0, sequence);
    buffer.putLong(TIME_OFFSET, timeNs);
    for (int i = LINE_LENGTH; i + Long.BYTES <= length; i += LINE_LENGTH) {
      buffer.putLong(i, sequence * MIX);
    }
    buffer.putLong(CHECKSUM_OFFSET, checksum(buffer, 0, length));
  }

  static long sequence(DirectBuffer buffer, int offset) {
    return buffer.getLong(offset);
  }

  static long timeNs(DirectBuffer buffer, int offset) {
    return buffer.getLong(offset + TIME_OFFSET);
  }

  static boolean intact(DirectBuffer buffer, int offset, int length) {
    return length >= MINIMUM_LENGTH
        && buffer.getLong(offset + CHECKSUM_OFFSET) == checksum(buffer, offset, length);
  }

  /** A sum of words by four lanes, so that a core adds them side by side. */
  private static long checksum(DirectBuffer buffer, int offset, int length) {
    long a = buffer.getLong(offset) * MIX;
    long b = buffer.getLong(offset + TIME_OFFSET);
    long c = length;
    long d = 0;
    int i = MINIMUM_LENGTH;
    for (; i + 32 <= length; i += 32) {
      a += buffer.getLong(offset + i);
      b += buffer.getLong(offset + i + 8);
      c += buffer.getLong(offset + i + 16);
      d += buffer.getLong(offset + i + 24);
    }
    for (; i + 8 <= length; i += 8) {
      d = Long.rotateLeft(d, 9) + buffer.getLong(offset + i);
    }
    for (; i < length; i++) {
      d = Long.rotateLeft(d, 9) + buffer.getByte(offset + i);
    }
    return (a ^ Long.rotateLeft(b, 17)) + (c ^ Long.rotateLeft(d, 31)) * MIX;
  }
}
