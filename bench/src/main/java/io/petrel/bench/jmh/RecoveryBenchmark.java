package io.petrel.bench.jmh;

import io.petrel.rudp.congestion.CongestionControllers;
import io.petrel.rudp.congestion.CongestionSettings;
import io.petrel.rudp.recovery.Recovery;
import io.petrel.rudp.recovery.SentPackets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** What it costs a sender to know what has arrived. */
public class RecoveryBenchmark extends NanosecondBenchmark {
  private static final int BATCH = 64;
  private static final int DATAGRAM_BYTES = 1408;
  private static final int PACKETS = 1024;
  private static final long ROUND_TRIP_NS = 50_000;
  private static final long SEND_INTERVAL_NS = 300;
  private static final long LONGEST_BACK_OFF_NS = 1_000_000_000;

  /** The congestion control that is told of each packet. */
  @Param({"fixed", "cubic", "bbr"})
  public String controller = "fixed";

  private Recovery recovery = recovery();
  private long nowNs;
  private long told;

  /** For the benchmark's runner. */
  public RecoveryBenchmark() {}

  /** All empty. */
  @Setup
  public void setUp() {
    recovery = recovery();
  }

  private Recovery recovery() {
    return new Recovery(
        new SentPackets(PACKETS),
        ROUND_TRIP_NS,
        CongestionControllers.find(controller)
            .create(0, CongestionSettings.defaults(DATAGRAM_BYTES)),
        LONGEST_BACK_OFF_NS,
        new Recovery.Listener() {
          @Override
          public void onPacketAcknowledged(long nowNs, long packet) {
            told += packet;
          }

          @Override
          public void onPacketLost(long nowNs, long packet) {
            throw new IllegalStateException("nothing is lost here, yet " + packet);
          }

          @Override
          public void onPacketSpurious(long nowNs, long packet) {
            throw new IllegalStateException("nothing is lost here, yet " + packet);
          }
        });
  }

  /** The sender records a packet, and an acknowledgement of a batch a round trip later. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public long sendAndAcknowledge() {
    long first = 0;
    long last = 0;
    for (int i = 0; i < BATCH; i++) {
      nowNs += SEND_INTERVAL_NS;
      last = recovery.onSent(nowNs, DATAGRAM_BYTES, 0, true);
      first = i == 0 ? last : first;
    }
    nowNs += ROUND_TRIP_NS;
    recovery.beginAck();
    recovery.onAckRange(nowNs, first, last);
    recovery.endAck(nowNs);
    return told;
  }
}
