package io.petrel.rudp.handshake;

/**
 * A client's wish for a session, as it says it.
 *
 * @param clientSessionId by which the client wants to be addressed.
 * @param incarnation drawn when the client's engine started.
 * @param streamId the stream that the client begins with.
 * @param offer what the client brings.
 */
public record Hello(long clientSessionId, long incarnation, int streamId, Offer offer) {}
