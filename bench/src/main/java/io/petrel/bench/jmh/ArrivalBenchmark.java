package io.petrel.bench.jmh;

import io.petrel.rudp.acknowledgement.ReceivedPackets;
import io.petrel.transport.ring.HoleSet;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

/** What it costs a receiver to know what has arrived. */
public class ArrivalBenchmark extends NanosecondBenchmark {
  private static final int BATCH = 64;
  private static final int DATAGRAM_BYTES = 1408;
  private static final int HOLES = 64;

  private HoleSet holes = new HoleSet(HOLES, 0);
  private ReceivedPackets received = new ReceivedPackets();
  private long position;
  private long number;

  /** For the benchmark's runner. */
  public ArrivalBenchmark() {}

  /** All empty. */
  @Setup
  public void setUp() {
    holes = new HoleSet(HOLES, 0);
    received = new ReceivedPackets();
    position = 0;
    number = 0;
  }

  /** Bytes that come in order. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public long fillInOrder() {
    for (int i = 0; i < BATCH; i++) {
      holes.fill(position, position + DATAGRAM_BYTES);
      position += DATAGRAM_BYTES;
    }
    return holes.contiguous();
  }

  /** Every second datagram first, then those between: half of all make a hole, half fill one. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public long fillHoles() {
    for (int i = 1; i < BATCH; i += 2) {
      long from = position + (long) i * DATAGRAM_BYTES;
      holes.fill(from, from + DATAGRAM_BYTES);
    }
    for (int i = 0; i < BATCH; i += 2) {
      long from = position + (long) i * DATAGRAM_BYTES;
      holes.fill(from, from + DATAGRAM_BYTES);
    }
    position += (long) BATCH * DATAGRAM_BYTES;
    return holes.contiguous();
  }

  /** The receiver notes a packet's number, in order. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public long noteReceived() {
    for (int i = 0; i < BATCH; i++) {
      received.add(number++);
    }
    received.forgetBelow(number - BATCH);
    return received.largest();
  }
}
