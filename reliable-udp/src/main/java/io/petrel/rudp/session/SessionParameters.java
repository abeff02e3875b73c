package io.petrel.rudp.session;

import io.petrel.rudp.congestion.CongestionControllerFactory;
import io.petrel.rudp.congestion.CongestionSettings;

/**
 * What a session is made with: what the handshake agreed on and what this side decides alone.
 *
 * @param localId the id by which the peer addresses this side.
 * @param remoteId the id by which this side addresses the peer.
 * @param peerIncarnation drawn when the peer's engine started.
 * @param initiator whether this side asked for the session.
 * @param ringCapacity bytes of each stream's ring, on both sides.
 * @param datagramLength the longest datagram sent.
 * @param maximumStreams streams of either side.
 * @param checksum whether each datagram closes with a CRC-32C.
 * @param idleTimeoutNs silence of the peer that ends the session.
 * @param keepaliveNs silence of this side after which it says something; 0 for never.
 * @param lingerNs how long a graceful close goes on delivering.
 * @param peerAckDelayNs the longest the peer holds back an acknowledgement.
 * @param initialRoundTripNs what the handshake measured.
 * @param longestBackOffNs probes never come further apart than this, or than the probe timeout
 *     where that is longer.
 * @param sentPacketLimit the most packets tracked at once, a power of two.
 * @param congestion makes the controller.
 * @param congestionSettings what it is made with.
 * @param seed of this session's pseudo-random choices.
 */
public record SessionParameters(
    long localId,
    long remoteId,
    long peerIncarnation,
    boolean initiator,
    int ringCapacity,
    int datagramLength,
    int maximumStreams,
    boolean checksum,
    long idleTimeoutNs,
    long keepaliveNs,
    long lingerNs,
    long peerAckDelayNs,
    long initialRoundTripNs,
    long longestBackOffNs,
    int sentPacketLimit,
    CongestionControllerFactory congestion,
    CongestionSettings congestionSettings,
    long seed) {}
