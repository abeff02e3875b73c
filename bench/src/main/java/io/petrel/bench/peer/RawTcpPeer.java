package io.petrel.bench.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The floor of kernel TCP: a bare non-blocking NIO loop with TCP_NODELAY, a length before each
 * message. A bulk sender gathers up to 64 kB a write, as one who knows would.
 */
final class RawTcpPeer implements Peer {
  private static final int BUFFER_LENGTH = 1024 * 1024;
  private static final int WRITE_LENGTH = 64 * 1024;

  @Override
  public String name() {
    return "tcp-raw";
  }

  @Override
  public List<String> controllers() {
    return List.of("cubic", "bbr");
  }

  @Override
  public boolean usesKernelTcp() {
    return true;
  }

  @Override
  public Endpoint open(Setup setup) throws IOException {
    return new StreamEndpoint(setup);
  }

  private static final class StreamEndpoint implements Endpoint {
    private final ByteBuffer outBytes = direct();
    private final ByteBuffer inBytes = direct();
    private final UnsafeBuffer out = new UnsafeBuffer(outBytes);
    private final UnsafeBuffer in = new UnsafeBuffer(inBytes);
    private final Setup setup;
    private final @Nullable ServerSocketChannel listener;
    private @Nullable SocketChannel channel;

    StreamEndpoint(Setup setup) throws IOException {
      this.setup = setup;
      InetSocketAddress address =
          new InetSocketAddress(setup.route().responderHost(), setup.port());
      if (setup.initiator()) {
        listener = null;
        channel = tuned(SocketChannel.open(address));
      } else {
        listener = ServerSocketChannel.open().bind(address);
        listener.configureBlocking(false);
      }
    }

    private static ByteBuffer direct() {
      return ByteBuffer.allocateDirect(BUFFER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static SocketChannel tuned(SocketChannel socket) throws IOException {
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      socket.configureBlocking(false);
      return socket;
    }

    @Override
    public boolean connected() {
      try {
        if (channel == null && listener != null) {
          SocketChannel accepted = listener.accept();
          channel = accepted == null ? null : tuned(accepted);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return channel != null;
    }

    @Override
    public boolean send(DirectBuffer buffer, int offset, int length) {
      int position = outBytes.position();
      if (position + Integer.BYTES + length > BUFFER_LENGTH) {
        flush();
        return false;
      }
      out.putInt(position, length);
      out.putBytes(position + Integer.BYTES, buffer, offset, length);
      outBytes.position(position + Integer.BYTES + length);
      if (!setup.bulk() || outBytes.position() >= WRITE_LENGTH) {
        flush();
      }
      return true;
    }

    private void flush() {
      SocketChannel socket = channel;
      if (socket == null || outBytes.position() == 0) {
        return;
      }
      try {
        outBytes.flip();
        socket.write(outBytes);
        outBytes.compact();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public int poll(MessageSink sink) {
      SocketChannel socket = channel;
      if (socket == null) {
        return 0;
      }
      flush();
      int count = 0;
      try {
        if (socket.read(inBytes) <= 0) {
          return 0;
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      int end = inBytes.position();
      int start = 0;
      while (end - start >= Integer.BYTES) {
        int length = in.getInt(start);
        if (end - start - Integer.BYTES < length) {
          break;
        }
        sink.onMessage(in, start + Integer.BYTES, length);
        start += Integer.BYTES + length;
        count++;
      }
      inBytes.flip().position(start);
      inBytes.compact();
      return count;
    }

    @Override
    public String settings() {
      return "non-blocking NIO, TCP_NODELAY, busy spin" + (setup.bulk() ? ", writes of 64 kB" : "");
    }

    @Override
    public void close() {
      try {
        if (channel != null) {
          channel.close();
        }
        if (listener != null) {
          listener.close();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
