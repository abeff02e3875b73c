package io.petrel.transport;

import java.net.SocketAddress;

/**
 * Told of the sessions that a listener accepts, on the thread that takes the engine's turn: it must
 * not wait. What it throws goes to the error handler of the {@link Context}, and the session is
 * refused.
 */
@FunctionalInterface
public interface SessionHandler {
  /**
   * Whether to accept a session; asked before anything is spent on it.
   *
   * @param remoteAddress of the peer
   * @return false to refuse
   */
  default boolean accept(SocketAddress remoteAddress) {
    return true;
  }

  /**
   * A session was accepted. To miss nothing and to see the session's events, subscribe here.
   *
   * @param session connected
   */
  void onSession(Session session);
}
