package io.petrel.transport.tcp;

import io.petrel.transport.tcp.TcpCounters.Count;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One connected socket: reads into and writes out of the shared buffers, and keeps for itself only
 * the beginning of a frame that has not come whole, and what the kernel did not take.
 */
final class TcpConnection {
  /** What {@link #read} says when the connection has ended, in order or broken. */
  static final int ENDED = -1;

  private static final int CARRY_LIMIT = 64;
  private static final int CACHE_LINE_BYTES = 64;

  private final SocketChannel channel;
  private final TcpBuffers buffers;
  private final UnsafeBuffer carry = new UnsafeBuffer(new byte[CARRY_LIMIT]);
  private int carryLength;
  private @Nullable ByteBuffer pending;
  private boolean isPending;

  TcpConnection(SocketChannel channel, TcpBuffers buffers) {
    this.channel = channel;
    this.buffers = buffers;
    buffers.counters.increment(Count.CONNECTIONS);
  }

  /** Makes a socket as every connection's is. */
  static void prepare(SocketChannel channel, int socketBufferBytes) throws IOException {
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    if (socketBufferBytes > 0) {
      channel.setOption(StandardSocketOptions.SO_SNDBUF, socketBufferBytes);
      channel.setOption(StandardSocketOptions.SO_RCVBUF, socketBufferBytes);
    }
  }

  @Nullable SocketAddress remoteAddress() {
    try {
      return channel.getRemoteAddress();
    } catch (IOException e) {
      return null; // it has broken already
    }
  }

  /**
   * Reads once into {@link TcpBuffers#in}, behind what was carried over.
   *
   * @return bytes there; 0 when none came; {@link #ENDED}
   */
  int read() {
    ByteBuffer target = buffers.inBytes;
    int carried = carryLength;
    target.clear();
    if (carried > 0) {
      buffers.in.putBytes(0, carry, 0, carried);
      target.position(carried);
    }
    int count;
    try {
      count = channel.read(target);
    } catch (IOException e) {
      return ENDED;
    }
    if (count <= 0) {
      return count;
    }
    buffers.counters.add(Count.RECEIVED, count);
    carryLength = 0;
    return carried + count;
  }

  /** Keeps the beginning of a frame for the next read. */
  void carryOver(DirectBuffer source, int offset, int length) {
    carry.putBytes(0, source, offset, length);
    carryLength = length;
  }

  /** Whether the kernel has yet to take what was sent before; nothing may be staged until then. */
  boolean isPending() {
    return isPending;
  }

  /**
   * Gives what is staged to the kernel and keeps what it does not take.
   *
   * @return false when the connection has broken
   */
  boolean send() {
    ByteBuffer staged = buffers.outBytes;
    staged.limit(buffers.outLength).position(0);
    buffers.outLength = 0;
    try {
      buffers.counters.add(Count.SENT, channel.write(staged));
    } catch (IOException e) {
      return false;
    }
    if (staged.hasRemaining()) {
      buffers.counters.increment(Count.PARTIAL);
      ByteBuffer kept = pending;
      if (kept == null) {
        kept = BufferUtil.allocateDirectAligned(TcpBuffers.CAPACITY, CACHE_LINE_BYTES);
        pending = kept;
      }
      kept.clear();
      kept.put(staged).flip();
      isPending = true;
    }
    return true;
  }

  /**
   * Gives the kernel what it did not take before.
   *
   * @return false when the connection has broken
   */
  boolean sendPending() {
    ByteBuffer kept = pending;
    if (kept != null && isPending) {
      try {
        buffers.counters.add(Count.SENT, channel.write(kept));
      } catch (IOException e) {
        return false;
      }
      isPending = kept.hasRemaining();
    }
    return true;
  }

  /** No more will be sent; the peer reads the end after everything before it. */
  void shutdownOutput() {
    try {
      channel.shutdownOutput();
    } catch (IOException e) {
      close(); // it has broken meanwhile, and then there is nothing to wait for
    }
  }

  void close() {
    if (channel.isOpen()) {
      buffers.counters.increment(Count.CLOSED);
    }
    try {
      channel.close();
    } catch (IOException e) {
      // The descriptor is gone either way.
    }
  }

  /** Closes so that the peer sees the connection break. */
  void abort() {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException e) {
      // It has broken by itself.
    }
    close();
  }
}
