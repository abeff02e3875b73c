package io.petrel.codecs;

import static io.petrel.codecs.Datagrams.datagram;
import static io.petrel.codecs.Datagrams.validate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.codecs.wire.StreamFrameDecoder;
import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What this version does with datagrams of versions to come. */
class VersionRuleTest {
  private static final int NEXT = StreamFrameDecoder.SCHEMA_VERSION + 1;
  private static final int UNUSED_TEMPLATE = 250;
  private static final WireText TEXT = new WireText(SchemaModel.wire());

  static List<Golden> goldens() {
    return Golden.readAll("wire-v" + StreamFrameDecoder.SCHEMA_VERSION).stream()
        .filter(golden -> DatagramHeader.flags(new UnsafeBuffer(golden.bytes()), 0) == 0)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void addedFieldsAreSkippedByTheLengthOfTheBlock(Golden golden) {
    for (int added : new int[] {1, 8, 100}) {
      byte[] newer = rewrite(golden.bytes(), added, 0, NEXT, 0);

      assertEquals("none", Rejection.name(validate(newer)));
      assertEquals(golden.text(), TEXT.describe(newer));
    }
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void partsAddedAtTheEndAreSkippedByTheLengthOfTheFrame(Golden golden) {
    byte[] newer = rewrite(golden.bytes(), 0, 9, NEXT, 0);

    assertEquals("none", Rejection.name(validate(newer)));
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void aFrameCutAnywhereIsRejectedOrReadWithinItsBounds(Golden golden) {
    for (int version : new int[] {NEXT - 1, NEXT}) {
      byte[] frames = rewrite(golden.bytes(), 0, 0, version, 0);
      int frame = DatagramHeader.LENGTH;
      int whole = FrameHeader.frameLength(FrameHeader.read(new UnsafeBuffer(frames), frame));
      for (int length = FrameHeader.LENGTH; length <= whole; length++) {
        byte[] cut = Arrays.copyOf(frames, frame + length);
        UnsafeBuffer buffer = new UnsafeBuffer(cut);
        buffer.putShort(frame, (short) length, ByteOrder.LITTLE_ENDIAN);
        DatagramHeader.datagramLength(buffer, 0, cut.length);
        if (validate(cut) == Rejection.NONE) {
          TEXT.describe(cut);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void addedBytesOfAVersionThatHasNoneAreRejected(Golden golden) {
    byte[] lying = rewrite(golden.bytes(), 1, 0, NEXT - 1, 0);

    assertEquals("block length", Rejection.name(validate(lying)));
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void aNewerFrameThatMustBeUnderstoodIsRefused(Golden golden) {
    byte[] critical = rewrite(golden.bytes(), 0, 0, NEXT, FrameHeader.FLAG_MUST_UNDERSTAND);
    byte[] known = rewrite(golden.bytes(), 0, 0, NEXT - 1, FrameHeader.FLAG_MUST_UNDERSTAND);

    assertEquals("not understood", Rejection.name(validate(critical)));
    assertEquals("none", Rejection.name(validate(known)));
  }

  @Test
  void frameFlagsWithoutAMeaningAreIgnored() {
    byte[] known = rewrite(goldens().get(0).bytes(), 0, 0, NEXT - 1, 0xFE);

    assertEquals("none", Rejection.name(validate(known)));
  }

  @Test
  void unknownFramesAreSkippedByTheirLength() {
    for (int schema : new int[] {FrameHeader.SCHEMA_ID, 0, 9, 255}) {
      byte[] mixed =
          datagram()
              .raw(UNUSED_TEMPLATE, schema, 17, NEXT, 0, 40)
              .frame(SampleDatagrams::ping)
              .raw(UNUSED_TEMPLATE, schema, 0, 0, 0, 8)
              .frame(SampleDatagrams::window)
              .build();
      FrameCursor cursor = new FrameCursor().wrap(new UnsafeBuffer(mixed), 0, mixed.length);

      assertEquals("none", Rejection.name(validate(mixed)));
      assertTrue(cursor.next());
      assertEquals(FrameCursor.UNKNOWN, cursor.templateId());
      assertTrue(cursor.next());
      assertEquals(5, cursor.templateId());
      assertTrue(cursor.next());
      assertEquals(FrameCursor.UNKNOWN, cursor.templateId());
      assertTrue(cursor.next());
      assertEquals(3, cursor.templateId());
      assertFalse(cursor.next());
    }
  }

  @Test
  void knownTemplateIdsOfAnotherSchemaAreUnknownFrames() {
    byte[] foreign = datagram().raw(StreamFrameDecoder.TEMPLATE_ID, 2, 0, 0, 0, 8).build();
    FrameCursor cursor = new FrameCursor().wrap(new UnsafeBuffer(foreign), 0, foreign.length);

    assertEquals("none", Rejection.name(validate(foreign)));
    assertTrue(cursor.next());
    assertEquals(FrameCursor.UNKNOWN, cursor.templateId());
  }

  @Test
  void anUnknownFrameThatMustBeUnderstoodIsRefused() {
    int critical = FrameHeader.FLAG_MUST_UNDERSTAND;
    byte[] first =
        datagram()
            .raw(UNUSED_TEMPLATE, 1, 0, NEXT, critical, 8)
            .frame(SampleDatagrams::ping)
            .build();
    byte[] last =
        datagram()
            .frame(SampleDatagrams::ping)
            .raw(UNUSED_TEMPLATE, 1, 0, NEXT, critical, 8)
            .build();

    assertEquals("not understood", Rejection.name(validate(first)));
    assertEquals("not understood", Rejection.name(validate(last)));
  }

  @Test
  void anUnknownFrameMustStillHoldItsBlock() {
    byte[] lying = datagram().raw(UNUSED_TEMPLATE, 1, 33, NEXT, 0, 40).build();

    assertEquals("frame length", Rejection.name(validate(lying)));
  }

  /**
   * The same datagram with each frame as a newer version might write it: bytes added to its block
   * and, where no payload follows, to its end.
   */
  private static byte[] rewrite(
      byte[] datagram, int addedToBlock, int addedToEnd, int version, int flags) {
    UnsafeBuffer buffer = new UnsafeBuffer(datagram);
    FrameCursor cursor = new FrameCursor().wrap(buffer, 0, datagram.length);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(datagram, 0, DatagramHeader.LENGTH);
    byte[] addition = new byte[Math.max(addedToBlock, addedToEnd)];
    Arrays.fill(addition, (byte) 0xEE);
    while (cursor.next()) {
      byte[] header = new byte[FrameHeader.LENGTH];
      FrameHeader.write(
          new UnsafeBuffer(header),
          0,
          FrameHeader.of(cursor.templateId(), cursor.blockLength() + addedToBlock, version, flags),
          cursor.length() + addedToBlock + addedToEnd);
      out.writeBytes(header);
      out.write(datagram, cursor.body(), cursor.blockLength());
      out.write(addition, 0, addedToBlock);
      out.write(datagram, cursor.payload(), cursor.payloadLength());
      out.write(addition, 0, addedToEnd);
    }
    byte[] bytes = out.toByteArray();
    new UnsafeBuffer(bytes)
        .putShort(
            DatagramHeader.DATAGRAM_LENGTH_OFFSET, (short) bytes.length, ByteOrder.LITTLE_ENDIAN);
    return bytes;
  }
}
