package io.petrel.transport;

/**
 * Told of sessions that come and go and of data that is lost for good. All of it comes within
 * {@link Subscription#poll}, on the thread that polls, in order with the data of the same session.
 * What is thrown goes to the error handler of the {@link Context}.
 */
public interface SessionEvents {
  /**
   * Before the first message of a session.
   *
   * @param session that came
   */
  default void onSessionUp(SessionInfo session) {}

  /**
   * After the last message of a session that could be delivered.
   *
   * @param session that went
   * @param reason of it
   * @param position up to which its data was delivered
   */
  default void onSessionDown(SessionInfo session, EndReason reason, long position) {}

  /**
   * Bytes of a session will never come; the next message begins at or after the end of the range.
   *
   * @param session that goes on
   * @param fromPosition first byte lost
   * @param toPosition first byte after the loss
   */
  default void onLoss(SessionInfo session, long fromPosition, long toPosition) {}

  /**
   * The sender of a fan-out repairs this receiver no more, because it misses far more than the
   * others: what it misses from now on is lost, or comes from the journal where it joined by that.
   * Told when noticed, not in order with the data.
   *
   * @param session that goes on
   */
  default void onExcluded(SessionInfo session) {}

  /**
   * One of several lines that carry the same has fallen silent while another goes on, or is back.
   * The data goes on by the other, without its double. Told when noticed, not in order with the
   * data; what changed back between two polls is not told.
   *
   * @param session that goes on
   * @param line which, 0 for the first
   * @param alive whether it brings anything again
   */
  default void onLine(SessionInfo session, int line, boolean alive) {}
}
