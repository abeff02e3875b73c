package io.petrel.transport.spi;

/** The sending half of a session, as its publications see it. */
public interface SendSide {
  /**
   * Sends what the session's rings hold, as far as it may be sent now; never waits. Called within a
   * turn or, where the engine is invoked, between two turns by an offer.
   */
  void flush();

  /**
   * Something was written. A session that takes no turns while it is idle calls its engine; called
   * by producers on their own threads, after each write, so that it must cost next to nothing.
   */
  default void wake() {}
}
