package io.petrel.bench.jmh;

import io.petrel.codecs.Checksum;
import io.petrel.codecs.DatagramHeader;
import io.petrel.codecs.DatagramValidator;
import io.petrel.codecs.FrameCursor;
import io.petrel.codecs.FrameHeader;
import io.petrel.codecs.Rejection;
import io.petrel.codecs.marketdata.QuoteDecoder;
import io.petrel.codecs.marketdata.QuoteEncoder;
import io.petrel.codecs.wire.StreamFrameDecoder;
import io.petrel.codecs.wire.StreamFrameEncoder;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** What a datagram and a sample message cost to write, to check, to read and to sum up. */
public class CodecBenchmark extends NanosecondBenchmark {
  private static final int DATAGRAM_BYTES = 1408;
  private static final int CACHE_LINE_BYTES = 64;
  private static final int FRAME_OFFSET = DatagramHeader.LENGTH;
  private static final int FRAME_BYTES = DATAGRAM_BYTES - FRAME_OFFSET;
  private static final long STREAM =
      FrameHeader.of(
          StreamFrameEncoder.TEMPLATE_ID,
          StreamFrameEncoder.BLOCK_LENGTH,
          StreamFrameEncoder.SCHEMA_VERSION,
          FrameHeader.FLAG_MUST_UNDERSTAND);

  private final UnsafeBuffer datagram =
      new UnsafeBuffer(BufferUtil.allocateDirectAligned(2 * DATAGRAM_BYTES, CACHE_LINE_BYTES));
  private final UnsafeBuffer message =
      new UnsafeBuffer(BufferUtil.allocateDirectAligned(256, CACHE_LINE_BYTES));
  private final StreamFrameEncoder frameEncoder = new StreamFrameEncoder();
  private final StreamFrameDecoder frameDecoder = new StreamFrameDecoder();
  private final DatagramValidator validator = new DatagramValidator();
  private final FrameCursor cursor = new FrameCursor();
  private final Checksum checksum = new Checksum();
  private final QuoteEncoder quoteEncoder = new QuoteEncoder();
  private final QuoteDecoder quoteDecoder = new QuoteDecoder();
  private long number;

  /** For the benchmark's runner. */
  public CodecBenchmark() {}

  /** A datagram to read, which must be a good one. */
  @Setup
  public void setUp() {
    writeDatagram();
    encodeQuote();
    int rejection = validator.validate(datagram, 0, DATAGRAM_BYTES);
    if (rejection != Rejection.NONE) {
      throw new IllegalStateException("the datagram to read is rejected: " + rejection);
    }
  }

  /** The headers of a datagram with one stream frame, its payload aside. */
  @Benchmark
  public long writeDatagram() {
    number++;
    DatagramHeader.write(datagram, 0, 42, number, number - 1, DATAGRAM_BYTES, 0);
    FrameHeader.write(datagram, FRAME_OFFSET, STREAM, FRAME_BYTES);
    frameEncoder
        .wrap(datagram, FRAME_OFFSET + FrameHeader.LENGTH)
        .position(number * FRAME_BYTES)
        .streamId(1)
        .firstRecord(0);
    return number;
  }

  /** Everything that a received datagram is checked for. */
  @Benchmark
  public int validateDatagram() {
    return validator.validate(datagram, 0, DATAGRAM_BYTES);
  }

  /** Goes over the frames of a checked datagram and reads the one there is. */
  @Benchmark
  public long readFrames() {
    long sum = 0;
    cursor.wrap(datagram, 0, DATAGRAM_BYTES);
    while (cursor.next()) {
      frameDecoder.wrap(datagram, cursor.body(), cursor.blockLength(), cursor.version());
      sum += frameDecoder.position() + frameDecoder.streamId() + cursor.payloadLength();
    }
    return sum;
  }

  /** A sample quote, all of its fields. */
  @Benchmark
  public long encodeQuote() {
    number++;
    quoteEncoder.wrap(message, 0).eventNs(number).publishedNs(number).sequence(number);
    quoteEncoder.bidPrice().mantissa(number);
    quoteEncoder.bidQuantity().mantissa(100);
    quoteEncoder.askPrice().mantissa(number + 1);
    quoteEncoder.askQuantity().mantissa(200);
    quoteEncoder.instrumentId(7);
    return number;
  }

  /** Reads it. */
  @Benchmark
  public long decodeQuote() {
    quoteDecoder.wrap(message, 0, QuoteDecoder.BLOCK_LENGTH, QuoteDecoder.SCHEMA_VERSION);
    return quoteDecoder.eventNs()
        + quoteDecoder.publishedNs()
        + quoteDecoder.sequence()
        + quoteDecoder.bidPrice().mantissa()
        + quoteDecoder.bidQuantity().mantissa()
        + quoteDecoder.askPrice().mantissa()
        + quoteDecoder.askQuantity().mantissa()
        + quoteDecoder.instrumentId();
  }

  /** The CRC-32C over a datagram. */
  @Benchmark
  public int checksum() {
    return checksum.compute(datagram, 0, DATAGRAM_BYTES);
  }
}
