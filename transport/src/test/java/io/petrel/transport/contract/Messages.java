package io.petrel.transport.contract;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Messages that show every damaged, swapped or missing byte: each says who sent it and which it is.
 */
final class Messages {
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  private Messages() {}

  /**
   * Fills the first {@code length} bytes with what message {@code number} of a sender looks like.
   */
  static void fill(UnsafeBuffer buffer, int sender, long number, int length) {
    long word = seed(sender, number);
    int at = 0;
    for (; at + Long.BYTES <= length; at += Long.BYTES) {
      buffer.putLong(at, word);
      word += SPREAD;
    }
    for (; at < length; at++) {
      buffer.putByte(at, (byte) (word >>> ((at & 7) * 8)));
    }
  }

  /** Fails with the first byte that is not as {@link #fill} makes it. */
  static void verify(
      DirectBuffer buffer, int offset, int length, int sender, long number, int expectedLength) {
    if (length != expectedLength) {
      throw new AssertionError(
          "message %d of sender %d is %d bytes long, not %d"
              .formatted(number, sender, length, expectedLength));
    }
    long word = seed(sender, number);
    int at = 0;
    for (; at + Long.BYTES <= length; at += Long.BYTES) {
      if (buffer.getLong(offset + at) != word) {
        throw damaged(sender, number, length, at);
      }
      word += SPREAD;
    }
    for (; at < length; at++) {
      if (buffer.getByte(offset + at) != (byte) (word >>> ((at & 7) * 8))) {
        throw damaged(sender, number, length, at);
      }
    }
  }

  /** The sender of a message of at least 8 bytes. */
  static int sender(DirectBuffer buffer, int offset) {
    return (int) (buffer.getLong(offset) >>> 48);
  }

  /** The number of a message of at least 8 bytes. */
  static long number(DirectBuffer buffer, int offset) {
    return buffer.getLong(offset) & 0xFFFF_FFFF_FFFFL;
  }

  private static long seed(int sender, long number) {
    return ((long) sender << 48) | number;
  }

  private static AssertionError damaged(int sender, long number, int length, int at) {
    return new AssertionError(
        "message %d of sender %d, %d bytes long, differs from byte %d on: lost, repeated, out of"
                .formatted(number, sender, length, at)
            + " order or torn");
  }
}
