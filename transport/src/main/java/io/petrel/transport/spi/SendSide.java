package io.petrel.transport.spi;

/** The sending half of a session, as its publications see it. */
@FunctionalInterface
public interface SendSide {
  /**
   * Sends what the session's rings hold, as far as it may be sent now; never waits. Called within a
   * turn or, where the engine is invoked, between two turns by an offer.
   */
  void flush();
}
