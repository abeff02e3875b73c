package io.petrel.transport.datagram;

import java.io.IOException;

/**
 * Opens ports of one kind: native, NIO, or those of a simulated network. The real ones are found by
 * {@code ServiceLoader}; see {@link DatagramPorts}.
 */
public interface DatagramPortFactory {
  /** What this kind is called in options, logs and counters: {@code native}, {@code nio}, ... */
  String name();

  /** Why it cannot run on this machine, in a sentence, or an empty string if it can. */
  default String unavailableBecause() {
    return "";
  }

  /** The fastest that is available is chosen: the one with the highest rank. */
  default int rank() {
    return 0;
  }

  /**
   * Opens a port.
   *
   * @throws IOException with the address and the reason when the system refuses: the address is in
   *     use or not this machine's, an option has a value it does not take
   */
  DatagramPort open(DatagramPortOptions options) throws IOException;
}
