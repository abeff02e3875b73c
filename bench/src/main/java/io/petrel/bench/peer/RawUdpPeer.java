package io.petrel.bench.peer;

import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.linux.LinuxSocket;
import java.io.IOException;
import java.util.Locale;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The floor of UDP: one {@code send} and one {@code recv} on connected sockets, a message a
 * datagram, nothing repaired.
 */
final class RawUdpPeer implements Peer {
  private static final int BUFFER_LENGTH = 64 * 1024;
  private static final int CACHE_LINE_BYTES = 64;

  /** Holds what comes while the receiver waits for a core. */
  private static final int SOCKET_BUFFER_LENGTH = 4 * 1024 * 1024;

  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVBUF = 8;

  @Override
  public String name() {
    return "udp";
  }

  @Override
  public @Nullable String unavailable(boolean bulk, double loss) {
    if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")) {
      return "the raw sockets are Linux's";
    }
    if (loss > 0) {
      return "it repairs no loss";
    }
    return bulk ? "it has no flow control: what overruns the receiver is lost" : null;
  }

  @Override
  public boolean repairsLoss() {
    return false;
  }

  @Override
  public Endpoint open(Setup setup) throws IOException {
    return new SocketEndpoint(setup);
  }

  private static final class SocketEndpoint implements Endpoint {
    private final LinuxSocket socket = new LinuxSocket(EndpointAddress.IPV4);
    private final UnsafeBuffer in =
        new UnsafeBuffer(BufferUtil.allocateDirectAligned(BUFFER_LENGTH, CACHE_LINE_BYTES));

    SocketEndpoint(Setup setup) throws IOException {
      socket.bind(EndpointAddress.of(setup.localHost(), setup.localPort()));
      socket.connect(EndpointAddress.of(setup.remoteHost(), setup.remotePort()));
      socket.setOption("SO_RCVBUF", SOL_SOCKET, SO_RCVBUF, SOCKET_BUFFER_LENGTH);
    }

    @Override
    public boolean connected() {
      return true;
    }

    @Override
    public boolean send(DirectBuffer buffer, int offset, int length) {
      return socket.send(buffer.addressOffset() + offset, length) >= 0;
    }

    @Override
    public int poll(MessageSink sink) {
      int length = socket.receive(in.addressOffset(), BUFFER_LENGTH);
      if (length < 0) {
        return 0;
      }
      sink.onMessage(in, 0, length);
      return 1;
    }

    @Override
    public String settings() {
      return "plain send and recv on connected sockets, busy spin";
    }

    @Override
    public void close() {
      socket.close();
    }
  }
}
