package io.petrel.transport;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Receives messages, of several sessions where the transport allows it: polled in turn, in order
 * within each. One thread at a time polls.
 */
public interface Subscription extends AutoCloseable {
  /**
   * Hands out what has arrived. Engines that are invoked take a turn first.
   *
   * @param handler takes the messages
   * @param limit of messages in this call
   * @return how many messages there were; 0 after a close
   */
  int poll(MessageHandler handler, int limit);

  /**
   * Hands out what has arrived; the handler says after each message how to go on.
   *
   * @param handler takes the messages
   * @param limit of messages in this call
   * @return how many messages were consumed; 0 after a close
   */
  int controlledPoll(ControlledMessageHandler handler, int limit);

  /**
   * How many sessions are there, as the polling thread has been told.
   *
   * @return between their up and down events
   */
  int sessionCount();

  /**
   * Whether a session is there.
   *
   * @return as the polling thread has been told
   */
  default boolean isConnected() {
    return sessionCount() > 0;
  }

  /**
   * Whether this was closed.
   *
   * @return true from the beginning of a close
   */
  boolean isClosed();

  /**
   * Where peers send to; with port 0 in the URI the port that was chosen.
   *
   * @return null where there is no address, as with shared memory
   */
  @Nullable SocketAddress localAddress();

  /**
   * What this was opened with.
   *
   * @return as parsed
   */
  Channel channel();

  /** Takes no more; publishers see their session end. */
  @Override
  void close();
}
