package io.petrel.transport;

import java.net.SocketAddress;

/** Accepts sessions until it is closed; the sessions outlive it. */
public interface Listener extends AutoCloseable {
  /**
   * Where peers connect to; with port 0 in the URI the port that was chosen.
   *
   * @return bound
   */
  SocketAddress localAddress();

  /**
   * Sessions accepted and not yet ended.
   *
   * @return at most the option {@code sessions}
   */
  int sessionCount();

  /** Accepts no more. */
  @Override
  void close();
}
