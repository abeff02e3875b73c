package io.petrel.transport.nio;

import io.petrel.transport.datagram.EndpointAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The groups a channel is a member of, so that they can be left by name. */
final class NioMemberships {
  private final Map<Membership, MembershipKey> keys = new HashMap<>();

  private record Membership(
      InetAddress group, @Nullable InetAddress source, NetworkInterface networkInterface) {}

  void join(
      DatagramChannel channel,
      EndpointAddress group,
      @Nullable EndpointAddress source,
      String networkInterface)
      throws IOException {
    Membership membership = membership(group, source, networkInterface);
    InetAddress from = membership.source;
    try {
      MembershipKey key =
          from == null
              ? channel.join(membership.group, membership.networkInterface)
              : channel.join(membership.group, membership.networkInterface, from);
      keys.put(membership, key);
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      throw new IOException("cannot join " + membership + ": " + e.getMessage(), e);
    }
  }

  void leave(EndpointAddress group, @Nullable EndpointAddress source, String networkInterface)
      throws IOException {
    Membership membership = membership(group, source, networkInterface);
    MembershipKey key = keys.remove(membership);
    if (key == null || !key.isValid()) {
      throw new IOException("cannot leave " + membership + ": it was not joined");
    }
    key.drop();
  }

  private static Membership membership(
      EndpointAddress group, @Nullable EndpointAddress source, String networkInterface)
      throws IOException {
    return new Membership(
        group.toInetAddress(),
        source == null ? null : source.toInetAddress(),
        NioOptions.interfaceOf(networkInterface));
  }
}
