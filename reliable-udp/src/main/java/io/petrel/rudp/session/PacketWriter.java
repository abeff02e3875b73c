package io.petrel.rudp.session;

import io.petrel.codecs.Checksum;
import io.petrel.codecs.DatagramHeader;
import io.petrel.codecs.FrameHeader;
import io.petrel.codecs.WireLimits;
import io.petrel.codecs.wire.AckFrameEncoder;
import io.petrel.codecs.wire.BlockedFrameEncoder;
import io.petrel.codecs.wire.CloseFrameEncoder;
import io.petrel.codecs.wire.CloseMode;
import io.petrel.codecs.wire.CloseReason;
import io.petrel.codecs.wire.PaddingFrameEncoder;
import io.petrel.codecs.wire.PathChallengeFrameEncoder;
import io.petrel.codecs.wire.PathResponseFrameEncoder;
import io.petrel.codecs.wire.PingFrameEncoder;
import io.petrel.codecs.wire.ProbeFrameEncoder;
import io.petrel.codecs.wire.StreamEndFrameEncoder;
import io.petrel.codecs.wire.StreamFrameEncoder;
import io.petrel.codecs.wire.StreamOpenFrameEncoder;
import io.petrel.codecs.wire.StreamReason;
import io.petrel.codecs.wire.StreamResetFrameEncoder;
import io.petrel.codecs.wire.StreamStopFrameEncoder;
import io.petrel.codecs.wire.WindowFrameEncoder;
import io.petrel.rudp.acknowledgement.ReceivedPackets;
import io.petrel.transport.ring.SendRing;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes one datagram: its frames one after the other, then the header in front and the checksum.
 */
final class PacketWriter {
  static final int STREAM_OVERHEAD = FrameHeader.LENGTH + StreamFrameEncoder.BLOCK_LENGTH;

  private static final int ACK_FIXED = FrameHeader.LENGTH + AckFrameEncoder.BLOCK_LENGTH + 2;
  private static final int ACK_RANGE = 8;
  private static final int WINDOW_LENGTH = FrameHeader.LENGTH + WindowFrameEncoder.BLOCK_LENGTH;
  private static final int BLOCKED_LENGTH = FrameHeader.LENGTH + BlockedFrameEncoder.BLOCK_LENGTH;
  private static final int CLOSE_FIXED = FrameHeader.LENGTH + CloseFrameEncoder.BLOCK_LENGTH + 2;
  private static final int CLOSE_STREAM = 12;

  private static final long STREAM =
      frame(StreamFrameEncoder.TEMPLATE_ID, StreamFrameEncoder.BLOCK_LENGTH);
  private static final long ACK = frame(AckFrameEncoder.TEMPLATE_ID, AckFrameEncoder.BLOCK_LENGTH);
  private static final long WINDOW =
      frame(WindowFrameEncoder.TEMPLATE_ID, WindowFrameEncoder.BLOCK_LENGTH);
  private static final long BLOCKED =
      frame(BlockedFrameEncoder.TEMPLATE_ID, BlockedFrameEncoder.BLOCK_LENGTH);
  private static final long PING =
      frame(PingFrameEncoder.TEMPLATE_ID, PingFrameEncoder.BLOCK_LENGTH);
  private static final long PADDING =
      frame(PaddingFrameEncoder.TEMPLATE_ID, PaddingFrameEncoder.BLOCK_LENGTH);
  private static final long PROBE =
      frame(ProbeFrameEncoder.TEMPLATE_ID, ProbeFrameEncoder.BLOCK_LENGTH);
  private static final long CLOSE =
      frame(CloseFrameEncoder.TEMPLATE_ID, CloseFrameEncoder.BLOCK_LENGTH);

  private static final int OPEN_LENGTH = FrameHeader.LENGTH + StreamOpenFrameEncoder.BLOCK_LENGTH;
  private static final int END_LENGTH = FrameHeader.LENGTH + StreamEndFrameEncoder.BLOCK_LENGTH;
  private static final int RESET_LENGTH = FrameHeader.LENGTH + StreamResetFrameEncoder.BLOCK_LENGTH;
  private static final int STOP_LENGTH = FrameHeader.LENGTH + StreamStopFrameEncoder.BLOCK_LENGTH;
  private static final long OPEN =
      frame(StreamOpenFrameEncoder.TEMPLATE_ID, StreamOpenFrameEncoder.BLOCK_LENGTH);
  private static final long END =
      frame(StreamEndFrameEncoder.TEMPLATE_ID, StreamEndFrameEncoder.BLOCK_LENGTH);
  private static final long RESET =
      frame(StreamResetFrameEncoder.TEMPLATE_ID, StreamResetFrameEncoder.BLOCK_LENGTH);
  private static final long STOP =
      frame(StreamStopFrameEncoder.TEMPLATE_ID, StreamStopFrameEncoder.BLOCK_LENGTH);

  private static final int PATH_LENGTH =
      FrameHeader.LENGTH + PathChallengeFrameEncoder.BLOCK_LENGTH;
  private static final long QUESTION =
      frame(PathChallengeFrameEncoder.TEMPLATE_ID, PathChallengeFrameEncoder.BLOCK_LENGTH);
  private static final long ANSWER =
      frame(PathResponseFrameEncoder.TEMPLATE_ID, PathResponseFrameEncoder.BLOCK_LENGTH);

  private static final long LARGEST_UNSIGNED_INT = 0xFFFF_FFFEL;

  private final AckFrameEncoder ack = new AckFrameEncoder();
  private final WindowFrameEncoder window = new WindowFrameEncoder();
  private final BlockedFrameEncoder blocked = new BlockedFrameEncoder();
  private final CloseFrameEncoder close = new CloseFrameEncoder();
  private final StreamOpenFrameEncoder open = new StreamOpenFrameEncoder();
  private final StreamEndFrameEncoder streamEnd = new StreamEndFrameEncoder();
  private final StreamResetFrameEncoder reset = new StreamResetFrameEncoder();
  private final StreamStopFrameEncoder stop = new StreamStopFrameEncoder();
  private final PathChallengeFrameEncoder question = new PathChallengeFrameEncoder();
  private final PathResponseFrameEncoder answer = new PathResponseFrameEncoder();
  private final StreamFrameEncoder stream = new StreamFrameEncoder();
  private final Checksum checksum = new Checksum();
  private final long remoteId;
  private final boolean withChecksum;

  private MutableDirectBuffer buffer = new UnsafeBuffer(0, 0);
  private int start;
  private int next;
  private int end;

  PacketWriter(long remoteId, boolean withChecksum) {
    this.remoteId = remoteId;
    this.withChecksum = withChecksum;
  }

  /** Bytes of a datagram with one stream frame, beside the stream's bytes. */
  int streamOverhead() {
    return DatagramHeader.LENGTH + STREAM_OVERHEAD + trailerLength();
  }

  void begin(MutableDirectBuffer target, int offset, int length) {
    buffer = target;
    start = offset;
    next = offset + DatagramHeader.LENGTH;
    end = offset + length - trailerLength();
  }

  /** Bytes left for frames. */
  int room() {
    return end - next;
  }

  boolean isEmpty() {
    return next == start + DatagramHeader.LENGTH;
  }

  /** As many of the ranges, the highest first, as fit and as are wanted. */
  boolean ack(
      ReceivedPackets received, long delayNs, int streamId, long contiguous, int mostRanges) {
    int ranges =
        Math.min(received.count() - 1, Math.min(mostRanges, WireLimits.MAXIMUM_ACK_RANGES));
    ranges = Math.min(ranges, (room() - ACK_FIXED) / ACK_RANGE);
    if (room() < ACK_FIXED) {
      return false;
    }
    ack.wrap(buffer, next + FrameHeader.LENGTH)
        .largest(received.largest())
        .contiguousPosition(contiguous)
        .delayNs(Math.min(Math.max(delayNs, 0), LARGEST_UNSIGNED_INT))
        .firstRange(Math.min(received.largest() - received.first(0), LARGEST_UNSIGNED_INT))
        .streamId(streamId);
    AckFrameEncoder.RangesEncoder group = ack.rangesCount(ranges);
    for (int i = 1; i <= ranges; i++) {
      group
          .next()
          .missing(received.first(i - 1) - received.last(i) - 1)
          .received(received.last(i) - received.first(i) + 1);
    }
    finishFrame(ACK, ACK_FIXED + ranges * ACK_RANGE);
    return true;
  }

  boolean hasRoomForWindow() {
    return room() >= WINDOW_LENGTH;
  }

  void window(int streamId, long readPosition, long contiguous, int windowBytes) {
    window
        .wrap(buffer, next + FrameHeader.LENGTH)
        .readPosition(readPosition)
        .contiguousPosition(contiguous)
        .windowBytes(windowBytes)
        .streamId(streamId);
    finishFrame(WINDOW, WINDOW_LENGTH);
  }

  boolean blocked(int streamId, long position) {
    if (room() < BLOCKED_LENGTH) {
      return false;
    }
    blocked.wrap(buffer, next + FrameHeader.LENGTH).position(position).streamId(streamId);
    finishFrame(BLOCKED, BLOCKED_LENGTH);
    return true;
  }

  boolean open(int streamId, int ringCapacity) {
    if (room() < OPEN_LENGTH) {
      return false;
    }
    open.wrap(buffer, next + FrameHeader.LENGTH).streamId(streamId).ringCapacity(ringCapacity);
    finishFrame(OPEN, OPEN_LENGTH);
    return true;
  }

  boolean end(int streamId, long finalPosition) {
    if (room() < END_LENGTH) {
      return false;
    }
    streamEnd
        .wrap(buffer, next + FrameHeader.LENGTH)
        .finalPosition(finalPosition)
        .streamId(streamId);
    finishFrame(END, END_LENGTH);
    return true;
  }

  boolean reset(int streamId, long finalPosition) {
    if (room() < RESET_LENGTH) {
      return false;
    }
    reset
        .wrap(buffer, next + FrameHeader.LENGTH)
        .finalPosition(finalPosition)
        .streamId(streamId)
        .reason(StreamReason.NOT_WANTED);
    finishFrame(RESET, RESET_LENGTH);
    return true;
  }

  boolean stop(int streamId) {
    if (room() < STOP_LENGTH) {
      return false;
    }
    stop.wrap(buffer, next + FrameHeader.LENGTH).streamId(streamId).reason(StreamReason.NOT_WANTED);
    finishFrame(STOP, STOP_LENGTH);
    return true;
  }

  boolean hasRoomForPath() {
    return room() >= PATH_LENGTH;
  }

  void question(long data) {
    question.wrap(buffer, next + FrameHeader.LENGTH).data(data);
    finishFrame(QUESTION, PATH_LENGTH);
  }

  void answer(long data) {
    answer.wrap(buffer, next + FrameHeader.LENGTH).data(data);
    finishFrame(ANSWER, PATH_LENGTH);
  }

  boolean ping() {
    if (room() < FrameHeader.LENGTH) {
      return false;
    }
    finishFrame(PING, FrameHeader.LENGTH);
    return true;
  }

  /** Fills the datagram to its end with what asks for an acknowledgement. */
  void probe() {
    int length = room();
    buffer.setMemory(next + FrameHeader.LENGTH, length - FrameHeader.LENGTH, (byte) 0);
    finishFrame(PROBE, length);
  }

  /** Fills the datagram up to a length, if it is shorter. */
  void pad(int datagramLength) {
    int missing = datagramLength - (next - start + trailerLength());
    if (missing > 0 && room() >= Math.max(missing, FrameHeader.LENGTH)) {
      int length = Math.max(missing, FrameHeader.LENGTH);
      buffer.setMemory(next + FrameHeader.LENGTH, length - FrameHeader.LENGTH, (byte) 0);
      finishFrame(PADDING, length);
    }
  }

  boolean close(CloseMode mode, CloseReason reason, long code, Streams streams) {
    int count = mode == CloseMode.GRACEFUL ? streams.sendCount() : 0;
    int length = CLOSE_FIXED + count * CLOSE_STREAM;
    if (room() < length) {
      return false;
    }
    close.wrap(buffer, next + FrameHeader.LENGTH).mode(mode).reason(reason).code(code);
    CloseFrameEncoder.StreamsEncoder group = close.streamsCount(count);
    for (int i = 0; i < count; i++) {
      group.next().finalPosition(streams.send(i).finalPosition()).streamId(streams.send(i).id());
    }
    finishFrame(CLOSE, length);
    return true;
  }

  /** Bytes {@code [position, position + length)} of a ring; there must be room. */
  void stream(int streamId, SendRing ring, long position, int length) {
    int firstRecord = ring.firstRecordOffset(position, length);
    stream
        .wrap(buffer, next + FrameHeader.LENGTH)
        .position(position)
        .streamId(streamId)
        .firstRecord(firstRecord < 0 ? WireLimits.NO_RECORD : firstRecord);
    ring.copyTo(position, length, buffer, next + STREAM_OVERHEAD);
    finishFrame(STREAM, STREAM_OVERHEAD + length);
  }

  /** Writes header and trailer; the datagram is then complete. */
  int finish(long number, long lowestAwaited) {
    int length = next - start + trailerLength();
    DatagramHeader.write(
        buffer,
        start,
        remoteId,
        number,
        lowestAwaited,
        length,
        withChecksum ? DatagramHeader.FLAG_CHECKSUM : 0);
    if (withChecksum) {
      checksum.close(buffer, start, length);
    }
    return length;
  }

  private static long frame(int templateId, int blockLength) {
    return FrameHeader.of(templateId, blockLength, StreamFrameEncoder.SCHEMA_VERSION, 0);
  }

  private int trailerLength() {
    return withChecksum ? DatagramHeader.CHECKSUM_LENGTH : 0;
  }

  private void finishFrame(long header, int length) {
    FrameHeader.write(buffer, next, header, length);
    next += length;
  }
}
