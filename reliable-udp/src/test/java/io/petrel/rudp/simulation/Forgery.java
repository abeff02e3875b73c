package io.petrel.rudp.simulation;

import io.petrel.codecs.Checksum;
import io.petrel.codecs.DatagramHeader;
import io.petrel.codecs.FrameHeader;
import io.petrel.codecs.wire.AckFrameEncoder;
import io.petrel.codecs.wire.BlockedFrameEncoder;
import io.petrel.codecs.wire.CloseFrameEncoder;
import io.petrel.codecs.wire.CloseMode;
import io.petrel.codecs.wire.CloseReason;
import io.petrel.codecs.wire.PathChallengeFrameEncoder;
import io.petrel.codecs.wire.PathResponseFrameEncoder;
import io.petrel.codecs.wire.PingFrameEncoder;
import io.petrel.codecs.wire.StreamEndFrameEncoder;
import io.petrel.codecs.wire.StreamFrameEncoder;
import io.petrel.codecs.wire.StreamOpenFrameEncoder;
import io.petrel.codecs.wire.StreamReason;
import io.petrel.codecs.wire.StreamResetFrameEncoder;
import io.petrel.codecs.wire.StreamStopFrameEncoder;
import io.petrel.codecs.wire.WindowFrameEncoder;
import java.util.function.IntUnaryOperator;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One datagram of whatever frames, by the real encoders, with values that no honest sender writes.
 * {@link #close} puts header and checksum on it.
 */
final class Forgery {
  private static final int CAPACITY = DatagramHeader.MAXIMUM_DATAGRAM_LENGTH;
  private static final int NO_RECORD = 0xFFFF;
  private static final int RANGE_LENGTH = 8;
  private static final int GROUP_HEADER_LENGTH = 2;
  private static final int CLOSE_STREAM_LENGTH = 12;

  final UnsafeBuffer buffer = new UnsafeBuffer(new byte[CAPACITY]);
  int length = DatagramHeader.LENGTH;
  private final Checksum checksum = new Checksum();
  private int frameVersion = StreamFrameEncoder.SCHEMA_VERSION;
  private int frameFlags;

  private int body() {
    return length + FrameHeader.LENGTH;
  }

  private Forgery frame(int template, int blockLength, int bodyLength) {
    long header = FrameHeader.of(template, blockLength, frameVersion, frameFlags);
    FrameHeader.write(buffer, length, header, FrameHeader.LENGTH + bodyLength);
    length += FrameHeader.LENGTH + bodyLength;
    return this;
  }

  /** Frames from here on are of another version, or must be understood. */
  Forgery frames(int version, int flags) {
    frameVersion = version;
    frameFlags = flags;
    return this;
  }

  /** A frame of any kind with so many zeroes in it. */
  Forgery anyFrame(int template, int bodyLength) {
    buffer.setMemory(body(), bodyLength, (byte) 0);
    return frame(template, bodyLength, bodyLength);
  }

  Forgery ping() {
    return frame(PingFrameEncoder.TEMPLATE_ID, 0, 0);
  }

  /** Bytes of a stream: the n-th is {@code bytes.applyAsInt(n)}. */
  Forgery stream(int id, long position, int count, IntUnaryOperator bytes) {
    new StreamFrameEncoder()
        .wrap(buffer, body())
        .position(position)
        .streamId(id)
        .firstRecord(NO_RECORD);
    int payload = body() + StreamFrameEncoder.BLOCK_LENGTH;
    for (int i = 0; i < count; i++) {
      buffer.putByte(payload + i, (byte) bytes.applyAsInt(i));
    }
    return frame(
        StreamFrameEncoder.TEMPLATE_ID,
        StreamFrameEncoder.BLOCK_LENGTH,
        StreamFrameEncoder.BLOCK_LENGTH + count);
  }

  /** A record's header, as it stands in a ring, in front of zeroes. */
  Forgery record(int id, long position, int recordLength, int type, int count) {
    return stream(
        id,
        position,
        count,
        i -> i < 4 ? recordLength >> (8 * i) : i < 8 ? type >> (8 * (i - 4)) : 0);
  }

  /** Ranges by pairs: missing, received. */
  Forgery ack(
      long largest, long firstRange, long delayNs, int stream, long contiguous, int... ranges) {
    AckFrameEncoder ack =
        new AckFrameEncoder()
            .wrap(buffer, body())
            .largest(largest)
            .contiguousPosition(contiguous)
            .delayNs(delayNs)
            .firstRange(firstRange)
            .streamId(stream);
    int count = ranges.length / 2;
    AckFrameEncoder.RangesEncoder group = ack.rangesCount(count);
    for (int i = 0; i < count; i++) {
      group
          .next()
          .missing(Integer.toUnsignedLong(ranges[2 * i]))
          .received(Integer.toUnsignedLong(ranges[2 * i + 1]));
    }
    return frame(
        AckFrameEncoder.TEMPLATE_ID,
        AckFrameEncoder.BLOCK_LENGTH,
        AckFrameEncoder.BLOCK_LENGTH + GROUP_HEADER_LENGTH + count * RANGE_LENGTH);
  }

  Forgery window(int id, long readPosition, long contiguous, long windowBytes) {
    new WindowFrameEncoder()
        .wrap(buffer, body())
        .readPosition(readPosition)
        .contiguousPosition(contiguous)
        .windowBytes(windowBytes)
        .streamId(id);
    return frame(
        WindowFrameEncoder.TEMPLATE_ID,
        WindowFrameEncoder.BLOCK_LENGTH,
        WindowFrameEncoder.BLOCK_LENGTH);
  }

  Forgery blocked(int id, long position) {
    new BlockedFrameEncoder().wrap(buffer, body()).position(position).streamId(id);
    return frame(
        BlockedFrameEncoder.TEMPLATE_ID,
        BlockedFrameEncoder.BLOCK_LENGTH,
        BlockedFrameEncoder.BLOCK_LENGTH);
  }

  Forgery challenge(long data) {
    new PathChallengeFrameEncoder().wrap(buffer, body()).data(data);
    return frame(PathChallengeFrameEncoder.TEMPLATE_ID, Long.BYTES, Long.BYTES);
  }

  Forgery response(long data) {
    new PathResponseFrameEncoder().wrap(buffer, body()).data(data);
    return frame(PathResponseFrameEncoder.TEMPLATE_ID, Long.BYTES, Long.BYTES);
  }

  Forgery open(int id, long ringCapacity) {
    new StreamOpenFrameEncoder().wrap(buffer, body()).streamId(id).ringCapacity(ringCapacity);
    return frame(
        StreamOpenFrameEncoder.TEMPLATE_ID,
        StreamOpenFrameEncoder.BLOCK_LENGTH,
        StreamOpenFrameEncoder.BLOCK_LENGTH);
  }

  Forgery end(int id, long position) {
    new StreamEndFrameEncoder().wrap(buffer, body()).finalPosition(position).streamId(id);
    return frame(
        StreamEndFrameEncoder.TEMPLATE_ID,
        StreamEndFrameEncoder.BLOCK_LENGTH,
        StreamEndFrameEncoder.BLOCK_LENGTH);
  }

  Forgery reset(int id, long position) {
    new StreamResetFrameEncoder()
        .wrap(buffer, body())
        .finalPosition(position)
        .streamId(id)
        .reason(StreamReason.APPLICATION);
    return frame(
        StreamResetFrameEncoder.TEMPLATE_ID,
        StreamResetFrameEncoder.BLOCK_LENGTH,
        StreamResetFrameEncoder.BLOCK_LENGTH);
  }

  Forgery stop(int id) {
    new StreamStopFrameEncoder().wrap(buffer, body()).streamId(id).reason(StreamReason.NOT_WANTED);
    return frame(
        StreamStopFrameEncoder.TEMPLATE_ID,
        StreamStopFrameEncoder.BLOCK_LENGTH,
        StreamStopFrameEncoder.BLOCK_LENGTH);
  }

  /** Streams by number, each ending at the position. */
  Forgery closeSession(CloseMode mode, CloseReason reason, int streams, long position) {
    CloseFrameEncoder close =
        new CloseFrameEncoder().wrap(buffer, body()).mode(mode).reason(reason).code(0);
    CloseFrameEncoder.StreamsEncoder group = close.streamsCount(streams);
    for (int i = 0; i < streams; i++) {
      group.next().finalPosition(position).streamId(i);
    }
    return frame(
        CloseFrameEncoder.TEMPLATE_ID,
        CloseFrameEncoder.BLOCK_LENGTH,
        CloseFrameEncoder.BLOCK_LENGTH + GROUP_HEADER_LENGTH + streams * CLOSE_STREAM_LENGTH);
  }

  /** Puts the header in front and a good checksum behind. */
  Forgery close(long sessionId, long number, long lowestAwaited) {
    length += DatagramHeader.CHECKSUM_LENGTH;
    DatagramHeader.write(
        buffer, 0, sessionId, number, lowestAwaited, length, DatagramHeader.FLAG_CHECKSUM);
    checksum.close(buffer, 0, length);
    return this;
  }

  /** Makes it so many bytes long, says so in the header, and closes it with a good checksum. */
  Forgery cutTo(int bytes) {
    length = bytes;
    if (bytes >= DatagramHeader.LENGTH + DatagramHeader.CHECKSUM_LENGTH) {
      DatagramHeader.datagramLength(buffer, 0, bytes);
      checksum.close(buffer, 0, bytes);
    }
    return this;
  }

  /** Another value of one byte, the checksum good again. */
  Forgery change(int index, int xor) {
    buffer.putByte(index, (byte) (buffer.getByte(index) ^ xor));
    if (index < length - DatagramHeader.CHECKSUM_LENGTH) {
      checksum.close(buffer, 0, length);
    }
    return this;
  }
}
