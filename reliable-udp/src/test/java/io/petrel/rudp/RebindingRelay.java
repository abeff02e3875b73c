package io.petrel.rudp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/**
 * What a NAT is to a client and a server: datagrams are handed on both ways, and the server sees
 * the relay's address, which {@link #rebind} changes. Does nothing but within {@link #work}.
 */
final class RebindingRelay implements AutoCloseable {
  private static final int MOST_AT_ONCE = 64;
  private static final int BUFFER_BYTES = 1 << 21;

  private final DatagramChannel near;
  private final InetSocketAddress server;
  private final ByteBuffer datagram = ByteBuffer.allocateDirect(1 << 16);
  private DatagramChannel far;
  private @Nullable SocketAddress client;

  RebindingRelay(InetSocketAddress server) throws IOException {
    this.server = server;
    near = open("127.0.0.1");
    far = open("127.0.0.1");
  }

  private static DatagramChannel open(String host) throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    channel.bind(new InetSocketAddress(host, 0));
    channel.setOption(java.net.StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
    channel.setOption(java.net.StandardSocketOptions.SO_SNDBUF, BUFFER_BYTES);
    channel.configureBlocking(false);
    return channel;
  }

  /** Where the client is to connect to. */
  int port() throws IOException {
    return ((InetSocketAddress) near.getLocalAddress()).getPort();
  }

  /** What the server sees at present. */
  InetSocketAddress visible() throws IOException {
    return (InetSocketAddress) far.getLocalAddress();
  }

  /** The server sees another address from now on; what goes to the former one finds nobody. */
  void rebind(String host) throws IOException {
    far.close();
    far = open(host);
  }

  int work() throws IOException {
    int done = 0;
    for (int i = 0; i < MOST_AT_ONCE; i++) {
      datagram.clear();
      SocketAddress from = near.receive(datagram);
      if (from == null) {
        break;
      }
      client = from;
      done++;
      far.send(datagram.flip(), server);
    }
    for (int i = 0; i < MOST_AT_ONCE && client != null; i++) {
      datagram.clear();
      if (far.receive(datagram) == null) {
        break;
      }
      done++;
      near.send(datagram.flip(), client);
    }
    return done;
  }

  @Override
  public void close() throws IOException {
    near.close();
    far.close();
  }
}
