package io.petrel.rudp.handshake;

import io.petrel.codecs.wire.Integrity;
import io.petrel.codecs.wire.RefuseReason;

/**
 * Why there is no session.
 *
 * @param sessionId what is refused: the client's own id, or the unknown one.
 * @param incarnation of the engine that refuses.
 * @param reason the kind of refusal.
 * @param detail what would be right; see the reason.
 * @param minimumVersion lowest datagram version spoken there.
 * @param maximumVersion highest datagram version spoken there.
 */
public record Refusal(
    long sessionId,
    long incarnation,
    RefuseReason reason,
    long detail,
    int minimumVersion,
    int maximumVersion) {

  /** In words, for a log. */
  public String explain() {
    return switch (reason) {
      case VERSION ->
          "the peer speaks datagram versions " + minimumVersion + " to " + maximumVersion;
      case UNKNOWN_SESSION -> "the peer knows no such session (any more)";
      case RING_CAPACITY -> "ring capacity is out of range there; it takes up to " + detail;
      case DATAGRAM_SIZE -> "datagrams are too short; the peer needs " + detail + " bytes";
      case IDLE_TIMEOUT -> "idle timeout is out of range there; it takes up to " + detail + " ms";
      case INTEGRITY -> "the peer demands integrity=" + Integrity.get((short) detail);
      case FEATURES -> "the peer demands features 0x" + Long.toHexString(detail);
      case STREAM -> "nobody listens to stream " + detail + " there";
      case BUSY -> "it has as many sessions as its option 'sessions' allows";
      case COOKIE -> "the cookie has expired";
      case NOT_ALLOWED -> "its accept filter does not let this address in";
      case MALFORMED -> "the peer found the hello malformed";
      default -> "refused for a reason this version does not know";
    };
  }
}
