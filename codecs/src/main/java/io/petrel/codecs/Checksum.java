package io.petrel.codecs;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * CRC-32C over a range of a buffer, on the heap or off it, without allocation.
 *
 * <p>The JDK's own implementation is by far the fastest and takes arrays and byte buffers only. So
 * for each byte buffer met, up to {@value #VIEWS} of them, a view is kept and moved over the range.
 * A buffer made from a bare address has neither; its bytes are taken one by one, which is slow.
 *
 * <p>For one thread.
 */
public final class Checksum {
  /** Bytes it takes at the end of a datagram. */
  public static final int LENGTH = DatagramHeader.CHECKSUM_LENGTH;

  private static final int VIEWS = 8;
  private static final int POLYNOMIAL_REVERSED = 0x82F6_3B78;
  private static final int[] TABLE = table();

  private final CRC32C crc = new CRC32C();
  private final @Nullable ByteBuffer[] sources = new ByteBuffer[VIEWS];
  private final @Nullable ByteBuffer[] views = new ByteBuffer[VIEWS];
  private int nextView;

  /** Creates one for one thread. */
  public Checksum() {}

  /** The CRC-32C of a range. */
  public int compute(DirectBuffer buffer, int offset, int length) {
    byte[] array = buffer.byteArray();
    if (array != null) {
      crc.reset();
      crc.update(array, buffer.wrapAdjustment() + offset, length);
      return (int) crc.getValue();
    }
    ByteBuffer source = buffer.byteBuffer();
    if (source == null) {
      return computeByteByByte(buffer, offset, length);
    }
    ByteBuffer view = view(source);
    int start = buffer.wrapAdjustment() + offset;
    view.limit(start + length).position(start);
    crc.reset();
    crc.update(view);
    return (int) crc.getValue();
  }

  /** Closes a datagram: writes into its last four bytes the CRC-32C of all before them. */
  public void close(MutableDirectBuffer buffer, int offset, int length) {
    int covered = length - LENGTH;
    buffer.putInt(offset + covered, compute(buffer, offset, covered), LITTLE_ENDIAN);
  }

  /** Whether the last four bytes of a datagram are the CRC-32C of all before them. */
  public boolean isIntact(DirectBuffer buffer, int offset, int length) {
    int covered = length - LENGTH;
    return buffer.getInt(offset + covered, LITTLE_ENDIAN) == compute(buffer, offset, covered);
  }

  // Two byte buffers of equal content are still two places in memory.
  @SuppressWarnings("ReferenceEquality")
  private ByteBuffer view(ByteBuffer source) {
    for (int i = 0; i < VIEWS; i++) {
      ByteBuffer view = views[i];
      if (sources[i] == source && view != null) {
        return view;
      }
    }
    ByteBuffer view = source.duplicate();
    sources[nextView] = source;
    views[nextView] = view;
    nextView = (nextView + 1) % VIEWS;
    return view;
  }

  private static int computeByteByByte(DirectBuffer buffer, int offset, int length) {
    int register = -1;
    for (int i = offset; i < offset + length; i++) {
      register = TABLE[(register ^ buffer.getByte(i)) & 0xFF] ^ register >>> 8;
    }
    return ~register;
  }

  private static int[] table() {
    int[] table = new int[256];
    for (int value = 0; value < table.length; value++) {
      int register = value;
      for (int bit = 0; bit < 8; bit++) {
        register = register >>> 1 ^ ((register & 1) != 0 ? POLYNOMIAL_REVERSED : 0);
      }
      table[value] = register;
    }
    return table;
  }
}
