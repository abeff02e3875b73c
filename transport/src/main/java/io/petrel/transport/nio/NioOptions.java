package io.petrel.transport.nio;

import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.datagram.EndpointAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/** Turns options into what the JDK's datagram channels can set of them. */
final class NioOptions {
  private static final System.Logger LOGGER = System.getLogger(NioOptions.class.getName());

  private NioOptions() {}

  /** An IPv6 peer cannot be reached from an IPv4 channel, an IPv4 peer can from an IPv6 one. */
  static ProtocolFamily familyOf(DatagramPortOptions options) {
    EndpointAddress local = options.localAddress();
    EndpointAddress remote = options.remoteAddress();
    boolean ipv6Peer = remote != null && remote.family() == EndpointAddress.IPV6;
    boolean ipv6 = local.family() == EndpointAddress.IPV6 || (local.isWildcard() && ipv6Peer);
    return ipv6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
  }

  /** Sets what must be set before the channel is bound. */
  static void applyBeforeBind(DatagramChannel channel, DatagramPortOptions options)
      throws IOException {
    refuseWhatIsNotToBeHad(options);
    if (options.addressShared()) {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    }
    applyBuffer(channel, StandardSocketOptions.SO_RCVBUF, options.receiveBufferBytes());
    applyBuffer(channel, StandardSocketOptions.SO_SNDBUF, options.sendBufferBytes());
    channel.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, options.multicastLoopback());
    if (options.multicastTimeToLive() >= 0) {
      channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, options.multicastTimeToLive());
    }
    if (options.dscp() > 0) {
      channel.setOption(StandardSocketOptions.IP_TOS, options.dscp() << 2); // ECN's 2 bits below
    }
    if (options.fragmentationForbidden()) {
      channel.setOption(ExtendedSocketOptions.IP_DONTFRAGMENT, true);
    }
    String networkInterface = options.multicastInterface();
    if (networkInterface != null) {
      channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, interfaceOf(networkInterface));
    }
  }

  private static void refuseWhatIsNotToBeHad(DatagramPortOptions options) throws IOException {
    if (options.timeToLive() >= 0) {
      throw new IOException("timeToLive: the JDK's channels cannot set it, the native port can");
    }
    if (options.onlyIpv6()) {
      throw new IOException("onlyIpv6: the JDK's channels cannot set it, the native port can");
    }
    if (options.busyPollMicros() > 0) {
      LOGGER.log(
          System.Logger.Level.WARNING, "busyPollMicros: the JDK's channels know nothing of it");
    }
  }

  private static void applyBuffer(DatagramChannel channel, SocketOption<Integer> option, int bytes)
      throws IOException {
    if (bytes < 0) {
      return;
    }
    channel.setOption(option, Math.max(1, bytes));
    int granted = channel.getOption(option);
    if (granted < bytes) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "{0}: asked for {1} bytes, the system grants {2}",
          option.name(),
          Integer.toString(bytes),
          Integer.toString(granted));
    }
  }

  static NetworkInterface interfaceOf(String nameOrAddress) throws IOException {
    NetworkInterface found = find(nameOrAddress);
    if (found == null) {
      throw new IOException("no network interface has the name or address '" + nameOrAddress + "'");
    }
    return found;
  }

  private static @Nullable NetworkInterface find(String nameOrAddress) throws SocketException {
    NetworkInterface named = NetworkInterface.getByName(nameOrAddress);
    if (named != null) {
      return named;
    }
    try {
      return NetworkInterface.getByInetAddress(InetAddress.ofLiteral(nameOrAddress));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
