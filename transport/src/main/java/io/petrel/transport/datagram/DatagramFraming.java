package io.petrel.transport.datagram;

/**
 * How a port finds the borders of the datagrams that the kernel (GRO) hands over glued together.
 *
 * <p>The kernel reports the segment size as a control message only, which a plain {@code recv}
 * cannot read. Petrel's datagrams carry their own length, and its place in the header is the same
 * in all versions of the protocol.
 */
public enum DatagramFraming {
  /**
   * Petrel's datagram header: a datagram whose header does not fit, or whose length field disagrees
   * with what was received, is dropped and counted.
   */
  PETREL,

  /** No header: each receive takes one datagram whatever its content, and GRO stays off. */
  NONE
}
