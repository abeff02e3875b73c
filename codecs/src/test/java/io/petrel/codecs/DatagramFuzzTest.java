package io.petrel.codecs;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the bytes, they are rejected or read within their bounds. As part of the build this runs
 * over the golden bytes and over what fuzzing came up with, kept in src/test/resources/fuzz; an
 * input that fails is kept by Jazzer among this class's resources. To fuzz:
 *
 * <pre>
 * JAZZER_FUZZ=1 mvn -pl codecs test -Dpetrel.fuzz.hooks=true -Dtest='DatagramFuzzTest#anyBytes'
 * </pre>
 */
class DatagramFuzzTest {
  private static final WireText TEXT = new WireText(SchemaModel.wire());

  static Stream<byte[]> anyBytes() {
    return goldens();
  }

  static Stream<byte[]> framesBehindAGoodHeader() throws IOException {
    Stream<byte[]> golden =
        goldens().map(bytes -> Arrays.copyOfRange(bytes, DatagramHeader.LENGTH, bytes.length));
    Stream<byte[]> found =
        Files.readAllLines(Path.of("src/test/resources/fuzz/frames.hex")).stream()
            .filter(line -> !line.startsWith("#"))
            .map(HexFormat.of()::parseHex);
    return Stream.concat(golden, found);
  }

  private static Stream<byte[]> goldens() {
    return Stream.of("wire-v0", "wire-v1")
        .flatMap(directory -> Golden.readAll(directory).stream())
        .map(Golden::bytes);
  }

  @MethodSource
  @FuzzTest(maxDuration = "2m")
  void anyBytes(byte[] bytes) {
    readIfValid(bytes);
  }

  /** Header, length and checksum are right, so that what is tried is the frames. */
  @MethodSource
  @FuzzTest(maxDuration = "2m")
  void framesBehindAGoodHeader(byte[] frames) {
    int room = DatagramHeader.MAXIMUM_DATAGRAM_LENGTH - DatagramHeader.LENGTH - Checksum.LENGTH;
    int length = Math.min(frames.length, room);
    long sessionId = length % 2;
    for (int flags : new int[] {0, DatagramHeader.FLAG_CHECKSUM}) {
      byte[] bytes = new byte[DatagramHeader.LENGTH + length + DatagramHeader.trailerLength(flags)];
      UnsafeBuffer datagram = new UnsafeBuffer(bytes);
      DatagramHeader.write(datagram, 0, sessionId, 1_000, 990, bytes.length, flags);
      datagram.putBytes(DatagramHeader.LENGTH, frames, 0, length);
      if (flags != 0) {
        new Checksum().close(datagram, 0, bytes.length);
      }
      readIfValid(bytes);
    }
  }

  private static void readIfValid(byte[] bytes) {
    int rejection = Datagrams.validate(bytes);
    if (rejection > 0 || Rejection.ordinal(rejection) >= Rejection.COUNT) {
      throw new AssertionError("not a reason: " + rejection);
    }
    if (rejection == Rejection.NONE) {
      TEXT.describe(bytes);
      assertAcksDescend(bytes);
    }
  }

  /** The one structure that is walked by arithmetic: every range above 0 and below the last. */
  private static void assertAcksDescend(byte[] bytes) {
    UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    FrameCursor cursor = new FrameCursor().wrap(buffer, 0, bytes.length);
    while (cursor.next()) {
      if (cursor.templateId() != 2) {
        continue;
      }
      long largest = buffer.getLong(cursor.body(), LITTLE_ENDIAN);
      long lowest = largest - (buffer.getInt(cursor.body() + 20, LITTLE_ENDIAN) & 0xFFFF_FFFFL);
      int entry = cursor.payload() + 2;
      for (int i = 0; i < (buffer.getByte(cursor.payload() + 1) & 0xFF); i++) {
        long below = lowest - (buffer.getInt(entry, LITTLE_ENDIAN) & 0xFFFF_FFFFL);
        long next = below - (buffer.getInt(entry + 4, LITTLE_ENDIAN) & 0xFFFF_FFFFL);
        if (below >= lowest || next >= below || next < 0) {
          throw new AssertionError("ranges do not descend: " + lowest + " " + below + " " + next);
        }
        lowest = next;
        entry += buffer.getByte(cursor.payload()) & 0xFF;
      }
    }
  }
}
