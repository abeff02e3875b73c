package io.petrel.multicast.join;

/**
 * Where a replay is to begin.
 *
 * @param kind what the value means
 * @param value a position, or nanoseconds since 1970
 */
public record JoinPoint(Kind kind, long value) {
  /** Ways to say it. */
  public enum Kind {
    /** With the first record that is kept. */
    BEGINNING,
    /** With the first record at a position or behind it. */
    POSITION,
    /** With what was recorded at a time or later. */
    TIME
  }

  /** With what is kept of the beginning. */
  public static final JoinPoint BEGINNING = new JoinPoint(Kind.BEGINNING, 0);

  /** At a position, or behind it where no record begins there. */
  public static JoinPoint position(long position) {
    return new JoinPoint(Kind.POSITION, position);
  }
}
