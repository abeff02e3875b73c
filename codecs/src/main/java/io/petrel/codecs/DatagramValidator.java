package io.petrel.codecs;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.petrel.codecs.wire.AckFrameDecoder;
import io.petrel.codecs.wire.FanOutDataFrameDecoder;
import io.petrel.codecs.wire.StreamFrameDecoder;
import org.agrona.DirectBuffer;

/**
 * Says of any bytes whether they are a datagram that may be acted on: header, checksum if flagged,
 * and all frames, before anybody looks at the first. After that a {@link FrameCursor} and the
 * generated decoders may be used without a check of their own, even with the buffers' bounds checks
 * off: they read nothing outside of the datagram.
 *
 * <p>What it cannot know is left to the session: whether the datagram is for it, whether a checksum
 * was agreed, whether positions and packet numbers make sense now, values of enums it does not
 * know.
 *
 * <p>Allocates nothing, throws nothing, whatever the bytes. For one thread.
 */
public final class DatagramValidator {
  private static final long NUMBER_MASK = 0xFFFF_FFFFL;

  /** Upper 48 bits of a frame header as this version writes them: the kinds that are hot. */
  private static final long STREAM =
      FrameHeader.of(
              StreamFrameDecoder.TEMPLATE_ID,
              StreamFrameDecoder.BLOCK_LENGTH,
              StreamFrameDecoder.SCHEMA_VERSION,
              0)
          >>> 16;

  private static final long ACK =
      FrameHeader.of(
              AckFrameDecoder.TEMPLATE_ID,
              AckFrameDecoder.BLOCK_LENGTH,
              AckFrameDecoder.SCHEMA_VERSION,
              0)
          >>> 16;

  private static final long FAN_OUT =
      FrameHeader.of(
              FanOutDataFrameDecoder.TEMPLATE_ID,
              FanOutDataFrameDecoder.BLOCK_LENGTH,
              FanOutDataFrameDecoder.SCHEMA_VERSION,
              0)
          >>> 16;

  private static final int FAN_OUT_PAYLOAD =
      FrameHeader.LENGTH + FanOutDataFrameDecoder.BLOCK_LENGTH;
  private static final int STREAM_PAYLOAD = FrameHeader.LENGTH + StreamFrameDecoder.BLOCK_LENGTH;
  private static final int ACK_GROUP = FrameHeader.LENGTH + AckFrameDecoder.BLOCK_LENGTH;
  private static final int LONE_ACK_LENGTH = ACK_GROUP + 2;

  /** Entry length of 8 and no entry. */
  private static final short NO_RANGES = 8;

  private final Checksum checksum = new Checksum();

  /** Creates one for one thread. */
  public DatagramValidator() {}

  /**
   * Checks a datagram as it was received.
   *
   * @param buffer that holds it; all of the range must be within its capacity
   * @param offset where it begins
   * @param length bytes received
   * @return {@link Rejection#NONE}, or a negative constant of {@link Rejection}
   */
  public int validate(DirectBuffer buffer, int offset, int length) {
    if (length < DatagramHeader.LENGTH) {
      return Rejection.TRUNCATED;
    }
    long word =
        buffer.getLong(offset + DatagramHeader.LOWEST_AWAITED_DISTANCE_OFFSET, LITTLE_ENDIAN);
    if ((word >>> 32 & 0xFFFF) != length) {
      return Rejection.DATAGRAM_LENGTH;
    }
    int end = offset + length;
    int versionAndFlags = (int) (word >>> 48);
    if (versionAndFlags != DatagramHeader.VERSION) {
      int rejection = checkFlags(buffer, offset, length, versionAndFlags);
      if (rejection != Rejection.NONE) {
        return rejection;
      }
      // Of the flags that pass, only the checksum has a trailer.
      end -= Checksum.LENGTH;
    }
    long packetNumber = DatagramHeader.packetNumber(buffer, offset);
    // Signed: catches a number of 2^63 or more as well as a distance that leads below 0.
    if (packetNumber < (word & NUMBER_MASK)) {
      return Rejection.PACKET_NUMBER;
    }
    return checkFrames(buffer, offset, end);
  }

  /**
   * Checks the frames of a datagram that {@link #validate} found {@link Rejection#SEALED} and whose
   * seal was opened in place, the trailer still behind them.
   */
  public int validateOpened(DirectBuffer buffer, int offset, int length) {
    int end = offset + length - DatagramHeader.SEAL_LENGTH;
    if (end - offset < DatagramHeader.LENGTH) {
      return Rejection.TRUNCATED;
    }
    long distance =
        buffer.getInt(offset + DatagramHeader.LOWEST_AWAITED_DISTANCE_OFFSET, LITTLE_ENDIAN)
            & NUMBER_MASK;
    return DatagramHeader.packetNumber(buffer, offset) < distance
        ? Rejection.PACKET_NUMBER
        : checkFrames(buffer, offset, end);
  }

  /** For anything but this version without flags. */
  private int checkFlags(DirectBuffer buffer, int offset, int length, int versionAndFlags) {
    if ((versionAndFlags & 0xFF) != DatagramHeader.VERSION) {
      return Rejection.VERSION;
    }
    int flags = versionAndFlags >>> 8;
    if (flags != DatagramHeader.FLAG_CHECKSUM) {
      boolean sealed = (flags & ~DatagramHeader.FLAG_KEY_PHASE) == DatagramHeader.FLAG_SEALED;
      return sealed ? Rejection.SEALED : Rejection.FLAGS;
    }
    if (length < DatagramHeader.LENGTH + Checksum.LENGTH) {
      return Rejection.TRUNCATED;
    }
    return checksum.isIntact(buffer, offset, length) ? Rejection.NONE : Rejection.CHECKSUM;
  }

  private static int checkFrames(DirectBuffer buffer, int datagram, int end) {
    int frame = datagram + DatagramHeader.LENGTH;
    for (int i = 0; i < WireLimits.MAXIMUM_FRAMES; i++) {
      if (end - frame < FrameHeader.LENGTH) {
        return i == 0 && frame == end ? Rejection.FRAME_COUNT : Rejection.FRAME_LENGTH;
      }
      long header = FrameHeader.read(buffer, frame);
      int length = FrameHeader.frameLength(header);
      if (length < FrameHeader.LENGTH || length > end - frame) {
        return Rejection.FRAME_LENGTH;
      }
      int next = frame + length;
      int rejection = checkFrame(buffer, datagram, frame, header, next);
      if (rejection != Rejection.NONE) {
        return rejection;
      }
      if (next == end) {
        return Rejection.NONE;
      }
      frame = next;
    }
    return Rejection.FRAME_COUNT;
  }

  /** The hot kinds by one comparison each, all others by their shape. */
  private static int checkFrame(
      DirectBuffer buffer, int datagram, int frame, long header, int end) {
    long kind = header >>> 16;
    int body = frame + FrameHeader.LENGTH;
    if (kind == STREAM && end - frame >= STREAM_PAYLOAD) {
      return FrameRules.checkStream(buffer, body, frame + STREAM_PAYLOAD, end);
    }
    if (kind == ACK
        && end - frame == LONE_ACK_LENGTH
        && buffer.getShort(frame + ACK_GROUP, LITTLE_ENDIAN) == NO_RANGES) {
      return FrameRules.checkAck(buffer, body, frame + ACK_GROUP);
    }
    if (kind == FAN_OUT && end - frame >= FAN_OUT_PAYLOAD) {
      return FanOutRules.checkData(buffer, body, frame + FAN_OUT_PAYLOAD, end);
    }
    return FrameRules.check(buffer, datagram, frame, header, end);
  }
}
