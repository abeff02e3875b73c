package io.petrel.transport.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.petrel.transport.datagram.DatagramHandler;
import java.lang.management.ManagementFactory;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** A simulation in its stride leaves nothing to the garbage collector, whatever the faults. */
class SimulationAllocationTest {
  private static final int DATAGRAMS = 2_000;
  private static final int WINDOWS = 200;
  private static final int CLEAN_WINDOWS = 5;
  private static final int LENGTH = 1_400;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final UnsafeBuffer train = new UnsafeBuffer(new byte[8 * LENGTH]);
  private long received;

  @Test
  void allocatesNothingADatagram() {
    TwoHosts hosts = new TwoHosts(1);
    hosts.network.observe(null);
    hosts
        .forward
        .rate(1_000_000_000)
        .delay(1_000_000)
        .jitter(100_000)
        .queuePackets(100)
        .loss(0.02)
        .meanBurst(3)
        .reorder(0.01, 300_000)
        .duplicate(0.01)
        .corrupt(0.01);
    DatagramHandler count = (buffer, offset, length, source) -> received++;
    int clean = 0;
    long bytes = 0;
    for (int window = 0; window < WINDOWS && clean < CLEAN_WINDOWS; window++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      runWindow(hosts, count);
      bytes = threads.getCurrentThreadAllocatedBytes() - before;
      clean = bytes == 0 ? clean + 1 : 0;
    }
    assertTrue(received > 0 && hosts.network.drops() > 0, hosts.network.toString());
    assertTrue(clean == CLEAN_WINDOWS, bytes + " bytes for " + DATAGRAMS + " datagrams");
  }

  private void runWindow(TwoHosts hosts, DatagramHandler count) {
    for (int i = 0; i < DATAGRAMS; i += 8) {
      hosts.sender.sendTrain(train, 0, train.capacity(), LENGTH, hosts.receiver.localAddress());
      hosts.network.advanceBy(90_000);
      hosts.receiver.receive(count, Integer.MAX_VALUE);
    }
  }
}
