package io.petrel.codecs;

import static io.petrel.codecs.Datagrams.datagram;
import static io.petrel.codecs.Datagrams.validate;
import static io.petrel.codecs.Datagrams.withInt;
import static io.petrel.codecs.Datagrams.withLong;
import static io.petrel.codecs.FanOutSamples.data;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.petrel.codecs.wire.FanOutDataFrameDecoder;
import io.petrel.codecs.wire.FanOutHeartbeatFrameDecoder;
import io.petrel.codecs.wire.FanOutSetUpFrameDecoder;
import io.petrel.codecs.wire.NakFrameDecoder;
import io.petrel.codecs.wire.ReceiverStatusFrameDecoder;
import org.junit.jupiter.api.Test;

class FanOutRulesTest {
  private static final int FIRST_RANGE = NakFrameDecoder.BLOCK_LENGTH + 2;
  private static final int SECOND_RANGE = FIRST_RANGE + 12;

  private static byte[] sample(String name) {
    return SampleDatagrams.named(name);
  }

  private static void assertRejected(int reason, byte[] datagram) {
    assertEquals(Rejection.name(reason), Rejection.name(validate(datagram)));
  }

  @Test
  void rejectsDataOutsideOfItsOwnWindow() {
    int low = FanOutDataFrameDecoder.lowDistanceEncodingOffset();
    int high = FanOutDataFrameDecoder.highDistanceEncodingOffset();
    byte[] data = sample("fan-out-data");

    assertRejected(Rejection.NONE, withInt(data, low, 4_096));
    assertRejected(Rejection.POSITION, withInt(data, low, 4_097));
    assertRejected(Rejection.NONE, withInt(data, high, 40));
    assertRejected(Rejection.POSITION, withInt(data, high, 39));
  }

  @Test
  void rejectsDataPositionsThatOverflow() {
    long last = Long.MAX_VALUE - 2_047;

    assertRejected(Rejection.NONE, datagram().frame(data(last - 2_048, 8, 40, false)).build());
    assertRejected(Rejection.POSITION, datagram().frame(data(last + 7, 8, 40, false)).build());
    assertRejected(Rejection.POSITION, datagram().frame(data(-8, 8, 40, false)).build());
  }

  @Test
  void rejectsDataWithoutBytesOrWithARecordOutsideOfThem() {
    assertRejected(Rejection.STREAM_BYTES, datagram().frame(data(4_096, 0, 0, false)).build());
    assertRejected(Rejection.STREAM_BYTES, datagram().frame(data(4_096, 8, 8, false)).build());
    assertRejected(Rejection.STREAM_BYTES, datagram().frame(data(4_097, 0, 8, true)).build());
    assertRejected(Rejection.NONE, datagram().frame(data(4_097, 65_535, 8, true)).build());
  }

  @Test
  void rejectsWindowsThatRunBackwards() {
    int join = FanOutSetUpFrameDecoder.joinPositionEncodingOffset();
    byte[] setUp = sample("fan-out-set-up");
    byte[] heartbeat = sample("fan-out-heartbeat");
    int low = FanOutHeartbeatFrameDecoder.windowLowEncodingOffset();
    int contiguous = ReceiverStatusFrameDecoder.contiguousPositionEncodingOffset();

    assertRejected(Rejection.POSITION, withLong(setUp, join, 1_023));
    assertRejected(Rejection.POSITION, withLong(setUp, join, 8_193));
    assertRejected(Rejection.NONE, withLong(setUp, join, 8_192));
    assertRejected(Rejection.POSITION, withLong(heartbeat, low, 8_193));
    assertRejected(Rejection.POSITION, withLong(heartbeat, low, -1));
    assertRejected(Rejection.POSITION, withLong(sample("receiver-status"), contiguous, 2_047));
  }

  @Test
  void rejectsNakRangesThatAreEmptyOrDoNotAscend() {
    byte[] naks = sample("nak-with-ranges");

    assertRejected(Rejection.NAK_RANGES, withInt(naks, FIRST_RANGE + 8, 0));
    assertRejected(Rejection.NAK_RANGES, withLong(naks, FIRST_RANGE, -1));
    assertRejected(Rejection.NAK_RANGES, withLong(naks, FIRST_RANGE, Long.MAX_VALUE - 1));
    assertRejected(Rejection.NAK_RANGES, withLong(naks, SECOND_RANGE, 4_096 + 112));
    assertRejected(Rejection.NONE, withLong(naks, SECOND_RANGE, 4_096 + 113));
    assertRejected(Rejection.NAK_RANGES, datagram().frame(FanOutSamples.nak(0)).build());
  }

  @Test
  void boundsRangesAndExcludedReceivers() {
    int most = WireLimits.MAXIMUM_NAK_RANGES;

    assertRejected(Rejection.NONE, datagram().frame(FanOutSamples.nak(most)).build());
    assertRejected(Rejection.GROUP, datagram().frame(FanOutSamples.nak(most + 1)).build());
    int excluded = WireLimits.MAXIMUM_EXCLUDED;
    assertRejected(Rejection.NONE, datagram().frame(FanOutSamples.setUp(excluded)).build());
    assertRejected(Rejection.GROUP, datagram().frame(FanOutSamples.setUp(excluded + 1)).build());
  }
}
