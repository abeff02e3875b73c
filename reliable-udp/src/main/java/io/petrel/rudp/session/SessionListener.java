package io.petrel.rudp.session;

import io.petrel.transport.EndReason;
import io.petrel.transport.ring.ReceiveRing;
import org.jspecify.annotations.Nullable;

/** What a session tells its owner, within the calls that the owner makes. */
public interface SessionListener {
  /**
   * The peer sends on a stream for the first time.
   *
   * @return the ring for its bytes, of the session's ring capacity, or null when there is to be
   *     none: what comes on that stream is then dropped and the peer sends it again.
   */
  @Nullable ReceiveRing openReceive(Session session, int streamId);

  /** A stream of the peer's has ended: all of it is in its ring. */
  void onReceiveEnd(Session session, int streamId);

  /**
   * A stream to the peer has ended, after {@link Session#endSend} or because the peer wants no
   * more.
   *
   * @param delivered whether the peer has all of it.
   */
  void onSendEnd(Session session, int streamId, boolean delivered);

  /** The session has ended; it goes on answering for a moment, but nothing more comes of it. */
  void onEnd(Session session, EndReason reason);
}
