package io.petrel.transport.simulation;

/**
 * Watches what becomes of every datagram: traces, pictures, and tests that need to see the wire.
 */
public interface NetworkObserver {
  /**
   * A port sent it.
   *
   * @param nowNs virtual time
   * @param datagram valid during the call
   */
  default void onSent(long nowNs, DatagramView datagram) {}

  /**
   * It reached the buffer of a port.
   *
   * @param nowNs virtual time
   * @param datagram valid during the call
   */
  default void onDelivered(long nowNs, DatagramView datagram) {}

  /**
   * It came to an end elsewhere.
   *
   * @param nowNs virtual time
   * @param datagram valid during the call
   * @param cause why
   */
  default void onDropped(long nowNs, DatagramView datagram, DropCause cause) {}
}
