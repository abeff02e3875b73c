package io.petrel.transport.linux;

import static io.petrel.transport.linux.LinuxConstants.*;

import io.petrel.transport.datagram.DatagramResult;

/** Gives the system's error numbers the names that a port answers with. */
final class LinuxResults {
  /** In place of a negated {@code errno}: no call was made, since the port is closed. */
  static final int CALL_ON_CLOSED = Integer.MIN_VALUE;

  private LinuxResults() {}

  /**
   * The result of a send that failed.
   *
   * @param sent the negated {@code errno}
   * @param train whether it was a train, of which EINVAL says that it does not fit the path
   */
  static int ofSend(int sent, boolean train) {
    return switch (sent) {
      case -EAGAIN, -ENOBUFS, -EINTR -> DatagramResult.WOULD_BLOCK;
      case -ECONNREFUSED -> DatagramResult.REFUSED;
      case -EMSGSIZE -> DatagramResult.TOO_LARGE;
      case -EINVAL -> train ? DatagramResult.TOO_LARGE : DatagramResult.FAILED;
      case -ENETUNREACH, -EHOSTUNREACH, -EADDRNOTAVAIL, -ENETDOWN -> DatagramResult.UNREACHABLE;
      case -EPERM, -EACCES -> DatagramResult.NOT_PERMITTED;
      case CALL_ON_CLOSED -> DatagramResult.CLOSED;
      default -> DatagramResult.FAILED;
    };
  }

  /**
   * The result of a receive that failed, given the negated {@code errno}; 0 for an interruption.
   */
  static int ofReceive(int received) {
    return switch (received) {
      case -EAGAIN, -EINTR -> 0;
      case -ECONNREFUSED -> DatagramResult.REFUSED;
      case CALL_ON_CLOSED -> DatagramResult.CLOSED;
      default -> DatagramResult.FAILED;
    };
  }

  /** Whether a send failed because the device or route takes no segments at all. */
  static boolean offloadImpossible(int sent) {
    return sent == -EIO || sent == -EOPNOTSUPP;
  }

  /** Whether a send failed because its segments are larger than the path takes in one piece. */
  static boolean segmentsTooLarge(int sent) {
    return sent == -EMSGSIZE || sent == -EINVAL;
  }
}
