package io.petrel.multicast.frames;

import io.petrel.codecs.Checksum;
import io.petrel.codecs.DatagramHeader;
import io.petrel.codecs.FrameHeader;
import io.petrel.codecs.WireLimits;
import io.petrel.codecs.wire.FanOutDataFrameEncoder;
import io.petrel.codecs.wire.FanOutHeartbeatFrameEncoder;
import io.petrel.codecs.wire.FanOutJoinFrameEncoder;
import io.petrel.codecs.wire.FanOutSetUpFrameEncoder;
import io.petrel.codecs.wire.NakConfirmationFrameEncoder;
import io.petrel.codecs.wire.NakFrameEncoder;
import io.petrel.codecs.wire.ReceiverStatusFrameEncoder;
import io.petrel.transport.datagram.DatagramSink;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.ring.RangeSet;
import io.petrel.transport.ring.SendRing;
import java.util.Objects;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes one datagram after another of one session into a sink: {@link #begin}, frames, {@link
 * #finish}. Numbers them; closes them with a checksum where that is wanted.
 */
public final class FanOutWriter {
  /** Bytes of a data frame beside the ring's bytes. */
  public static final int DATA_OVERHEAD = FrameHeader.LENGTH + FanOutDataFrameEncoder.BLOCK_LENGTH;

  private static final int RANGE_LENGTH = Long.BYTES + Integer.BYTES;
  private static final int GROUP_HEADER_LENGTH = 2;
  private static final int NAK_FIXED =
      FrameHeader.LENGTH + NakFrameEncoder.BLOCK_LENGTH + GROUP_HEADER_LENGTH;
  private static final int CONFIRMATION_FIXED =
      FrameHeader.LENGTH + NakConfirmationFrameEncoder.BLOCK_LENGTH + GROUP_HEADER_LENGTH;
  private static final int SET_UP_FIXED =
      FrameHeader.LENGTH + FanOutSetUpFrameEncoder.BLOCK_LENGTH + GROUP_HEADER_LENGTH;
  private static final long MOST_IN_A_WORD = 0xFFFF_FFFEL;

  private static final long DATA =
      frame(FanOutDataFrameEncoder.TEMPLATE_ID, FanOutDataFrameEncoder.BLOCK_LENGTH);
  private static final long HEARTBEAT =
      frame(FanOutHeartbeatFrameEncoder.TEMPLATE_ID, FanOutHeartbeatFrameEncoder.BLOCK_LENGTH);
  private static final long SET_UP =
      frame(FanOutSetUpFrameEncoder.TEMPLATE_ID, FanOutSetUpFrameEncoder.BLOCK_LENGTH);
  private static final long JOIN =
      frame(FanOutJoinFrameEncoder.TEMPLATE_ID, FanOutJoinFrameEncoder.BLOCK_LENGTH);
  private static final long NAK = frame(NakFrameEncoder.TEMPLATE_ID, NakFrameEncoder.BLOCK_LENGTH);
  private static final long CONFIRMATION =
      frame(NakConfirmationFrameEncoder.TEMPLATE_ID, NakConfirmationFrameEncoder.BLOCK_LENGTH);
  private static final long STATUS =
      frame(ReceiverStatusFrameEncoder.TEMPLATE_ID, ReceiverStatusFrameEncoder.BLOCK_LENGTH);

  private final FanOutDataFrameEncoder data = new FanOutDataFrameEncoder();
  private final FanOutHeartbeatFrameEncoder heartbeat = new FanOutHeartbeatFrameEncoder();
  private final FanOutSetUpFrameEncoder setUp = new FanOutSetUpFrameEncoder();
  private final FanOutJoinFrameEncoder join = new FanOutJoinFrameEncoder();
  private final NakFrameEncoder nak = new NakFrameEncoder();
  private final NakConfirmationFrameEncoder confirmation = new NakConfirmationFrameEncoder();
  private final ReceiverStatusFrameEncoder status = new ReceiverStatusFrameEncoder();
  private final Checksum checksum = new Checksum();
  private final long sessionId;
  private final int streamId;
  private final int datagramLength;
  private final boolean withChecksum;

  private @Nullable DatagramSink sink;
  private @Nullable MutableDirectBuffer buffer;
  private int start;
  private int next;
  private int end;
  private long packetNumber;

  /**
   * A writer of one session's datagrams.
   *
   * @param sessionId in each datagram
   * @param streamId in each frame
   * @param datagramLength of the longest datagram
   * @param withChecksum whether a CRC-32C closes each
   */
  public FanOutWriter(long sessionId, int streamId, int datagramLength, boolean withChecksum) {
    this.sessionId = sessionId;
    this.streamId = streamId;
    this.datagramLength = datagramLength;
    this.withChecksum = withChecksum;
  }

  /** The most bytes of a ring that a datagram takes in one frame. */
  public int mostBytes() {
    return datagramLength - DatagramHeader.LENGTH - DATA_OVERHEAD - trailerLength();
  }

  /** How many datagrams have been written. */
  public long packets() {
    return packetNumber;
  }

  /**
   * Begins a datagram.
   *
   * @return false when the sink is full: nothing was begun
   */
  public boolean begin(DatagramSink into) {
    int offset = into.claim(datagramLength);
    if (offset < 0) {
      return false;
    }
    sink = into;
    buffer = into.buffer();
    start = offset;
    next = offset + DatagramHeader.LENGTH;
    end = offset + datagramLength - trailerLength();
    return true;
  }

  /** Bytes of a ring that a data frame may still take in this datagram; may be negative. */
  public int roomForBytes() {
    return end - next - DATA_OVERHEAD;
  }

  /** Ranges that a NAK or a confirmation may take in an empty datagram. */
  public int mostRanges() {
    int room = datagramLength - DatagramHeader.LENGTH - trailerLength() - NAK_FIXED;
    return Math.min(room / RANGE_LENGTH, WireLimits.MAXIMUM_NAK_RANGES);
  }

  /**
   * Bytes {@code [position, position + length)} of a ring.
   *
   * @param low where the window begins
   * @param high where it ends, these bytes included
   */
  public void data(
      SendRing ring, long position, int length, long low, long high, boolean isRepair) {
    int firstRecord = ring.firstRecordOffset(position, length);
    data.wrap(target(), next + FrameHeader.LENGTH)
        .position(position)
        .lowDistance(position - low)
        .highDistance(high - position)
        .streamId(streamId)
        .firstRecord(firstRecord < 0 ? WireLimits.NO_RECORD : firstRecord)
        .flags()
        .clear()
        .repair(isRepair);
    ring.copyTo(position, length, target(), next + DATA_OVERHEAD);
    finishFrame(DATA, DATA_OVERHEAD + length);
  }

  /** The window of a source that has nothing new. */
  public void heartbeat(long low, long high, long timeNs, boolean finished) {
    heartbeat
        .wrap(target(), next + FrameHeader.LENGTH)
        .windowLow(low)
        .windowHigh(high)
        .sourceTimeNs(timeNs)
        .streamId(streamId)
        .flags()
        .clear()
        .finished(finished);
    finishFrame(HEARTBEAT, FrameHeader.LENGTH + FanOutHeartbeatFrameEncoder.BLOCK_LENGTH);
  }

  /** What receivers must know first. */
  public void setUp(SetUp what, long[] excluded, int excludedCount) {
    setUp
        .wrap(target(), next + FrameHeader.LENGTH)
        .windowLow(what.windowLow)
        .windowHigh(what.windowHigh)
        .joinPosition(what.joinPosition)
        .sourceTimeNs(what.sourceTimeNs)
        .ringCapacity(what.ringCapacity)
        .streamId(streamId)
        .roundTripNs(what.roundTripNs)
        .groupSize(what.groupSize)
        .statusIntervalNs(what.statusIntervalNs)
        .heartbeatNs(what.heartbeatNs)
        .backoffFactor((short) what.backoffFactor)
        .features()
        .clear()
        .peersHear(what.peersHear);
    FanOutSetUpFrameEncoder.ExcludedEncoder group = setUp.excludedCount(excludedCount);
    for (int i = 0; i < excludedCount; i++) {
      group.next().receiverId(excluded[i]);
    }
    finishFrame(SET_UP, SET_UP_FIXED + excludedCount * Long.BYTES);
  }

  /**
   * Where a receiver that comes late may begin.
   *
   * @param windowRecord the first record that is still held
   * @param replay where a journal is replayed from; unspecified for nowhere
   */
  public void join(long windowRecord, EndpointAddress replay) {
    join.wrap(target(), next + FrameHeader.LENGTH)
        .windowRecord(windowRecord)
        .replayHigh(replay.high())
        .replayLow(replay.low())
        .streamId(streamId)
        .replayPort(replay.port())
        .replayFamily((short) replay.family());
    finishFrame(JOIN, FrameHeader.LENGTH + FanOutJoinFrameEncoder.BLOCK_LENGTH);
  }

  /** Ranges that are missed, from the given one on; at most {@link #mostRanges}. */
  public void nak(long receiverId, RangeSet ranges, int from, int count) {
    nak.wrap(target(), next + FrameHeader.LENGTH).receiverId(receiverId).streamId(streamId);
    NakFrameEncoder.RangesEncoder group = nak.rangesCount(count);
    for (int i = from; i < from + count; i++) {
      group.next().position(ranges.start(i)).length(ranges.end(i) - ranges.start(i));
    }
    finishFrame(NAK, NAK_FIXED + count * RANGE_LENGTH);
  }

  /** Ranges that will be sent again, from the given one on; at most {@link #mostRanges}. */
  public void confirmation(RangeSet ranges, int from, int count) {
    confirmation.wrap(target(), next + FrameHeader.LENGTH).streamId(streamId);
    NakConfirmationFrameEncoder.RangesEncoder group = confirmation.rangesCount(count);
    for (int i = from; i < from + count; i++) {
      group.next().position(ranges.start(i)).length(ranges.end(i) - ranges.start(i));
    }
    finishFrame(CONFIRMATION, CONFIRMATION_FIXED + count * RANGE_LENGTH);
  }

  /** How far a receiver is. */
  public void status(Status what) {
    status
        .wrap(target(), next + FrameHeader.LENGTH)
        .receiverId(what.receiverId)
        .readPosition(what.readPosition)
        .contiguousPosition(what.contiguousPosition)
        .missedBytes(what.missedBytes)
        .echoedTimeNs(what.echoedTimeNs)
        .heldNs(Math.clamp(what.heldNs, 0, MOST_IN_A_WORD))
        .windowBytes(what.windowBytes)
        .streamId(streamId)
        .flags()
        .clear()
        .leaving(what.leaving);
    finishFrame(STATUS, FrameHeader.LENGTH + ReceiverStatusFrameEncoder.BLOCK_LENGTH);
  }

  /** Ends the datagram and gives it to the sink; returns its length. */
  public int finish() {
    int length = next - start + trailerLength();
    DatagramHeader.write(
        target(),
        start,
        sessionId,
        packetNumber,
        packetNumber,
        length,
        withChecksum ? DatagramHeader.FLAG_CHECKSUM : 0);
    packetNumber++;
    if (withChecksum) {
      checksum.close(target(), start, length);
    }
    Objects.requireNonNull(sink).commit(length);
    return length;
  }

  private MutableDirectBuffer target() {
    return Objects.requireNonNull(buffer);
  }

  private int trailerLength() {
    return withChecksum ? DatagramHeader.CHECKSUM_LENGTH : 0;
  }

  private void finishFrame(long header, int length) {
    FrameHeader.write(target(), next, header, length);
    next += length;
  }

  private static long frame(int templateId, int blockLength) {
    return FrameHeader.of(templateId, blockLength, FanOutDataFrameEncoder.SCHEMA_VERSION, 0);
  }
}
