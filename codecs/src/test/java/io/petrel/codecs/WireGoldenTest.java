package io.petrel.codecs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.codecs.wire.StreamFrameDecoder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes over the wire is what went over it before, byte for byte. */
class WireGoldenTest {
  private static final String DIRECTORY = "wire-v" + StreamFrameDecoder.SCHEMA_VERSION;
  private static final WireText TEXT = new WireText(SchemaModel.wire());

  static List<Golden> goldens() {
    return Golden.readAll(DIRECTORY);
  }

  @Test
  void encodersWriteTheGoldenBytes() {
    Map<String, byte[]> samples = SampleDatagrams.all();
    if (Golden.UPDATE) {
      samples.forEach(
          (name, bytes) -> new Golden(name, TEXT.describe(bytes), bytes).write(DIRECTORY));
    }

    assertEquals(
        samples.keySet().stream().sorted().toList(), goldens().stream().map(Golden::name).toList());
    goldens().forEach(g -> assertArrayEquals(g.bytes(), samples.get(g.name()), g.name()));
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void decodersReadWhatTheGoldenBytesMean(Golden golden) {
    assertEquals(golden.text(), TEXT.describe(golden.bytes()));
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void goldenBytesAreValid(Golden golden) {
    assertEquals("none", Rejection.name(Datagrams.validate(golden.bytes())));
  }

  @Test
  void everyFrameOfTheSchemaHasGoldenBytes() {
    Set<Integer> templates = new HashSet<>();
    for (Golden golden : goldens()) {
      FrameCursor cursor = new FrameCursor();
      cursor.wrap(new UnsafeBuffer(golden.bytes()), 0, golden.bytes().length);
      while (cursor.next()) {
        templates.add(cursor.templateId());
      }
    }

    assertEquals(
        SchemaModel.wire().messages().stream()
            .map(SchemaModel.Message::id)
            .collect(Collectors.toSet()),
        templates);
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void everyTruncationIsRejected(Golden golden) {
    for (int length = 0; length < golden.bytes().length; length++) {
      int asReceived = Datagrams.validate(golden.bytes(), length);
      assertEquals(
          length < DatagramHeader.LENGTH ? Rejection.TRUNCATED : Rejection.DATAGRAM_LENGTH,
          asReceived);
    }
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void everyTruncationWithAMatchingLengthIsReadWithinItsBounds(Golden golden) {
    for (int length = DatagramHeader.LENGTH; length < golden.bytes().length; length++) {
      byte[] cut = Arrays.copyOf(golden.bytes(), length);
      DatagramHeader.datagramLength(new UnsafeBuffer(cut), 0, length);

      assertRejectedOrReadable(cut);
      boolean atAFrame = isFrameBoundary(golden.bytes(), length);
      assertTrue(
          atAFrame || Datagrams.validate(cut) < 0,
          () -> golden + " passed when cut within a frame");
    }
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void everyChangedByteIsRejectedOrReadWithinItsBounds(Golden golden) {
    for (int at = 0; at < golden.bytes().length; at++) {
      for (int value = 0; value < 256; value++) {
        byte[] changed = golden.bytes().clone();
        changed[at] = (byte) value;
        assertRejectedOrReadable(changed);
      }
    }
  }

  /** In buffers that end where the datagram ends: a byte too far is an exception. */
  private static void assertRejectedOrReadable(byte[] datagram) {
    if (Datagrams.validate(datagram) == Rejection.NONE) {
      TEXT.describe(datagram);
    }
  }

  private static boolean isFrameBoundary(byte[] datagram, int length) {
    UnsafeBuffer buffer = new UnsafeBuffer(datagram);
    FrameCursor cursor = new FrameCursor().wrap(buffer, 0, datagram.length);
    while (cursor.next()) {
      if (cursor.offset() == length) {
        return length > DatagramHeader.LENGTH;
      }
    }
    return false;
  }
}
