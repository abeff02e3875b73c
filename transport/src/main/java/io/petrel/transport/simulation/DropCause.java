package io.petrel.transport.simulation;

/** Why the simulated network did not deliver a datagram. */
public enum DropCause {
  /** Lost at random, alone or in a burst; it had used its share of the link. */
  LOSS,
  /** Lost at random as one of the datagrams a filter picks out. */
  FILTERED_LOSS,
  /** The queue before the link was full. */
  QUEUE,
  /** The link was down. */
  BLACKHOLE,
  /** Larger than the link carries. */
  TOO_LARGE,
  /** A test asked for exactly this one to be dropped. */
  SCRIPTED,
  /**
   * Nobody there wants it: no host has the address (any more), no port is open on it, or the group
   * has no member that wants the sender.
   */
  UNREACHABLE,
  /** The receiving port's buffer was full. */
  RECEIVER_FULL;

  /**
   * Whether the simulation injected this drop as a fault, rather than somebody sending too much.
   */
  public boolean isInjected() {
    return switch (this) {
      case LOSS, FILTERED_LOSS, BLACKHOLE, SCRIPTED -> true;
      case QUEUE, TOO_LARGE, UNREACHABLE, RECEIVER_FULL -> false;
    };
  }
}
