package io.petrel.transport;

import org.agrona.DirectBuffer;

/** Takes messages as they lie in the ring. */
@FunctionalInterface
public interface MessageHandler {
  /**
   * One message. What is thrown goes to the error handler of the {@link Context}; the message
   * counts as consumed.
   *
   * @param buffer holds the message for the length of this call only
   * @param offset where it begins
   * @param length of it in bytes
   * @param header where it came from; for the length of this call only
   */
  void onMessage(DirectBuffer buffer, int offset, int length, Header header);
}
