package io.petrel.transport.simulation;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Messages whose lengths and bytes follow from a seed and their number alone, so that whoever knows
 * the seed can tell what the n-th message of a stream must be, without keeping any.
 *
 * <pre>
 *   +-----------------+-----------------+-----+--------------+
 *   | number (8 B)    | word 1 (8 B)    | ... | rest (&lt; 8 B) |   shorter messages are cut
 *   +-----------------+-----------------+-----+--------------+
 * </pre>
 */
public final class MessagePattern {
  private static final long WORD_STEP = 0xd1342543de82ef95L; // odd: every word of a message differs

  private final long seed;
  private final int least;
  private final int most;

  /**
   * A pattern.
   *
   * @param seed tells streams apart
   * @param least length of the shortest message
   * @param most length of the longest message
   */
  public MessagePattern(long seed, int least, int most) {
    if (least < 0 || most < least) {
      throw new IllegalArgumentException("no lengths from " + least + " to " + most);
    }
    this.seed = SeededRandom.mix(seed);
    this.least = least;
    this.most = most;
  }

  /** Bytes of the message with a number. */
  public int length(long number) {
    if (least == most) {
      return least;
    }
    long spread = (long) most - least + 1;
    return least + (int) Math.unsignedMultiplyHigh(SeededRandom.mix(~seed ^ number), spread);
  }

  /** The longest message there can be. */
  public int lengthLimit() {
    return most;
  }

  /**
   * Writes a message.
   *
   * @param number which, from 0
   * @return its length
   */
  public int write(long number, MutableDirectBuffer buffer, int offset) {
    int length = length(number);
    long word = number;
    int index = 0;
    for (; index + Long.BYTES <= length; index += Long.BYTES) {
      buffer.putLong(offset + index, word, ByteOrder.LITTLE_ENDIAN);
      word = wordAfter(index, number, word);
    }
    for (; index < length; index++) {
      buffer.putByte(offset + index, (byte) word);
      word >>>= Byte.SIZE;
    }
    return length;
  }

  /** Whether some bytes are the message with a number. */
  public boolean matches(long number, DirectBuffer buffer, int offset, int length) {
    if (length != length(number)) {
      return false;
    }
    long word = number;
    long difference = 0;
    int index = 0;
    for (; index + Long.BYTES <= length; index += Long.BYTES) {
      difference |= word ^ buffer.getLong(offset + index, ByteOrder.LITTLE_ENDIAN);
      word = wordAfter(index, number, word);
    }
    for (; index < length; index++) {
      difference |= (byte) word ^ buffer.getByte(offset + index);
      word >>>= Byte.SIZE;
    }
    return difference == 0;
  }

  private long wordAfter(int index, long number, long word) {
    return index == 0 ? SeededRandom.mix(seed + number) : word + WORD_STEP;
  }

  /** The number that some bytes claim to be the message of; -1 when they are too short to say. */
  public static long claimedNumber(DirectBuffer buffer, int offset, int length) {
    return length < Long.BYTES ? -1 : buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN);
  }
}
