package io.petrel.transport.datagram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.petrel.transport.metrics.Counters;
import io.petrel.transport.metrics.CountersReader.Total;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortGaugesTest {
  private final Counters counters = Counters.local();
  private final PortGauges gauges = new PortGauges(counters);

  private void look(final List<DatagramPort> ports) {
    gauges.begin();
    for (int i = 0; i < ports.size(); i++) {
      gauges.show(ports.get(i));
    }
    gauges.end();
  }

  private static DatagramPort open() throws IOException {
    return DatagramPorts.choose(DatagramPorts.FASTEST)
        .open(new DatagramPortOptions().localAddress(EndpointAddress.of("127.0.0.1", 0)));
  }

  private List<Total> shown() {
    return counters.reader().totals().stream()
        .filter(total -> total.label().startsWith("port "))
        .toList();
  }

  @Test
  void showsAPortByItsKindAndAddressAsLongAsItIsOpen() throws IOException {
    try (DatagramPort port = open()) {
      port.statistics().offloadFallbacks = 1;
      look(List.of(port));

      final String name = "port " + port.kind() + " " + port.localAddress() + " ";
      assertEquals(PortGauges.Gauge.values().length, shown().size());
      for (final Total total : shown()) {
        assertTrue(total.label().startsWith(name), total.toString());
        assertEquals(port.socketId(), total.key());
      }
      assertEquals(1, shown().get(PortGauges.Gauge.FALLBACKS.ordinal()).value());

      look(List.of());
      assertEquals(List.of(), shown());
    }
  }

  @Test
  void leavesOutPortsBeyondItsPlaces() throws IOException {
    final List<DatagramPort> ports = new ArrayList<>();
    try {
      for (int i = 0; i <= PortGauges.PLACES; i++) {
        ports.add(open());
      }
      look(ports);
      assertEquals(PortGauges.PLACES * PortGauges.Gauge.values().length, shown().size());
    } finally {
      ports.forEach(DatagramPort::close);
    }
  }

  @Test
  void allocatesNothingForPortsItHasShownBefore() throws IOException {
    final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (DatagramPort port = open()) {
      final List<DatagramPort> ports = List.of(port);
      long allocated = Long.MAX_VALUE;
      for (int window = 0; window < 50 && allocated != 0; window++) {
        final long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1_000; i++) {
          look(ports);
        }
        allocated = threads.getCurrentThreadAllocatedBytes() - before;
      }
      assertEquals(0, allocated);
    }
  }
}
