package io.petrel.transport.datagram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.petrel.codecs.DatagramHeader;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.NetworkInterface;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/**
 * What a test of ports needs: a network, real or simulated, its time, datagrams that know their
 * number, and a mailbox for each port.
 *
 * <p>Time passes by {@link #advance} only where it is virtual; where it is real it passes anyway.
 * Tests wait by {@link #await} and {@link #receiveUntil}, never by sleeping, and show that
 * something does not arrive by what is sent after it and does.
 */
public abstract class DatagramPortFixture {
  private static final long PATIENCE_NS = 20_000_000_000L;
  private static final int NUMBER_OFFSET = 8;

  private final List<DatagramPort> opened = new ArrayList<>();
  private final Map<DatagramPort, List<Received>> mailboxes = new HashMap<>();

  /** A datagram as it arrived. */
  public record Received(int number, int length, EndpointAddress source, boolean intact) {}

  /** For subclasses. */
  protected DatagramPortFixture() {}

  /** Opens the ports under test. */
  protected abstract DatagramPortFactory factory();

  /** Lets the network do its work: a step of virtual time, or nothing but a pause. */
  protected abstract void advance();

  /** The network's time, real or virtual. */
  protected abstract long nowNs();

  /** A local address of the family that ports can be bound to, with port 0. */
  protected EndpointAddress host(int family) {
    return EndpointAddress.of(family == EndpointAddress.IPV4 ? "127.0.0.1" : "::1", 0);
  }

  /** Another local IPv4 address that reaches the first one. */
  protected EndpointAddress otherHost() {
    return EndpointAddress.of("127.0.0.2", 0);
  }

  /** The interface for groups. */
  protected String multicastInterface() {
    return "lo";
  }

  /** An interface for groups other than the loopback, if there is one. */
  protected Optional<String> outwardInterface() throws IOException {
    for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
      boolean hasIpv4 = each.inetAddresses().anyMatch(Inet4Address.class::isInstance);
      if (each.isUp() && each.supportsMulticast() && !each.isLoopback() && hasIpv4) {
        return Optional.of(each.getName());
      }
    }
    return Optional.empty();
  }

  /** Whether the network has IPv6. */
  protected boolean hasIpv6() throws IOException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .anyMatch(address -> address instanceof Inet6Address && address.isLoopbackAddress());
  }

  @AfterEach
  protected void closePorts() {
    opened.forEach(DatagramPort::close);
  }

  protected DatagramPort open(DatagramPortOptions options) throws IOException {
    DatagramPort port = factory().open(options);
    opened.add(port);
    return port;
  }

  protected DatagramPort promote(DatagramPort listener, EndpointAddress peer) throws IOException {
    DatagramPort port = listener.promote(peer);
    opened.add(port);
    return port;
  }

  protected DatagramPortOptions options() {
    return new DatagramPortOptions().localAddress(host(EndpointAddress.IPV4));
  }

  protected DatagramPort listener() throws IOException {
    return open(options());
  }

  protected DatagramPort connectedTo(DatagramPort peer) throws IOException {
    EndpointAddress remote = peer.localAddress();
    return open(
        new DatagramPortOptions().localAddress(host(remote.family())).remoteAddress(remote));
  }

  /** Waits, in the network's time, for a condition that the network will bring about. */
  protected void await(Supplier<String> what, BooleanSupplier condition) {
    long deadlineNs = nowNs() + PATIENCE_NS;
    while (!condition.getAsBoolean()) {
      if (nowNs() - deadlineNs >= 0) {
        fail("waited in vain for " + what.get());
      }
      advance();
    }
  }

  /** Receives at a port until its mailbox holds so many datagrams, and returns the mailbox. */
  protected List<Received> receiveUntil(DatagramPort port, int count) {
    List<Received> mailbox = mailbox(port);
    await(
        () -> count + " datagrams; have " + mailbox + ", " + port.statistics(),
        () -> {
          if (mailbox.size() < count) {
            receive(port, count - mailbox.size());
          }
          return mailbox.size() >= count;
        });
    return mailbox;
  }

  /** Receives at a port once, into its mailbox. */
  protected int receive(DatagramPort port, int limit) {
    List<Received> mailbox = mailbox(port);
    return port.receive(
        (buffer, offset, length, source) -> mailbox.add(examine(buffer, offset, length, source)),
        limit);
  }

  protected List<Received> mailbox(DatagramPort port) {
    return mailboxes.computeIfAbsent(port, _ -> new ArrayList<>());
  }

  protected List<Integer> numbers(List<Received> mailbox) {
    for (Received received : mailbox) {
      assertTrue(received.intact, () -> "content changed on the way: " + received);
    }
    return mailbox.stream().map(Received::number).toList();
  }

  protected static List<Integer> numbersFrom(int first, int count) {
    return IntStream.range(first, first + count).boxed().toList();
  }

  /**
   * A datagram with a header that a framed port accepts, a number, and bytes that follow from it.
   */
  protected static UnsafeBuffer datagram(int number, int length) {
    return train(number, length, length);
  }

  /** Datagrams numbered from {@code first}, of {@code segmentLength} bytes, the last maybe less. */
  protected static UnsafeBuffer train(int first, int length, int segmentLength) {
    UnsafeBuffer buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(length, 64));
    int number = first;
    for (int offset = 0; offset < length; offset += segmentLength) {
      write(buffer, offset, Math.min(segmentLength, length - offset), number++);
    }
    return buffer;
  }

  private static void write(MutableDirectBuffer buffer, int offset, int length, int number) {
    for (int i = 0; i < length; i++) {
      buffer.putByte(offset + i, (byte) (number * 31 + i));
    }
    if (length >= DatagramHeader.LENGTH) {
      buffer.putInt(offset + NUMBER_OFFSET, number, ByteOrder.LITTLE_ENDIAN);
      DatagramHeader.datagramLength(buffer, offset, length);
    }
  }

  private static Received examine(
      DirectBuffer buffer, int offset, int length, EndpointAddress source) {
    if (length < DatagramHeader.LENGTH) {
      return new Received(-1, length, source.copy(), true);
    }
    int number = buffer.getInt(offset + NUMBER_OFFSET, ByteOrder.LITTLE_ENDIAN);
    UnsafeBuffer expected = new UnsafeBuffer(new byte[length]);
    write(expected, 0, length, number);
    boolean intact = expected.equals(new UnsafeBuffer(buffer, offset, length));
    return new Received(number, length, source.copy(), intact);
  }

  /** Sends one datagram whole, again while the network is full. */
  protected void send(DatagramPort from, @Nullable EndpointAddress to, UnsafeBuffer datagram) {
    int length = datagram.capacity();
    await(
        () -> "room to send " + length + " bytes; " + from.statistics(),
        () -> {
          int sent =
              to == null ? from.send(datagram, 0, length) : from.send(datagram, 0, length, to);
          if (sent == DatagramResult.WOULD_BLOCK) {
            return false;
          }
          assertEquals(length, sent, () -> DatagramResult.nameOf(sent));
          return true;
        });
  }

  /** Sends a train whole, the rest again while the network is full. */
  protected void sendTrain(
      DatagramPort from, @Nullable EndpointAddress to, UnsafeBuffer train, int segmentLength) {
    int[] done = {0};
    await(
        () -> "room to send a train, at byte " + done[0] + "; " + from.statistics(),
        () -> {
          int rest = train.capacity() - done[0];
          int sent = from.sendTrain(train, done[0], rest, segmentLength, to);
          if (sent != DatagramResult.WOULD_BLOCK) {
            assertTrue(sent > 0 && sent <= rest, () -> DatagramResult.nameOf(sent));
            assertTrue(
                sent == rest || sent % segmentLength == 0, () -> sent + " bytes cut a datagram");
            done[0] += sent;
          }
          return done[0] == train.capacity();
        });
  }
}
