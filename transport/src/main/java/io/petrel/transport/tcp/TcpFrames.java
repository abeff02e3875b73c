package io.petrel.transport.tcp;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What travels over a connection, all of it little endian. First each side says who it is:
 *
 * <pre>
 *    0               4       5       6               8
 *   +---------------+-------+-------+---------------+-------------------------------+
 *   | magic         |version| kind  | reason        | session id                    |
 *   +---------------+-------+-------+---------------+---------------+---------------+
 *   | ring capacity | streams       | idle timeout in ms            | reserved      |
 *   +---------------+---------------+-------------------------------+---------------+
 *   16              20              24                              28              32
 * </pre>
 *
 * The side that connected says HELLO and waits for WELCOME, whose values are binding, or REFUSAL.
 * Then frames, each with the same header:
 *
 * <pre>
 *    0               4       5               8               12              16
 *   +---------------+-------+---------------+---------------+---------------+--------------+
 *   | length        | type  | reserved      | stream        | extra         | position u64 |
 *   +---------------+-------+---------------+---------------+---------------+--------------+
 *     of what follows the header
 * </pre>
 *
 * <ul>
 *   <li>OPEN: a publication begins on the stream, at position 0.
 *   <li>DATA: the bytes of its ring from the position on.
 *   <li>ACK: of what the peer published, everything below the position is in the ring here, and
 *       extra bytes of it are not read yet: the window ends at position - extra + capacity.
 *   <li>FIN: the publication was closed; the position is its end.
 *   <li>STOP: nobody reads the stream here any more; it may be opened again.
 *   <li>ALIVE: nothing else was said for a while.
 *   <li>GOODBYE: the session ends; nothing follows.
 * </ul>
 */
final class TcpFrames {
  static final int VERSION = 1;
  static final int HELLO_LENGTH = 32;
  static final int HELLO = 1;
  static final int WELCOME = 2;
  static final int REFUSAL = 3;

  static final int REFUSED_VERSION = 1;
  static final int REFUSED_LIMIT = 2;
  static final int REFUSED_BY_FILTER = 3;
  static final int REFUSED_VALUES = 4;

  static final int HEADER_LENGTH = 24;
  static final int OPEN = 1;
  static final int DATA = 2;
  static final int ACK = 3;
  static final int FIN = 4;
  static final int STOP = 5;
  static final int GOODBYE = 6;
  static final int ALIVE = 7;

  private static final int MAGIC = 0x5054_434C; // "LCTP", as it stands on the wire
  private static final int VERSION_OFFSET = 4;
  private static final int KIND_OFFSET = 5;
  private static final int REASON_OFFSET = 6;
  private static final int SESSION_OFFSET = 8;
  private static final int RING_OFFSET = 16;
  private static final int STREAMS_OFFSET = 20;
  private static final int IDLE_OFFSET = 24;

  private static final int TYPE_OFFSET = 4;
  private static final int STREAM_OFFSET = 8;
  private static final int EXTRA_OFFSET = 12;
  private static final int POSITION_OFFSET = 16;

  private TcpFrames() {}

  static void putHello(
      MutableDirectBuffer buffer, int offset, int kind, int reason, TcpTerms terms) {
    buffer.putInt(offset, MAGIC, LITTLE_ENDIAN);
    buffer.putByte(offset + VERSION_OFFSET, (byte) VERSION);
    buffer.putByte(offset + KIND_OFFSET, (byte) kind);
    buffer.putShort(offset + REASON_OFFSET, (short) reason, LITTLE_ENDIAN);
    buffer.putLong(offset + SESSION_OFFSET, terms.sessionId(), LITTLE_ENDIAN);
    buffer.putInt(offset + RING_OFFSET, terms.ringCapacity(), LITTLE_ENDIAN);
    buffer.putInt(offset + STREAMS_OFFSET, terms.streams(), LITTLE_ENDIAN);
    buffer.putLong(offset + IDLE_OFFSET, terms.idleTimeoutMs(), LITTLE_ENDIAN);
  }

  static boolean isHello(DirectBuffer buffer, int offset) {
    return buffer.getInt(offset, LITTLE_ENDIAN) == MAGIC;
  }

  static int version(DirectBuffer buffer, int offset) {
    return buffer.getByte(offset + VERSION_OFFSET);
  }

  static int kind(DirectBuffer buffer, int offset) {
    return buffer.getByte(offset + KIND_OFFSET);
  }

  static int reason(DirectBuffer buffer, int offset) {
    return buffer.getShort(offset + REASON_OFFSET, LITTLE_ENDIAN);
  }

  static TcpTerms terms(DirectBuffer buffer, int offset) {
    return new TcpTerms(
        buffer.getLong(offset + SESSION_OFFSET, LITTLE_ENDIAN),
        buffer.getInt(offset + RING_OFFSET, LITTLE_ENDIAN),
        buffer.getInt(offset + STREAMS_OFFSET, LITTLE_ENDIAN),
        buffer.getInt(offset + IDLE_OFFSET, LITTLE_ENDIAN));
  }

  static void putHeader(
      MutableDirectBuffer buffer,
      int offset,
      int type,
      int length,
      int stream,
      int extra,
      long position) {
    buffer.putInt(offset, length, LITTLE_ENDIAN);
    buffer.putInt(offset + TYPE_OFFSET, type, LITTLE_ENDIAN);
    buffer.putInt(offset + STREAM_OFFSET, stream, LITTLE_ENDIAN);
    buffer.putInt(offset + EXTRA_OFFSET, extra, LITTLE_ENDIAN);
    buffer.putLong(offset + POSITION_OFFSET, position, LITTLE_ENDIAN);
  }

  static int length(DirectBuffer buffer, int offset) {
    return buffer.getInt(offset, LITTLE_ENDIAN);
  }

  static int type(DirectBuffer buffer, int offset) {
    return buffer.getByte(offset + TYPE_OFFSET);
  }

  static int stream(DirectBuffer buffer, int offset) {
    return buffer.getInt(offset + STREAM_OFFSET, LITTLE_ENDIAN);
  }

  static int extra(DirectBuffer buffer, int offset) {
    return buffer.getInt(offset + EXTRA_OFFSET, LITTLE_ENDIAN);
  }

  static long position(DirectBuffer buffer, int offset) {
    return buffer.getLong(offset + POSITION_OFFSET, LITTLE_ENDIAN);
  }
}
