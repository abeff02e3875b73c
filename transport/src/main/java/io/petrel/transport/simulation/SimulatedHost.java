package io.petrel.transport.simulation;

import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.datagram.DatagramPortFactory;
import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.datagram.EndpointAddress;
import java.io.IOException;
import java.net.BindException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A machine on the simulated network: its addresses, the links it sends and receives by, its clock,
 * and the ports opened on it.
 *
 * <p>What a host sends to itself uses no link. Its clock shows the virtual time plus an offset of
 * its own, which jumps may change.
 */
public final class SimulatedHost implements DatagramPortFactory {
  private static final int FIRST_EPHEMERAL_PORT = 49_152; // the range IANA gives for it
  private static final int LAST_PORT = 65_535;

  private final SimulatedNetwork network;
  private final List<EndpointAddress> addresses = new ArrayList<>();
  private final List<SimulatedPort> ports = new ArrayList<>();
  private @Nullable SimulatedLink egress;
  private @Nullable SimulatedLink ingress;
  private int nextPort = FIRST_EPHEMERAL_PORT;
  private long clockOffsetNs;
  private final List<Simulation.Seat> seats = new ArrayList<>();
  private @Nullable Simulation simulation;

  SimulatedHost(SimulatedNetwork network, EndpointAddress... addresses) {
    this.network = network;
    for (EndpointAddress address : addresses) {
      this.addresses.add(address.copy().port(0));
    }
  }

  /** The address others see at present, the first if there are several; with port 0. */
  public EndpointAddress address() {
    return addresses.getFirst().copy();
  }

  /** Sends by this link from now on; null for a perfect one. Hosts may share it. */
  public SimulatedHost egress(@Nullable SimulatedLink link) {
    egress = link;
    return this;
  }

  /** Receives by this link from now on; null for a perfect one. Hosts may share it. */
  public SimulatedHost ingress(@Nullable SimulatedLink link) {
    ingress = link;
    return this;
  }

  @Nullable SimulatedLink egress() {
    return egress;
  }

  @Nullable SimulatedLink ingress() {
    return ingress;
  }

  /** What the clock of this host shows. */
  public long nowNs() {
    return network.clock().nowNs() + clockOffsetNs;
  }

  /** How far the clock of this host is ahead of the virtual time. */
  public long clockOffsetNs() {
    return clockOffsetNs;
  }

  /** Moves the clock of this host, forward or back; endpoints on it are woken to see it. */
  public void jumpClock(long ns) {
    clockOffsetNs += ns;
    wake();
  }

  /**
   * Is seen under another address from now on, as behind a NAT that forgot its mapping or on
   * another network. The ports know nothing of it; what is sent to the former address finds nobody.
   *
   * @param address replaces the one of the same family; its port does not matter
   */
  public void changeAddress(EndpointAddress address) {
    EndpointAddress next = address.copy().port(0);
    for (int i = 0; i < addresses.size(); i++) {
      if (addresses.get(i).family() == next.family()) {
        network.move(addresses.get(i), next, this);
        addresses.set(i, next);
        for (SimulatedPort port : List.copyOf(ports)) {
          port.moveTo(next);
        }
        network.countRebind();
        return;
      }
    }
    throw new IllegalArgumentException("this host has no address of the family of " + address);
  }

  /** Opens a port; the type says that it is a simulated one. */
  @Override
  public SimulatedPort open(DatagramPortOptions options) throws IOException {
    EndpointAddress local = options.localAddress().copy();
    if (local.port() == 0) {
      local.port(freePort());
    }
    SimulatedPort port = new SimulatedPort(network, this, options.copy(), local);
    port.bind();
    ports.add(port);
    return port;
  }

  /** A port at this address and the given port number, everything else at its defaults. */
  public SimulatedPort open(int portNumber, DatagramPortOptions options) throws IOException {
    return open(options.copy().localAddress(address().port(portNumber)));
  }

  /** {@inheritDoc} */
  @Override
  public String name() {
    return SimulatedPort.KIND;
  }

  /** What a datagram of a family comes from; null without an address of that family. */
  @Nullable EndpointAddress addressOf(int family) {
    for (int i = 0; i < addresses.size(); i++) {
      if (addresses.get(i).family() == family) {
        return addresses.get(i);
      }
    }
    return null;
  }

  List<EndpointAddress> addresses() {
    return addresses;
  }

  void forget(SimulatedPort port) {
    ports.remove(port);
  }

  /** An endpoint on this host is driven by a simulation. */
  void seat(Simulation simulation, Simulation.Seat seat) {
    this.simulation = simulation;
    seats.add(seat);
  }

  /** Something arrived or the clock jumped: endpoints on this host have to look. */
  void wake() {
    for (int i = 0; simulation != null && i < seats.size(); i++) {
      simulation.makeReady(seats.get(i));
    }
  }

  private int freePort() throws BindException {
    for (int tried = FIRST_EPHEMERAL_PORT; tried <= LAST_PORT; tried++) {
      int candidate = nextPort;
      nextPort = nextPort == LAST_PORT ? FIRST_EPHEMERAL_PORT : nextPort + 1;
      boolean free = true;
      for (int i = 0; i < ports.size(); i++) {
        free &= ports.get(i).localAddress().port() != candidate;
      }
      if (free) {
        return candidate;
      }
    }
    throw new BindException("all ephemeral ports of " + address() + " are in use");
  }

  @Override
  public String toString() {
    return "host " + addresses.getFirst().toInetAddress().getHostAddress();
  }

  /** Whether a name or an address means this host's only interface. */
  boolean hasInterface(String nameOrAddress) {
    if (nameOrAddress.equals(SimulatedPort.INTERFACE_NAME)) {
      return true;
    }
    for (EndpointAddress address : addresses) {
      if (address.toInetAddress().getHostAddress().equals(nameOrAddress)) {
        return true;
      }
    }
    return false;
  }

  /** A connected port beside a listening one. */
  DatagramPort promote(SimulatedPort listener, EndpointAddress peer) throws IOException {
    SimulatedPort port =
        new SimulatedPort(
            network, this, listener.options().copy().remoteAddress(peer), listener.localAddress());
    port.bind();
    ports.add(port);
    return port;
  }
}
