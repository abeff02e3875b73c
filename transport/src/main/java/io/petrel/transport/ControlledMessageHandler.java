package io.petrel.transport;

import org.agrona.DirectBuffer;

/** Takes messages as they lie in the ring and says after each how to go on. */
@FunctionalInterface
public interface ControlledMessageHandler {
  /** How a controlled poll goes on. */
  enum Action {
    /** Goes on; the bytes are given back when the poll ends. */
    CONTINUE,
    /** Gives back at once the bytes of all up to and with this message, and goes on. */
    COMMIT,
    /** Ends the poll; this message is consumed. */
    BREAK,
    /** Ends the poll; this message is not consumed and comes again with the next. */
    ABORT
  }

  /**
   * One message. What is thrown goes to the error handler of the {@link Context}; the message
   * counts as consumed and the poll goes on.
   *
   * @param buffer holds the message for the length of this call only
   * @param offset where it begins
   * @param length of it in bytes
   * @param header where it came from; for the length of this call only
   * @return how to go on
   */
  Action onMessage(DirectBuffer buffer, int offset, int length, Header header);
}
