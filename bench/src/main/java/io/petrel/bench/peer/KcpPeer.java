package io.petrel.bench.peer;

import io.jpower.kcp.netty.Kcp;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.linux.LinuxSocket;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * KCP in its turbo mode: the protocol's core of kcp-netty, driven by the one thread of its process
 * over the same raw sockets as the floor, flushed at once and not at its interval.
 */
public final class KcpPeer implements Peer {
  /** For {@code ServiceLoader}. */
  public KcpPeer() {}

  @Override
  public String name() {
    return "kcp";
  }

  @Override
  public @Nullable String unavailable(boolean bulk, double loss) {
    if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")) {
      return "its sockets here are Linux's";
    }
    return Peer.super.unavailable(bulk, loss);
  }

  @Override
  public Endpoint open(Setup setup) throws IOException {
    return new KcpEndpoint(setup);
  }

  private static final class KcpEndpoint implements Endpoint {
    private static final int CONVERSATION = 77;
    private static final int INTERVAL_MS = 10;
    private static final int FAST_RESEND = 2;
    private static final int MINIMUM_RTO_MS = 10;
    private static final int LEAST_WINDOW = 256;
    private static final int LOOPBACK_WINDOW = 1_024;

    /** A long blackout must not end the session: no other peer's would end so soon. */
    private static final int DEAD_LINK = 1_000;

    private static final int BUFFER_LENGTH = 64 * 1024;
    private static final int DATAGRAM_LIMIT = 64;
    private static final int SOCKET_BUFFER_LENGTH = 4 * 1024 * 1024;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDBUF = 7;
    private static final int SO_RCVBUF = 8;

    private final Setup setup;
    private final LinuxSocket socket = new LinuxSocket(EndpointAddress.IPV4);
    private final PooledByteBufAllocator pool = PooledByteBufAllocator.DEFAULT;
    private final ByteBuf message = pool.directBuffer(BUFFER_LENGTH);
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final int window;
    private final Kcp kcp;
    private int dueMs;

    KcpEndpoint(Setup setup) throws IOException {
      this.setup = setup;
      socket.bind(EndpointAddress.of(setup.localHost(), setup.localPort()));
      socket.connect(EndpointAddress.of(setup.remoteHost(), setup.remotePort()));
      socket.setOption("SO_RCVBUF", SOL_SOCKET, SO_RCVBUF, SOCKET_BUFFER_LENGTH);
      socket.setOption("SO_SNDBUF", SOL_SOCKET, SO_SNDBUF, SOCKET_BUFFER_LENGTH);
      window = window(setup);
      kcp = new Kcp(CONVERSATION, (datagram, from) -> send(datagram));
      kcp.setByteBufAllocator(pool);
      kcp.setMtu(setup.mtu());
      kcp.nodelay(true, INTERVAL_MS, FAST_RESEND, true);
      kcp.setRxMinrto(MINIMUM_RTO_MS);
      kcp.wndsize(window, window);
      kcp.setDeadLink(DEAD_LINK);
      kcp.update(nowMs());
    }

    /** In segments: what a path of known length holds twice over, since nothing else limits it. */
    private static int window(Setup setup) {
      if (setup.route().isLoopback()) {
        return LOOPBACK_WINDOW;
      }
      long segments = 2 * setup.route().bytesInFlight() / Math.min(setup.mtu(), setup.size() + 24);
      return (int) Math.max(LEAST_WINDOW, segments);
    }

    private static int nowMs() {
      return (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private void send(ByteBuf datagram) {
      // One that the socket refuses is lost, which is what KCP is there for.
      socket.send(datagram.memoryAddress() + datagram.readerIndex(), datagram.readableBytes());
      datagram.release();
    }

    @Override
    public boolean connected() {
      return true;
    }

    @Override
    public boolean send(DirectBuffer buffer, int offset, int length) {
      if (kcp.waitSnd() >= 2 * window) {
        return false;
      }
      ByteBuf out = pool.directBuffer(length);
      buffer.getBytes(offset, out.internalNioBuffer(0, length), length);
      out.writerIndex(length);
      int result = kcp.send(out);
      out.release();
      if (result < 0) {
        throw new IllegalStateException("KCP refused a message of " + length + " B: " + result);
      }
      if (!setup.bulk()) {
        flush();
      }
      return true;
    }

    private void flush() {
      int now = nowMs();
      kcp.update(now);
      dueMs = kcp.check(now);
    }

    @Override
    public int poll(MessageSink sink) {
      receive();
      int count = 0;
      while (kcp.canRecv()) {
        message.clear();
        int length = kcp.recv(message);
        view.wrap(message.memoryAddress(), length);
        sink.onMessage(view, 0, length);
        count++;
      }
      if (kcp.checkFlush() || nowMs() - dueMs >= 0) {
        flush();
      }
      return count;
    }

    private void receive() {
      for (int i = 0; i < DATAGRAM_LIMIT; i++) {
        ByteBuf in = pool.directBuffer(setup.mtu());
        int length = socket.receive(in.memoryAddress(), setup.mtu());
        if (length > 0) {
          in.writerIndex(length);
          kcp.input(in);
        }
        in.release();
        if (length <= 0) {
          return;
        }
      }
    }

    @Override
    public String settings() {
      return "kcp-netty's core, nodelay(1,"
          + INTERVAL_MS
          + ","
          + FAST_RESEND
          + ",1), least RTO "
          + MINIMUM_RTO_MS
          + " ms, mtu "
          + kcp.getMtu()
          + ", windows of "
          + window
          + " segments, no congestion control, flushed at every message and poll, busy spin";
    }

    @Override
    public void close() {
      kcp.release();
      message.release();
      socket.close();
    }
  }
}
