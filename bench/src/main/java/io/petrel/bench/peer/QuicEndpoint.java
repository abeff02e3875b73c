package io.petrel.bench.peer;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.handler.codec.quic.EpollQuicUtils;
import io.netty.handler.codec.quic.InsecureQuicTokenHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicCodecBuilder;
import io.netty.handler.codec.quic.QuicCongestionControlAlgorithm;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a QUIC connection. The event loop is turned by the thread that polls, so that no
 * hand-off between threads is measured; sockets are epoll's, with segmentation offload.
 */
final class QuicEndpoint implements Endpoint {
  private static final long CONNECTION_WINDOW = 64L * 1024 * 1024;
  private static final long STREAM_WINDOW = 16L * 1024 * 1024;
  private static final int UNSENT_LIMIT = 1024 * 1024;
  private static final int SOCKET_BUFFER_LENGTH = 4 * 1024 * 1024;
  private static final int RECEIVE_LENGTH = 64 * 1024;
  private static final int SEGMENTS = 40;
  private static final long MAXIMUM_ACK_DELAY_MS = 1;
  private static final long IDLE_TIMEOUT_SECONDS = 300;
  private static final long CONNECT_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);
  private static final int WRITE_LENGTH = 64 * 1024;

  private final Setup setup;
  private final QuicCongestionControlAlgorithm controller;
  private final ManualIoEventLoop loop =
      new ManualIoEventLoop(Thread.currentThread(), EpollIoHandler.newFactory());
  private final Channel udp;
  private final StreamMessages incoming = new StreamMessages();
  private @Nullable QuicStreamChannel stream;
  private @Nullable ByteBuf unwritten;

  QuicEndpoint(Setup setup) throws IOException {
    this.setup = setup;
    controller =
        setup.controller().isEmpty()
            ? QuicCongestionControlAlgorithm.CUBIC
            : QuicCongestionControlAlgorithm.valueOf(setup.controller().toUpperCase(Locale.ROOT));
    ChannelFuture bound =
        new Bootstrap()
            .group(loop)
            .channel(EpollDatagramChannel.class)
            .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_LENGTH)
            .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_LENGTH)
            .option(EpollChannelOption.UDP_GRO, true)
            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(RECEIVE_LENGTH))
            .handler(setup.initiator() ? client() : server())
            .bind(new InetSocketAddress(setup.localHost(), setup.localPort()));
    await(bound);
    udp = bound.channel();
    if (setup.initiator()) {
      Future<QuicChannel> connection =
          QuicChannel.newBootstrap(udp)
              .option(
                  QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR,
                  EpollQuicUtils.newSegmentedAllocator(SEGMENTS))
              .handler(new ChannelInboundHandlerAdapter())
              .streamHandler(new ChannelInboundHandlerAdapter())
              .remoteAddress(new InetSocketAddress(setup.remoteHost(), setup.remotePort()))
              .connect();
      await(connection);
      Future<QuicStreamChannel> opened =
          connection
              .getNow()
              .createStream(QuicStreamType.BIDIRECTIONAL, new ChannelInboundHandlerAdapter());
      await(opened);
      use(opened.getNow());
      // The other side sees a stream with its first byte: an empty message does.
      send(new UnsafeBuffer(0, 0), 0, 0);
    }
  }

  private <B extends QuicCodecBuilder<B>> ChannelHandler built(B codec) {
    return codec
        .congestionControlAlgorithm(controller)
        .maxIdleTimeout(IDLE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .maxAckDelay(MAXIMUM_ACK_DELAY_MS, TimeUnit.MILLISECONDS)
        .maxSendUdpPayloadSize(setup.mtu())
        .maxRecvUdpPayloadSize(RECEIVE_LENGTH)
        .initialMaxData(CONNECTION_WINDOW)
        .initialMaxStreamDataBidirectionalLocal(STREAM_WINDOW)
        .initialMaxStreamDataBidirectionalRemote(STREAM_WINDOW)
        .initialMaxStreamsBidirectional(1)
        .build();
  }

  private ChannelHandler client() throws IOException {
    return built(new QuicClientCodecBuilder().sslContext(QuicIdentity.client()));
  }

  private ChannelHandler server() throws IOException {
    return built(
        new QuicServerCodecBuilder()
            .sslContext(QuicIdentity.server(setup.directory()))
            .tokenHandler(InsecureQuicTokenHandler.INSTANCE)
            .option(
                QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR,
                EpollQuicUtils.newSegmentedAllocator(SEGMENTS))
            .handler(new ChannelInboundHandlerAdapter())
            .streamHandler(
                new ChannelInboundHandlerAdapter() {
                  @Override
                  public void channelActive(ChannelHandlerContext context) {
                    use((QuicStreamChannel) context.channel());
                  }
                }));
  }

  /** Turns the loop until something has happened. */
  private void await(Future<?> future) throws IOException {
    long startNs = System.nanoTime();
    while (!future.isDone()) {
      loop.runNow();
      if (System.nanoTime() - startNs > CONNECT_TIMEOUT_NS) {
        throw new IOException("no QUIC connection within " + CONNECT_TIMEOUT_NS / 1e9 + " s");
      }
    }
    if (!future.isSuccess()) {
      throw new IOException("no QUIC connection", future.cause());
    }
  }

  private void use(QuicStreamChannel opened) {
    opened
        .config()
        .setWriteBufferWaterMark(new WriteBufferWaterMark(UNSENT_LIMIT / 2, UNSENT_LIMIT));
    opened.pipeline().addLast(incoming);
    stream = opened;
  }

  @Override
  public boolean connected() {
    loop.runNow();
    return stream != null;
  }

  @Override
  public boolean send(DirectBuffer buffer, int offset, int length) {
    QuicStreamChannel out = stream;
    if (out == null || !out.isWritable()) {
      return false;
    }
    ByteBuf bytes = unwritten;
    if (bytes == null) {
      int room = Integer.BYTES + length;
      bytes = out.alloc().directBuffer(setup.bulk() ? Math.max(WRITE_LENGTH, room) : room);
      unwritten = bytes;
    }
    bytes.ensureWritable(Integer.BYTES + length);
    bytes.writeIntLE(length);
    int start = bytes.writerIndex();
    buffer.getBytes(offset, bytes.internalNioBuffer(start, length), length);
    bytes.writerIndex(start + length);
    if (!setup.bulk() || bytes.readableBytes() >= WRITE_LENGTH) {
      write(out, bytes);
    }
    return true;
  }

  private void write(QuicStreamChannel out, ByteBuf bytes) {
    unwritten = null;
    // What fails ends the connection, and that is seen by who reads.
    ChannelFuture ignored = out.writeAndFlush(bytes, out.voidPromise());
  }

  @Override
  public int poll(MessageSink sink) {
    QuicStreamChannel out = stream;
    if (out != null && unwritten != null) {
      write(out, unwritten);
    }
    loop.runNow();
    return incoming.drain(sink);
  }

  @Override
  public String settings() {
    return "Netty and quiche, "
        + controller.name().toLowerCase(Locale.ROOT)
        + " set (quiche does not tell what it uses), datagrams of "
        + setup.mtu()
        + " B with segmentation offload"
        + (setup.bulk() ? ", writes of 64 kB" : "")
        + ", acknowledgements within "
        + MAXIMUM_ACK_DELAY_MS
        + " ms, stream window "
        + STREAM_WINDOW
        + ", event loop turned by the one thread of its process, busy spin";
  }

  @Override
  public void close() {
    try {
      await(udp.close());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
