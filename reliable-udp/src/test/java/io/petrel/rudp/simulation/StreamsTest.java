package io.petrel.rudp.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.codecs.wire.Integrity;
import io.petrel.rudp.acknowledgement.AckPolicy;
import io.petrel.rudp.endpoint.EndpointSettings;
import io.petrel.rudp.handshake.Offer;
import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.simulation.SimulatedHost;
import io.petrel.transport.simulation.SimulatedLink;
import io.petrel.transport.simulation.SimulatedNetwork;
import io.petrel.transport.simulation.SimulatedPort;
import io.petrel.transport.simulation.Simulation;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams of one session share its path and nothing else. */
class StreamsTest {
  private static final long MS = 1_000_000;
  private static final long SECOND = 1_000 * MS;
  private static final int STREAMS = 4;
  private static final int RING = 256 * 1024;
  private static final int MESSAGE = 500;

  private final SimulatedNetwork network = new SimulatedNetwork(1);
  private final Simulation simulation = new Simulation(network);
  private final SimulatedLink forth = network.link("forth").rate(20_000_000).delay(10 * MS);
  private StreamsPeer client;
  private StreamsPeer server;

  @BeforeEach
  void connect() throws IOException {
    SimulatedHost serverHost = network.host().egress(network.link("back").delay(10 * MS));
    SimulatedHost clientHost = network.host().egress(forth.queueTime(50 * MS));
    Offer offer = new Offer(RING, 1_408, 64, Integrity.CRC32C, 10_000, AckPolicy.LONGEST_DELAY_NS);
    EndpointSettings settings = EndpointSettings.defaults("fixed").withOffer(offer);
    SimulatedPort port = serverHost.open(Scenario.PORT, new DatagramPortOptions());
    server = new StreamsPeer(port, settings, null, STREAMS, MESSAGE);
    SimulatedPort clientPort =
        clientHost.open(0, new DatagramPortOptions().remoteAddress(port.localAddress()));
    client = new StreamsPeer(clientPort, settings, port.localAddress(), STREAMS, MESSAGE);
    simulation.add(serverHost, server);
    simulation.add(clientHost, client);
  }

  @Test
  void aReaderWhoStallsStopsHisOwnStreamAndNothingElse() {
    client.messagesAStream = 4_000;
    server.stalled[1] = true;
    simulation.runUntil(() -> othersAreRead(1), 60 * SECOND);
    long nowNs = network.clock().nowNs();
    // Three streams of 2 MB and what the fourth's ring holds, at 20 mbit.
    double idealNs = (3L * 4_000 * MESSAGE + RING) * 8 / 20e6 * 1e9;
    assertTrue(othersAreRead(1), () -> Arrays.toString(server.read));
    assertTrue(nowNs < 1.2 * idealNs, () -> nowNs / MS + " ms for " + idealNs / MS);
    assertEquals(0, server.read[1]);
    assertTrue(client.written[1] < 4_000, "no more than two rings' worth was taken from it");
    server.stalled[1] = false;
    simulation.wake(server);
    simulation.runUntil(() -> server.read[1] == 4_000, 60 * SECOND);
    assertEquals(4_000, server.read[1]);
    assertEquals(List.of(), server.errors);
    assertEquals(List.of(), client.errors);
  }

  @Test
  void aHoleInOneStreamDelaysNoOther() {
    client.messagesAStream = 100;
    client.intervalNs = 5 * MS;
    simulation.runUntil(() -> server.read[0] == 50, 60 * SECOND);
    Arrays.fill(server.slowestNs, 0); // of the start, when the window was small
    forth.dropMatching((buffer, offset, length) -> length > MESSAGE, 1);
    simulation.runUntil(
        () -> Arrays.stream(server.read).allMatch(read -> read == 100), 60 * SECOND);
    assertTrue(Arrays.stream(server.read).allMatch(read -> read == 100), "all came");
    long late = Arrays.stream(server.slowestNs).filter(ns -> ns > 20 * MS).count();
    long onTime = Arrays.stream(server.slowestNs).filter(ns -> ns < 12 * MS).count();
    assertEquals(1, late, () -> Arrays.toString(server.slowestNs));
    assertEquals(STREAMS - 1, onTime, () -> Arrays.toString(server.slowestNs));
    assertEquals(List.of(), server.errors);
  }

  @Test
  void streamsTakeTurnsFairly() {
    client.messagesAStream = 100_000;
    for (int i = 1; i <= 10; i++) {
      simulation.runUntil(i * SECOND);
      long most = Arrays.stream(server.read).max().orElseThrow();
      long least = Arrays.stream(server.read).min().orElseThrow();
      assertTrue(least > 0.95 * most - 10, () -> Arrays.toString(server.read));
    }
    assertEquals(List.of(), server.errors);
  }

  @Test
  void lossInOneDirectionLeavesEveryStreamWhole() {
    client.messagesAStream = 2_000;
    forth.loss(0.05).reorder(0.05, 5 * MS).duplicate(0.02);
    simulation.runUntil(
        () -> Arrays.stream(server.read).allMatch(read -> read == 2_000), 120 * SECOND);
    assertTrue(
        Arrays.stream(server.read).allMatch(read -> read == 2_000),
        () -> Arrays.toString(server.read));
    assertEquals(List.of(), server.errors);
    assertTrue(forth.counters().drops() > 50);
  }

  private boolean othersAreRead(int stalled) {
    for (int stream = 0; stream < STREAMS; stream++) {
      if (stream != stalled && server.read[stream] < client.messagesAStream) {
        return false;
      }
    }
    return true;
  }
}
