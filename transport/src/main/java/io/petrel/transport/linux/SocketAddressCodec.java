package io.petrel.transport.linux;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.petrel.transport.datagram.EndpointAddress;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The kernel's {@code sockaddr_in} and {@code sockaddr_in6}, read and written in place.
 *
 * <pre>
 *   sockaddr_in    0 family u16 | 2 port | 4 address, 4 bytes | 8 zeros              16 bytes
 *   sockaddr_in6   0 family u16 | 2 port | 4 flow | 8 address, 16 bytes | 24 scope   28 bytes
 * </pre>
 *
 * Family and scope are in the machine's order (both supported machines are little endian), port and
 * address in the network's.
 */
final class SocketAddressCodec {
  /** Room for either kind. */
  static final int MAX_LENGTH = 28;

  private static final int LENGTH_IPV4 = 16;
  private static final int PORT_OFFSET = 2;
  private static final int ADDRESS_OFFSET_IPV4 = 4;
  private static final int ADDRESS_OFFSET_IPV6 = 8;
  private static final int SCOPE_OFFSET = 24;
  private static final long MAPPED_PREFIX = 0xFFFFL << 32;

  private SocketAddressCodec() {}

  /**
   * Writes an address for a socket of the given family. On an IPv6 socket an IPv4 address is
   * written as the IPv6 address that is mapped to it.
   *
   * @return the bytes written
   */
  static int write(
      MutableDirectBuffer buffer, int offset, EndpointAddress address, boolean ipv6Socket) {
    buffer.putShort(offset + PORT_OFFSET, (short) address.port(), BIG_ENDIAN);
    if (!ipv6Socket) {
      buffer.putShort(offset, (short) LinuxConstants.AF_INET, LITTLE_ENDIAN);
      buffer.putInt(offset + ADDRESS_OFFSET_IPV4, (int) address.low(), BIG_ENDIAN);
      buffer.putLong(offset + 8, 0L, LITTLE_ENDIAN);
      return LENGTH_IPV4;
    }
    boolean mapped = address.family() == EndpointAddress.IPV4 && !address.isWildcard();
    buffer.putShort(offset, (short) LinuxConstants.AF_INET6, LITTLE_ENDIAN);
    buffer.putInt(offset + 4, 0, LITTLE_ENDIAN);
    buffer.putLong(offset + ADDRESS_OFFSET_IPV6, address.high(), BIG_ENDIAN);
    buffer.putLong(
        offset + ADDRESS_OFFSET_IPV6 + 8,
        mapped ? MAPPED_PREFIX | address.low() : address.low(),
        BIG_ENDIAN);
    buffer.putInt(offset + SCOPE_OFFSET, address.scopeId(), LITTLE_ENDIAN);
    return MAX_LENGTH;
  }

  /** Reads what the kernel wrote. */
  static void read(DirectBuffer buffer, int offset, EndpointAddress address) {
    int port = buffer.getShort(offset + PORT_OFFSET, BIG_ENDIAN) & 0xFFFF;
    if (buffer.getShort(offset, LITTLE_ENDIAN) == LinuxConstants.AF_INET) {
      address.setIpv4(buffer.getInt(offset + ADDRESS_OFFSET_IPV4, BIG_ENDIAN), port);
    } else {
      address.setIpv6(
          buffer.getLong(offset + ADDRESS_OFFSET_IPV6, BIG_ENDIAN),
          buffer.getLong(offset + ADDRESS_OFFSET_IPV6 + 8, BIG_ENDIAN),
          port,
          buffer.getInt(offset + SCOPE_OFFSET, LITTLE_ENDIAN));
    }
  }
}
