package io.petrel.codecs;

import static io.petrel.codecs.MessageShape.group;
import static io.petrel.codecs.MessageShape.message;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.petrel.codecs.wire.FanOutDataFrameDecoder;
import io.petrel.codecs.wire.FanOutHeartbeatFrameDecoder;
import io.petrel.codecs.wire.FanOutJoinFrameDecoder;
import io.petrel.codecs.wire.FanOutSetUpFrameDecoder;
import io.petrel.codecs.wire.NakConfirmationFrameDecoder;
import io.petrel.codecs.wire.NakFrameDecoder;
import io.petrel.codecs.wire.ReceiverStatusFrameDecoder;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/** The same as {@link FrameRules} for the frames of a multicast fan-out. */
final class FanOutRules {
  private static final int RANGE_LENGTH = Long.BYTES + Integer.BYTES;

  // Offsets of the fields that are looked at, as the schema lays them out.
  private static final int DATA_POSITION = FanOutDataFrameDecoder.positionEncodingOffset();
  private static final int DATA_LOW = FanOutDataFrameDecoder.lowDistanceEncodingOffset();
  private static final int DATA_HIGH = FanOutDataFrameDecoder.highDistanceEncodingOffset();
  private static final int DATA_FIRST_RECORD = FanOutDataFrameDecoder.firstRecordEncodingOffset();
  private static final int SET_UP_LOW = FanOutSetUpFrameDecoder.windowLowEncodingOffset();
  private static final int SET_UP_HIGH = FanOutSetUpFrameDecoder.windowHighEncodingOffset();
  private static final int SET_UP_JOIN = FanOutSetUpFrameDecoder.joinPositionEncodingOffset();
  private static final int HEARTBEAT_LOW = FanOutHeartbeatFrameDecoder.windowLowEncodingOffset();
  private static final int HEARTBEAT_HIGH = FanOutHeartbeatFrameDecoder.windowHighEncodingOffset();
  private static final int JOIN_RECORD = FanOutJoinFrameDecoder.windowRecordEncodingOffset();
  private static final int STATUS_READ = ReceiverStatusFrameDecoder.readPositionEncodingOffset();
  private static final int STATUS_CONTIGUOUS =
      ReceiverStatusFrameDecoder.contiguousPositionEncodingOffset();

  private FanOutRules() {}

  static void addShapes(@Nullable MessageShape[] shapes) {
    shapes[FanOutSetUpFrameDecoder.TEMPLATE_ID] =
        message(58).since(1).with(group(8, WireLimits.MAXIMUM_EXCLUDED));
    shapes[FanOutDataFrameDecoder.TEMPLATE_ID] = message(23).since(1).withPayload();
    shapes[FanOutHeartbeatFrameDecoder.TEMPLATE_ID] = message(29).since(1);
    MessageShape ranges = group(RANGE_LENGTH, WireLimits.MAXIMUM_NAK_RANGES);
    shapes[NakFrameDecoder.TEMPLATE_ID] = message(12).since(1).with(ranges);
    shapes[NakConfirmationFrameDecoder.TEMPLATE_ID] = message(4).since(1).with(ranges);
    shapes[ReceiverStatusFrameDecoder.TEMPLATE_ID] = message(53).since(1);
    shapes[FanOutJoinFrameDecoder.TEMPLATE_ID] = message(31).since(1);
  }

  /** The frame's shape has been checked: its groups lie within it. */
  static int check(DirectBuffer buffer, int template, int body, int rest, int end) {
    return switch (template) {
      case FanOutDataFrameDecoder.TEMPLATE_ID -> checkData(buffer, body, rest, end);
      case FanOutSetUpFrameDecoder.TEMPLATE_ID -> checkSetUp(buffer, body);
      case FanOutHeartbeatFrameDecoder.TEMPLATE_ID ->
          checkAscend(buffer, body + HEARTBEAT_LOW, body + HEARTBEAT_HIGH);
      case ReceiverStatusFrameDecoder.TEMPLATE_ID ->
          checkAscend(buffer, body + STATUS_READ, body + STATUS_CONTIGUOUS);
      case FanOutJoinFrameDecoder.TEMPLATE_ID ->
          checkAscend(buffer, body + JOIN_RECORD, body + JOIN_RECORD);
      default -> checkRanges(buffer, rest);
    };
  }

  /** The window holds the bytes: it begins at or below them and ends at or behind them. */
  static int checkData(DirectBuffer buffer, int body, int payload, int end) {
    long position = buffer.getLong(body + DATA_POSITION, LITTLE_ENDIAN);
    int length = end - payload;
    long high = FrameRules.unsignedInt(buffer, body + DATA_HIGH);
    if (position < FrameRules.unsignedInt(buffer, body + DATA_LOW)
        || high < length
        || position + high < 0) {
      return Rejection.POSITION;
    }
    int firstRecord = buffer.getShort(body + DATA_FIRST_RECORD, LITTLE_ENDIAN) & 0xFFFF;
    return FrameRules.checkBytes(position, length, firstRecord);
  }

  private static int checkSetUp(DirectBuffer buffer, int body) {
    int lower = checkAscend(buffer, body + SET_UP_LOW, body + SET_UP_JOIN);
    return lower == Rejection.NONE
        ? checkAscend(buffer, body + SET_UP_JOIN, body + SET_UP_HIGH)
        : lower;
  }

  private static int checkAscend(DirectBuffer buffer, int lower, int upper) {
    long low = buffer.getLong(lower, LITTLE_ENDIAN);
    return low < 0 || buffer.getLong(upper, LITTLE_ENDIAN) < low
        ? Rejection.POSITION
        : Rejection.NONE;
  }

  private static int checkRanges(DirectBuffer buffer, int group) {
    int entryLength = buffer.getByte(group) & 0xFF;
    int count = buffer.getByte(group + 1) & 0xFF;
    int entry = group + 2;
    long last = -1;
    for (int i = 0; i < count; i++, entry += entryLength) {
      long position = buffer.getLong(entry, LITTLE_ENDIAN);
      long length = FrameRules.unsignedInt(buffer, entry + Long.BYTES);
      if (position <= last || length == 0 || position + length < 0) {
        return Rejection.NAK_RANGES;
      }
      last = position + length;
    }
    return count == 0 ? Rejection.NAK_RANGES : Rejection.NONE;
  }
}
