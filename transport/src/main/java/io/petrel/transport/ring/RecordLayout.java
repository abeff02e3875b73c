package io.petrel.transport.ring;

import java.nio.ByteOrder;

/**
 * How a record lies in a ring, and therefore on the wire: Agrona's ring buffer layout, little
 * endian, every record beginning at a multiple of 8.
 *
 * <pre>
 *    0               4               8
 *   +---------------+---------------+----------------+---------+
 *   | length        | type          | payload        | to 8    |
 *   +---------------+---------------+----------------+---------+
 *     header and payload, without what aligns the next record
 * </pre>
 *
 * A record never crosses the end of the ring: a padding record fills what is left and the record
 * begins at the ring's first byte. The payload's trailing bytes, up to the alignment, mean nothing.
 */
public final class RecordLayout {
  /** Length of the header in bytes. */
  public static final int HEADER_LENGTH = 8;

  /** Every record begins at a multiple of this many bytes. */
  public static final int ALIGNMENT = 8;

  /** Type of a record that carries an application's message. */
  public static final int TYPE_MESSAGE = 1;

  /** Type of the record that fills the end of the ring; it ends exactly there. */
  public static final int TYPE_PADDING = -1;

  /** Type of a record whose claim was aborted or abandoned: readers pass over it. */
  public static final int TYPE_SKIP = -2;

  /** Smallest capacity of a ring in bytes. */
  public static final int MIN_CAPACITY = 4 * 1024;

  /** Largest capacity of a ring in bytes. */
  public static final int MAX_CAPACITY = 1 << 30;

  /** No ring goes beyond this position; at 10 GB/s it is reached in 14 years. */
  public static final long MAX_POSITION = 1L << 62;

  /** The largest message is this fraction of the capacity. */
  static final int MESSAGES_PER_CAPACITY = 8;

  static {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw new IllegalStateException(
          "rings are little endian and so must the machine be, this one is "
              + ByteOrder.nativeOrder());
    }
  }

  private RecordLayout() {}

  /**
   * Largest payload that a ring takes.
   *
   * @param capacity of the ring
   * @return bytes of payload
   */
  public static int maxMessageLength(final int capacity) {
    return capacity / MESSAGES_PER_CAPACITY;
  }

  /**
   * Bytes that a record takes in the ring.
   *
   * @param recordLength header and payload
   * @return the same, rounded up to the alignment
   */
  public static int alignedLength(final int recordLength) {
    return (recordLength + (ALIGNMENT - 1)) & -ALIGNMENT;
  }

  /**
   * Bytes that a message takes in the ring.
   *
   * @param payloadLength of the message
   * @return header and payload, rounded up to the alignment
   */
  public static int requiredLength(final int payloadLength) {
    return alignedLength(payloadLength + HEADER_LENGTH);
  }

  /**
   * The header's eight bytes as one little endian word.
   *
   * @param recordLength header and payload
   * @param type of the record
   * @return the word
   */
  public static long header(final int recordLength, final int type) {
    return ((long) type << Integer.SIZE) | (recordLength & 0xFFFF_FFFFL);
  }

  /**
   * The length in a header's word.
   *
   * @param header word
   * @return header and payload in bytes; from a peer it may be any value
   */
  public static int recordLength(final long header) {
    return (int) header;
  }

  /**
   * The type in a header's word.
   *
   * @param header word
   * @return type; from a peer it may be any value
   */
  public static int type(final long header) {
    return (int) (header >>> Integer.SIZE);
  }

  /**
   * Judges a header that may come from a hostile peer, before anyone acts on it.
   *
   * @param header word
   * @param index of the record in the ring, a multiple of 8 within the capacity
   * @param capacity of the ring
   * @return 0, or the named reason ({@link RingResult#BAD_RECORD_LENGTH} and its neighbours)
   */
  static int check(final long header, final int index, final int capacity) {
    final int length = recordLength(header);
    if (length < HEADER_LENGTH || length > maxMessageLength(capacity) + HEADER_LENGTH) {
      return RingResult.BAD_RECORD_LENGTH;
    }
    final int type = type(header);
    if (type == TYPE_MESSAGE || type == TYPE_SKIP) {
      return alignedLength(length) > capacity - index ? RingResult.RECORD_ACROSS_WRAP : 0;
    }
    if (type == TYPE_PADDING) {
      return length != capacity - index ? RingResult.BAD_PADDING : 0;
    }
    return RingResult.BAD_RECORD_TYPE;
  }

  static int checkedCapacity(final int capacity) {
    if (capacity < MIN_CAPACITY || capacity > MAX_CAPACITY || Integer.bitCount(capacity) != 1) {
      throw new IllegalArgumentException(
          "ring capacity "
              + capacity
              + " is not a power of two from "
              + MIN_CAPACITY
              + " to "
              + MAX_CAPACITY
              + " bytes");
    }
    return capacity;
  }

  static long checkedPosition(final long position) {
    if (position < 0 || position > MAX_POSITION || (position & (ALIGNMENT - 1)) != 0) {
      throw new IllegalArgumentException(
          "ring position " + position + " is not a multiple of 8 from 0 to " + MAX_POSITION);
    }
    return position;
  }
}
