package io.petrel.codecs;

import static io.petrel.codecs.Datagrams.datagram;
import static io.petrel.codecs.SampleDatagrams.counting;

import io.petrel.codecs.Datagrams.Frame;
import io.petrel.codecs.wire.FanOutDataFrameEncoder;
import io.petrel.codecs.wire.FanOutHeartbeatFrameEncoder;
import io.petrel.codecs.wire.FanOutJoinFrameEncoder;
import io.petrel.codecs.wire.FanOutSetUpFrameEncoder;
import io.petrel.codecs.wire.FrameHeaderEncoder;
import io.petrel.codecs.wire.NakConfirmationFrameEncoder;
import io.petrel.codecs.wire.NakFrameEncoder;
import io.petrel.codecs.wire.ReceiverStatusFrameEncoder;
import java.util.Map;
import org.agrona.MutableDirectBuffer;

/** The frames of a multicast fan-out among the {@link SampleDatagrams}. */
final class FanOutSamples {
  private static final FrameHeaderEncoder HEADER = new FrameHeaderEncoder();

  private FanOutSamples() {}

  static void addTo(Map<String, byte[]> samples) {
    samples.put("fan-out-set-up", datagram().frame(setUp(0)).build());
    samples.put("fan-out-set-up-with-excluded", datagram().frame(setUp(2)).build());
    samples.put("fan-out-data", datagram().frame(data(4_096, 8, 40, false)).build());
    samples.put(
        "fan-out-repairs",
        datagram().frame(data(4_000, 0, 16, true)).frame(data(4_099, 65_535, 3, true)).build());
    samples.put("fan-out-heartbeat", datagram().frame(FanOutSamples::heartbeat).build());
    samples.put("nak", datagram().frame(nak(1)).build());
    samples.put("nak-with-ranges", datagram().frame(nak(3)).build());
    samples.put("nak-confirmation", datagram().frame(confirmation(2)).build());
    samples.put("receiver-status", datagram().frame(FanOutSamples::status).build());
    samples.put("fan-out-join", datagram().frame(FanOutSamples::join).build());
  }

  static Frame data(long position, int firstRecord, int length, boolean repair) {
    return (buffer, offset) -> {
      FanOutDataFrameEncoder frame = new FanOutDataFrameEncoder();
      frame.wrapAndApplyHeader(buffer, offset, HEADER);
      frame.position(position).lowDistance(1_024).highDistance(2_048).streamId(7);
      frame.firstRecord(firstRecord).flags().clear().repair(repair);
      buffer.putBytes(frame.limit(), counting(length));
      return frame.limit() + length;
    };
  }

  static Frame setUp(int excluded) {
    return (buffer, offset) -> {
      FanOutSetUpFrameEncoder frame = new FanOutSetUpFrameEncoder();
      frame.wrapAndApplyHeader(buffer, offset, HEADER);
      frame.windowLow(1_024).windowHigh(8_192).joinPosition(4_096).sourceTimeNs(123_456_789);
      frame.ringCapacity(1 << 20).streamId(7).roundTripNs(100_000).groupSize(100);
      frame.statusIntervalNs(10_000_000).heartbeatNs(5_000_000).backoffFactor((short) 4);
      frame.features().clear().peersHear(true);
      FanOutSetUpFrameEncoder.ExcludedEncoder group = frame.excludedCount(excluded);
      for (int i = 1; i <= excluded; i++) {
        group.next().receiverId(1_000L * i);
      }
      return frame.limit();
    };
  }

  static int heartbeat(MutableDirectBuffer buffer, int offset) {
    FanOutHeartbeatFrameEncoder frame = new FanOutHeartbeatFrameEncoder();
    frame.wrapAndApplyHeader(buffer, offset, HEADER);
    frame.windowLow(1_024).windowHigh(8_192).sourceTimeNs(123_456_789).streamId(7);
    frame.flags().clear().finished(true);
    return frame.limit();
  }

  static Frame nak(int ranges) {
    return (buffer, offset) -> {
      NakFrameEncoder frame = new NakFrameEncoder().wrapAndApplyHeader(buffer, offset, HEADER);
      frame.receiverId(0xA1B2_C3D4_E5F6_0718L).streamId(7);
      NakFrameEncoder.RangesEncoder group = frame.rangesCount(ranges);
      for (int i = 1; i <= ranges; i++) {
        group.next().position(4_096L * i).length(112);
      }
      return frame.limit();
    };
  }

  private static Frame confirmation(int ranges) {
    return (buffer, offset) -> {
      NakConfirmationFrameEncoder frame = new NakConfirmationFrameEncoder();
      frame.wrapAndApplyHeader(buffer, offset, HEADER).streamId(7);
      NakConfirmationFrameEncoder.RangesEncoder group = frame.rangesCount(ranges);
      for (int i = 1; i <= ranges; i++) {
        group.next().position(4_096L * i).length(112);
      }
      return frame.limit();
    };
  }

  static int status(MutableDirectBuffer buffer, int offset) {
    ReceiverStatusFrameEncoder frame = new ReceiverStatusFrameEncoder();
    frame.wrapAndApplyHeader(buffer, offset, HEADER);
    frame.receiverId(0xA1B2_C3D4_E5F6_0718L).readPosition(2_048).contiguousPosition(4_096);
    frame
        .missedBytes(1_344)
        .echoedTimeNs(123_456_789)
        .heldNs(25_000)
        .windowBytes(1 << 20)
        .streamId(7);
    frame.flags().clear().leaving(false);
    return frame.limit();
  }

  static int join(MutableDirectBuffer buffer, int offset) {
    FanOutJoinFrameEncoder frame = new FanOutJoinFrameEncoder();
    frame.wrapAndApplyHeader(buffer, offset, HEADER);
    frame.windowRecord(2_048).replayHigh(0).replayLow(0x7F00_0001).streamId(7);
    frame.replayPort(9_100).replayFamily((short) 4);
    return frame.limit();
  }
}
