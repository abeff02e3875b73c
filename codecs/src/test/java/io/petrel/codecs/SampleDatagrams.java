package io.petrel.codecs;

import static io.petrel.codecs.Datagrams.datagram;

import io.petrel.codecs.Datagrams.Frame;
import io.petrel.codecs.wire.AcceptFrameEncoder;
import io.petrel.codecs.wire.AckFrameEncoder;
import io.petrel.codecs.wire.BlockedFrameEncoder;
import io.petrel.codecs.wire.CloseFrameEncoder;
import io.petrel.codecs.wire.CloseMode;
import io.petrel.codecs.wire.CloseReason;
import io.petrel.codecs.wire.EarlyData;
import io.petrel.codecs.wire.EcnFrameEncoder;
import io.petrel.codecs.wire.FrameHeaderEncoder;
import io.petrel.codecs.wire.HelloFrameEncoder;
import io.petrel.codecs.wire.Integrity;
import io.petrel.codecs.wire.PaddingFrameEncoder;
import io.petrel.codecs.wire.PathChallengeFrameEncoder;
import io.petrel.codecs.wire.PathResponseFrameEncoder;
import io.petrel.codecs.wire.PingFrameEncoder;
import io.petrel.codecs.wire.ProbeFrameEncoder;
import io.petrel.codecs.wire.RefuseFrameEncoder;
import io.petrel.codecs.wire.RefuseReason;
import io.petrel.codecs.wire.RetryFrameEncoder;
import io.petrel.codecs.wire.StreamEndFrameEncoder;
import io.petrel.codecs.wire.StreamFrameEncoder;
import io.petrel.codecs.wire.StreamOpenFrameEncoder;
import io.petrel.codecs.wire.StreamReason;
import io.petrel.codecs.wire.StreamResetFrameEncoder;
import io.petrel.codecs.wire.StreamStopFrameEncoder;
import io.petrel.codecs.wire.TokenFrameEncoder;
import io.petrel.codecs.wire.WindowFrameEncoder;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.agrona.MutableDirectBuffer;

/** One datagram for every frame and some for frames together: what the golden bytes are made of. */
final class SampleDatagrams {
  private static final FrameHeaderEncoder HEADER = new FrameHeaderEncoder();

  private SampleDatagrams() {}

  static byte[] named(String name) {
    return Objects.requireNonNull(all().get(name), name);
  }

  static Map<String, byte[]> all() {
    Map<String, byte[]> samples = new TreeMap<>();
    samples.put("stream", datagram().frame(stream(4_096, 8, 40)).build());
    samples.put("stream-within-a-record", datagram().frame(stream(4_099, 65_535, 3)).build());
    samples.put("stream-with-checksum", datagram().frame(stream(0, 0, 24)).build(1));
    samples.put("ack", datagram().frame(ack(0)).build());
    samples.put("ack-with-ranges", datagram().frame(ack(3)).build());
    samples.put("ack-and-stream", datagram().frame(ack(0)).frame(stream(64, 0, 16)).build());
    samples.put("window", datagram().frame(SampleDatagrams::window).build());
    samples.put("blocked", datagram().frame(SampleDatagrams::blocked).build());
    samples.put("ping", datagram().frame(SampleDatagrams::ping).build());
    samples.put("path-challenge", datagram().frame(SampleDatagrams::pathChallenge).build());
    samples.put("path-response", datagram().frame(SampleDatagrams::pathResponse).build());
    samples.put("probe", datagram().frame(SampleDatagrams::probe).build());
    samples.put("padding", datagram().frame(padding(5)).build());
    samples.put("stream-open", datagram().frame(SampleDatagrams::streamOpen).build());
    samples.put("stream-end", datagram().frame(SampleDatagrams::streamEnd).build());
    samples.put("stream-reset", datagram().frame(SampleDatagrams::streamReset).build());
    samples.put("stream-stop", datagram().frame(SampleDatagrams::streamStop).build());
    samples.put("close", datagram().frame(SampleDatagrams::close).build());
    samples.put("hello", hello(new byte[0], new byte[0], 200));
    samples.put("hello-with-cookie", hello(counting(32), counting(16), 152));
    samples.put("retry", datagram().frame(retry(32)).build());
    samples.put("accept", datagram().frame(SampleDatagrams::accept).build());
    samples.put("ecn", datagram().frame(ack(0)).frame(SampleDatagrams::ecn).build());
    samples.put("token", datagram().frame(SampleDatagrams::token).build());
    samples.put("refuse", datagram().frame(SampleDatagrams::refuse).build());
    FanOutSamples.addTo(samples);
    return samples;
  }

  static Frame stream(long position, int firstRecord, int length) {
    return (buffer, offset) -> {
      StreamFrameEncoder frame = new StreamFrameEncoder();
      frame.wrapAndApplyHeader(buffer, offset, HEADER);
      frame.position(position).streamId(7).firstRecord(firstRecord);
      buffer.putBytes(frame.limit(), counting(length));
      return frame.limit() + length;
    };
  }

  static Frame ack(int ranges) {
    return (buffer, offset) -> {
      AckFrameEncoder frame = new AckFrameEncoder().wrapAndApplyHeader(buffer, offset, HEADER);
      frame.largest(1_000).contiguousPosition(1 << 20).delayNs(25_000).firstRange(99).streamId(7);
      AckFrameEncoder.RangesEncoder group = frame.rangesCount(ranges);
      for (int i = 1; i <= ranges; i++) {
        group.next().missing(i).received(10L * i);
      }
      return frame.limit();
    };
  }

  static int window(MutableDirectBuffer buffer, int offset) {
    WindowFrameEncoder frame = new WindowFrameEncoder().wrapAndApplyHeader(buffer, offset, HEADER);
    frame.readPosition(65_536).contiguousPosition(131_072).windowBytes(1 << 20).streamId(7);
    return frame.limit();
  }

  private static int blocked(MutableDirectBuffer buffer, int offset) {
    return new BlockedFrameEncoder()
        .wrapAndApplyHeader(buffer, offset, HEADER)
        .position(1_114_112)
        .streamId(7)
        .limit();
  }

  static int ping(MutableDirectBuffer buffer, int offset) {
    return new PingFrameEncoder().wrapAndApplyHeader(buffer, offset, HEADER).limit();
  }

  private static int pathChallenge(MutableDirectBuffer buffer, int offset) {
    PathChallengeFrameEncoder frame = new PathChallengeFrameEncoder();
    return frame.wrapAndApplyHeader(buffer, offset, HEADER).data(0x0102030405060708L).limit();
  }

  private static int pathResponse(MutableDirectBuffer buffer, int offset) {
    PathResponseFrameEncoder frame = new PathResponseFrameEncoder();
    return frame.wrapAndApplyHeader(buffer, offset, HEADER).data(0x0102030405060708L).limit();
  }

  private static int probe(MutableDirectBuffer buffer, int offset) {
    return new ProbeFrameEncoder().wrapAndApplyHeader(buffer, offset, HEADER).limit() + 32;
  }

  static Frame padding(int length) {
    return (buffer, offset) ->
        new PaddingFrameEncoder().wrapAndApplyHeader(buffer, offset, HEADER).limit() + length;
  }

  private static int streamOpen(MutableDirectBuffer buffer, int offset) {
    StreamOpenFrameEncoder frame = new StreamOpenFrameEncoder();
    frame.wrapAndApplyHeader(buffer, offset, HEADER).streamId(8).ringCapacity(1 << 16);
    return frame.limit();
  }

  private static int streamEnd(MutableDirectBuffer buffer, int offset) {
    StreamEndFrameEncoder frame = new StreamEndFrameEncoder();
    return frame.wrapAndApplyHeader(buffer, offset, HEADER).finalPosition(800).streamId(8).limit();
  }

  private static int streamReset(MutableDirectBuffer buffer, int offset) {
    StreamResetFrameEncoder frame = new StreamResetFrameEncoder();
    frame.wrapAndApplyHeader(buffer, offset, HEADER).finalPosition(800).streamId(8);
    return frame.reason(StreamReason.APPLICATION).limit();
  }

  private static int streamStop(MutableDirectBuffer buffer, int offset) {
    StreamStopFrameEncoder frame = new StreamStopFrameEncoder();
    frame.wrapAndApplyHeader(buffer, offset, HEADER).streamId(8);
    return frame.reason(StreamReason.NOT_WANTED).limit();
  }

  private static int close(MutableDirectBuffer buffer, int offset) {
    CloseFrameEncoder frame = new CloseFrameEncoder().wrapAndApplyHeader(buffer, offset, HEADER);
    frame.mode(CloseMode.GRACEFUL).reason(CloseReason.APPLICATION).code(42);
    frame
        .streamsCount(2)
        .next()
        .finalPosition(4_096)
        .streamId(7)
        .next()
        .finalPosition(0)
        .streamId(8);
    return frame.limit();
  }

  private static byte[] hello(byte[] token, byte[] keyExchange, int padding) {
    Frame hello =
        (buffer, offset) -> {
          HelloFrameEncoder frame =
              new HelloFrameEncoder().wrapAndApplyHeader(buffer, offset, HEADER);
          frame.sessionId(0xA1B2_C3D4_E5F6_0718L).incarnation(77).minimumVersion((short) 1);
          frame.maximumVersion((short) 1).schemaVersion(HelloFrameEncoder.SCHEMA_VERSION);
          frame.integrity(Integrity.CRC32C).features().clear().migration(true).sizeDiscovery(true);
          frame.ringCapacity(1 << 20).idleTimeoutMs(30_000).maximumAckDelayNs(1_000_000);
          frame.streamId(7).datagramSize(1_408).maximumStreams(16);
          frame.putToken(token, 0, token.length);
          frame.putKeyExchange(keyExchange, 0, keyExchange.length);
          return frame.limit();
        };
    return datagram().sessionId(0).frame(hello).frame(padding(padding)).build();
  }

  static Frame retry(int cookieLength) {
    return (buffer, offset) -> {
      RetryFrameEncoder frame = new RetryFrameEncoder().wrapAndApplyHeader(buffer, offset, HEADER);
      return frame.putCookie(counting(cookieLength), 0, cookieLength).limit();
    };
  }

  private static int accept(MutableDirectBuffer buffer, int offset) {
    AcceptFrameEncoder frame = new AcceptFrameEncoder().wrapAndApplyHeader(buffer, offset, HEADER);
    frame.sessionId(0x1827_3645_5463_7281L).incarnation(99).version((short) 1);
    frame.schemaVersion(AcceptFrameEncoder.SCHEMA_VERSION).integrity(Integrity.CRC32C);
    frame.earlyData(EarlyData.NOT_OFFERED).features().clear().migration(true);
    frame.ringCapacity(1 << 20).idleTimeoutMs(30_000).maximumAckDelayNs(1_000_000);
    frame.datagramSize(1_408).maximumStreams(16);
    return frame.putKeyExchange(new byte[0], 0, 0).limit();
  }

  private static int refuse(MutableDirectBuffer buffer, int offset) {
    RefuseFrameEncoder frame = new RefuseFrameEncoder().wrapAndApplyHeader(buffer, offset, HEADER);
    frame.sessionId(0xA1B2_C3D4_E5F6_0718L).incarnation(99).detail(1 << 16);
    frame.reason(RefuseReason.RING_CAPACITY).minimumVersion((short) 1).maximumVersion((short) 1);
    return frame.retryAfterMs(2_000).limit();
  }

  private static int ecn(MutableDirectBuffer buffer, int offset) {
    EcnFrameEncoder frame = new EcnFrameEncoder().wrapAndApplyHeader(buffer, offset, HEADER);
    return frame.ect0(1_000).ect1(0).ce(17).limit();
  }

  private static int token(MutableDirectBuffer buffer, int offset) {
    TokenFrameEncoder frame = new TokenFrameEncoder().wrapAndApplyHeader(buffer, offset, HEADER);
    return frame.lifetimeMs(86_400_000).putToken(counting(48), 0, 48).limit();
  }

  static byte[] counting(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i + 1);
    }
    return bytes;
  }
}
