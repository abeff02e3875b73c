package io.petrel.codecs;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * The parts of an SBE message, as far as bounds depend on them: the lengths of its block by
 * version, its groups, its variable data. Generated decoders trust the lengths that they read; so
 * before one is used, the message's shape is laid over the bytes and tells whether all parts lie
 * within them.
 *
 * <p>A version up to the one known has exactly the lengths known. A newer one may have longer
 * blocks and entries and more parts at the end.
 *
 * <p>Immutable. Tests hold each shape against its schema.
 */
final class MessageShape {
  /** How a schema writes the sizes of its groups. */
  enum Dimensions {
    /** Entry length and count of one byte each. */
    NARROW(1),
    /** Entry length and count of two bytes each. */
    WIDE(2);

    final int bytes;

    Dimensions(int bytes) {
      this.bytes = bytes;
    }

    private int read(DirectBuffer buffer, int offset) {
      return bytes == 1
          ? buffer.getByte(offset) & 0xFF
          : buffer.getShort(offset, LITTLE_ENDIAN) & 0xFFFF;
    }
  }

  private static final int VARIABLE_LENGTH_BYTES = 2;
  private static final MessageShape[] NO_GROUPS = {};
  private static final int[] NO_DATA = {};

  /** Index: version, from the first that has this message; the last holds for all later ones. */
  private final int[] blockLengths;

  private final int firstVersion;
  private final int maximumCount;
  private final MessageShape[] groups;
  private final int[] maximumDataLengths;
  private final boolean payload;

  private MessageShape(
      int[] blockLengths,
      int firstVersion,
      int maximumCount,
      MessageShape[] groups,
      int[] maximumDataLengths,
      boolean payload) {
    this.blockLengths = blockLengths;
    this.firstVersion = firstVersion;
    this.maximumCount = maximumCount;
    this.groups = groups;
    this.maximumDataLengths = maximumDataLengths;
    this.payload = payload;
  }

  /** A message with fixed fields only, there since version 0. */
  static MessageShape message(int blockLength) {
    return new MessageShape(new int[] {blockLength}, 0, 1, NO_GROUPS, NO_DATA, false);
  }

  /** A group of so many entries at most. */
  static MessageShape group(int entryLength, int maximumCount) {
    return new MessageShape(new int[] {entryLength}, 0, maximumCount, NO_GROUPS, NO_DATA, false);
  }

  /** The same message, there since a later version only. */
  MessageShape since(int version) {
    return new MessageShape(
        blockLengths, version, maximumCount, groups, maximumDataLengths, payload);
  }

  /** The same message, its block longer in the version that follows. */
  MessageShape thenBlock(int blockLength) {
    int[] longer = Arrays.copyOf(blockLengths, blockLengths.length + 1);
    longer[blockLengths.length] = blockLength;
    return new MessageShape(
        longer, firstVersion, maximumCount, groups, maximumDataLengths, payload);
  }

  /** The same message with one more group. */
  MessageShape with(MessageShape group) {
    MessageShape[] more = Arrays.copyOf(groups, groups.length + 1);
    more[groups.length] = group;
    return new MessageShape(
        blockLengths, firstVersion, maximumCount, more, maximumDataLengths, payload);
  }

  /** The same message with one more field of variable length. */
  MessageShape withData(int maximumLength) {
    int[] more = Arrays.copyOf(maximumDataLengths, maximumDataLengths.length + 1);
    more[maximumDataLengths.length] = maximumLength;
    return new MessageShape(blockLengths, firstVersion, maximumCount, groups, more, payload);
  }

  /** The same message, with bytes that follow it up to the end of what holds it. */
  MessageShape withPayload() {
    return new MessageShape(
        blockLengths, firstVersion, maximumCount, groups, maximumDataLengths, true);
  }

  /** Length of the block in a version; the newest known for those that are not known yet. */
  int blockLength(int version) {
    return blockLengths[Math.clamp(version - firstVersion, 0, blockLengths.length - 1)];
  }

  /** For people and for the tests that hold it against its schema. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("since ").append(firstVersion).append(' ').append(Arrays.toString(blockLengths));
    for (MessageShape group : groups) {
      text.append(" group(").append(group).append(" x ").append(group.maximumCount).append(')');
    }
    for (int maximumLength : maximumDataLengths) {
      text.append(" data(").append(maximumLength).append(')');
    }
    return text.append(payload ? " payload" : "").toString();
  }

  /**
   * Lays the shape over bytes.
   *
   * @param buffer holds the message
   * @param body where its block begins
   * @param end where the message ends, at least body
   * @param blockLength as its header says
   * @param version as its header says
   * @param knownVersion the newest that is known
   * @param dimensions of its schema's groups
   * @return {@link Rejection#NONE} or why not
   */
  int check(
      DirectBuffer buffer,
      int body,
      int end,
      int blockLength,
      int version,
      int knownVersion,
      Dimensions dimensions) {
    boolean exact = version <= knownVersion;
    int known = blockLength(version);
    if (version < firstVersion || (exact ? blockLength != known : blockLength < known)) {
      return Rejection.BLOCK_LENGTH;
    }
    if (blockLength > end - body) {
      return Rejection.FRAME_LENGTH;
    }
    int position = walk(buffer, body + blockLength, end, version, exact, dimensions);
    if (position < 0) {
      return position;
    }
    return position == end || payload || !exact ? Rejection.NONE : Rejection.FRAME_LENGTH;
  }

  /** From the end of a block over its groups and data; returns where they end or a rejection. */
  private int walk(
      DirectBuffer buffer, int start, int end, int version, boolean exact, Dimensions dimensions) {
    int position = start;
    for (MessageShape group : groups) {
      position = group.walkEntries(buffer, position, end, version, exact, dimensions);
      if (position < 0) {
        return position;
      }
    }
    for (int maximumLength : maximumDataLengths) {
      if (end - position < VARIABLE_LENGTH_BYTES) {
        return Rejection.VARIABLE_DATA;
      }
      int length = buffer.getShort(position, LITTLE_ENDIAN) & 0xFFFF;
      position += VARIABLE_LENGTH_BYTES;
      if (length > maximumLength || length > end - position) {
        return Rejection.VARIABLE_DATA;
      }
      position += length;
    }
    return position;
  }

  private int walkEntries(
      DirectBuffer buffer, int start, int end, int version, boolean exact, Dimensions dimensions) {
    if (end - start < 2 * dimensions.bytes) {
      return Rejection.GROUP;
    }
    int entryLength = dimensions.read(buffer, start);
    int count = dimensions.read(buffer, start + dimensions.bytes);
    int known = blockLength(version);
    if (count > maximumCount || (exact ? entryLength != known : entryLength < known)) {
      return Rejection.GROUP;
    }
    int position = start + 2 * dimensions.bytes;
    boolean flat = groups.length == 0 && maximumDataLengths.length == 0;
    if (flat) {
      return entryLength * count > end - position
          ? Rejection.GROUP
          : position + entryLength * count;
    }
    for (int i = 0; i < count; i++) {
      if (entryLength > end - position) {
        return Rejection.GROUP;
      }
      position = walk(buffer, position + entryLength, end, version, exact, dimensions);
      if (position < 0) {
        return position;
      }
    }
    return position;
  }
}
