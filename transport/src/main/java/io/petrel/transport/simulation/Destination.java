package io.petrel.transport.simulation;

import io.petrel.transport.datagram.EndpointAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where on a host a datagram ends: one of the ports on an address, or all members of a group. */
abstract sealed class Destination {
  /** The host it is on; null for an address that nobody has at present. */
  @Nullable SimulatedHost host;

  /**
   * Hands the datagram to the ports it is for.
   *
   * @return how many there were, with or without room for it
   */
  abstract int deliver(SimulatedDatagram datagram);

  /**
   * An address with its ports: one that takes all that comes, and those connected to one peer each,
   * which come first.
   */
  static final class Address extends Destination {
    private final List<SimulatedPort> unconnected = new ArrayList<>();
    private final Map<EndpointAddress, SimulatedPort> connected = new HashMap<>();

    boolean isTakenFor(@Nullable EndpointAddress remote) {
      return remote == null ? !unconnected.isEmpty() : connected.containsKey(remote);
    }

    boolean isEmpty() {
      return unconnected.isEmpty() && connected.isEmpty();
    }

    /** Of several that share an address without being connected, the latest gets what comes. */
    void add(SimulatedPort port) {
      EndpointAddress remote = port.remoteAddress();
      if (remote == null) {
        unconnected.add(port);
      } else {
        connected.put(remote, port);
      }
      host = port.host();
    }

    void remove(SimulatedPort port) {
      EndpointAddress remote = port.remoteAddress();
      if (remote == null) {
        unconnected.remove(port);
      } else {
        connected.remove(remote, port);
      }
    }

    @Nullable SimulatedPort connectedTo(EndpointAddress remote) {
      return connected.get(remote);
    }

    @Override
    int deliver(SimulatedDatagram datagram) {
      SimulatedPort port = connected.isEmpty() ? null : connected.get(datagram.source);
      if (port == null && !unconnected.isEmpty()) {
        port = unconnected.getLast();
      }
      if (port == null) {
        return 0;
      }
      port.enqueue(datagram);
      return 1;
    }
  }

  /** The members of a group on one host: each gets the datagram that wants it. */
  static final class Members extends Destination {
    private final List<SimulatedPort> ports = new ArrayList<>();

    Members(SimulatedHost host) {
      this.host = host;
    }

    void add(SimulatedPort port) {
      if (!ports.contains(port)) {
        ports.add(port);
      }
    }

    void remove(SimulatedPort port) {
      ports.remove(port);
    }

    boolean isEmpty() {
      return ports.isEmpty();
    }

    @Override
    int deliver(SimulatedDatagram datagram) {
      int taken = 0;
      for (int i = 0; i < ports.size(); i++) {
        if (ports.get(i).isMember(datagram)) {
          ports.get(i).enqueue(datagram);
          taken++;
        }
      }
      return taken;
    }
  }
}
