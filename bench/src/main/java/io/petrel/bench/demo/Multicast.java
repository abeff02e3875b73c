package io.petrel.bench.demo;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why multicast does not work on an interface, and what mends it. */
final class Multicast {
  private Multicast() {}

  /** After an attempt to join or to publish failed. */
  static String whyNot(String networkInterface, @Nullable Throwable cause) {
    String why = cause == null ? "no reason given" : String.valueOf(cause.getMessage());
    return "no multicast on %s: %s; %s".formatted(networkInterface, why, remedy(networkInterface));
  }

  /** After nothing came. */
  static String notHeard(String networkInterface, String missing) {
    return "no multicast gets through on %s (%s); %s"
        .formatted(networkInterface, missing, remedy(networkInterface));
  }

  private static String remedy(String name) {
    try {
      NetworkInterface found = NetworkInterface.getByName(name);
      if (found == null) {
        return "there is no interface '%s', but %s: choose by --interface".formatted(name, names());
      }
      if (!found.isUp()) {
        return "it is down: ip link set %s up".formatted(name);
      }
    } catch (SocketException e) {
      return "no interface is up: ip link set %s up".formatted(name);
    }
    return ("what may help, as root: ip link set %s multicast on; ip route add 239.0.0.0/8 dev %s;"
            + " a firewall that lets UDP to 239.78.0.0/16 pass; or another --interface")
        .formatted(name, name);
  }

  private static List<String> names() throws SocketException {
    return NetworkInterface.networkInterfaces().map(NetworkInterface::getName).toList();
  }
}
