package io.petrel.codecs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ChecksumTest {
  private static final int CAPACITY = 2_048;
  private final Checksum checksum = new Checksum();

  /** The same bytes in every kind of buffer that a datagram may be in. */
  private static List<UnsafeBuffer> buffers(byte[] content) {
    ByteBuffer direct = ByteBuffer.allocateDirect(CAPACITY + 64);
    List<UnsafeBuffer> buffers =
        new ArrayList<>(
            List.of(
                new UnsafeBuffer(new byte[CAPACITY]),
                new UnsafeBuffer(new byte[CAPACITY + 64], 64, CAPACITY),
                new UnsafeBuffer(ByteBuffer.allocate(CAPACITY)),
                new UnsafeBuffer(ByteBuffer.allocateDirect(CAPACITY)),
                new UnsafeBuffer(direct, 64, CAPACITY),
                new UnsafeBuffer(BufferUtil.address(direct) + 64, CAPACITY)));
    buffers.forEach(buffer -> buffer.putBytes(0, content));
    return buffers;
  }

  @Test
  void agreesWithThePublishedCheckValue() {
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);

    for (DirectBuffer buffer : buffers(digits)) {
      assertEquals(0xE306_9283, checksum.compute(buffer, 0, digits.length), buffer.toString());
    }
  }

  @Test
  void agreesWithTheJdkOverAnyRangeOfAnyBuffer() {
    Random random = new Random(7);
    byte[] content = new byte[CAPACITY];
    random.nextBytes(content);
    List<UnsafeBuffer> buffers = buffers(content);
    for (int i = 0; i < 1_000; i++) {
      int offset = random.nextInt(CAPACITY);
      int length = random.nextInt(CAPACITY - offset + 1);
      CRC32C expected = new CRC32C();
      expected.update(content, offset, length);
      for (DirectBuffer buffer : buffers) {
        assertEquals((int) expected.getValue(), checksum.compute(buffer, offset, length));
      }
    }
  }

  @Test
  void recognisesWhatItClosed() {
    for (UnsafeBuffer buffer : buffers(SampleDatagrams.counting(100))) {
      checksum.close(buffer, 10, 90);
      assertTrue(checksum.isIntact(buffer, 10, 90));
      buffer.putByte(50, (byte) (buffer.getByte(50) + 1));
      assertFalse(checksum.isIntact(buffer, 10, 90));
    }
  }

  @Test
  void neitherChecksumNorValidationAllocates() {
    byte[] datagram = SampleDatagrams.named("stream-with-checksum");
    List<UnsafeBuffer> buffers = buffers(datagram);
    DatagramValidator validator = new DatagramValidator();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = Long.MAX_VALUE;
    int rejections = 0;
    // The first windows warm up; the compiler may allocate on this thread's account until then.
    for (int window = 0; window < 10; window++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 10_000; i++) {
        for (int b = 0; b < buffers.size(); b++) {
          rejections += validator.validate(buffers.get(b), 0, datagram.length);
        }
      }
      allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
    }

    assertEquals(0, rejections);
    assertEquals(0, allocated);
  }
}
