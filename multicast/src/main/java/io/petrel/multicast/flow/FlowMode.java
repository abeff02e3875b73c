package io.petrel.multicast.flow;

/** Whom a source waits for. */
public enum FlowMode {
  /** Nobody: whoever cannot keep up loses what has left the window. */
  FASTEST,
  /** Every receiver, as long as it makes progress. */
  SLOWEST,
  /** The receivers that are named, as long as they make progress; others as with fastest. */
  NAMED
}
