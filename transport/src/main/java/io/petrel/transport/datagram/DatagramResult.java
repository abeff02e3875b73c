package io.petrel.transport.datagram;

/**
 * The negative results of {@link DatagramPort}'s methods. A port never throws on the hot path:
 * whatever the network or the kernel answers is one of these, and is counted in {@link
 * DatagramStatistics}.
 */
public final class DatagramResult {
  /** The send buffer is full. Nothing was sent; try again in a later turn. */
  public static final int WOULD_BLOCK = -1;

  /**
   * The peer's host answered an earlier datagram with "port unreachable". This one was not sent.
   * The report is used up by reading it, so trying again at once sends; whether anybody listens
   * there is for the protocol's own timers to judge, since anybody on the path can forge it.
   */
  public static final int REFUSED = -2;

  /**
   * Larger than the path (with fragmentation forbidden), the interface or UDP takes. Nothing was
   * sent and the same datagram will never pass: make it smaller.
   */
  public static final int TOO_LARGE = -3;

  /**
   * No route to the address, or no local address that could be its source. Nothing was sent;
   * retrying helps only when the routing changes.
   */
  public static final int UNREACHABLE = -4;

  /** A firewall or a missing right forbids it. Nothing was sent; retrying helps when it changes. */
  public static final int NOT_PERMITTED = -5;

  /** The port is closed. Do not retry. */
  public static final int CLOSED = -6;

  /**
   * The port is not connected and was given no address, or is connected and was given one. Do not
   * retry: it is a mistake in the calling code.
   */
  public static final int WRONG_ADDRESSING = -7;

  /** Any other error; {@link DatagramStatistics#lastError} has the system's number. */
  public static final int FAILED = -8;

  private DatagramResult() {}

  /** The name of a negative result, for messages to people. */
  public static String nameOf(int result) {
    return switch (result) {
      case WOULD_BLOCK -> "WOULD_BLOCK";
      case REFUSED -> "REFUSED";
      case TOO_LARGE -> "TOO_LARGE";
      case UNREACHABLE -> "UNREACHABLE";
      case NOT_PERMITTED -> "NOT_PERMITTED";
      case CLOSED -> "CLOSED";
      case WRONG_ADDRESSING -> "WRONG_ADDRESSING";
      case FAILED -> "FAILED";
      default -> result < 0 ? "unknown result " + result : result + " bytes or datagrams";
    };
  }
}
