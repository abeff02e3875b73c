package io.petrel.codecs;

import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Builds datagrams for tests, frame by frame, by the generated encoders. */
final class Datagrams {
  private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(512);
  private long sessionId = 0x1122_3344_5566_7788L;
  private int end = DatagramHeader.LENGTH;

  static Datagrams datagram() {
    return new Datagrams();
  }

  Datagrams sessionId(long sessionId) {
    this.sessionId = sessionId;
    return this;
  }

  /** Something that encodes one frame at an offset and says where it ends. */
  interface Frame {
    int encode(ExpandableArrayBuffer buffer, int offset);
  }

  /** Appends a frame; its length is set from what it says. */
  Datagrams frame(Frame frame) {
    int frameEnd = frame.encode(buffer, end);
    buffer.putShort(end, (short) (frameEnd - end), ByteOrder.LITTLE_ENDIAN);
    // The flags, which no generated encoder writes.
    buffer.putByte(end + FrameHeader.LENGTH - 1, (byte) 0);
    end = frameEnd;
    return this;
  }

  /** Appends bytes as they are. */
  Datagrams bytes(byte... bytes) {
    buffer.putBytes(end, bytes);
    end += bytes.length;
    return this;
  }

  /** Appends a frame of nothing but a header and a body of zeroes. */
  Datagrams raw(int templateId, int schemaId, int block, int version, int flags, int length) {
    byte[] frame = new byte[length];
    UnsafeBuffer view = new UnsafeBuffer(frame);
    FrameHeader.write(view, 0, FrameHeader.of(templateId, block, version, flags), length);
    view.putByte(5, (byte) schemaId);
    return bytes(frame);
  }

  byte[] build() {
    return build(0);
  }

  byte[] build(int flags) {
    int length = end + DatagramHeader.trailerLength(flags);
    byte[] bytes = new byte[length];
    buffer.getBytes(0, bytes, 0, end);
    UnsafeBuffer datagram = new UnsafeBuffer(bytes);
    DatagramHeader.write(datagram, 0, sessionId, 1_000_000, 999_990, length, flags);
    if (flags == DatagramHeader.FLAG_CHECKSUM) {
      new Checksum().close(datagram, 0, length);
    }
    return bytes;
  }

  /** The same datagram with the 32-bit word at an offset of its first frame's body replaced. */
  static byte[] withInt(byte[] datagram, int bodyOffset, int value) {
    byte[] changed = datagram.clone();
    new UnsafeBuffer(changed)
        .putInt(
            DatagramHeader.LENGTH + FrameHeader.LENGTH + bodyOffset,
            value,
            ByteOrder.LITTLE_ENDIAN);
    return changed;
  }

  /** The same with a 64-bit word. */
  static byte[] withLong(byte[] datagram, int bodyOffset, long value) {
    return withInt(
        withInt(datagram, bodyOffset, (int) value), bodyOffset + 4, (int) (value >>> 32));
  }

  static int validate(byte[] datagram) {
    return validate(datagram, datagram.length);
  }

  /** Validates in a buffer of exactly that length, so that a byte too far is an exception. */
  static int validate(byte[] datagram, int length) {
    byte[] exact = Arrays.copyOf(datagram, length);
    return new DatagramValidator().validate(new UnsafeBuffer(exact), 0, length);
  }
}
