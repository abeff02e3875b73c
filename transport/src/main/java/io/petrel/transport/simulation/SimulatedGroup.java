package io.petrel.transport.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A multicast group on one port number: the hosts that have members of it, in order of joining. */
final class SimulatedGroup {
  private final List<Destination.Members> members = new ArrayList<>();
  private final Map<SimulatedHost, Destination.Members> byHost = new HashMap<>();

  void add(SimulatedPort port) {
    Destination.Members onHost = on(port.host());
    if (onHost == null) {
      onHost = new Destination.Members(port.host());
      members.add(onHost);
      byHost.put(port.host(), onHost);
    }
    onHost.add(port);
  }

  Destination.@Nullable Members on(SimulatedHost host) {
    return byHost.get(host);
  }

  void remove(SimulatedPort port) {
    Destination.Members onHost = on(port.host());
    if (onHost == null) {
      return;
    }
    onHost.remove(port);
    if (onHost.isEmpty()) {
      members.remove(onHost);
      byHost.remove(port.host());
    }
  }

  int hosts() {
    return members.size();
  }

  Destination.Members onHost(int index) {
    return members.get(index);
  }
}
