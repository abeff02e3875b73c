package io.petrel.rudp.endpoint;

import io.petrel.codecs.wire.RefuseReason;
import io.petrel.rudp.handshake.Refusal;
import io.petrel.rudp.session.SessionListener;
import io.petrel.transport.EndReason;
import io.petrel.transport.datagram.EndpointAddress;
import org.jspecify.annotations.Nullable;

/** What an endpoint tells its owner, within the calls that the owner makes. */
public interface EndpointListener extends SessionListener {
  /**
   * A client whose address is proven asks for a session.
   *
   * @param from its address; a flyweight.
   * @param streamId the stream that it begins with.
   * @return null to accept, or why not.
   */
  @Nullable RefuseReason onHello(EndpointAddress from, int streamId);

  /** A session is there: one accepted, or one asked for by {@link RudpEndpoint#connect}. */
  void onSession(EndpointSession session);

  /**
   * There is no session.
   *
   * @param connecting what {@link RudpEndpoint#connect} returned.
   * @param refusal what the peer said, or null when it said nothing at all.
   */
  void onNotConnected(Connecting connecting, @Nullable Refusal refusal);

  /**
   * A session's peer seems to have moved to another host.
   *
   * @param to where it seems to be; a flyweight.
   * @return whether the session may go on there: what would have been answered to its hello.
   */
  default boolean mayMove(EndpointSession session, EndpointAddress to) {
    return true;
  }

  /**
   * A session has had nothing under way for a while.
   *
   * @return whether its application will call {@link RudpEndpoint#flush} when it has written; the
   *     session is then not looked at until something comes.
   */
  default boolean mayRest(EndpointSession session) {
    return false;
  }

  /** A session's peer has moved and has proven to be at its new address. */
  default void onMoved(EndpointSession session) {}

  /** A session that had ended is forgotten. Told after {@link #onEnd}. */
  void onGone(EndpointSession session, EndReason reason);
}
