package io.petrel.rudp.handshake;

import io.petrel.codecs.wire.Integrity;
import io.petrel.transport.ring.RecordLayout;

/**
 * What one side brings to a session.
 *
 * @param ringCapacity bytes of a stream's ring, a power of two: a client's wish, a server's limit.
 * @param datagramLength the longest datagram received.
 * @param maximumStreams that the other side may send.
 * @param integrity what is asked for; the stronger of both sides' holds.
 * @param idleTimeoutMs the shorter of both sides' holds.
 * @param maximumAckDelayNs the longest that acknowledgements are held back.
 */
public record Offer(
    int ringCapacity,
    int datagramLength,
    int maximumStreams,
    Integrity integrity,
    int idleTimeoutMs,
    long maximumAckDelayNs) {
  /** No session is made with datagrams that cannot hold the frames there are. */
  public static final int SMALLEST_DATAGRAM = 576;

  /** Smallest ring: one that holds a few datagrams. */
  public static final int SMALLEST_RING = RecordLayout.MIN_CAPACITY;
}
