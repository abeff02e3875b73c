package io.petrel.rudp.simulation;

import io.petrel.codecs.wire.Integrity;
import io.petrel.rudp.acknowledgement.AckPolicy;
import io.petrel.rudp.endpoint.EndpointSettings;
import io.petrel.rudp.endpoint.Totals.Total;
import io.petrel.rudp.handshake.Offer;
import io.petrel.rudp.session.Session;
import io.petrel.transport.EndReason;
import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.simulation.SimulatedHost;
import io.petrel.transport.simulation.SimulatedLink;
import io.petrel.transport.simulation.SimulatedNetwork;
import io.petrel.transport.simulation.SimulatedPort;
import io.petrel.transport.simulation.Simulation;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A server, a good client that sends it a message each millisecond, and a hostile one that has just
 * got its session. All on links of 2 ms and 100 Mbit/s, the server's shared by both.
 */
final class Attack {
  static final long MS = 1_000_000;
  static final long SECOND = 1_000 * MS;
  static final int RING = 16 * 1024;
  static final long GOOD_MESSAGES = 3_000;
  private static final int PACKETS_TRACKED = 1 << 12;
  private static final int DATAGRAM = 1_400;
  private static final long HOSTILE_ID = 0x7e57_7e57_7e57L;

  final SimulatedNetwork network = new SimulatedNetwork(1);
  final Simulation simulation = new Simulation(network);
  final SimulatedHost serverHost;
  final SimulatedHost hostileHost;
  final AttackedServer server;
  final SimulatedPeer good;
  final SimulatedPort hostilePort;
  final HostilePeer peer;
  private final long[] before = new long[Total.values().length];

  Attack() {
    SimulatedLink down = network.link("down").rate(100_000_000).delay(2 * MS);
    serverHost = network.host().egress(down);
    hostileHost = network.host().egress(network.link("hostile").rate(100_000_000).delay(2 * MS));
    SimulatedHost goodHost =
        network.host().egress(network.link("good").rate(100_000_000).delay(2 * MS));
    Offer offer =
        new Offer(RING, DATAGRAM, 64, Integrity.CRC32C, 10_000, AckPolicy.LONGEST_DELAY_NS);
    EndpointSettings defaults = EndpointSettings.defaults("cubic").withOffer(offer);
    EndpointSettings settings =
        new EndpointSettings(
            offer,
            defaults.congestion(),
            defaults.congestionSettings(),
            defaults.keepaliveNs(),
            defaults.lingerNs(),
            defaults.connectTimeoutNs(),
            16,
            defaults.maximumPromoted(),
            defaults.longestBackOffNs(),
            PACKETS_TRACKED);
    try {
      SimulatedPort port = serverHost.open(Scenario.PORT, new DatagramPortOptions());
      server = new AttackedServer(serverHost.nowNs(), port, settings, network.clock()::nowNs);
      DatagramPortOptions toServer = new DatagramPortOptions().remoteAddress(port.localAddress());
      good =
          new SimulatedPeer(
              "good",
              goodHost.nowNs(),
              goodHost.open(0, toServer.copy()),
              settings,
              port.localAddress(),
              AttackedServer.GOOD_STREAM,
              new Workload(GOOD_MESSAGES, 64, MS),
              7,
              network.clock()::nowNs);
      hostilePort = hostileHost.open(0, new DatagramPortOptions());
      peer = new HostilePeer(hostilePort, port.localAddress(), HOSTILE_ID, offer);
    } catch (IOException refused) {
      throw new IllegalStateException(refused);
    }
    simulation.add(serverHost, server);
    simulation.add(goodHost, good);
    simulation.add(hostileHost, peer);
    step(300 * MS);
    peer.sayHello();
    step(10 * MS);
    peer.sayHello();
    step(10 * MS);
    peer.send(new Forgery().ping());
    step(MS);
    server.markHostile(peer.sessionId);
    for (Total total : Total.values()) {
      before[total.ordinal()] = server.total(total);
    }
  }

  /** Lets time pass. */
  void step(long ns) {
    simulation.wake(server);
    simulation.runUntil(network.clock().nowNs() + ns);
  }

  /** The hostile client's session at the server. */
  Session session() {
    return Objects.requireNonNull(server.hostile).session();
  }

  /** Why that session ended, or null. */
  @Nullable EndReason end() {
    return server.ended.get(session());
  }

  /** How much a total has grown since the attack began. */
  long grown(Total total) {
    return server.total(total) - before[total.ordinal()];
  }

  /** Until the good client is done. */
  void finish() {
    simulation.runUntil(() -> server.goodRead == GOOD_MESSAGES, 30 * SECOND);
    step(100 * MS);
  }
}
