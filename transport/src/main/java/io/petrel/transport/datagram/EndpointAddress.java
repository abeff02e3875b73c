package io.petrel.transport.datagram;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An IP address with a UDP port: mutable and reusable, so that receiving allocates nothing.
 *
 * <p>The address is held as 128 bits in two longs; an IPv4 address is the low 32 bits of the second
 * one. An IPv4-mapped IPv6 address ({@code ::ffff:10.0.0.1}), which is how a dual-stack socket
 * shows an IPv4 peer, always becomes the IPv4 address it stands for, so that one peer has one
 * address.
 *
 * <p>An address of a sender may also know at which of this machine's addresses the sender was
 * heard, so that a reply to it leaves from there on a machine with several. That is no part of its
 * identity: {@code equals} and {@code hashCode} leave it out.
 */
public final class EndpointAddress {
  /** The family of an address that was never set. */
  public static final int UNSPECIFIED = 0;

  /** IPv4. */
  public static final int IPV4 = 4;

  /** IPv6. */
  public static final int IPV6 = 6;

  private static final long MAPPED_PREFIX = 0xFFFFL << 32;
  private static final long MAPPED_PREFIX_MASK = 0xFFFF_FFFFL << 32;
  private static final int IPV4_LOOPBACK_NET = 127;
  private static final int IPV4_MULTICAST_NIBBLE = 0xE;
  private static final int IPV6_MULTICAST_OCTET = 0xFF;

  private int family;
  private long high;
  private long low;
  private int port;
  private int scopeId;
  private boolean heardAtKnown;
  private long heardAtHigh;
  private long heardAtLow;

  /** An address that is yet to be set. */
  public EndpointAddress() {}

  /**
   * The same address and port.
   *
   * @throws IllegalArgumentException when it is not resolved
   */
  public static EndpointAddress of(InetSocketAddress address) {
    return new EndpointAddress().set(address);
  }

  /**
   * An address by its literal or host name.
   *
   * @throws IllegalArgumentException when the name does not resolve
   */
  public static EndpointAddress of(String host, int port) {
    return of(new InetSocketAddress(host, port));
  }

  /** Becomes the same address and port as the given one. */
  public EndpointAddress set(InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    if (ip == null) {
      throw new IllegalArgumentException("host name does not resolve: " + address.getHostString());
    }
    ByteBuffer bytes = ByteBuffer.wrap(ip.getAddress());
    if (ip instanceof Inet6Address ip6) {
      return setIpv6(bytes.getLong(), bytes.getLong(), address.getPort(), ip6.getScopeId());
    }
    return setIpv4(bytes.getInt(), address.getPort());
  }

  /**
   * Becomes an IPv4 address.
   *
   * @param address 127.0.0.1 being 0x7F000001
   */
  public EndpointAddress setIpv4(int address, int port) {
    this.family = IPV4;
    this.high = 0;
    this.low = Integer.toUnsignedLong(address);
    this.port = port;
    this.scopeId = 0;
    this.heardAtKnown = false;
    return this;
  }

  /**
   * Becomes an IPv6 address, or the IPv4 address that it stands for.
   *
   * @param high the first 8 bytes, big endian
   * @param low the last 8 bytes, big endian
   * @param scopeId the interface's index for a link-local address, else 0
   */
  public EndpointAddress setIpv6(long high, long low, int port, int scopeId) {
    if (high == 0 && (low & MAPPED_PREFIX_MASK) == MAPPED_PREFIX) {
      return setIpv4((int) low, port);
    }
    this.family = IPV6;
    this.high = high;
    this.low = low;
    this.port = port;
    this.scopeId = scopeId;
    this.heardAtKnown = false;
    return this;
  }

  /** Becomes equal to another, including where it was heard. */
  public EndpointAddress set(EndpointAddress other) {
    family = other.family;
    high = other.high;
    low = other.low;
    port = other.port;
    scopeId = other.scopeId;
    heardAtKnown = other.heardAtKnown;
    heardAtHigh = other.heardAtHigh;
    heardAtLow = other.heardAtLow;
    return this;
  }

  /** Changes the port only. */
  public EndpointAddress port(int port) {
    this.port = port;
    return this;
  }

  /** A new address equal to this one. */
  public EndpointAddress copy() {
    return new EndpointAddress().set(this);
  }

  /** {@link #IPV4}, {@link #IPV6} or {@link #UNSPECIFIED}. */
  public int family() {
    return family;
  }

  /** The first 8 bytes of an IPv6 address, big endian; 0 for IPv4. */
  public long high() {
    return high;
  }

  /** The last 8 bytes of an IPv6 address, big endian, or the IPv4 address in the low 32 bits. */
  public long low() {
    return low;
  }

  /** The UDP port. */
  public int port() {
    return port;
  }

  /** The interface's index of a link-local IPv6 address, else 0. */
  public int scopeId() {
    return scopeId;
  }

  /** Whether it is known at which local address the sender was heard. */
  public boolean heardAtKnown() {
    return heardAtKnown;
  }

  /** The first 8 bytes of the local address the sender was heard at, in this address's family. */
  public long heardAtHigh() {
    return heardAtHigh;
  }

  /** The last 8 bytes of the local address the sender was heard at, or the IPv4 address. */
  public long heardAtLow() {
    return heardAtLow;
  }

  /** Remembers the local address the sender was heard at, of the same family. */
  public EndpointAddress heardAt(long high, long low) {
    heardAtKnown = true;
    heardAtHigh = high;
    heardAtLow = low;
    return this;
  }

  /** The local address the sender was heard at, with the given port; allocates. */
  public EndpointAddress heardAt(int port) {
    if (!heardAtKnown) {
      throw new IllegalStateException("it is not known where " + this + " was heard");
    }
    EndpointAddress local = new EndpointAddress();
    return family == IPV4
        ? local.setIpv4((int) heardAtLow, port)
        : local.setIpv6(heardAtHigh, heardAtLow, port, scopeId);
  }

  /** Whether it is a group's address. */
  public boolean isMulticast() {
    return family == IPV4
        ? low >>> 28 == IPV4_MULTICAST_NIBBLE
        : family == IPV6 && high >>> 56 == IPV6_MULTICAST_OCTET;
  }

  /** Whether it stands for any address of this machine. */
  public boolean isWildcard() {
    return high == 0 && low == 0;
  }

  /** Whether it never leaves this machine. */
  public boolean isLoopback() {
    return family == IPV4
        ? low >>> 24 == IPV4_LOOPBACK_NET
        : family == IPV6 && high == 0 && low == 1;
  }

  /** For the JDK's own classes; allocates. */
  public InetSocketAddress toInetSocketAddress() {
    return new InetSocketAddress(toInetAddress(), port);
  }

  /** For the JDK's own classes; allocates. */
  public InetAddress toInetAddress() {
    if (family == UNSPECIFIED) {
      throw new IllegalStateException("the address was never set");
    }
    try {
      if (family == IPV4) {
        return InetAddress.getByAddress(ByteBuffer.allocate(4).putInt((int) low).array());
      }
      byte[] bytes = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
      return scopeId == 0
          ? InetAddress.getByAddress(bytes)
          : Inet6Address.getByAddress(null, bytes, scopeId);
    } catch (UnknownHostException e) {
      throw new AssertionError("4 and 16 bytes are always an address", e);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EndpointAddress that
        && low == that.low
        && port == that.port
        && high == that.high
        && family == that.family
        && scopeId == that.scopeId;
  }

  @Override
  public int hashCode() {
    // A table keyed by remote addresses must be seeded by its owner; this only spreads the bits.
    long bits = (high * 31 + low) * 31 + (((long) port << 32) | scopeId);
    bits *= 0x9E37_79B9_7F4A_7C15L; // 2^64 / golden ratio
    return (int) (bits >>> 32);
  }

  @Override
  public String toString() {
    if (family == UNSPECIFIED) {
      return "unspecified";
    }
    String host = toInetAddress().getHostAddress();
    return family == IPV4 ? host + ":" + port : "[" + host + "]:" + port;
  }
}
