package io.petrel.transport.tcp;

import io.petrel.transport.ring.RecordLayout;

/** What the two sides of a session agree on. */
record TcpTerms(long sessionId, int ringCapacity, int streams, int idleTimeoutMs) {
  /** Whether a peer may name such terms. */
  boolean isValid() {
    return sessionId != 0
        && ringCapacity >= RecordLayout.MIN_CAPACITY
        && ringCapacity <= RecordLayout.MAX_CAPACITY
        && Integer.bitCount(ringCapacity) == 1
        && streams > 0
        && idleTimeoutMs > 0;
  }

  /** Whether an answer keeps within what was asked for. */
  boolean isWithin(TcpTerms asked) {
    return sessionId == asked.sessionId
        && ringCapacity <= asked.ringCapacity
        && streams <= asked.streams
        && idleTimeoutMs <= asked.idleTimeoutMs;
  }

  /** The lesser of each, for the session that was asked for. */
  TcpTerms cappedBy(TcpTerms own) {
    return new TcpTerms(
        sessionId,
        Math.min(ringCapacity, own.ringCapacity),
        Math.min(streams, own.streams),
        Math.min(idleTimeoutMs, own.idleTimeoutMs));
  }
}
