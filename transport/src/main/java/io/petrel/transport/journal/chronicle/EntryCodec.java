package io.petrel.transport.journal.chronicle;

import io.petrel.codecs.Checksum;
import io.petrel.transport.journal.JournalEntry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.openhft.chronicle.bytes.Bytes;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * An entry as it lies in the queue, and the memory it passes through. Little endian.
 *
 * <pre>
 *    0  kind          byte: 1 range, 2 loss
 *    1  version       byte
 *    2  reserved      2 bytes, 0
 *    4  length        int, of the payload
 *    8  session id    long
 *   16  position      long
 *   24  end position  long
 *   32  time          long, nanoseconds since 1970
 *   40  stream        int
 *   44  first record  int
 *   48  payload       the range's bytes; of a loss none
 *    .  checksum      int, CRC-32C of all before it
 * </pre>
 */
final class EntryCodec {
  static final int VERSION = 1;
  static final int HEADER_LENGTH = 48;
  static final int MAX_LENGTH = HEADER_LENGTH + JournalEntry.MAX_LENGTH + Checksum.LENGTH;

  private static final byte RANGE = 1;
  private static final byte LOSS = 2;

  private static final int KIND = 0;
  private static final int VERSION_OFFSET = 1;
  private static final int RESERVED = 2;
  private static final int LENGTH = 4;
  private static final int SESSION = 8;
  private static final int POSITION = 16;
  private static final int END_POSITION = 24;
  private static final int TIME = 32;
  private static final int STREAM = 40;
  private static final int FIRST_RECORD = 44;

  private final Checksum checksum = new Checksum();
  private final ByteBuffer memory =
      ByteBuffer.allocateDirect(MAX_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
  private final UnsafeBuffer buffer = new UnsafeBuffer(memory);
  private final Bytes<?> bytes = Bytes.wrapForWrite(memory);

  EntryCodec() {
    bytes.singleThreadedCheckDisabled(true); // opened by one thread, used by another
  }

  /** The memory as the queue knows it. */
  Bytes<?> bytes() {
    return bytes;
  }

  /** Writes an entry into the memory; returns how long it is there. */
  int encode(JournalEntry entry, long timeNs) {
    int length = entry.length();
    buffer.putByte(KIND, entry.isLoss() ? LOSS : RANGE);
    buffer.putByte(VERSION_OFFSET, (byte) VERSION);
    buffer.putShort(RESERVED, (short) 0);
    buffer.putInt(LENGTH, length);
    buffer.putLong(SESSION, entry.sessionId());
    buffer.putLong(POSITION, entry.position());
    buffer.putLong(END_POSITION, entry.endPosition());
    buffer.putLong(TIME, timeNs);
    buffer.putInt(STREAM, entry.stream());
    buffer.putInt(FIRST_RECORD, entry.firstRecordOffset());
    buffer.putBytes(HEADER_LENGTH, entry.buffer(), entry.offset(), length);
    int total = HEADER_LENGTH + length + Checksum.LENGTH;
    checksum.close(buffer, 0, total);
    return total;
  }

  /** Whether so many bytes of the memory are a whole entry. */
  boolean isWhole(long total) {
    if (total < HEADER_LENGTH + Checksum.LENGTH
        || total > MAX_LENGTH
        || buffer.getInt(LENGTH) != total - HEADER_LENGTH - Checksum.LENGTH
        || !checksum.isIntact(buffer, 0, (int) total)) {
      return false;
    }
    long range = buffer.getLong(END_POSITION) - buffer.getLong(POSITION);
    return buffer.getByte(KIND) == LOSS ? range >= 0 : range == buffer.getInt(LENGTH);
  }

  /** The version of what is in the memory. */
  int version() {
    return buffer.getByte(VERSION_OFFSET) & 0xFF;
  }

  /** Shows what is in the memory, which is whole. */
  void show(JournalEntry entry) {
    long session = buffer.getLong(SESSION);
    long position = buffer.getLong(POSITION);
    long timeNs = buffer.getLong(TIME);
    int stream = buffer.getInt(STREAM);
    if (buffer.getByte(KIND) == LOSS) {
      entry.lost(session, stream, position, buffer.getLong(END_POSITION), timeNs);
    } else {
      entry
          .range(session, stream, position, timeNs, buffer.getInt(FIRST_RECORD))
          .bytes(buffer, HEADER_LENGTH, buffer.getInt(LENGTH));
    }
  }
}
