package io.petrel.transport.ring;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Copies what is small by words: the JVM's bulk copy costs several nanoseconds before its first
 * byte, more than a whole message of 32 bytes should.
 */
public final class RingCopy {
  /** Up to this length words are faster than the bulk copy (measured, see the ring benchmarks). */
  private static final int WORDS_UP_TO_BYTES = 64;

  private RingCopy() {}

  /**
   * Copies; the two places do not overlap.
   *
   * @param source to copy from
   * @param sourceIndex in it
   * @param target to copy to
   * @param targetIndex in it
   * @param length in bytes
   */
  public static void copy(
      final DirectBuffer source,
      final int sourceIndex,
      final MutableDirectBuffer target,
      final int targetIndex,
      final int length) {
    if (length > WORDS_UP_TO_BYTES) {
      target.putBytes(targetIndex, source, sourceIndex, length);
    } else if (length >= Long.BYTES) {
      final int last = length - Long.BYTES;
      for (int i = 0; i < last; i += Long.BYTES) {
        target.putLong(targetIndex + i, source.getLong(sourceIndex + i));
      }
      // The last word ends at the last byte and may overlap the one before.
      target.putLong(targetIndex + last, source.getLong(sourceIndex + last));
    } else {
      copyBytes(source, sourceIndex, target, targetIndex, length);
    }
  }

  private static void copyBytes(
      final DirectBuffer source,
      final int sourceIndex,
      final MutableDirectBuffer target,
      final int targetIndex,
      final int length) {
    for (int i = 0; i < length; i++) {
      target.putByte(targetIndex + i, source.getByte(sourceIndex + i));
    }
  }
}
