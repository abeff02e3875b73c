package io.petrel.bench.stat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.datagram.DatagramPorts;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.datagram.PortGauges;
import io.petrel.transport.metrics.Counters;
import io.petrel.transport.metrics.CountersReader.Total;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KernelDropsTest {
  private static final int SENDS = 10_000;

  @TempDir private Path tables;

  private static List<Total> shown(DatagramPort port) {
    Counters counters = Counters.local();
    PortGauges gauges = new PortGauges(counters);
    gauges.begin();
    gauges.show(port);
    gauges.end();
    return counters.reader().totals();
  }

  private static DatagramPort open(@Nullable EndpointAddress remote) throws IOException {
    return DatagramPorts.choose(DatagramPorts.FASTEST)
        .open(
            new DatagramPortOptions()
                .localAddress(EndpointAddress.of("127.0.0.1", 0))
                .remoteAddress(remote));
  }

  @Test
  void tellsWhatTheKernelDroppedAtAPortThatNobodyReads() throws IOException {
    try (DatagramPort port = open(null);
        DatagramPort sender = open(port.localAddress())) {
      Assumptions.assumeTrue(port.kernelDrops() == 0, "the kernel's table cannot be read here");
      UnsafeBuffer datagram = new UnsafeBuffer(ByteBuffer.allocateDirect(1_000));
      for (int i = 0; i < SENDS && port.kernelDrops() == 0; i++) {
        sender.send(datagram, 0, datagram.capacity());
      }
      long dropped = port.kernelDrops();
      assertTrue(dropped > 0, "dropped " + dropped);

      List<Total> drops = KernelDrops.of(ProcessHandle.current().pid(), shown(port));

      assertEquals(1, drops.size(), drops.toString());
      assertEquals(dropped, drops.getFirst().value());
      assertEquals(
          "port " + port.kind() + " " + port.localAddress() + " " + PortGauges.KERNEL_DROPS,
          drops.getFirst().label());
    }
  }

  @Test
  void saysNothingOfPortsThatTheTableDoesNotHold() throws IOException {
    Files.writeString(
        tables.resolve("udp"),
        """
           sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
          1: 0100007F:1 00000000:0000 07 00000000:00000000 00:00000000 00000000  0  0 1 2 0 77
        """);
    try (DatagramPort port = open(null)) {
      assertEquals(List.of(), KernelDrops.of(shown(port), tables));
    }
    assertEquals(List.of(), KernelDrops.of(List.of(), tables.resolve("none")));
  }
}
