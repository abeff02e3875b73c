package io.petrel.transport.simulation;

import org.agrona.DirectBuffer;

/** Picks out datagrams by their content: all repairs, say, or all that carry a certain frame. */
@FunctionalInterface
public interface DatagramFilter {
  /**
   * Looks at one datagram.
   *
   * @param buffer holds it; not to be changed or kept
   * @param offset where it begins
   * @param length its bytes
   * @return whether it is one of those meant
   */
  boolean matches(DirectBuffer buffer, int offset, int length);
}
