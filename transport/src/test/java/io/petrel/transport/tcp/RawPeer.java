package io.petrel.transport.tcp;

import io.petrel.transport.Petrel;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/** Speaks the frames of tcp:// by hand, rightly or wrongly, to an engine that is invoked. */
final class RawPeer implements Closeable {
  private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(30);

  final SocketChannel channel;
  private final Petrel petrel;

  private RawPeer(SocketChannel channel, Petrel petrel) throws IOException {
    this.channel = channel;
    this.petrel = petrel;
    channel.configureBlocking(false);
  }

  static RawPeer connect(SocketAddress address, Petrel petrel) throws IOException {
    return new RawPeer(SocketChannel.open(address), petrel);
  }

  static RawPeer of(SocketChannel accepted, Petrel petrel) throws IOException {
    return new RawPeer(accepted, petrel);
  }

  RawPeer hello(int kind, int version, TcpTerms terms) throws IOException {
    UnsafeBuffer bytes = new UnsafeBuffer(new byte[TcpFrames.HELLO_LENGTH]);
    TcpFrames.putHello(bytes, 0, kind, 0, terms);
    bytes.putByte(4, (byte) version);
    return send(bytes.byteArray());
  }

  RawPeer frame(int type, int length, int stream, int extra, long position) throws IOException {
    UnsafeBuffer bytes = new UnsafeBuffer(new byte[TcpFrames.HEADER_LENGTH]);
    TcpFrames.putHeader(bytes, 0, type, length, stream, extra, position);
    return send(bytes.byteArray());
  }

  /** Records' headers, each a length and a type. */
  RawPeer words(int... words) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(words.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int word : words) {
      bytes.putInt(word);
    }
    return send(bytes.array());
  }

  RawPeer send(byte[] bytes) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      channel.write(rest);
      petrel.work();
    }
    return this;
  }

  /** Turns the engine until so many bytes came; fewer when it closed the connection. */
  UnsafeBuffer receive(int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    long startNs = System.nanoTime();
    int count = 0;
    while (bytes.hasRemaining() && count >= 0) {
      petrel.work();
      count = read(bytes);
      if (System.nanoTime() - startNs > DEADLINE_NS) {
        throw new AssertionError("only " + bytes.position() + " of " + length + " bytes came");
      }
    }
    return new UnsafeBuffer(bytes.array(), 0, bytes.position());
  }

  /** Turns the engine until it closes the connection. */
  void awaitClosed() throws IOException {
    receive(Integer.MAX_VALUE >> 12);
  }

  private int read(ByteBuffer bytes) {
    try {
      return channel.read(bytes);
    } catch (IOException e) {
      return -1;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
