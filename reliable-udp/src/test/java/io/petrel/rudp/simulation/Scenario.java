package io.petrel.rudp.simulation;

import io.petrel.rudp.congestion.CongestionControllers;
import io.petrel.rudp.endpoint.EndpointSession;
import io.petrel.rudp.endpoint.EndpointSettings;
import io.petrel.rudp.handshake.Offer;
import io.petrel.rudp.recovery.Recovery;
import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.simulation.SimulatedHost;
import io.petrel.transport.simulation.SimulatedLink;
import io.petrel.transport.simulation.SimulatedNetwork;
import io.petrel.transport.simulation.SimulatedPort;
import io.petrel.transport.simulation.Simulation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** A client and a server with a link each way between them. */
final class Scenario {
  static final int STREAM = 3;
  static final int PORT = 9000;

  /** 172.16.0.0, no address that the network gives by itself. */
  private static final int MOVED_TO = (172 << 24) | (16 << 16);

  final SimulatedNetwork network;
  final Simulation simulation;
  final SimulatedLink forth;
  final SimulatedLink back;
  final SimulatedHost clientHost;
  final SimulatedHost serverHost;
  EndpointSettings clientSettings;
  EndpointSettings serverSettings;
  int clientStream = STREAM;
  Workload clientWorkload = Workload.NONE;
  Workload serverWorkload = Workload.NONE;
  private final long seed;
  private SimulatedPeer client;
  private SimulatedPeer server;
  private SimulatedPort clientPort;

  @SuppressWarnings("NullAway.Init") // the peers are there once started
  Scenario(long seed) {
    this.seed = seed;
    network = new SimulatedNetwork(seed);
    simulation = new Simulation(network);
    forth = network.link("forth");
    back = network.link("back");
    clientHost = network.host().egress(forth);
    serverHost = network.host().egress(back);
    clientSettings = EndpointSettings.defaults("fixed");
    serverSettings = clientSettings;
  }

  Scenario settings(EndpointSettings settings) {
    clientSettings = settings;
    serverSettings = settings;
    return this;
  }

  Scenario congestion(String name) {
    return settings(
        clientSettings.withCongestion(
            CongestionControllers.find(name), clientSettings.congestionSettings()));
  }

  Scenario ring(int capacity) {
    Offer offer = clientSettings.offer();
    return settings(
        clientSettings.withOffer(
            new Offer(
                capacity,
                offer.datagramLength(),
                offer.maximumStreams(),
                offer.integrity(),
                offer.idleTimeoutMs(),
                offer.maximumAckDelayNs())));
  }

  Scenario rate(long bitsPerSecond) {
    forth.rate(bitsPerSecond);
    back.rate(bitsPerSecond);
    return this;
  }

  Scenario delay(long oneWayNs) {
    forth.delay(oneWayNs);
    back.delay(oneWayNs);
    return this;
  }

  Scenario start() {
    try {
      DatagramPortOptions options = new DatagramPortOptions();
      SimulatedPort serverPort = serverHost.open(PORT, options);
      server = newServer(serverPort, seed * 31 + 1);
      clientPort = clientHost.open(0, options.copy().remoteAddress(serverPort.localAddress()));
      client =
          new SimulatedPeer(
              "client",
              clientHost.nowNs(),
              clientPort,
              clientSettings,
              serverPort.localAddress(),
              clientStream,
              clientWorkload,
              seed * 31 + 2,
              network.clock()::nowNs);
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
    simulation.add(serverHost, server);
    simulation.add(clientHost, client);
    return this;
  }

  private SimulatedPeer newServer(SimulatedPort port, long serverSeed) {
    return new SimulatedPeer(
        "server",
        serverHost.nowNs(),
        port,
        serverSettings,
        null,
        STREAM,
        serverWorkload,
        serverSeed,
        network.clock()::nowNs);
  }

  /** The server dies without a word, and another takes its place. */
  void restartServer() {
    server.endpoint().close();
    server.dead = true;
    try {
      server = newServer(serverHost.open(PORT, new DatagramPortOptions()), seed * 31 + 3);
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
    simulation.add(serverHost, server);
  }

  SimulatedPeer client() {
    return client;
  }

  SimulatedPeer server() {
    return server;
  }

  SimulatedPort clientPort() {
    return clientPort;
  }

  /** The client is seen on another host from now on. */
  void moveClient(int host) {
    clientHost.changeAddress(new EndpointAddress().setIpv4(MOVED_TO + host, 0));
  }

  /**
   * Runs until both sides have read all that the other writes, or the limit; true when they have.
   */
  boolean runUntilDelivered(long limitNs) {
    return simulation.runUntil(this::isDelivered, limitNs) == Simulation.Outcome.DONE;
  }

  boolean isDelivered() {
    return server.read == clientWorkload.messages()
        && client.read == serverWorkload.messages()
        && client.session != null;
  }

  double seconds() {
    return network.clock().nowNs() / 1e9;
  }

  /** A row of what happened, for people. */
  String report() {
    EndpointSession session = client.session;
    if (session == null) {
      return "not connected";
    }
    Recovery recovery = session.session().recovery();
    return String.format(
        "t=%.4fs read=%d/%d sent=%d lost=%d spurious=%d probes=%d again=%d acks alone=%d carried=%d"
            + " srtt=%.3fms back: sent=%d acks alone=%d cwnd=%d inflight=%d phase=%s",
        seconds(),
        server.read,
        clientWorkload.messages(),
        session.session().counters().datagramsSent(),
        recovery.lostPackets(),
        recovery.spuriousPackets(),
        recovery.probes(),
        session.session().counters().retransmittedDatagrams(),
        session.session().counters().acksAlone(),
        session.session().counters().acksCarried(),
        recovery.roundTrip().smoothedNs() / 1e6,
        server.session == null ? 0 : server.session.session().counters().datagramsSent(),
        server.session == null ? 0 : server.session.session().counters().acksAlone(),
        recovery.windowBytes(),
        recovery.inFlightBytes(),
        session.session().controller().phase());
  }

  static double percentileMs(SimulatedPeer reader, double percentile) {
    long[] sorted = Arrays.copyOf(reader.latenciesNs, (int) reader.read);
    Arrays.sort(sorted);
    int index = (int) Math.ceil(percentile / 100 * sorted.length) - 1;
    return sorted[Math.max(index, 0)] / 1e6;
  }
}
