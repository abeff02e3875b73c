package io.petrel.transport;

/** Why a session ended. */
public enum EndReason {
  /** The peer closed it and everything it had sent was delivered. */
  CLOSED_BY_PEER,
  /** This side closed it. */
  CLOSED_HERE,
  /** The connection broke, or its process died: what the peer sent last may be missing. */
  CONNECTION_LOST,
  /** The peer fell silent for the idle timeout: what it sent last may be missing. */
  TIMED_OUT,
  /** The peer broke the protocol, or its records lie about themselves. */
  PROTOCOL_BREACH,
  /** The peer refused the session; the error log says why. */
  REFUSED,
  /** Another process of the same name took this one's place. */
  PEER_RESTARTED
}
