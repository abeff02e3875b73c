package io.petrel.transport.simulation;

import io.petrel.transport.datagram.DatagramPortContractTest;
import io.petrel.transport.datagram.DatagramPortFactory;
import io.petrel.transport.datagram.EndpointAddress;
import java.util.Optional;

/** The simulated port under the contract of all ports, on two hosts and perfect links. */
class SimulatedPortTest extends DatagramPortContractTest {
  private static final long STEP_NS = 1_000_000;

  private final SimulatedNetwork network = new SimulatedNetwork(1);
  private final SimulatedHost first =
      network
          .host(EndpointAddress.of("10.0.0.1", 0), EndpointAddress.of("fd00::1", 0))
          .egress(network.link("from first"));
  private final SimulatedHost second =
      network.host(EndpointAddress.of("10.0.0.2", 0)).egress(network.link("from second"));

  @Override
  protected DatagramPortFactory factory() {
    return network.factory(first);
  }

  @Override
  protected void advance() {
    network.advanceBy(STEP_NS);
  }

  @Override
  protected long nowNs() {
    return network.clock().nowNs();
  }

  @Override
  protected EndpointAddress host(int family) {
    return EndpointAddress.of(family == EndpointAddress.IPV4 ? "10.0.0.1" : "fd00::1", 0);
  }

  @Override
  protected EndpointAddress otherHost() {
    return second.address();
  }

  @Override
  protected String multicastInterface() {
    return SimulatedPort.INTERFACE_NAME;
  }

  @Override
  protected Optional<String> outwardInterface() {
    return Optional.of(SimulatedPort.INTERFACE_NAME);
  }

  @Override
  protected boolean hasIpv6() {
    return true;
  }
}
