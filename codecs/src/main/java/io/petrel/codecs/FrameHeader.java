package io.petrel.codecs;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The 8 bytes that open every frame, as one long: SBE's message header with the frame's own length
 * in front.
 *
 * <pre>
 *   0        2        4         5        6         7        8
 *   +--------+--------+---------+--------+---------+--------+
 *   |frame   |block   |template |schema  |version  |flags   | block, groups, variable data, payload
 *   |length  |length  |id       |id      |         |        |
 *   +--------+--------+---------+--------+---------+--------+
 * </pre>
 *
 * A sender keeps the upper 48 bits as a constant, made by {@link #of}, and writes a whole header by
 * one store. The generated {@code FrameHeaderEncoder} and the frames' own {@code
 * wrapAndApplyHeader} write the same bytes field by field, without the frame's length and flags.
 */
public final class FrameHeader {
  /** Bytes of the header. */
  public static final int LENGTH = 8;

  /** Schema id of Petrel's own frames. */
  public static final int SCHEMA_ID = 1;

  /**
   * Flag: a receiver that does not know this frame, or this version of it, refuses the datagram.
   */
  public static final int FLAG_MUST_UNDERSTAND = 0x01;

  private FrameHeader() {}

  /**
   * A header without its length, to be kept in a constant and given to {@link #write}.
   *
   * @param templateId kind of frame
   * @param blockLength bytes of its fixed fields
   * @param version of the schema it is written by
   * @param flags {@link #FLAG_MUST_UNDERSTAND} or 0
   */
  public static long of(int templateId, int blockLength, int version, int flags) {
    return (long) blockLength << 16
        | (long) templateId << 32
        | (long) SCHEMA_ID << 40
        | (long) version << 48
        | (long) flags << 56;
  }

  /**
   * Writes a header.
   *
   * @param header made by {@link #of}
   * @param frameLength of the whole frame with this header, at most 65,535
   */
  public static void write(MutableDirectBuffer buffer, int offset, long header, int frameLength) {
    buffer.putLong(offset, header | frameLength, LITTLE_ENDIAN);
  }

  /** The whole header at an offset; the methods below take it apart. */
  public static long read(DirectBuffer buffer, int offset) {
    return buffer.getLong(offset, LITTLE_ENDIAN);
  }

  /** Bytes of the whole frame with its header. */
  public static int frameLength(long header) {
    return (int) header & 0xFFFF;
  }

  /** Bytes of the frame's fixed fields. */
  public static int blockLength(long header) {
    return (int) header >>> 16;
  }

  /** Kind of frame. */
  public static int templateId(long header) {
    return (int) (header >>> 32) & 0xFF;
  }

  /** Schema that the template id belongs to. */
  public static int schemaId(long header) {
    return (int) (header >>> 40) & 0xFF;
  }

  /** Version of the schema that the frame was written by. */
  public static int version(long header) {
    return (int) (header >>> 48) & 0xFF;
  }

  /** Flags of the frame. */
  public static int flags(long header) {
    return (int) (header >>> 56);
  }
}
