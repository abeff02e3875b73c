package io.petrel.multicast.flow;

/** Told what becomes of the receivers of a source, in the order it happens. */
public interface GroupListener {
  /**
   * A receiver is there that was not.
   *
   * @param receiverId who
   */
  default void onJoined(long receiverId) {}

  /**
   * A receiver said that it goes, or has been silent for too long.
   *
   * @param receiverId who
   * @param silent whether it just fell silent
   */
  default void onLeft(long receiverId, boolean silent) {}

  /**
   * The source waits no more for a receiver: it made no progress within the patience.
   *
   * @param receiverId who
   * @param contiguousPosition up to where it has everything
   */
  default void onEvicted(long receiverId, long contiguousPosition) {}

  /**
   * A receiver misses far more than the others, and for long: the group's repair goes on without
   * it.
   *
   * @param receiverId who
   * @param missedShare of what was sent
   */
  default void onExcluded(long receiverId, double missedShare) {}
}
