package io.petrel.bench.jmh;

import io.petrel.transport.ring.SendRing;
import java.nio.ByteBuffer;
import org.agrona.UnsafeApi;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Memory for one message, taken and given back: from the ring, which is the pool that a publication
 * writes into; from the C library; from the JVM. One byte of each is written, so that nobody can
 * leave the whole thing out.
 */
public class BufferBenchmark extends NanosecondBenchmark {
  private static final int CAPACITY = 1 << 20;

  /** Bytes of a message. */
  @Param({"256", "1408", "65536"})
  public int size = 256;

  private SendRing ring = SendRing.exclusive(CAPACITY);

  /** For the benchmark's runner. */
  public BufferBenchmark() {}

  /** A fresh ring. */
  @Setup
  public void setUp() {
    ring = SendRing.exclusive(CAPACITY);
  }

  /** Claimed, committed, acknowledged: the bytes are free for the next round of the ring. */
  @Benchmark
  public long pooled() {
    long position = ring.tryClaim(size);
    ring.buffer().putByte(ring.payloadIndex(position), (byte) 1);
    ring.commit(position);
    long written = ring.writtenPosition();
    ring.sentPosition(written);
    ring.acknowledge(written);
    return position;
  }

  /** The C library's malloc and free, as the JVM calls them; nothing is cleared. */
  @Benchmark
  public long malloc() {
    long address = UnsafeApi.allocateMemory(size);
    UnsafeApi.putByte(address, (byte) 1);
    UnsafeApi.freeMemory(address);
    return address;
  }

  /** A direct buffer for each message, cleared, and freed whenever the collector finds it. */
  @Benchmark
  public ByteBuffer allocateDirect() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(size);
    buffer.put(0, (byte) 1);
    return buffer;
  }
}
