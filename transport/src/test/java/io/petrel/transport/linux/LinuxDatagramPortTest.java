package io.petrel.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.petrel.transport.datagram.DatagramFraming;
import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.datagram.DatagramPortFactory;
import io.petrel.transport.datagram.DatagramPortFixture;
import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.datagram.DatagramResult;
import io.petrel.transport.datagram.EndpointAddress;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What is particular to the native port. */
@EnabledOnOs(OS.LINUX)
final class LinuxDatagramPortTest extends DatagramPortFixture {
  private static final int SEGMENT = 1408;

  @Override
  protected DatagramPortFactory factory() {
    return new LinuxDatagramPortFactory();
  }

  @Override
  protected void advance() {
    Thread.onSpinWait();
  }

  @Override
  protected long nowNs() {
    return System.nanoTime();
  }

  @Test
  void sendsAndReceivesATrainByOneCallEach() throws IOException {
    DatagramPort listener = listener();
    DatagramPort client = connectedTo(listener);
    int datagrams = 46; // 64,768 bytes

    sendTrain(client, null, train(0, datagrams * SEGMENT, SEGMENT), SEGMENT);

    assertEquals(numbersFrom(0, datagrams), numbers(receiveUntil(listener, datagrams)));
    assertEquals(1, client.statistics().sendCalls);
    assertEquals(1, client.statistics().trainsSent);
    assertEquals(1, listener.statistics().receiveCalls);
    assertEquals(1, listener.statistics().trainsReceived);
    assertTrue(client.segmentationOffload());
  }

  @Test
  void setsTheSegmentLengthOnlyWhenItChanges() throws IOException {
    DatagramPort client = connectedTo(listener());

    for (int i = 0; i < 5; i++) {
      sendTrain(client, null, train(0, 3 * SEGMENT, SEGMENT), SEGMENT);
      send(client, null, datagram(9, 64)); // no longer than a segment: goes out as it is
    }
    assertEquals(1, client.statistics().segmentSizeChanges);
    send(client, null, datagram(9, SEGMENT + 1));
    assertEquals(2, client.statistics().segmentSizeChanges);
  }

  @Test
  void forgetsTheSegmentLengthAfterManySingleDatagrams() throws IOException {
    DatagramPort listener = listener();
    LinuxDatagramPort client = (LinuxDatagramPort) connectedTo(listener);
    sendTrain(client, null, train(0, 3 * SEGMENT, SEGMENT), SEGMENT);
    assertEquals(SEGMENT, segmentLength(client));

    for (int number = 3; number < 100; number++) {
      send(client, null, datagram(number, 64));
    }
    assertEquals(0, segmentLength(client));
    sendTrain(client, null, train(100, 3 * SEGMENT, SEGMENT), SEGMENT);

    assertEquals(numbersFrom(0, 103), numbers(receiveUntil(listener, 103)));
    assertEquals(3, client.statistics().segmentSizeChanges);
  }

  private static int segmentLength(LinuxDatagramPort port) throws IOException {
    return port.socket().option("", LinuxConstants.SOL_UDP, LinuxConstants.UDP_SEGMENT);
  }

  @Test
  void handsOnWhatATwinCaughtBeforeItWasConnected() throws IOException {
    DatagramPort listener = listener();
    DatagramPort client = connectedTo(listener);
    EndpointAddress peer = client.localAddress();
    LinuxDatagramPort linux = (LinuxDatagramPort) listener;
    LinuxSocket twin = linux.openTwin(peer);
    int strangers = 40; // the kernel deals them out between the two sockets by a hash
    for (int i = 0; i < strangers; i++) {
      sendTrain(connectedTo(listener), null, train(10 * i, 250, 100), 100);
    }
    send(client, null, datagram(1000, 64));

    DatagramPort promoted = linux.connectTwin(twin, peer);
    send(client, null, datagram(1001, 64));
    receiveUntil(promoted, 1);
    receiveUntil(listener, 3 * strangers);
    await(
        () -> "the peer's two datagrams",
        () -> {
          receive(promoted, 1);
          receive(listener, 1);
          return mailbox(promoted).size() + mailbox(listener).size() == 3 * strangers + 2;
        });

    List<Integer> sent =
        IntStream.range(0, strangers)
            .flatMap(i -> IntStream.of(10 * i, 10 * i + 1, 10 * i + 2))
            .boxed()
            .toList();
    List<Integer> heard = new ArrayList<>(numbers(mailbox(listener)));
    heard.remove(Integer.valueOf(1000)); // may have come to either
    assertEquals(sent, heard.stream().sorted().toList());
    assertTrue(listener.statistics().handedOn > 0, "the twin caught none of " + strangers);
    assertEquals(0, listener.statistics().handedOnDropped);
    assertTrue(
        mailbox(promoted).stream().allMatch(received -> received.source().equals(peer)),
        () -> "of others: " + mailbox(promoted));
    promoted.close();
  }

  @Test
  void answersFromTheAddressThatWasAsked() throws IOException {
    for (String wildcard : hasIpv6() ? List.of("0.0.0.0", "::") : List.of("0.0.0.0")) {
      DatagramPort listener = open(options().localAddress(EndpointAddress.of(wildcard, 0)));
      EndpointAddress asked = otherHost().port(listener.localAddress().port());
      DatagramPort client = open(options().remoteAddress(asked)); // hears nobody else
      send(client, null, datagram(1, 64));
      EndpointAddress peer = receiveUntil(listener, 1).getFirst().source();

      send(listener, peer, datagram(2, 64));
      sendTrain(listener, peer, train(3, 300, 100), 100);
      assertEquals(numbersFrom(2, 4), numbers(receiveUntil(client, 4)));

      DatagramPort promoted = promote(listener, peer);
      send(promoted, null, datagram(6, 64));
      assertEquals(numbersFrom(2, 5), numbers(receiveUntil(client, 5)));
      assertEquals(asked, promoted.localAddress());
    }
  }

  @Test
  void answersFromTheIpv6AddressThatWasAsked() throws IOException {
    assumeTrue(hasIpv6(), "no IPv6 here");
    DatagramPort listener = open(options().localAddress(EndpointAddress.of("::", 0)));
    EndpointAddress asked = EndpointAddress.of("::1", listener.localAddress().port());
    DatagramPort client =
        open(options().localAddress(EndpointAddress.of("::1", 0)).remoteAddress(asked));
    send(client, null, datagram(1, 64));

    EndpointAddress peer = receiveUntil(listener, 1).getFirst().source();
    send(listener, peer, datagram(2, 64));

    assertEquals(asked, peer.heardAt(asked.port()));
    assertEquals(List.of(2), numbers(receiveUntil(client, 1)));
  }

  @Test
  void goesOnWithSingleDatagramsWhenTheDeviceTakesNoSegments() throws IOException {
    DatagramPort listener = listener();
    LinuxSocket withoutOffload =
        new LinuxSocket(EndpointAddress.IPV4) {
          @Override
          public int send(long address, int length) {
            return length > SEGMENT ? -LinuxConstants.EIO : super.send(address, length);
          }
        };
    DatagramPort client =
        LinuxDatagramPort.open(withoutOffload, options().remoteAddress(listener.localAddress()));

    sendTrain(client, null, train(0, 5 * SEGMENT, SEGMENT), SEGMENT);
    sendTrain(client, null, train(5, 5 * SEGMENT, SEGMENT), SEGMENT);

    assertEquals(numbersFrom(0, 10), numbers(receiveUntil(listener, 10)));
    assertEquals(1, client.statistics().offloadFallbacks);
    assertEquals(0, client.statistics().trainsSent);
    assertEquals(10, client.statistics().sendCalls);
    assertFalse(client.segmentationOffload());
    client.close();
  }

  @Test
  void sendsDatagramsApartThatOnlyFragmentsCanCarry() throws IOException {
    DatagramPort listener = listener();
    DatagramPort client =
        LinuxDatagramPort.open(pathOf(SEGMENT), options().remoteAddress(listener.localAddress()));
    int large = SEGMENT + 500;

    sendTrain(client, null, train(0, 3 * large, large), large);
    sendTrain(client, null, train(3, 3 * SEGMENT, SEGMENT), SEGMENT);

    assertEquals(numbersFrom(0, 6), numbers(receiveUntil(listener, 6)));
    assertEquals(1, client.statistics().trainsSent, "the one that fits");
    assertTrue(client.segmentationOffload());
    client.close();
  }

  @Test
  void turnsATrainAwayThatOnlyFragmentsCouldCarryWhenTheseAreForbidden() throws IOException {
    DatagramPort client =
        LinuxDatagramPort.open(
            pathOf(SEGMENT),
            options().fragmentationForbidden(true).remoteAddress(listener().localAddress()));
    int large = SEGMENT + 500;
    UnsafeBuffer train = train(0, 3 * large, large);

    assertEquals(
        DatagramResult.TOO_LARGE, client.sendTrain(train, 0, train.capacity(), large, null));
    assertTrue(client.segmentationOffload());
    client.close();
  }

  /** A socket whose path takes segments up to a length, as the kernel answers for a real one. */
  private static LinuxSocket pathOf(int limit) throws IOException {
    return new LinuxSocket(EndpointAddress.IPV4) {
      private int segmentLength;

      @Override
      void setOptionPlain(int level, int name, int value) {
        if (level == LinuxConstants.SOL_UDP && name == LinuxConstants.UDP_SEGMENT) {
          segmentLength = value;
        }
        super.setOptionPlain(level, name, value);
      }

      @Override
      public int send(long address, int length) {
        return segmentLength > limit ? -LinuxConstants.EMSGSIZE : super.send(address, length);
      }
    };
  }

  @Test
  void reachesALinkLocalAddressByItsScope() throws IOException {
    Optional<InetAddress> linkLocal =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> address instanceof Inet6Address && address.isLinkLocalAddress())
            .findFirst();
    assumeTrue(linkLocal.isPresent(), "no link-local address here");
    EndpointAddress local = EndpointAddress.of(new InetSocketAddress(linkLocal.get(), 0));
    DatagramPort listener = open(options().localAddress(local));
    DatagramPort client =
        open(options().localAddress(local).remoteAddress(listener.localAddress()));

    send(client, null, datagram(1, 64));
    EndpointAddress source = receiveUntil(listener, 1).getFirst().source();
    send(listener, source, datagram(2, 64));

    assertTrue(local.scopeId() != 0, () -> local + " without a scope");
    assertEquals(client.localAddress(), source);
    assertEquals(List.of(2), numbers(receiveUntil(client, 1)));
  }

  @Test
  void canBeToldToDoWithoutOffload() throws IOException {
    DatagramPort listener = open(options().receiveOffload(false));
    DatagramPort client =
        open(options().segmentationOffload(false).remoteAddress(listener.localAddress()));

    sendTrain(client, null, train(0, 5 * SEGMENT, SEGMENT), SEGMENT);

    assertEquals(numbersFrom(0, 5), numbers(receiveUntil(listener, 5)));
    assertEquals(5, client.statistics().sendCalls);
    assertEquals(5, listener.statistics().receiveCalls);
  }

  @Test
  void saysRefusedWhenNobodyListens() throws IOException {
    DatagramPort gone = listener();
    DatagramPort client = connectedTo(gone);
    gone.close();

    send(client, null, datagram(1, 64));
    await(() -> "the refusal", () -> receive(client, 1) == DatagramResult.REFUSED);
    assertEquals(1, client.statistics().refused);

    UnsafeBuffer datagram = datagram(2, 64);
    assertEquals(64, client.send(datagram, 0, 64), "the report was used up by reading it");
    await(
        () -> "the refusal at a send",
        () -> client.send(datagram, 0, 64) == DatagramResult.REFUSED);
    assertEquals(2, client.statistics().refused);
  }

  @Test
  void setsTheOptions() throws IOException {
    DatagramPortOptions options =
        options()
            .dscp(46)
            .timeToLive(9)
            .multicastTimeToLive(3)
            .multicastLoopback(false)
            .fragmentationForbidden(true)
            .receiveBufferBytes(100_000)
            .sendBufferBytes(50_000);
    LinuxDatagramPort port = (LinuxDatagramPort) open(options);
    LinuxSocket socket = port.socket();

    assertEquals(46 << 2, ipOption(socket, LinuxConstants.IP_TOS));
    assertEquals(9, ipOption(socket, LinuxConstants.IP_TTL));
    assertEquals(3, ipOption(socket, LinuxConstants.IP_MULTICAST_TTL));
    assertEquals(0, ipOption(socket, LinuxConstants.IP_MULTICAST_LOOP));
    assertEquals(0, ipOption(socket, LinuxConstants.IP_MULTICAST_ALL));
    assertEquals(LinuxConstants.PMTUDISC_PROBE, ipOption(socket, LinuxConstants.IP_MTU_DISCOVER));
    assertEquals(1, socket.option("", LinuxConstants.SOL_UDP, LinuxConstants.UDP_GRO));
    assertEquals(100_000, port.receiveBufferBytes());
    assertEquals(50_000, port.sendBufferBytes());
  }

  @Test
  void setsTheOptionsOfBothFamiliesOnAnIpv6Socket() throws IOException {
    assumeTrue(hasIpv6(), "no IPv6 here");
    DatagramPortOptions options =
        options().localAddress(EndpointAddress.of("::1", 0)).dscp(10).timeToLive(9);
    LinuxSocket socket = ((LinuxDatagramPort) open(options)).socket();
    int ipv6 = LinuxConstants.IPPROTO_IPV6;

    assertEquals(10 << 2, socket.option("", ipv6, LinuxConstants.IPV6_TCLASS));
    assertEquals(9, socket.option("", ipv6, LinuxConstants.IPV6_UNICAST_HOPS));
    assertEquals(0, socket.option("", ipv6, LinuxConstants.IPV6_MULTICAST_ALL));
    assertEquals(10 << 2, ipOption(socket, LinuxConstants.IP_TOS));
  }

  private static int ipOption(LinuxSocket socket, int name) throws IOException {
    return socket.option("option " + name, LinuxConstants.IPPROTO_IP, name);
  }

  @Test
  void reportsTheBufferThatWasGranted() throws IOException {
    DatagramPort port = open(options().receiveBufferBytes(1 << 30));

    int granted = port.receiveBufferBytes();
    assertTrue(granted > 0 && granted < 1 << 30, () -> granted + " bytes of 1 GiB granted");
  }

  @Test
  void leavesGroOffWithoutFraming() throws IOException {
    LinuxDatagramPort port = (LinuxDatagramPort) open(options().framing(DatagramFraming.NONE));

    assertEquals(0, port.socket().option("", LinuxConstants.SOL_UDP, LinuxConstants.UDP_GRO));
  }

  @Test
  void countsWhatTheKernelDropped() throws IOException {
    DatagramPort listener = open(options().receiveBufferBytes(20_000));
    DatagramPort client = connectedTo(listener);
    assertEquals(0, listener.kernelDrops());

    int sent = 200;
    for (int i = 0; i < sent; i++) {
      send(client, null, datagram(i, 1000));
    }
    await(
        () -> "each datagram received or dropped; " + listener.kernelDrops() + " dropped",
        () -> {
          receive(listener, 1);
          return mailbox(listener).size() + listener.kernelDrops() == sent;
        });

    assertTrue(listener.kernelDrops() > 0, "none dropped");
  }

  @Test
  void neverSendsOnADescriptorThatCloseHasGivenBack() throws Exception {
    DatagramPort listener = listener();
    DatagramPort trap = listener();
    UnsafeBuffer datagram = datagram(1, 64);
    for (int round = 0; round < 200; round++) {
      DatagramPort client = connectedTo(listener);
      long[] sent = {0};
      int[] last = {0};
      Thread sender =
          new Thread(() -> {
            while (last[0] != DatagramResult.CLOSED) {
              last[0] = client.send(datagram, 0, 64);
              sent[0]++;
            }
          });
      sender.start();
      client.close();
      // Takes the number that the client's descriptor had.
      LinuxSocket successor = new LinuxSocket(EndpointAddress.IPV4);
      successor.connect(trap.localAddress());
      sender.join();
      successor.close();
      assertEquals(DatagramResult.CLOSED, last[0]);
    }
    assertEquals(0, receive(trap, 1), "a datagram left by another's descriptor");
  }
}
