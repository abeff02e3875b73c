package io.petrel.transport.linux;

import static io.petrel.transport.linux.LinuxConstants.*;

import io.petrel.transport.datagram.DatagramFraming;
import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.datagram.EndpointAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import org.agrona.ExpandableArrayBuffer;
import org.jspecify.annotations.Nullable;

/** Turns options into socket options, and groups into memberships. */
final class LinuxOptions {
  private static final System.Logger LOGGER = System.getLogger(LinuxOptions.class.getName());

  /** {@code struct group_source_req}: interface u32, padding, two {@code sockaddr_storage}. */
  private static final int GROUP_OFFSET = 8;

  private static final int SOURCE_OFFSET = GROUP_OFFSET + 128;
  private static final int GROUP_REQUEST_LENGTH = GROUP_OFFSET + 128;
  private static final int GROUP_SOURCE_REQUEST_LENGTH = SOURCE_OFFSET + 128;

  /** {@code struct ip_mreqn}: group, local address, interface. */
  private static final int MREQN_LENGTH = 12;

  private static final int MREQN_INTERFACE_OFFSET = 8;

  private static final String NO_MORE_GROUPS =
      "the socket takes no more groups (net.ipv4.igmp_max_memberships) or sources of a group"
          + " (net.ipv4.igmp_max_msf, for IPv6 net.ipv6.mld_max_msf): join by another port, or"
          + " raise the limit";

  private LinuxOptions() {}

  /** An IPv6 peer cannot be reached from an IPv4 socket, an IPv4 peer can from an IPv6 one. */
  static int familyOf(DatagramPortOptions options) {
    EndpointAddress local = options.localAddress();
    EndpointAddress remote = options.remoteAddress();
    boolean ipv6Peer = remote != null && remote.family() == EndpointAddress.IPV6;
    return local.isWildcard() && ipv6Peer ? EndpointAddress.IPV6 : local.family();
  }

  /** Sets what must be set before the socket is bound. */
  static void applyBeforeBind(LinuxSocket socket, DatagramPortOptions options) throws IOException {
    if (socket.isIpv6()) {
      int only = options.onlyIpv6() ? 1 : 0;
      socket.setOption("IPV6_V6ONLY", IPPROTO_IPV6, IPV6_V6ONLY, only);
    }
    if (options.addressShared()) {
      socket.setOption("SO_REUSEADDR", SOL_SOCKET, SO_REUSEADDR, 1);
    }
    applyBuffer(socket, "receive", SO_RCVBUF, options.receiveBufferBytes());
    applyBuffer(socket, "send", SO_SNDBUF, options.sendBufferBytes());
    if (options.busyPollMicros() > 0) {
      socket.setOption("SO_BUSY_POLL", SOL_SOCKET, SO_BUSY_POLL, options.busyPollMicros());
    }
    // Datagrams of groups that other sockets of this machine joined are none of this socket's.
    applyBoth(socket, "IP_MULTICAST_ALL", IP_MULTICAST_ALL, IPV6_MULTICAST_ALL, 0);
    int loopback = options.multicastLoopback() ? 1 : 0;
    applyBoth(socket, "IP_MULTICAST_LOOP", IP_MULTICAST_LOOP, IPV6_MULTICAST_LOOP, loopback);
    if (options.multicastTimeToLive() >= 0) {
      int hops = options.multicastTimeToLive();
      applyBoth(socket, "IP_MULTICAST_TTL", IP_MULTICAST_TTL, IPV6_MULTICAST_HOPS, hops);
    }
    if (options.timeToLive() >= 0) {
      applyBoth(socket, "IP_TTL", IP_TTL, IPV6_UNICAST_HOPS, options.timeToLive());
    }
    if (options.dscp() > 0) {
      applyBoth(socket, "IP_TOS", IP_TOS, IPV6_TCLASS, options.dscp() << 2); // ECN's 2 bits below
    }
    if (options.fragmentationForbidden()) {
      applyBoth(socket, "IP_MTU_DISCOVER", IP_MTU_DISCOVER, IPV6_MTU_DISCOVER, PMTUDISC_PROBE);
      if (socket.isIpv6()) {
        socket.setOption("IPV6_DONTFRAG", IPPROTO_IPV6, IPV6_DONTFRAG, 1);
      }
    }
    String networkInterface = options.multicastInterface();
    if (networkInterface != null) {
      applyMulticastInterface(socket, networkInterface);
    }
  }

  /** An IPv6 socket that serves IPv4 as well needs the options of both. */
  private static void applyBoth(LinuxSocket socket, String what, int ipv4, int ipv6, int value)
      throws IOException {
    if (socket.isIpv6()) {
      socket.setOption(what + " (IPv6)", IPPROTO_IPV6, ipv6, value);
    }
    socket.setOption(what, IPPROTO_IP, ipv4, value);
  }

  private static void applyBuffer(LinuxSocket socket, String which, int option, int bytes)
      throws IOException {
    if (bytes < 0) {
      return;
    }
    socket.setOption("the " + which + " buffer's size", SOL_SOCKET, option, bytes);
    int granted = grantedBytes(socket, option);
    if (granted < bytes) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "{0} buffer: asked for {1} bytes, the system grants {2}; this raises its limit: sysctl -w"
              + " net.core.{3}mem_max={1}",
          which,
          Integer.toString(bytes),
          Integer.toString(granted),
          option == SO_RCVBUF ? "r" : "w");
    }
  }

  /** What the system granted, in the measure it was asked for: the kernel reports the double. */
  static int grantedBytes(LinuxSocket socket, int option) throws IOException {
    return socket.option("a buffer's size", SOL_SOCKET, option) / 2;
  }

  private static void applyMulticastInterface(LinuxSocket socket, String nameOrAddress)
      throws IOException {
    int index = interfaceIndex(nameOrAddress);
    if (socket.isIpv6()) {
      socket.setOption("IPV6_MULTICAST_IF", IPPROTO_IPV6, IPV6_MULTICAST_IF, index);
    }
    ExpandableArrayBuffer request = new ExpandableArrayBuffer(MREQN_LENGTH);
    request.putInt(MREQN_INTERFACE_OFFSET, index);
    int error = socket.trySetOption(IPPROTO_IP, IP_MULTICAST_IF, request, MREQN_LENGTH);
    if (error != 0) {
      throw new IOException("cannot send to groups by " + nameOrAddress + ": " + describe(error));
    }
  }

  /** Switches on what Petrel's framing allows; without it the borders would be lost. */
  static void applyReceiveOffload(LinuxSocket socket, DatagramPortOptions options) {
    if (options.receiveOffload() && options.framing() == DatagramFraming.PETREL) {
      // A kernel without it hands over datagrams one by one, which is all the same to the reader.
      socket.trySetOption(SOL_UDP, UDP_GRO, 1);
    }
  }

  /** Whether the kernel knows UDP_SEGMENT and it is wanted. */
  static boolean canSegment(LinuxSocket socket, DatagramPortOptions options) {
    return options.segmentationOffload() && socket.trySetOption(SOL_UDP, UDP_SEGMENT, 0) == 0;
  }

  /** Joins or leaves a group. */
  static void changeMembership(
      LinuxSocket socket,
      boolean join,
      EndpointAddress group,
      @Nullable EndpointAddress source,
      @Nullable String networkInterface)
      throws IOException {
    String what = (join ? "join " : "leave ") + group + (source == null ? "" : " from " + source);
    if (networkInterface == null) {
      throw new IOException("cannot " + what + ": no interface is given");
    }
    boolean ipv6 = group.family() == EndpointAddress.IPV6;
    ExpandableArrayBuffer request = new ExpandableArrayBuffer(GROUP_SOURCE_REQUEST_LENGTH);
    request.putInt(0, interfaceIndex(networkInterface));
    SocketAddressCodec.write(request, GROUP_OFFSET, group, ipv6);
    int length = GROUP_REQUEST_LENGTH;
    int name = join ? MCAST_JOIN_GROUP : MCAST_LEAVE_GROUP;
    if (source != null) {
      SocketAddressCodec.write(request, SOURCE_OFFSET, source, ipv6);
      length = GROUP_SOURCE_REQUEST_LENGTH;
      name = join ? MCAST_JOIN_SOURCE_GROUP : MCAST_LEAVE_SOURCE_GROUP;
    }
    int error = socket.trySetOption(ipv6 ? IPPROTO_IPV6 : IPPROTO_IP, name, request, length);
    if (error != 0) {
      throw new IOException(
          "cannot "
              + what
              + " at interface "
              + networkInterface
              + ": "
              + (error == ENOBUFS ? NO_MORE_GROUPS : describe(error)));
    }
  }

  private static int interfaceIndex(String nameOrAddress) throws IOException {
    NetworkInterface found = byName(nameOrAddress);
    if (found == null) {
      throw new IOException("no network interface has the name or address '" + nameOrAddress + "'");
    }
    return found.getIndex();
  }

  private static @Nullable NetworkInterface byName(String nameOrAddress) throws SocketException {
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
