package io.petrel.transport.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.datagram.DatagramFraming;
import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.datagram.DatagramResult;
import io.petrel.transport.datagram.EndpointAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class SimulatedNetworkTest {
  private static final int PAYLOAD = 100;
  private static final EndpointAddress GROUP = EndpointAddress.of("239.1.2.3", 9000);

  private final TwoHosts hosts = new TwoHosts(1);
  private final SimulatedNetwork network = hosts.network;
  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[PAYLOAD]);

  private static DatagramPortOptions unframed() {
    return new DatagramPortOptions().framing(DatagramFraming.NONE).multicastInterface("sim0");
  }

  @Test
  void finishesTheAccountsOfEveryDatagramWhateverHappensToIt() {
    hosts
        .forward
        .rate(10_000_000)
        .delay(1_000_000)
        .queuePackets(20)
        .loss(0.1)
        .meanBurst(3)
        .reorder(0.05, 200_000)
        .duplicate(0.1)
        .corrupt(0.1)
        .datagramLimit(PAYLOAD)
        .blackhole(5_000_000, 6_000_000)
        .dropNth(100);
    for (int round = 0; round < 100; round++) {
      hosts.send(5, PAYLOAD);
      hosts.send(1, PAYLOAD + 1);
      network.advanceBy(100_000);
      assertTrue(network.isBalanced(), network.toString());
      assertTrue(network.inFlight() > 0, network.toString());
    }
    hosts.arrivals();
    assertTrue(network.isBalanced(), network.toString());
    assertEquals(0, network.inFlight());
    assertEquals(600, network.sent());
    for (DropCause cause :
        List.of(
            DropCause.LOSS,
            DropCause.QUEUE,
            DropCause.BLACKHOLE,
            DropCause.TOO_LARGE,
            DropCause.SCRIPTED)) {
      assertTrue(network.drops(cause) > 0, cause + " never happened");
      assertEquals(network.drops(cause), hosts.forward.counters().drops(cause));
    }
  }

  @Test
  void dropsWhatFindsNoRoomInTheReceiveBuffer() throws IOException {
    SimulatedPort small = hosts.receiverHost.open(9001, unframed().receiveBufferBytes(3 * PAYLOAD));
    for (int i = 0; i < 5; i++) {
      hosts.sender.send(buffer, 0, PAYLOAD, small.localAddress());
    }
    assertEquals(2, small.kernelDrops());
    assertEquals(2, network.drops(DropCause.RECEIVER_FULL));
    assertEquals(3, small.receive((b, offset, length, source) -> {}, 10));
    assertEquals(PAYLOAD, hosts.sender.send(buffer, 0, PAYLOAD, small.localAddress()));
    assertEquals(2, small.kernelDrops());
    assertTrue(network.isBalanced(), network.toString());
  }

  @Test
  void tellsAConnectedPortThatNobodyListens() throws IOException {
    hosts.forward.delay(1_000_000);
    EndpointAddress nobody = hosts.receiverHost.address().port(1);
    SimulatedPort client = hosts.senderHost.open(9001, unframed().remoteAddress(nobody));
    assertEquals(PAYLOAD, client.send(buffer, 0, PAYLOAD));
    network.advanceTo(1_999_999);
    assertEquals(0, client.receive((b, offset, length, source) -> {}, 1));
    network.advanceTo(2_000_000);
    assertEquals(DatagramResult.REFUSED, client.send(buffer, 0, PAYLOAD));
    assertEquals(PAYLOAD, client.send(buffer, 0, PAYLOAD));
    assertEquals(1, client.statistics().refused);
  }

  @Test
  void saysNothingWhenTheHostDoesNotExist() throws IOException {
    EndpointAddress nobody = EndpointAddress.of("10.9.9.9", 1);
    SimulatedPort client = hosts.senderHost.open(9001, unframed().remoteAddress(nobody));
    assertEquals(PAYLOAD, client.send(buffer, 0, PAYLOAD));
    hosts.arrivals();
    assertEquals(PAYLOAD, client.send(buffer, 0, PAYLOAD));
    assertEquals(2, network.drops(DropCause.UNREACHABLE));
  }

  @Test
  void showsAHostUnderItsNewAddressAndForgetsTheFormerOne() {
    hosts.back.delay(1_000_000);
    EndpointAddress before = hosts.sender.localAddress().copy();
    hosts.receiver.send(buffer, 0, PAYLOAD, before); // on its way while the address changes
    hosts.senderHost.changeAddress(EndpointAddress.of("10.7.7.7", 0));
    hosts.send(1, PAYLOAD);
    List<EndpointAddress> sources = new ArrayList<>();
    hosts.receiver.receive((b, offset, length, source) -> sources.add(source.copy()), 10);
    assertEquals(List.of(EndpointAddress.of("10.7.7.7", TwoHosts.PORT)), sources);
    assertEquals(before, hosts.sender.localAddress(), "the port itself knows nothing of it");

    hosts.receiver.send(buffer, 0, PAYLOAD, sources.getFirst());
    hosts.receiver.send(buffer, 0, PAYLOAD, before);
    hosts.arrivals();
    assertEquals(1, hosts.sender.receive((b, offset, length, source) -> {}, 10));
    assertEquals(2, network.drops(DropCause.UNREACHABLE));
    assertEquals(1, network.rebinds());

    hosts.senderHost.changeAddress(before);
    hosts.receiver.send(buffer, 0, PAYLOAD, before);
    hosts.arrivals();
    assertEquals(1, hosts.sender.receive((b, offset, length, source) -> {}, 10));
  }

  @Test
  void showsAPortUnderItsNewNumber() {
    hosts.sender.changeVisiblePort(40_000);
    hosts.send(1, PAYLOAD);
    List<EndpointAddress> sources = new ArrayList<>();
    hosts.receiver.receive((b, offset, length, source) -> sources.add(source.copy()), 10);
    assertEquals(List.of(hosts.senderHost.address().port(40_000)), sources);
    hosts.receiver.send(buffer, 0, PAYLOAD, sources.getFirst());
    assertEquals(1, hosts.sender.receive((b, offset, length, source) -> {}, 10));
    hosts.receiver.send(buffer, 0, PAYLOAD, hosts.sender.localAddress());
    assertEquals(1, network.drops(DropCause.UNREACHABLE));
  }

  @Test
  void refusesAnAddressThatIsAnotherHosts() {
    assertThrows(
        IllegalArgumentException.class,
        () -> hosts.senderHost.changeAddress(hosts.receiverHost.address()));
    assertThrows(IllegalArgumentException.class, () -> network.host(hosts.receiverHost.address()));
  }

  @Test
  void letsAllReceiversShareTheLossAtTheSourceAndEachHaveItsOwn() throws IOException {
    int receivers = 20;
    int datagrams = 2_000;
    hosts.forward.loss(0.1);
    List<SimulatedLink> lines = new ArrayList<>();
    List<SimulatedPort> ports = new ArrayList<>();
    for (int i = 0; i < receivers; i++) {
      lines.add(network.link("receiver " + i).loss(0.1).delay(1_000));
      SimulatedHost host = network.host().ingress(lines.get(i));
      ports.add(host.open(GROUP.port(), unframed()));
      ports.get(i).join(GROUP, null, null);
    }
    for (int i = 0; i < datagrams; i++) {
      hosts.sender.send(buffer, 0, PAYLOAD, GROUP);
    }
    hosts.arrivals();

    int shared = (int) hosts.forward.counters().drops(DropCause.LOSS);
    assertEquals(200.0, shared, 70.0);
    for (int i = 0; i < receivers; i++) {
      int own = (int) lines.get(i).counters().drops(DropCause.LOSS);
      assertEquals(180.0, own, 70.0);
      assertEquals(
          datagrams - shared - own,
          ports.get(i).receive((b, offset, length, source) -> {}, Integer.MAX_VALUE));
    }
    assertNotEquals(lines.get(0).counters().drops(), lines.get(1).counters().drops());
    assertTrue(network.isBalanced(), network.toString());
  }

  @Test
  void givesEachMemberBytesOfItsOwn() throws IOException {
    List<SimulatedPort> ports = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      ports.add(network.host().open(GROUP.port(), unframed()));
      ports.get(i).join(GROUP, null, null);
    }
    hosts.sender.send(buffer, 0, PAYLOAD, GROUP);
    ports.get(0).receive((b, offset, length, source) -> b.setMemory(offset, length, (byte) 9), 1);
    ports.get(1).receive((b, offset, length, source) -> assertEquals(0, b.getByte(offset)), 1);
  }

  @Test
  void keepsOnTheHostWhatMayTakeNoHop() throws IOException {
    SimulatedPort sender = hosts.senderHost.open(0, unframed().multicastTimeToLive(0));
    SimulatedPort here = hosts.senderHost.open(GROUP.port() + 1, unframed());
    SimulatedPort there = hosts.receiverHost.open(GROUP.port() + 1, unframed());
    EndpointAddress group = GROUP.copy().port(GROUP.port() + 1);
    here.join(group, null, null);
    there.join(group, null, null);
    sender.send(buffer, 0, PAYLOAD, group);
    assertEquals(1, here.receive((b, offset, length, source) -> {}, 10));
    assertEquals(0, there.receive((b, offset, length, source) -> {}, 10));
    assertTrue(network.isBalanced(), network.toString());
  }
}
