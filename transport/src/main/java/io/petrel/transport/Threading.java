package io.petrel.transport;

/** Who takes the engine's turns. */
public enum Threading {
  /** A thread of the engine's own, named, idling by the option {@code idle}. */
  THREAD,
  /**
   * The application's threads, in {@code work}, {@code poll} and {@code offer}: lowest latency. An
   * offer sends by itself when nothing is in flight or a train is full; else what it wrote goes
   * with the next turn, so keep calling.
   */
  INVOKER
}
