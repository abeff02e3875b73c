package io.petrel.codecs;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The 24 bytes that open every datagram, read and written in place.
 *
 * <pre>
 *   0        8        16        20        22        23        24
 *   +--------+--------+---------+---------+---------+---------+
 *   |session |packet  |lowest   |datagram |version  |flags    | frames, then a trailer if flagged
 *   |id      |number  |awaited, |length   |         |         |
 *   |        |        |distance |         |         |         |
 *   +--------+--------+---------+---------+---------+---------+
 * </pre>
 *
 * Little endian. Session id, length and version keep their places in every version to come, so that
 * a datagram of another version can be answered. Nothing here checks what it reads; a datagram is
 * validated once, before anyone acts on it.
 */
public final class DatagramHeader {
  /** Bytes of the header. */
  public static final int LENGTH = 24;

  /** Datagram layout written by this code. */
  public static final int VERSION = 1;

  /** The largest datagram that UDP over IPv4 can carry. */
  public static final int MAXIMUM_DATAGRAM_LENGTH = 65_507;

  /** Flag: a CRC-32C of all bytes before it closes the datagram. */
  public static final int FLAG_CHECKSUM = 0x01;

  /** Flag: the frames are encrypted and an authentication tag closes the datagram. */
  public static final int FLAG_SEALED = 0x02;

  /** Flag: which of two successive keys sealed the datagram. */
  public static final int FLAG_KEY_PHASE = 0x04;

  /** All flags that have a meaning; a datagram with any other is refused. */
  public static final int KNOWN_FLAGS = FLAG_CHECKSUM | FLAG_SEALED | FLAG_KEY_PHASE;

  /** Bytes of the trailer that {@link #FLAG_CHECKSUM} announces. */
  public static final int CHECKSUM_LENGTH = 4;

  /** Bytes of the trailer that {@link #FLAG_SEALED} announces. */
  public static final int SEAL_LENGTH = 16;

  static final int SESSION_ID_OFFSET = 0;
  static final int PACKET_NUMBER_OFFSET = 8;
  static final int LOWEST_AWAITED_DISTANCE_OFFSET = 16;
  static final int DATAGRAM_LENGTH_OFFSET = 20;
  static final int VERSION_OFFSET = 22;
  static final int FLAGS_OFFSET = 23;

  private static final long MAXIMUM_DISTANCE = 0xFFFF_FFFFL;

  private DatagramHeader() {}

  /**
   * Writes a header. The length is written with it; a sender that does not know it yet calls {@link
   * #datagramLength(MutableDirectBuffer, int, int)} when it does.
   *
   * @param buffer to write to
   * @param offset of the datagram
   * @param sessionId that the receiver chose
   * @param packetNumber of this datagram, not negative
   * @param lowestAwaited lowest packet number whose ack the sender awaits, at most packetNumber
   * @param datagramLength of the whole datagram with its trailer
   * @param flags any of {@link #KNOWN_FLAGS}
   */
  public static void write(
      MutableDirectBuffer buffer,
      int offset,
      long sessionId,
      long packetNumber,
      long lowestAwaited,
      int datagramLength,
      int flags) {
    long distance = Math.min(packetNumber - lowestAwaited, MAXIMUM_DISTANCE);
    buffer.putLong(offset + SESSION_ID_OFFSET, sessionId, LITTLE_ENDIAN);
    buffer.putLong(offset + PACKET_NUMBER_OFFSET, packetNumber, LITTLE_ENDIAN);
    buffer.putLong(
        offset + LOWEST_AWAITED_DISTANCE_OFFSET,
        distance | (long) datagramLength << 32 | (long) VERSION << 48 | (long) flags << 56,
        LITTLE_ENDIAN);
  }

  /** Writes the length alone, when the last frame is in. */
  public static void datagramLength(MutableDirectBuffer buffer, int offset, int datagramLength) {
    buffer.putShort(offset + DATAGRAM_LENGTH_OFFSET, (short) datagramLength, LITTLE_ENDIAN);
  }

  /** The session, by the id that the datagram's receiver chose. */
  public static long sessionId(DirectBuffer buffer, int offset) {
    return buffer.getLong(offset + SESSION_ID_OFFSET, LITTLE_ENDIAN);
  }

  /** Number of the packet. */
  public static long packetNumber(DirectBuffer buffer, int offset) {
    return buffer.getLong(offset + PACKET_NUMBER_OFFSET, LITTLE_ENDIAN);
  }

  /**
   * Below this number the sender awaits no ack. May be lower than what the sender meant, when that
   * was more than 2^32 behind, and never higher.
   */
  public static long lowestAwaited(DirectBuffer buffer, int offset) {
    long distance =
        buffer.getInt(offset + LOWEST_AWAITED_DISTANCE_OFFSET, LITTLE_ENDIAN) & MAXIMUM_DISTANCE;
    // At its limit the distance says nothing but "far": all numbers are awaited.
    return distance == MAXIMUM_DISTANCE ? 0 : packetNumber(buffer, offset) - distance;
  }

  /** Bytes of the whole datagram, with header and trailer. */
  public static int datagramLength(DirectBuffer buffer, int offset) {
    return buffer.getShort(offset + DATAGRAM_LENGTH_OFFSET, LITTLE_ENDIAN) & 0xFFFF;
  }

  /** Version of the datagram's layout. */
  public static int version(DirectBuffer buffer, int offset) {
    return buffer.getByte(offset + VERSION_OFFSET) & 0xFF;
  }

  /** Flags of the datagram. */
  public static int flags(DirectBuffer buffer, int offset) {
    return buffer.getByte(offset + FLAGS_OFFSET) & 0xFF;
  }

  /** Bytes that follow the last frame of a datagram with these flags. */
  public static int trailerLength(int flags) {
    return ((flags & FLAG_CHECKSUM) != 0 ? CHECKSUM_LENGTH : 0)
        + ((flags & FLAG_SEALED) != 0 ? SEAL_LENGTH : 0);
  }
}
