package io.petrel.transport.datagram;

import org.agrona.MutableDirectBuffer;

/** Takes the datagrams a {@link DatagramPort} receives, one call each, in the order they came. */
@FunctionalInterface
public interface DatagramHandler {
  /**
   * Takes one datagram. It may send on the port and close it, but not receive from it.
   *
   * @param buffer holds the datagram; the port's own memory, which the next one overwrites: valid
   *     and writable (to decrypt in place, say) during this call only
   * @param offset of the first byte
   * @param length in bytes; never 0 on a framed port
   * @param source who sent it; the port's own flyweight: {@link EndpointAddress#copy()} it to keep
   *     it
   */
  void onDatagram(MutableDirectBuffer buffer, int offset, int length, EndpointAddress source);
}
