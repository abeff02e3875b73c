package io.petrel.multicast.join;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What a late reader and a journal's keeper say to each other, over any channel that is reliable
 * and in order. Little endian.
 *
 * <pre>
 *   request                                   chunk
 *    0  session id      long                   0  position        long, of the first byte
 *    8  from            long                   8  end             long, behind the last
 *   16  to              long                  16  request number  int
 *   24  stream          int                   20  kind            int: 1 bytes, 2 not recorded
 *   28  request number  int                   24  the bytes
 *   32  kind            int, of "from"
 *   36  most bytes      int, of a chunk
 * </pre>
 *
 * A request takes the place of the one before it; a request of nothing ends it.
 */
final class ReplayMessages {
  static final int REQUEST_LENGTH = 40;
  static final int CHUNK_HEADER = 24;

  static final int BYTES = 1;
  static final int NOT_RECORDED = 2;

  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final int SESSION = 0;
  private static final int FROM = 8;
  private static final int TO = 16;
  private static final int STREAM = 24;
  private static final int NUMBER = 28;
  private static final int POINT_KIND = 32;
  private static final int MOST = 36;

  private static final int POSITION = 0;
  private static final int END = 8;
  private static final int CHUNK_NUMBER = 16;
  private static final int KIND = 20;

  private ReplayMessages() {}

  static void request(
      MutableDirectBuffer buffer,
      long sessionId,
      int stream,
      int number,
      JoinPoint from,
      long to,
      int mostBytes) {
    buffer.putLong(SESSION, sessionId, ORDER);
    buffer.putLong(FROM, from.value(), ORDER);
    buffer.putLong(TO, to, ORDER);
    buffer.putInt(STREAM, stream, ORDER);
    buffer.putInt(NUMBER, number, ORDER);
    buffer.putInt(POINT_KIND, from.kind().ordinal(), ORDER);
    buffer.putInt(MOST, mostBytes, ORDER);
  }

  static long sessionId(DirectBuffer buffer, int offset) {
    return buffer.getLong(offset + SESSION, ORDER);
  }

  static long from(DirectBuffer buffer, int offset) {
    return buffer.getLong(offset + FROM, ORDER);
  }

  static long to(DirectBuffer buffer, int offset) {
    return buffer.getLong(offset + TO, ORDER);
  }

  static int stream(DirectBuffer buffer, int offset) {
    return buffer.getInt(offset + STREAM, ORDER);
  }

  static int number(DirectBuffer buffer, int offset) {
    return buffer.getInt(offset + NUMBER, ORDER);
  }

  static int pointKind(DirectBuffer buffer, int offset) {
    return buffer.getInt(offset + POINT_KIND, ORDER);
  }

  static int mostBytes(DirectBuffer buffer, int offset) {
    return buffer.getInt(offset + MOST, ORDER);
  }

  static void chunk(MutableDirectBuffer buffer, long position, long end, int number, int kind) {
    buffer.putLong(POSITION, position, ORDER);
    buffer.putLong(END, end, ORDER);
    buffer.putInt(CHUNK_NUMBER, number, ORDER);
    buffer.putInt(KIND, kind, ORDER);
  }

  static long position(DirectBuffer buffer, int offset) {
    return buffer.getLong(offset + POSITION, ORDER);
  }

  static long end(DirectBuffer buffer, int offset) {
    return buffer.getLong(offset + END, ORDER);
  }

  static int chunkNumber(DirectBuffer buffer, int offset) {
    return buffer.getInt(offset + CHUNK_NUMBER, ORDER);
  }

  static int kind(DirectBuffer buffer, int offset) {
    return buffer.getInt(offset + KIND, ORDER);
  }
}
