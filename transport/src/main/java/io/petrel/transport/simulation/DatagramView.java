package io.petrel.transport.simulation;

import io.petrel.transport.datagram.EndpointAddress;
import org.agrona.DirectBuffer;

/** What an observer sees of a datagram. Nothing of it may be changed or kept. */
public interface DatagramView {
  /** Holds the payload, from offset 0. */
  DirectBuffer buffer();

  /** Bytes of payload. */
  int length();

  /** Who sent it, as others see the sender. */
  EndpointAddress source();

  /** What it was sent to: an address or a group. */
  EndpointAddress destination();
}
