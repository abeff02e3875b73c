package io.petrel.rudp.endpoint;

import io.petrel.rudp.handshake.ClientHandshake;
import io.petrel.transport.datagram.EndpointAddress;

/** A client's handshake under way. */
public final class Connecting {
  final ClientHandshake handshake;
  final EndpointAddress remote;

  Connecting(ClientHandshake handshake, EndpointAddress remote) {
    this.handshake = handshake;
    this.remote = remote;
  }

  /** Whom it asks; not to be changed. */
  public EndpointAddress remoteAddress() {
    return remote;
  }
}
