package io.petrel.transport.simulation;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One copy of a datagram on its way: the event of its arrival at the end of a link. */
final class Transit extends SimulatedEvent {
  private final SimulatedNetwork network;
  private @Nullable SimulatedDatagram datagram;

  /** Where it will be delivered; null until it is past the sender's link. */
  @Nullable Destination destination;

  Transit(SimulatedNetwork network) {
    this.network = network;
  }

  SimulatedDatagram datagram() {
    return Objects.requireNonNull(datagram);
  }

  void load(@Nullable SimulatedDatagram datagram, @Nullable Destination destination) {
    this.datagram = datagram;
    this.destination = destination;
  }

  @Override
  void occur(long nowNs) {
    network.arrived(this, nowNs);
  }
}
