package io.petrel.transport.ring;

/**
 * The named negative results of rings, each saying whether to try again. Those that an application
 * sees have the values that a publication's results have.
 */
public final class RingResult {
  /** The ring is full until the peer acknowledges or what is queued is sent: try again. */
  public static final int BACK_PRESSURED = -2;

  /** The ring takes no more records: do not try again. */
  public static final int CLOSED = -3;

  /** The stream has reached its last position: close it and open another. */
  public static final int MAX_POSITION_EXCEEDED = -5;

  /** The message's length is negative or above capacity / 8: do not try again. */
  public static final int MESSAGE_TOO_LARGE = -4;

  /** The claim is not open: committed, aborted, or abandoned and skipped by the engine. */
  public static final int CLAIM_LOST = -16;

  /** No memory for the ring within the limit: try again when other sessions have ended. */
  public static final int NO_MEMORY = -17;

  /** The bytes lie beyond the reader's position plus the capacity: nothing was taken. */
  public static final int OUTSIDE_WINDOW = -18;

  /** The bytes would make more holes than the limit: nothing was taken; fill a hole first. */
  public static final int TOO_MANY_HOLES = -19;

  /** A position or length that no peer may name: nothing was taken. */
  public static final int BAD_RANGE = -20;

  /** The reader has not yet passed the skip before: try again later. */
  public static final int SKIP_PENDING = -21;

  /** A record shorter than its header or longer than the largest message: the session must end. */
  public static final int BAD_RECORD_LENGTH = -22;

  /** A record of a type that does not exist: the session must end. */
  public static final int BAD_RECORD_TYPE = -23;

  /** A padding record that does not end exactly at the ring's end: the session must end. */
  public static final int BAD_PADDING = -24;

  /** A record that goes beyond the ring's end: the session must end. */
  public static final int RECORD_ACROSS_WRAP = -25;

  private RingResult() {}

  /**
   * Name of a result, for people.
   *
   * @param result from a ring
   * @return its constant's name; OK for what is not negative
   */
  public static String name(final long result) {
    if (result >= 0) {
      return "OK";
    }
    return switch ((int) result) {
      case BACK_PRESSURED -> "BACK_PRESSURED";
      case CLOSED -> "CLOSED";
      case MAX_POSITION_EXCEEDED -> "MAX_POSITION_EXCEEDED";
      case MESSAGE_TOO_LARGE -> "MESSAGE_TOO_LARGE";
      case CLAIM_LOST -> "CLAIM_LOST";
      case NO_MEMORY -> "NO_MEMORY";
      case OUTSIDE_WINDOW -> "OUTSIDE_WINDOW";
      case TOO_MANY_HOLES -> "TOO_MANY_HOLES";
      case BAD_RANGE -> "BAD_RANGE";
      case SKIP_PENDING -> "SKIP_PENDING";
      case BAD_RECORD_LENGTH -> "BAD_RECORD_LENGTH";
      case BAD_RECORD_TYPE -> "BAD_RECORD_TYPE";
      case BAD_PADDING -> "BAD_PADDING";
      case RECORD_ACROSS_WRAP -> "RECORD_ACROSS_WRAP";
      default -> "UNKNOWN(" + result + ")";
    };
  }
}
