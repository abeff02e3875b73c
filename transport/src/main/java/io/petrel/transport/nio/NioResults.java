package io.petrel.transport.nio;

import io.petrel.transport.datagram.DatagramResult;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.nio.channels.ClosedChannelException;

/** Gives the JDK's exceptions the names that a port answers with. */
final class NioResults {
  private NioResults() {}

  /**
   * The result of a send or receive that failed. Where there is no type, the system's text says.
   */
  static int of(IOException e) {
    return switch (e) {
      case ClosedChannelException _ -> DatagramResult.CLOSED;
      case PortUnreachableException _ -> DatagramResult.REFUSED;
      case NoRouteToHostException _, BindException _, ConnectException _ ->
          DatagramResult.UNREACHABLE;
      default -> byText(String.valueOf(e.getMessage()));
    };
  }

  private static int byText(String text) {
    return switch (text) {
      case "Message too long" -> DatagramResult.TOO_LARGE;
      case "Connection refused" -> DatagramResult.REFUSED;
      case "No buffer space available" -> DatagramResult.WOULD_BLOCK;
      case "Network is unreachable", "Network is down", "No route to host" ->
          DatagramResult.UNREACHABLE;
      case "Operation not permitted", "Permission denied" -> DatagramResult.NOT_PERMITTED;
      default -> DatagramResult.FAILED;
    };
  }
}
