package io.petrel.codecs;

import static io.petrel.codecs.MessageShape.group;
import static io.petrel.codecs.MessageShape.message;
import static io.petrel.codecs.WireLimits.MAXIMUM_ACK_RANGES;
import static io.petrel.codecs.WireLimits.MAXIMUM_CLOSE_STREAMS;
import static io.petrel.codecs.WireLimits.MAXIMUM_KEY_EXCHANGE_LENGTH;
import static io.petrel.codecs.WireLimits.MAXIMUM_TOKEN_LENGTH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.petrel.codecs.wire.AcceptFrameDecoder;
import io.petrel.codecs.wire.AckFrameDecoder;
import io.petrel.codecs.wire.BlockedFrameDecoder;
import io.petrel.codecs.wire.CloseFrameDecoder;
import io.petrel.codecs.wire.EcnFrameDecoder;
import io.petrel.codecs.wire.FanOutDataFrameDecoder;
import io.petrel.codecs.wire.FanOutHeartbeatFrameDecoder;
import io.petrel.codecs.wire.FanOutJoinFrameDecoder;
import io.petrel.codecs.wire.FanOutSetUpFrameDecoder;
import io.petrel.codecs.wire.HelloFrameDecoder;
import io.petrel.codecs.wire.NakConfirmationFrameDecoder;
import io.petrel.codecs.wire.NakFrameDecoder;
import io.petrel.codecs.wire.PaddingFrameDecoder;
import io.petrel.codecs.wire.PathChallengeFrameDecoder;
import io.petrel.codecs.wire.PathResponseFrameDecoder;
import io.petrel.codecs.wire.PingFrameDecoder;
import io.petrel.codecs.wire.ProbeFrameDecoder;
import io.petrel.codecs.wire.ReceiverStatusFrameDecoder;
import io.petrel.codecs.wire.RefuseFrameDecoder;
import io.petrel.codecs.wire.RetryFrameDecoder;
import io.petrel.codecs.wire.StreamEndFrameDecoder;
import io.petrel.codecs.wire.StreamFrameDecoder;
import io.petrel.codecs.wire.StreamOpenFrameDecoder;
import io.petrel.codecs.wire.StreamResetFrameDecoder;
import io.petrel.codecs.wire.StreamStopFrameDecoder;
import io.petrel.codecs.wire.TokenFrameDecoder;
import io.petrel.codecs.wire.WindowFrameDecoder;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What must hold for a frame beyond its length: its shape, and for some kinds that their numbers do
 * not contradict each other.
 */
final class FrameRules {
  static final int KNOWN_VERSION = StreamFrameDecoder.SCHEMA_VERSION;

  /** By template id; absent where that is not known. */
  private static final @Nullable MessageShape[] SHAPES = shapes();

  private static final int RECORD_ALIGNMENT = 8;
  private static final int RANGE_MISSING = 0;
  private static final int RANGE_RECEIVED = 4;

  // Offsets of the fields that are looked at, as the schema lays them out.
  private static final int STREAM_POSITION = StreamFrameDecoder.positionEncodingOffset();
  private static final int STREAM_FIRST_RECORD = StreamFrameDecoder.firstRecordEncodingOffset();
  private static final int ACK_LARGEST = AckFrameDecoder.largestEncodingOffset();
  private static final int ACK_CONTIGUOUS = AckFrameDecoder.contiguousPositionEncodingOffset();
  private static final int ACK_FIRST_RANGE = AckFrameDecoder.firstRangeEncodingOffset();
  private static final int WINDOW_READ = WindowFrameDecoder.readPositionEncodingOffset();
  private static final int WINDOW_CONTIGUOUS =
      WindowFrameDecoder.contiguousPositionEncodingOffset();
  private static final int WINDOW_BYTES = WindowFrameDecoder.windowBytesEncodingOffset();

  private FrameRules() {}

  /**
   * Checks one frame that lies within the datagram.
   *
   * @param datagram where the datagram begins
   * @param frame where the frame begins
   * @param header of the frame
   * @param end of the frame
   */
  static int check(DirectBuffer buffer, int datagram, int frame, long header, int end) {
    int template = FrameHeader.templateId(header);
    int version = FrameHeader.version(header);
    MessageShape shape =
        FrameHeader.schemaId(header) == FrameHeader.SCHEMA_ID && template < SHAPES.length
            ? SHAPES[template]
            : null;
    boolean mustUnderstand = (FrameHeader.flags(header) & FrameHeader.FLAG_MUST_UNDERSTAND) != 0;
    if (mustUnderstand && (shape == null || version > KNOWN_VERSION)) {
      return Rejection.NOT_UNDERSTOOD;
    }
    if (shape == null) {
      return FrameHeader.blockLength(header) > end - frame - FrameHeader.LENGTH
          ? Rejection.FRAME_LENGTH
          : Rejection.NONE;
    }
    int body = frame + FrameHeader.LENGTH;
    int blockLength = FrameHeader.blockLength(header);
    int rejection =
        shape.check(
            buffer, body, end, blockLength, version, KNOWN_VERSION, MessageShape.Dimensions.NARROW);
    return rejection != Rejection.NONE
        ? rejection
        : checkValues(buffer, datagram, template, body, blockLength, end);
  }

  /** The shape of a known kind of frame. */
  static @Nullable MessageShape shape(int templateId) {
    return SHAPES[templateId];
  }

  /** Whether a frame of this kind is known. */
  static boolean isKnown(long header) {
    int template = FrameHeader.templateId(header);
    return FrameHeader.schemaId(header) == FrameHeader.SCHEMA_ID
        && template < SHAPES.length
        && SHAPES[template] != null;
  }

  private static int checkValues(
      DirectBuffer buffer, int datagram, int template, int body, int blockLength, int end) {
    return switch (template) {
      case StreamFrameDecoder.TEMPLATE_ID -> checkStream(buffer, body, body + blockLength, end);
      case AckFrameDecoder.TEMPLATE_ID -> checkAck(buffer, body, body + blockLength);
      case WindowFrameDecoder.TEMPLATE_ID -> checkWindow(buffer, body);
      case BlockedFrameDecoder.TEMPLATE_ID ->
          checkPosition(buffer, body + BlockedFrameDecoder.positionEncodingOffset());
      case StreamEndFrameDecoder.TEMPLATE_ID ->
          checkPosition(buffer, body + StreamEndFrameDecoder.finalPositionEncodingOffset());
      case StreamResetFrameDecoder.TEMPLATE_ID ->
          checkPosition(buffer, body + StreamResetFrameDecoder.finalPositionEncodingOffset());
      case CloseFrameDecoder.TEMPLATE_ID -> checkClose(buffer, body + blockLength);
      case HelloFrameDecoder.TEMPLATE_ID -> checkHello(buffer, datagram);
      case FanOutSetUpFrameDecoder.TEMPLATE_ID,
          FanOutDataFrameDecoder.TEMPLATE_ID,
          FanOutHeartbeatFrameDecoder.TEMPLATE_ID,
          NakFrameDecoder.TEMPLATE_ID,
          NakConfirmationFrameDecoder.TEMPLATE_ID,
          ReceiverStatusFrameDecoder.TEMPLATE_ID,
          FanOutJoinFrameDecoder.TEMPLATE_ID ->
          FanOutRules.check(buffer, template, body, body + blockLength, end);
      default -> Rejection.NONE;
    };
  }

  /** The payload of a stream frame goes from the end of its block to the end of the frame. */
  static int checkStream(DirectBuffer buffer, int body, int payload, int end) {
    long position = buffer.getLong(body + STREAM_POSITION, LITTLE_ENDIAN);
    int firstRecord = buffer.getShort(body + STREAM_FIRST_RECORD, LITTLE_ENDIAN) & 0xFFFF;
    return checkBytes(position, end - payload, firstRecord);
  }

  /** Bytes of a ring: where they lie, and where among them the first record begins. */
  static int checkBytes(long position, int length, int firstRecord) {
    if (position < 0 || position + length < 0) {
      return Rejection.POSITION;
    }
    boolean recordWithin =
        firstRecord < length && ((int) position + firstRecord & RECORD_ALIGNMENT - 1) == 0;
    boolean good = recordWithin || (firstRecord == WireLimits.NO_RECORD && length > 0);
    return good ? Rejection.NONE : Rejection.STREAM_BYTES;
  }

  /** The shape of the ack has been checked: its ranges lie within the frame. */
  static int checkAck(DirectBuffer buffer, int body, int group) {
    long largest = buffer.getLong(body + ACK_LARGEST, LITTLE_ENDIAN);
    long lowest = largest - unsignedInt(buffer, body + ACK_FIRST_RANGE);
    // Signed on purpose: a largest of 2^63 or more is out of range too.
    if (lowest < 0 || largest < 0) {
      return Rejection.ACK_RANGES;
    }
    int entryLength = buffer.getByte(group) & 0xFF;
    int count = buffer.getByte(group + 1) & 0xFF;
    int entry = group + 2;
    for (int i = 0; i < count; i++, entry += entryLength) {
      long missing = unsignedInt(buffer, entry + RANGE_MISSING);
      long received = unsignedInt(buffer, entry + RANGE_RECEIVED);
      lowest -= missing + received;
      if (missing == 0 || received == 0 || lowest < 0) {
        return Rejection.ACK_RANGES;
      }
    }
    return checkPosition(buffer, body + ACK_CONTIGUOUS);
  }

  private static int checkWindow(DirectBuffer buffer, int body) {
    long read = buffer.getLong(body + WINDOW_READ, LITTLE_ENDIAN);
    long contiguous = buffer.getLong(body + WINDOW_CONTIGUOUS, LITTLE_ENDIAN);
    long limit = read + unsignedInt(buffer, body + WINDOW_BYTES);
    return read < 0 || contiguous < read || limit < 0 ? Rejection.POSITION : Rejection.NONE;
  }

  private static int checkClose(DirectBuffer buffer, int group) {
    int entryLength = buffer.getByte(group) & 0xFF;
    int count = buffer.getByte(group + 1) & 0xFF;
    for (int i = 0; i < count; i++) {
      if (buffer.getLong(group + 2 + i * entryLength, LITTLE_ENDIAN) < 0) {
        return Rejection.POSITION;
      }
    }
    return Rejection.NONE;
  }

  private static int checkHello(DirectBuffer buffer, int datagram) {
    boolean answerable =
        DatagramHeader.sessionId(buffer, datagram) == 0
            && DatagramHeader.datagramLength(buffer, datagram)
                >= WireLimits.MINIMUM_HELLO_DATAGRAM_LENGTH;
    return answerable ? Rejection.NONE : Rejection.HELLO;
  }

  static int checkPosition(DirectBuffer buffer, int offset) {
    return buffer.getLong(offset, LITTLE_ENDIAN) < 0 ? Rejection.POSITION : Rejection.NONE;
  }

  static long unsignedInt(DirectBuffer buffer, int offset) {
    return buffer.getInt(offset, LITTLE_ENDIAN) & 0xFFFF_FFFFL;
  }

  private static @Nullable MessageShape[] shapes() {
    @Nullable MessageShape[] shapes = new MessageShape[FanOutJoinFrameDecoder.TEMPLATE_ID + 1];
    shapes[StreamFrameDecoder.TEMPLATE_ID] = message(14).withPayload();
    shapes[AckFrameDecoder.TEMPLATE_ID] = message(28).with(group(8, MAXIMUM_ACK_RANGES));
    shapes[WindowFrameDecoder.TEMPLATE_ID] = message(24);
    shapes[BlockedFrameDecoder.TEMPLATE_ID] = message(12);
    shapes[PingFrameDecoder.TEMPLATE_ID] = message(0);
    shapes[PathChallengeFrameDecoder.TEMPLATE_ID] = message(8);
    shapes[PathResponseFrameDecoder.TEMPLATE_ID] = message(8);
    shapes[ProbeFrameDecoder.TEMPLATE_ID] = message(0).withPayload();
    shapes[PaddingFrameDecoder.TEMPLATE_ID] = message(0).withPayload();
    shapes[StreamOpenFrameDecoder.TEMPLATE_ID] = message(8);
    shapes[StreamEndFrameDecoder.TEMPLATE_ID] = message(12);
    shapes[StreamResetFrameDecoder.TEMPLATE_ID] = message(13);
    shapes[StreamStopFrameDecoder.TEMPLATE_ID] = message(5);
    shapes[CloseFrameDecoder.TEMPLATE_ID] = message(6).with(group(12, MAXIMUM_CLOSE_STREAMS));
    shapes[HelloFrameDecoder.TEMPLATE_ID] =
        message(44).withData(MAXIMUM_TOKEN_LENGTH).withData(MAXIMUM_KEY_EXCHANGE_LENGTH);
    shapes[RetryFrameDecoder.TEMPLATE_ID] = message(0).withData(MAXIMUM_TOKEN_LENGTH);
    shapes[AcceptFrameDecoder.TEMPLATE_ID] = message(40).withData(MAXIMUM_KEY_EXCHANGE_LENGTH);
    shapes[RefuseFrameDecoder.TEMPLATE_ID] = message(23).thenBlock(27);
    shapes[EcnFrameDecoder.TEMPLATE_ID] = message(12).since(1);
    shapes[TokenFrameDecoder.TEMPLATE_ID] = message(4).since(1).withData(MAXIMUM_TOKEN_LENGTH);
    FanOutRules.addShapes(shapes);
    return shapes;
  }
}
