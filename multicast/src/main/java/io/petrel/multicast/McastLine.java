package io.petrel.multicast;

import io.petrel.transport.Channel;
import io.petrel.transport.PetrelException;
import io.petrel.transport.datagram.EndpointAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One group on one interface.
 *
 * @param group and port
 * @param interfaceName of the interface, found or given
 * @param local an address of the interface, port 0
 */
record McastLine(EndpointAddress group, String interfaceName, EndpointAddress local) {
  private static final String FIND = "auto";

  /** A group on an interface that is named, or given by its address, or to be found. */
  static McastLine of(Channel channel, EndpointAddress group, String wanted) {
    if (!group.isMulticast()) {
      throw new PetrelException(
          channel + ": " + group + " is no multicast group; those are 224.0.0.0/4 and ff00::/8");
    }
    try {
      NetworkInterface found = wanted.equals(FIND) ? find(group) : named(wanted);
      InetAddress local = found == null ? null : addressOf(found, group);
      if (found == null || local == null) {
        throw new PetrelException(
            channel
                + ": interface="
                + wanted
                + " is none of this machine with an address of the group's family; which there are"
                + " says: ip address");
      }
      return new McastLine(
          group, found.getName(), EndpointAddress.of(new InetSocketAddress(local, 0)));
    } catch (SocketException e) {
      throw new PetrelException(channel + ": the interfaces cannot be listed: " + e, e);
    }
  }

  /** A second line as {@code group:port@interface}. */
  static McastLine parse(Channel channel, String text, String defaultInterface) {
    int at = text.indexOf('@');
    String place = at < 0 ? text : text.substring(0, at);
    int colon = place.lastIndexOf(':');
    try {
      String host = place.substring(0, colon).replaceAll("^\\[|\\]$", "");
      InetAddress address = InetAddress.ofLiteral(host);
      int port = Integer.parseInt(place.substring(colon + 1));
      EndpointAddress group = EndpointAddress.of(new InetSocketAddress(address, port));
      return of(channel, group, at < 0 ? defaultInterface : text.substring(at + 1));
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new PetrelException(
          channel + ": lines=" + text + " is no group:port or group:port@interface", e);
    }
  }

  /** Where receivers of this line hear each other: the port after the group's. */
  EndpointAddress control() {
    return group.copy().port(group.port() + 1);
  }

  boolean isLoopback() {
    return local.isLoopback();
  }

  private static @Nullable NetworkInterface find(EndpointAddress group) throws SocketException {
    NetworkInterface loopback = null;
    for (NetworkInterface each : all()) {
      if (each.isUp() && addressOf(each, group) != null) {
        if (each.isLoopback()) {
          loopback = each;
        } else if (each.supportsMulticast()) {
          return each;
        }
      }
    }
    return loopback;
  }

  private static @Nullable NetworkInterface named(String wanted) throws SocketException {
    for (NetworkInterface each : all()) {
      if (each.getName().equals(wanted)
          || each.inetAddresses().anyMatch(a -> a.getHostAddress().equals(wanted))) {
        return each;
      }
    }
    return null;
  }

  private static List<NetworkInterface> all() throws SocketException {
    return NetworkInterface.networkInterfaces().toList();
  }

  private static @Nullable InetAddress addressOf(NetworkInterface of, EndpointAddress group) {
    boolean four = group.family() == EndpointAddress.IPV4;
    return of.inetAddresses()
        .filter(address -> address instanceof Inet4Address == four)
        .findFirst()
        .orElse(null);
  }
}
