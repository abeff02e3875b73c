package io.petrel.bench.port;

import io.petrel.codecs.DatagramHeader;
import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.datagram.DatagramPortFactory;
import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.linux.LinuxSocket;
import java.io.IOException;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** Two sockets connected to each other over loopback: as ports, or bare. */
final class Ends {
  private static final int CACHE_LINE_BYTES = 64;

  private Ends() {}

  /** A pair of connected ports, opened as a client and a promoted session are. */
  static DatagramPort[] ports(DatagramPortFactory factory) throws IOException {
    EndpointAddress anyPort = EndpointAddress.of("127.0.0.1", 0);
    DatagramPortOptions options = new DatagramPortOptions().localAddress(anyPort);
    DatagramPort listener = factory.open(options);
    DatagramPort client = factory.open(options.remoteAddress(listener.localAddress()));
    DatagramPort server = listener.promote(client.localAddress());
    server.receive((_, _, _, _) -> {}, 1); // it looks for what it caught before it was connected
    return new DatagramPort[] {client, server, listener};
  }

  /** A pair of connected bare sockets. */
  static LinuxSocket[] bare() throws IOException {
    EndpointAddress anyPort = EndpointAddress.of("127.0.0.1", 0);
    LinuxSocket client = new LinuxSocket(EndpointAddress.IPV4);
    LinuxSocket server = new LinuxSocket(EndpointAddress.IPV4);
    client.bind(anyPort);
    server.bind(anyPort);
    client.connect(server.localAddress());
    server.connect(client.localAddress());
    return new LinuxSocket[] {client, server};
  }

  /** Datagrams of the given length end to end, each with a header that a framed port accepts. */
  static UnsafeBuffer datagrams(int count, int length) {
    UnsafeBuffer buffer =
        new UnsafeBuffer(BufferUtil.allocateDirectAligned(count * length, CACHE_LINE_BYTES));
    for (int i = 0; i < count; i++) {
      DatagramHeader.write(buffer, i * length, 1, i, i, length, 0);
    }
    return buffer;
  }
}
