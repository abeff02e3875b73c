package io.petrel.rudp.handshake;

import io.petrel.codecs.wire.Integrity;

/**
 * What both sides hold to.
 *
 * @param serverSessionId by which the server wants to be addressed.
 * @param incarnation drawn when the server's engine started.
 * @param ringCapacity bytes of each stream's ring.
 * @param datagramLength the longest datagram that either side sends.
 * @param serverStreams streams that the client may send.
 * @param integrity what closes each datagram.
 * @param idleTimeoutMs silence that ends the session.
 * @param serverAckDelayNs the longest that the server holds back acknowledgements.
 */
public record Agreement(
    long serverSessionId,
    long incarnation,
    int ringCapacity,
    int datagramLength,
    int serverStreams,
    Integrity integrity,
    int idleTimeoutMs,
    long serverAckDelayNs) {

  /** What is left when the server's limits are laid over the client's wishes. */
  static Agreement of(long serverSessionId, long incarnation, Offer client, Offer server) {
    boolean checksum =
        client.integrity() == Integrity.CRC32C || server.integrity() == Integrity.CRC32C;
    return new Agreement(
        serverSessionId,
        incarnation,
        Math.min(client.ringCapacity(), server.ringCapacity()),
        Math.min(client.datagramLength(), server.datagramLength()),
        server.maximumStreams(),
        checksum ? Integrity.CRC32C : Integrity.NONE,
        Math.min(client.idleTimeoutMs(), server.idleTimeoutMs()),
        server.maximumAckDelayNs());
  }
}
