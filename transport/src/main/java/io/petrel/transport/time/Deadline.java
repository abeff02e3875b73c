package io.petrel.transport.time;

/** Arithmetic of times at which something is due, of which there may be none. */
public final class Deadline {
  /** Nothing is due. */
  public static final long NONE = Long.MAX_VALUE;

  private Deadline() {}

  /** The earlier of two, either of which may be {@link #NONE}. */
  public static long earlier(long firstNs, long secondNs) {
    if (firstNs == NONE) {
      return secondNs;
    }
    return secondNs == NONE || firstNs - secondNs <= 0 ? firstNs : secondNs;
  }

  /** Whether it is due. */
  public static boolean isDue(long nowNs, long deadlineNs) {
    return deadlineNs != NONE && nowNs - deadlineNs >= 0;
  }
}
