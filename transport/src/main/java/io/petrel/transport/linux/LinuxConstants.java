package io.petrel.transport.linux;

/**
 * Numbers of Linux's socket interface, equal on x86-64 and aarch64 (asm-generic). They keep the
 * names of the headers they come from: {@code <asm-generic/socket.h>}, {@code <linux/in.h>}, {@code
 * <linux/in6.h>}, {@code <linux/udp.h>}, {@code <asm-generic/errno.h>}.
 */
final class LinuxConstants {
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int SOCK_DGRAM = 2;
  static final int SOCK_NONBLOCK = 0x800;
  static final int SOCK_CLOEXEC = 0x80000;

  static final int SOL_SOCKET = 1;
  static final int SO_REUSEADDR = 2;
  static final int SO_SNDBUF = 7;
  static final int SO_RCVBUF = 8;
  static final int SO_REUSEPORT = 15;
  static final int SO_BUSY_POLL = 46;

  static final int SOL_UDP = 17;
  static final int UDP_SEGMENT = 103;
  static final int UDP_GRO = 104;

  static final int IPPROTO_IP = 0;
  static final int IP_TOS = 1;
  static final int IP_TTL = 2;
  static final int IP_PKTINFO = 8;
  static final int IP_MTU_DISCOVER = 10;
  static final int IP_MULTICAST_IF = 32;
  static final int IP_MULTICAST_TTL = 33;
  static final int IP_MULTICAST_LOOP = 34;
  static final int IP_MULTICAST_ALL = 49;

  static final int IPPROTO_IPV6 = 41;
  static final int IPV6_UNICAST_HOPS = 16;
  static final int IPV6_MULTICAST_IF = 17;
  static final int IPV6_MULTICAST_HOPS = 18;
  static final int IPV6_MULTICAST_LOOP = 19;
  static final int IPV6_MTU_DISCOVER = 23;
  static final int IPV6_V6ONLY = 26;
  static final int IPV6_MULTICAST_ALL = 29;
  static final int IPV6_RECVPKTINFO = 49;
  static final int IPV6_PKTINFO = 50;
  static final int IPV6_DONTFRAG = 62;
  static final int IPV6_TCLASS = 67;

  /** For both IP_MTU_DISCOVER and IPV6_MTU_DISCOVER: don't fragment, ignore the known path MTU. */
  static final int PMTUDISC_PROBE = 3;

  static final int MCAST_JOIN_GROUP = 42;
  static final int MCAST_LEAVE_GROUP = 45;
  static final int MCAST_JOIN_SOURCE_GROUP = 46;
  static final int MCAST_LEAVE_SOURCE_GROUP = 47;

  static final int EPERM = 1;
  static final int EINTR = 4;
  static final int EIO = 5;
  static final int EAGAIN = 11;
  static final int EACCES = 13;
  static final int EINVAL = 22;
  static final int EMSGSIZE = 90;
  static final int ENOPROTOOPT = 92;
  static final int EOPNOTSUPP = 95;
  static final int EADDRINUSE = 98;
  static final int EADDRNOTAVAIL = 99;
  static final int ENETDOWN = 100;
  static final int ENETUNREACH = 101;
  static final int ENOBUFS = 105;
  static final int ECONNREFUSED = 111;
  static final int EHOSTUNREACH = 113;

  private LinuxConstants() {}

  /** Says what an error number means in this context, for messages. */
  static String describe(int errno) {
    return switch (errno) {
      case EPERM -> "not permitted (EPERM)";
      case EACCES -> "not permitted (EACCES)";
      case EINVAL -> "invalid argument (EINVAL)";
      case ENOPROTOOPT -> "this kernel does not know the option (ENOPROTOOPT)";
      case EADDRINUSE ->
          "the address is in use, or not joined at all, or joined already (EADDRINUSE)";
      case EADDRNOTAVAIL -> "not an address of this machine, or not joined (EADDRNOTAVAIL)";
      case ENETUNREACH -> "no route to the network (ENETUNREACH)";
      case EHOSTUNREACH -> "no route to the host (EHOSTUNREACH)";
      case ENOBUFS -> "a limit of the system is reached (ENOBUFS)";
      case 19 -> "no such interface (ENODEV)";
      case 24 -> "too many open files in this process (EMFILE)";
      case 23 -> "too many open files in this system (ENFILE)";
      case 97 -> "the address family is switched off (EAFNOSUPPORT)";
      default -> "system error " + errno;
    };
  }
}
