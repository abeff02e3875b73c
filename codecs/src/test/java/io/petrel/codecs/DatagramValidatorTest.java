package io.petrel.codecs;

import static io.petrel.codecs.Datagrams.datagram;
import static io.petrel.codecs.Datagrams.validate;
import static io.petrel.codecs.Datagrams.withInt;
import static io.petrel.codecs.Datagrams.withLong;
import static io.petrel.codecs.SampleDatagrams.ack;
import static io.petrel.codecs.SampleDatagrams.padding;
import static io.petrel.codecs.SampleDatagrams.retry;
import static io.petrel.codecs.SampleDatagrams.stream;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.petrel.codecs.wire.AckFrameDecoder;
import io.petrel.codecs.wire.CloseFrameDecoder;
import io.petrel.codecs.wire.HelloFrameDecoder;
import io.petrel.codecs.wire.PingFrameDecoder;
import io.petrel.codecs.wire.StreamFrameDecoder;
import io.petrel.codecs.wire.WindowFrameDecoder;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class DatagramValidatorTest {
  private static byte[] sample(String name) {
    return SampleDatagrams.named(name);
  }

  private static void assertRejected(int reason, byte[] datagram) {
    assertEquals(Rejection.name(reason), Rejection.name(validate(datagram)));
  }

  @Test
  void rejectsWhatIsShorterThanAHeader() {
    assertEquals(Rejection.TRUNCATED, validate(sample("ping"), 0));
    assertEquals(Rejection.TRUNCATED, validate(sample("ping"), 23));
  }

  @Test
  void rejectsAnotherLengthThanTheHeaderSays() {
    byte[] longer = Arrays.copyOf(sample("ping"), sample("ping").length + 1);

    assertRejected(Rejection.DATAGRAM_LENGTH, longer);
  }

  @Test
  void rejectsAnotherVersion() {
    for (int version : new int[] {0, 2, 255}) {
      byte[] datagram = sample("stream");
      datagram[DatagramHeader.VERSION_OFFSET] = (byte) version;
      assertRejected(Rejection.VERSION, datagram);
    }
  }

  @Test
  void rejectsFlagsThatHaveNoMeaningAlone() {
    for (int flags = 0; flags < 256; flags++) {
      byte[] datagram = sample("stream");
      datagram[DatagramHeader.FLAGS_OFFSET] = (byte) flags;
      int expected =
          switch (flags) {
            case 0 -> Rejection.NONE;
            case DatagramHeader.FLAG_CHECKSUM -> Rejection.CHECKSUM;
            case DatagramHeader.FLAG_SEALED,
                DatagramHeader.FLAG_SEALED | DatagramHeader.FLAG_KEY_PHASE ->
                Rejection.SEALED;
            default -> Rejection.FLAGS;
          };
      assertRejected(expected, datagram);
    }
  }

  @Test
  void validatesASealedDatagramOnceItIsOpened() {
    byte[] sealed = datagram().frame(stream(0, 0, 8)).build(DatagramHeader.FLAG_SEALED);
    UnsafeBuffer buffer = new UnsafeBuffer(sealed);
    DatagramValidator validator = new DatagramValidator();

    assertEquals(Rejection.SEALED, validator.validate(buffer, 0, sealed.length));
    assertEquals(Rejection.NONE, validator.validateOpened(buffer, 0, sealed.length));
    buffer.putByte(DatagramHeader.LENGTH, (byte) 3);
    assertEquals(Rejection.FRAME_LENGTH, validator.validateOpened(buffer, 0, sealed.length));
    assertEquals(Rejection.TRUNCATED, validator.validateOpened(buffer, 0, 39));
  }

  @Test
  void anyChangeOfADatagramWithAChecksumIsRejected() {
    byte[] good = sample("stream-with-checksum");
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] changed = good.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      int rejection = validate(changed);
      assertEquals(true, rejection < 0, "bit " + bit);
    }
  }

  @Test
  void rejectsAChecksumWithoutRoomForIt() {
    byte[] datagram = new byte[DatagramHeader.LENGTH + 3];
    DatagramHeader.write(new UnsafeBuffer(datagram), 0, 1, 1, 1, datagram.length, 1);

    assertRejected(Rejection.TRUNCATED, datagram);
  }

  @Test
  void rejectsPacketNumbersOutOfRange() {
    byte[] negative = sample("ping");
    new UnsafeBuffer(negative).putLong(8, -1, ByteOrder.LITTLE_ENDIAN);
    byte[] below = sample("ping");
    new UnsafeBuffer(below).putLong(8, 9, ByteOrder.LITTLE_ENDIAN);
    byte[] lowest = sample("ping");
    new UnsafeBuffer(lowest).putLong(8, 10, ByteOrder.LITTLE_ENDIAN);

    assertRejected(Rejection.PACKET_NUMBER, negative);
    assertRejected(Rejection.PACKET_NUMBER, below);
    assertRejected(Rejection.NONE, lowest);
  }

  @Test
  void rejectsNoFrameAndTooManyFrames() {
    Datagrams most = datagram();
    for (int i = 0; i < WireLimits.MAXIMUM_FRAMES; i++) {
      most.frame(SampleDatagrams::ping);
    }

    assertRejected(Rejection.FRAME_COUNT, datagram().build());
    assertRejected(Rejection.NONE, most.build());
    assertRejected(Rejection.FRAME_COUNT, most.frame(SampleDatagrams::ping).build());
  }

  @Test
  void rejectsFramesThatEndOutsideTheDatagram() {
    int ping = PingFrameDecoder.TEMPLATE_ID;

    assertRejected(Rejection.FRAME_LENGTH, datagram().bytes(new byte[7]).build());
    assertRejected(Rejection.FRAME_LENGTH, datagram().bytes(new byte[8]).build());
    byte[] beyond = sample("stream");
    beyond[DatagramHeader.LENGTH]++;
    assertRejected(Rejection.FRAME_LENGTH, beyond);
    assertRejected(
        Rejection.FRAME_LENGTH, datagram().raw(ping, 1, 0, 0, 0, 8).bytes((byte) 1).build());
  }

  @Test
  void rejectsBytesThatBelongToNoPartOfAFrame() {
    assertRejected(
        Rejection.FRAME_LENGTH,
        datagram().raw(PingFrameDecoder.TEMPLATE_ID, 1, 0, 0, 0, 9).build());
  }

  @Test
  void rejectsABlockOfTheWrongLength() {
    int window = WindowFrameDecoder.TEMPLATE_ID;

    assertRejected(Rejection.BLOCK_LENGTH, datagram().raw(window, 1, 23, 0, 0, 31).build());
    assertRejected(Rejection.BLOCK_LENGTH, datagram().raw(window, 1, 25, 0, 0, 33).build());
    assertRejected(Rejection.FRAME_LENGTH, datagram().raw(window, 1, 24, 0, 0, 31).build());
    assertRejected(Rejection.NONE, datagram().raw(window, 1, 24, 0, 0, 32).build());
  }

  @Test
  void rejectsAStreamFrameWithoutBytes() {
    assertRejected(Rejection.STREAM_BYTES, datagram().frame(stream(0, 0, 0)).build());
    assertRejected(
        Rejection.STREAM_BYTES, datagram().frame(stream(0, WireLimits.NO_RECORD, 0)).build());
    assertRejected(Rejection.NONE, datagram().frame(stream(0, WireLimits.NO_RECORD, 1)).build());
  }

  @Test
  void rejectsAFirstRecordOutsideTheBytesOrNotAligned() {
    assertRejected(Rejection.STREAM_BYTES, datagram().frame(stream(0, 8, 8)).build());
    assertRejected(Rejection.STREAM_BYTES, datagram().frame(stream(0, 65_528, 8)).build());
    assertRejected(Rejection.STREAM_BYTES, datagram().frame(stream(1, 0, 8)).build());
    assertRejected(Rejection.NONE, datagram().frame(stream(1, 7, 8)).build());
  }

  @Test
  void rejectsStreamPositionsThatOverflow() {
    assertRejected(Rejection.POSITION, datagram().frame(stream(-8, 0, 8)).build());
    assertRejected(Rejection.POSITION, datagram().frame(stream(Long.MAX_VALUE, 1, 2)).build());
    assertRejected(Rejection.POSITION, datagram().frame(stream(Long.MAX_VALUE - 7, 0, 8)).build());
    assertRejected(Rejection.NONE, datagram().frame(stream(Long.MAX_VALUE - 15, 0, 8)).build());
  }

  @Test
  void rejectsAcksBelowPacketZero() {
    int largest = AckFrameDecoder.largestEncodingOffset();
    byte[] lone = sample("ack");

    assertRejected(Rejection.NONE, withLong(lone, largest, 99));
    assertRejected(Rejection.ACK_RANGES, withLong(lone, largest, 98));
    assertRejected(Rejection.ACK_RANGES, withLong(lone, largest, -1));
    assertRejected(Rejection.ACK_RANGES, withLong(lone, largest, Long.MIN_VALUE));
    assertRejected(Rejection.NONE, withLong(lone, largest, Long.MAX_VALUE));
  }

  @Test
  void rejectsAckRangesThatAreEmptyOrUnderflow() {
    byte[] three = sample("ack-with-ranges");
    int largest = AckFrameDecoder.largestEncodingOffset();
    int firstMissing = AckFrameDecoder.BLOCK_LENGTH + 2;

    // 99 directly below, then 1 + 10, 2 + 20 and 3 + 30.
    assertRejected(Rejection.NONE, withLong(three, largest, 99 + 66));
    assertRejected(Rejection.ACK_RANGES, withLong(three, largest, 99 + 65));
    assertRejected(Rejection.ACK_RANGES, withInt(three, firstMissing, 0));
    assertRejected(Rejection.ACK_RANGES, withInt(three, firstMissing + 4, 0));
    assertRejected(Rejection.ACK_RANGES, withInt(three, firstMissing, -1));
    assertRejected(Rejection.ACK_RANGES, withInt(three, firstMissing + 12, -1));
  }

  @Test
  void boundsTheRangesOfAnAck() {
    int most = WireLimits.MAXIMUM_ACK_RANGES;
    byte[] full = datagram().frame(ack(most)).build();
    byte[] fuller = datagram().frame(ack(most + 1)).build();
    int largest = AckFrameDecoder.largestEncodingOffset();

    assertRejected(Rejection.NONE, withLong(full, largest, 1_000_000));
    assertRejected(Rejection.GROUP, withLong(fuller, largest, 1_000_000));
  }

  @Test
  void rejectsGroupsThatLieAboutTheirSize() {
    byte[] three = sample("ack-with-ranges");
    int group = DatagramHeader.LENGTH + FrameHeader.LENGTH + AckFrameDecoder.BLOCK_LENGTH;
    for (int[] lie : new int[][] {{8, 4}, {8, 255}, {7, 3}, {9, 3}, {0, 3}, {255, 3}}) {
      byte[] lying = three.clone();
      lying[group] = (byte) lie[0];
      lying[group + 1] = (byte) lie[1];
      assertRejected(Rejection.GROUP, lying);
    }
    byte[] fewer = three.clone();
    fewer[group + 1] = 2;
    assertRejected(Rejection.FRAME_LENGTH, fewer);
  }

  @Test
  void rejectsAWindowWhosePositionsContradictEachOther() {
    byte[] window = sample("window");
    int read = WindowFrameDecoder.readPositionEncodingOffset();
    int contiguous = WindowFrameDecoder.contiguousPositionEncodingOffset();

    assertRejected(Rejection.POSITION, withLong(window, read, -1));
    assertRejected(Rejection.POSITION, withLong(window, contiguous, 65_535));
    assertRejected(Rejection.NONE, withLong(window, contiguous, 65_536));
    byte[] far = withLong(window, contiguous, Long.MAX_VALUE);
    assertRejected(Rejection.POSITION, withLong(far, read, Long.MAX_VALUE));
  }

  @Test
  void rejectsFinalPositionsOutOfRange() {
    assertRejected(Rejection.POSITION, withLong(sample("stream-end"), 0, Long.MIN_VALUE));
    assertRejected(Rejection.POSITION, withLong(sample("stream-reset"), 0, -1));
    assertRejected(Rejection.POSITION, withLong(sample("blocked"), 0, -1));
    int secondStream = CloseFrameDecoder.BLOCK_LENGTH + 2 + 12;
    assertRejected(Rejection.POSITION, withLong(sample("close"), secondStream, -1));
  }

  @Test
  void rejectsVariableDataThatLiesAboutItsLength() {
    byte[] hello = sample("hello-with-cookie");
    int token = HelloFrameDecoder.BLOCK_LENGTH;
    for (int length : new int[] {51, 128, 129, 65_535}) {
      byte[] lying = hello.clone();
      new UnsafeBuffer(lying)
          .putShort(
              DatagramHeader.LENGTH + FrameHeader.LENGTH + token,
              (short) length,
              ByteOrder.LITTLE_ENDIAN);
      assertRejected(Rejection.VARIABLE_DATA, lying);
    }
  }

  @Test
  void boundsTheLengthOfACookie() {
    int most = WireLimits.MAXIMUM_TOKEN_LENGTH;

    assertRejected(Rejection.NONE, datagram().frame(retry(most)).build());
    assertRejected(Rejection.VARIABLE_DATA, datagram().frame(retry(most + 1)).build());
  }

  @Test
  void rejectsAHelloThatCouldNotBeAnswered() {
    byte[] inASession = sample("hello");
    inASession[0] = 1;
    byte[] small = Arrays.copyOf(sample("hello"), 24 + 8 + 44 + 4);
    DatagramHeader.datagramLength(new UnsafeBuffer(small), 0, small.length);

    assertRejected(Rejection.HELLO, inASession);
    assertRejected(Rejection.HELLO, small);
  }

  @Test
  void validatesAtAnyOffset() {
    for (Map.Entry<String, byte[]> sample : SampleDatagrams.all().entrySet()) {
      byte[] datagram = sample.getValue();
      for (int offset : new int[] {1, 3, 8}) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[offset + datagram.length]);
        buffer.putBytes(offset, datagram);
        int rejection = new DatagramValidator().validate(buffer, offset, datagram.length);
        assertEquals("none", Rejection.name(rejection), sample.getKey());
      }
    }
  }

  @Test
  void walksTheFramesInTheirOrder() {
    byte[] datagram = datagram().frame(ack(2)).frame(stream(64, 0, 16)).frame(padding(3)).build(1);
    FrameCursor cursor = new FrameCursor();
    cursor.wrap(new UnsafeBuffer(datagram), 0, datagram.length);

    assertEquals(true, cursor.next());
    assertEquals(AckFrameDecoder.TEMPLATE_ID, cursor.templateId());
    assertEquals(24, cursor.offset());
    assertEquals(8 + 28 + 2 + 16, cursor.length());
    assertEquals(true, cursor.next());
    assertEquals(StreamFrameDecoder.TEMPLATE_ID, cursor.templateId());
    assertEquals(24 + 54 + 8, cursor.body());
    assertEquals(24 + 54 + 8 + 14, cursor.payload());
    assertEquals(16, cursor.payloadLength());
    assertEquals(true, cursor.next());
    assertEquals(3, cursor.payloadLength());
    assertEquals(false, cursor.next());
    assertEquals(false, cursor.next());
  }
}
