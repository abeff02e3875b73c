package io.petrel.codecs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.petrel.codecs.wire.FrameHeaderDecoder;
import io.petrel.codecs.wire.FrameHeaderEncoder;
import io.petrel.codecs.wire.StreamFrameEncoder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class HeadersTest {
  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);

  @Test
  void readsTheDatagramHeaderItWrote() {
    DatagramHeader.write(buffer, 3, -7L, 1_000, 400, 65_507, DatagramHeader.FLAG_CHECKSUM);

    assertEquals(-7L, DatagramHeader.sessionId(buffer, 3));
    assertEquals(1_000, DatagramHeader.packetNumber(buffer, 3));
    assertEquals(400, DatagramHeader.lowestAwaited(buffer, 3));
    assertEquals(65_507, DatagramHeader.datagramLength(buffer, 3));
    assertEquals(DatagramHeader.VERSION, DatagramHeader.version(buffer, 3));
    assertEquals(DatagramHeader.FLAG_CHECKSUM, DatagramHeader.flags(buffer, 3));
    assertEquals(DatagramHeader.CHECKSUM_LENGTH, DatagramHeader.trailerLength(1));
  }

  @Test
  void awaitsEverythingWhenTheDistanceIsTooLarge() {
    DatagramHeader.write(buffer, 0, 1, 1L << 40, 5, 24, 0);

    assertEquals(0, DatagramHeader.lowestAwaited(buffer, 0));
  }

  @Test
  void writesTheSameFrameHeaderAsTheGeneratedEncoder() {
    long header = FrameHeader.of(StreamFrameEncoder.TEMPLATE_ID, 14, 255, 129);
    FrameHeader.write(buffer, 0, header, 65_535);
    FrameHeaderDecoder decoder = new FrameHeaderDecoder().wrap(buffer, 0);

    assertEquals(FrameHeaderEncoder.ENCODED_LENGTH, FrameHeader.LENGTH);
    assertEquals(65_535, decoder.frameLength());
    assertEquals(14, decoder.blockLength());
    assertEquals(StreamFrameEncoder.TEMPLATE_ID, decoder.templateId());
    assertEquals(StreamFrameEncoder.SCHEMA_ID, decoder.schemaId());
    assertEquals(255, decoder.version());
    assertEquals(129, decoder.flags());
  }

  @Test
  void takesAFrameHeaderApart() {
    FrameHeader.write(buffer, 0, FrameHeader.of(200, 65_535, 255, 129), 12);
    long header = FrameHeader.read(buffer, 0);

    assertEquals(12, FrameHeader.frameLength(header));
    assertEquals(65_535, FrameHeader.blockLength(header));
    assertEquals(200, FrameHeader.templateId(header));
    assertEquals(FrameHeader.SCHEMA_ID, FrameHeader.schemaId(header));
    assertEquals(255, FrameHeader.version(header));
    assertEquals(129, FrameHeader.flags(header));
  }
}
