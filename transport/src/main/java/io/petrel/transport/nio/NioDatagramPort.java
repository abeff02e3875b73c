package io.petrel.transport.nio;

import io.petrel.codecs.DatagramHeader;
import io.petrel.transport.datagram.DatagramFraming;
import io.petrel.transport.datagram.DatagramHandler;
import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.datagram.DatagramResult;
import io.petrel.transport.datagram.DatagramStatistics;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.datagram.HandedOnDatagrams;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A port on the JDK's datagram channel. A train leaves datagram by datagram, and every datagram
 * arrives by a call of its own.
 *
 * <p>A connected port allocates nothing. One that is not allocates an address whenever the peer it
 * hears or speaks to is another than the last time: the channel offers no other way.
 *
 * <p>A promotion loses what arrives between the moment the JDK connects the new channel and the one
 * it has emptied it in, as its {@code connect} does unasked; what was caught before is handed on.
 */
final class NioDatagramPort implements DatagramPort {
  private static final int CACHE_LINE_BYTES = 64;
  private static final int BUFFER_LENGTH = 64 * 1024;

  private final DatagramChannel channel;
  private final DatagramPortOptions options;
  private final DatagramStatistics statistics = new DatagramStatistics();
  private final EndpointAddress localAddress;
  private final @Nullable EndpointAddress remoteAddress;
  private final boolean framed;
  private final ByteBuffer sending =
      BufferUtil.allocateDirectAligned(BUFFER_LENGTH, CACHE_LINE_BYTES);
  private final ByteBuffer receiving =
      BufferUtil.allocateDirectAligned(BUFFER_LENGTH, CACHE_LINE_BYTES);
  private final UnsafeBuffer received = new UnsafeBuffer(receiving);
  private final NioMemberships memberships = new NioMemberships();

  /** What promoted ports caught of this one's. */
  private final HandedOnDatagrams handedOn = new HandedOnDatagrams(statistics);

  // Addresses as this library and as the JDK see them, so that neither is made anew each time.
  private final EndpointAddress source = new EndpointAddress();
  private @Nullable SocketAddress sourceOfChannel;
  private final EndpointAddress destination = new EndpointAddress();
  private @Nullable InetSocketAddress destinationForChannel;

  private NioDatagramPort(DatagramChannel channel, DatagramPortOptions options) throws IOException {
    this.channel = channel;
    this.options = options;
    localAddress = EndpointAddress.of((InetSocketAddress) channel.getLocalAddress());
    remoteAddress = options.remoteAddress();
    framed = options.framing() == DatagramFraming.PETREL;
    if (remoteAddress != null) {
      source.set(remoteAddress);
    }
  }

  static NioDatagramPort open(DatagramPortOptions given) throws IOException {
    DatagramPortOptions options = given.copy();
    DatagramChannel channel = DatagramChannel.open(NioOptions.familyOf(options));
    try {
      channel.configureBlocking(false);
      NioOptions.applyBeforeBind(channel, options);
      bind(channel, options.localAddress());
      EndpointAddress remote = options.remoteAddress();
      if (remote != null) {
        channel.connect(remote.toInetSocketAddress());
      }
      return new NioDatagramPort(channel, options);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void bind(DatagramChannel channel, EndpointAddress address) throws IOException {
    try {
      channel.bind(address.toInetSocketAddress());
    } catch (IOException e) {
      BindException named = new BindException("cannot bind to " + address + ": " + e.getMessage());
      named.initCause(e);
      throw named;
    }
  }

  // ---- sending

  @Override
  public int send(DirectBuffer buffer, int offset, int length) {
    return remoteAddress == null
        ? DatagramResult.WRONG_ADDRESSING
        : sendOne(buffer, offset, length, null);
  }

  @Override
  public int send(DirectBuffer buffer, int offset, int length, EndpointAddress to) {
    return remoteAddress != null
        ? DatagramResult.WRONG_ADDRESSING
        : sendOne(buffer, offset, length, to);
  }

  @Override
  public int sendTrain(
      DirectBuffer buffer,
      int offset,
      int length,
      int segmentLength,
      @Nullable EndpointAddress to) {
    if ((to == null) == (remoteAddress == null)) {
      return DatagramResult.WRONG_ADDRESSING;
    }
    if (segmentLength <= 0) {
      throw new IllegalArgumentException("segmentLength must be positive, not " + segmentLength);
    }
    int accepted = 0;
    while (accepted < length) {
      int portion = Math.min(segmentLength, length - accepted);
      int sent = sendOne(buffer, offset + accepted, portion, to);
      if (sent < 0) {
        return accepted > 0 ? accepted : sent;
      }
      accepted += sent;
    }
    return accepted;
  }

  private int sendOne(DirectBuffer buffer, int offset, int length, @Nullable EndpointAddress to) {
    if (length > MAX_DATAGRAM_LENGTH) {
      statistics.sendTooLarge++;
      return DatagramResult.TOO_LARGE;
    }
    sending.clear().limit(length);
    buffer.getBytes(offset, sending, 0, length);
    try {
      int sent = to == null ? channel.write(sending) : channel.send(sending, forChannel(to));
      if (sent != length) {
        statistics.sendWouldBlock++;
        return DatagramResult.WOULD_BLOCK;
      }
      statistics.sendCalls++;
      statistics.datagramsSent++;
      statistics.bytesSent += length;
      return sent;
    } catch (IOException e) {
      return sendFailure(e);
    }
  }

  private InetSocketAddress forChannel(EndpointAddress to) {
    InetSocketAddress same = destinationForChannel;
    if (same == null || !destination.equals(to)) {
      same = to.toInetSocketAddress();
      destinationForChannel = same;
      destination.set(to);
    }
    return same;
  }

  private int sendFailure(IOException e) {
    int result = NioResults.of(e);
    switch (result) {
      case DatagramResult.REFUSED -> statistics.refused++;
      case DatagramResult.TOO_LARGE -> statistics.sendTooLarge++;
      case DatagramResult.WOULD_BLOCK -> statistics.sendWouldBlock++;
      case DatagramResult.CLOSED -> {}
      default -> statistics.sendFailed++;
    }
    return result;
  }

  // ---- receiving

  @Override
  public int receive(DatagramHandler handler, int datagramLimit) {
    int taken = 0;
    if (!handedOn.isEmpty() && channel.isOpen()) {
      taken = handedOn.deliver(handler, datagramLimit);
    }
    while (taken < datagramLimit) {
      try {
        receiving.clear();
        if (!receiveOne()) {
          return taken;
        }
      } catch (IOException e) {
        int result = receiveFailure(e);
        return taken > 0 ? taken : result;
      }
      taken++;
      statistics.receiveCalls++;
      take(handler, receiving.position());
      if (remoteAddress != null) {
        break; // a connected port makes one call: a second one would mostly find nothing
      }
    }
    return taken;
  }

  /** Receives a datagram, empty or not, and says whether there was one. */
  private boolean receiveOne() throws IOException {
    SocketAddress from = channel.receive(receiving);
    if (from == null) {
      return false;
    }
    if (!from.equals(sourceOfChannel)) {
      sourceOfChannel = from;
      source.set((InetSocketAddress) from);
    }
    return true;
  }

  private void take(DatagramHandler handler, int length) {
    if (framed && length == 0) {
      statistics.emptyReceived++;
    } else if (framed && !isWellFramed(length)) {
      statistics.malformedReceived++;
      statistics.malformedBytes += length;
    } else {
      statistics.datagramsReceived++;
      statistics.bytesReceived += length;
      handler.onDatagram(received, 0, length, source);
    }
  }

  private boolean isWellFramed(int length) {
    return length >= DatagramHeader.LENGTH && DatagramHeader.datagramLength(received, 0) == length;
  }

  private int receiveFailure(IOException e) {
    int result = NioResults.of(e);
    if (result == DatagramResult.REFUSED) {
      statistics.refused++;
    } else if (result != DatagramResult.CLOSED) {
      statistics.receiveFailed++;
      return DatagramResult.FAILED;
    }
    return result;
  }

  // ---- promotion and groups

  @Override
  public DatagramPort promote(EndpointAddress peer) throws IOException {
    if (remoteAddress != null) {
      throw new IOException("a connected port has no peer to promote");
    }
    // Not before the listener's own bind, or a second server could be bound beside it.
    channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
    DatagramChannel twin = DatagramChannel.open(NioOptions.familyOf(options));
    try {
      twin.configureBlocking(false);
      NioOptions.applyBeforeBind(twin, options);
      twin.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      bind(twin, localAddress);
      handOnWhatIsCaught(twin);
      twin.connect(peer.toInetSocketAddress());
      return new NioDatagramPort(twin, options.copy().remoteAddress(peer));
    } catch (IOException | RuntimeException e) {
      twin.close();
      throw new IOException("cannot open a port for " + peer + ": " + e.getMessage(), e);
    }
  }

  private void handOnWhatIsCaught(DatagramChannel twin) throws IOException {
    for (int i = 0; i < HandedOnDatagrams.MAX_DATAGRAMS; i++) {
      ByteBuffer caught = ByteBuffer.allocate(BUFFER_LENGTH);
      SocketAddress from = twin.receive(caught);
      if (from == null) {
        return;
      }
      UnsafeBuffer datagram = new UnsafeBuffer(caught);
      handedOn.onDatagram(
          datagram, 0, caught.position(), EndpointAddress.of((InetSocketAddress) from));
    }
  }

  @Override
  public void join(
      EndpointAddress group, @Nullable EndpointAddress from, @Nullable String networkInterface)
      throws IOException {
    memberships.join(channel, group, from, interfaceOr(networkInterface));
  }

  @Override
  public void leave(
      EndpointAddress group, @Nullable EndpointAddress from, @Nullable String networkInterface)
      throws IOException {
    memberships.leave(group, from, interfaceOr(networkInterface));
  }

  private String interfaceOr(@Nullable String networkInterface) throws IOException {
    String at = networkInterface == null ? options.multicastInterface() : networkInterface;
    if (at == null) {
      throw new IOException("no interface is given for the group");
    }
    return at;
  }

  // ---- what it is

  @Override
  public EndpointAddress localAddress() {
    return localAddress;
  }

  @Override
  public @Nullable EndpointAddress remoteAddress() {
    return remoteAddress;
  }

  @Override
  public DatagramStatistics statistics() {
    return statistics;
  }

  @Override
  public long kernelDrops() {
    return -1; // the channel does not show the descriptor that the kernel's table is keyed by
  }

  @Override
  public int receiveBufferBytes() {
    return granted(StandardSocketOptions.SO_RCVBUF);
  }

  @Override
  public int sendBufferBytes() {
    return granted(StandardSocketOptions.SO_SNDBUF);
  }

  private int granted(SocketOption<Integer> option) {
    try {
      return channel.getOption(option);
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public boolean segmentationOffload() {
    return false;
  }

  @Override
  public String kind() {
    return NioDatagramPortFactory.NAME;
  }

  @Override
  public boolean isClosed() {
    return !channel.isOpen();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the port at " + localAddress, e);
    }
  }
}
