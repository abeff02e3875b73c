package io.petrel.transport.spi;

import io.petrel.transport.ControlledMessageHandler;
import io.petrel.transport.EndReason;
import io.petrel.transport.MessageHandler;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionInfo;

/**
 * One session's data for a subscription. Called by the thread that polls, while the engine fills
 * it. What handlers throw goes to the error handler, and the message counts as consumed.
 */
public interface Source {
  /**
   * Who sends it.
   *
   * @return the same object always
   */
  SessionInfo session();

  /**
   * Called once, before the first poll.
   *
   * @param events to tell of losses, in order with the data
   */
  void begin(SessionEvents events);

  /**
   * Hands out messages.
   *
   * @param handler takes them
   * @param limit of messages
   * @return how many there were
   */
  int poll(MessageHandler handler, int limit);

  /**
   * Hands out messages under the handler's control.
   *
   * @param handler takes them
   * @param limit of messages
   * @return how many were consumed
   */
  int controlledPoll(ControlledMessageHandler handler, int limit);

  /**
   * Whether the session has ended and everything of it was polled. Asked after a poll that found
   * nothing.
   *
   * @return true from then on
   */
  boolean isEnded();

  /**
   * Why it ended.
   *
   * @return asked when {@link #isEnded()}
   */
  EndReason endReason();

  /**
   * Up to where it was polled.
   *
   * @return absolute
   */
  long position();
}
