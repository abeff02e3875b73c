package io.petrel.rudp.endpoint;

import io.petrel.rudp.handshake.ClientHandshake;
import io.petrel.transport.datagram.EndpointAddress;
import org.jspecify.annotations.Nullable;

/** A client's handshake under way. */
public final class Connecting {
  final ClientHandshake handshake;
  final EndpointAddress remote;
  private @Nullable Object attachment;

  Connecting(ClientHandshake handshake, EndpointAddress remote) {
    this.handshake = handshake;
    this.remote = remote;
  }

  /** Whom it asks; not to be changed. */
  public EndpointAddress remoteAddress() {
    return remote;
  }

  /** What the owner keeps with it; handed on to the session. */
  public @Nullable Object attachment() {
    return attachment;
  }

  /** Keeps something with it. */
  public void attach(Object object) {
    attachment = object;
  }
}
