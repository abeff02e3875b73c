package io.petrel.transport;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A duplex session: publications and subscriptions by stream over one connection. One that was
 * opened by {@link Petrel#connect} is connected again when it breaks, if the option {@code
 * reconnect} says so: its publications and subscriptions stay and go on at position 0.
 */
public interface Session extends AutoCloseable {
  /**
   * Publishes on a stream for any number of threads.
   *
   * @param stream from 0, bounded by the option {@link Options#STREAMS}
   * @return the same publication each time, until it is closed
   */
  default Publication publish(int stream) {
    return publish(stream, false);
  }

  /**
   * Publishes on a stream.
   *
   * @param stream from 0, bounded by the option {@link Options#STREAMS}
   * @param exclusive whether only one thread at a time will offer
   * @return the same publication each time, until it is closed
   */
  Publication publish(int stream, boolean exclusive);

  /**
   * Subscribes to a stream. What comes before that is kept as far as the ring goes.
   *
   * @param stream from 0, bounded by the option {@link Options#STREAMS}
   * @param events told of the session and of losses, within {@code poll}
   * @return the subscription; a stream has one at a time
   */
  Subscription subscribe(int stream, SessionEvents events);

  /**
   * Subscribes to a stream.
   *
   * @param stream from 0, bounded by the option {@link Options#STREAMS}
   * @return the subscription; a stream has one at a time
   */
  default Subscription subscribe(int stream) {
    return subscribe(stream, new SessionEvents() {});
  }

  /**
   * Whether the peer is there now.
   *
   * @return false before the first and between two connections, and after the end
   */
  boolean isConnected();

  /**
   * Whether it ended for good.
   *
   * @return true when no connection will be tried again
   */
  boolean isClosed();

  /**
   * Why the last connection ended.
   *
   * @return null as long as none has
   */
  @Nullable EndReason endReason();

  /**
   * The peer.
   *
   * @return null before the first connection
   */
  @Nullable SocketAddress remoteAddress();

  /**
   * Closes gracefully, in the background: no more is accepted, what was accepted is delivered as
   * far as that succeeds within the option {@code linger}.
   */
  @Override
  void close();

  /** Ends the session now; what is under way is lost, and the peer is told so. */
  void abort();
}
