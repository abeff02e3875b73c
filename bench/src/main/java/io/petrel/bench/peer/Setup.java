package io.petrel.bench.peer;

import io.petrel.bench.loss.DatagramLoss;
import java.nio.file.Path;

/**
 * What both ends of a connection are told.
 *
 * @param initiator true for the end that sends first
 * @param port the first of two free ports on loopback: the responder's, then the initiator's
 * @param directory a directory of this run's own in the memory file system
 * @param size of the messages
 * @param mtu the datagram size
 * @param bulk true for throughput, false for latency
 * @param loss the share of datagrams each endpoint drops on sending
 * @param seed of the loss
 */
public record Setup(
    boolean initiator,
    int port,
    Path directory,
    int size,
    int mtu,
    boolean bulk,
    double loss,
    long seed) {
  /** What decides which datagrams of this end are lost; the two ends lose different ones. */
  DatagramLoss newLoss() {
    return new DatagramLoss(loss, seed * 2 + (initiator ? 1 : 0));
  }

  /** The port this end receives on. */
  public int localPort() {
    return initiator ? port + 1 : port;
  }

  /** The port the other end receives on. */
  public int remotePort() {
    return initiator ? port : port + 1;
  }
}
