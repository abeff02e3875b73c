package io.petrel.rudp.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.codecs.wire.Integrity;
import io.petrel.rudp.acknowledgement.AckPolicy;
import io.petrel.rudp.endpoint.EndpointSession;
import io.petrel.rudp.endpoint.EndpointSettings;
import io.petrel.rudp.endpoint.Totals;
import io.petrel.rudp.endpoint.Totals.Total;
import io.petrel.rudp.handshake.Offer;
import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.ring.SendRing;
import io.petrel.transport.simulation.SimulatedHost;
import io.petrel.transport.simulation.SimulatedNetwork;
import io.petrel.transport.simulation.SimulatedPort;
import io.petrel.transport.simulation.Simulation;
import java.io.IOException;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server with many idle sessions, whose client has them all on one socket. */
class IdleSessionsTest {
  private static final int SESSIONS = 1_000;
  private static final int AT_ONCE = 50;
  private static final int RING = 64 * 1024;
  private static final long MS = 1_000_000;
  private static final long SECOND = 1_000 * MS;
  private static final long KEEPALIVE = 15 * SECOND;
  private static final long CACHE_SAFE_BYTES = 16 * 1024;

  private final SimulatedNetwork network = new SimulatedNetwork(1);
  private final Simulation simulation = new Simulation(network);
  private final SimulatedHost serverHost =
      network.host().egress(network.link("down").rate(1_000_000_000).delay(MS));
  private IdleSide server;
  private IdleSide client;

  IdleSessionsTest() throws IOException {
    SimulatedHost clientHost =
        network.host().egress(network.link("up").rate(1_000_000_000).delay(MS));
    Offer offer = new Offer(RING, 1_400, 4, Integrity.CRC32C, 60_000, AckPolicy.LONGEST_DELAY_NS);
    EndpointSettings settings =
        EndpointSettings.defaults("cubic")
            .withOffer(offer)
            .withTimes(KEEPALIVE, SECOND, 5 * SECOND)
            .withSessions(SESSIONS, 16);
    SimulatedPort port = serverHost.open(Scenario.PORT, new DatagramPortOptions());
    server = new IdleSide(serverHost.nowNs(), port, settings, true);
    client =
        new IdleSide(
            clientHost.nowNs(), clientHost.open(0, new DatagramPortOptions()), settings, false);
    simulation.add(serverHost, server);
    simulation.add(clientHost, client);
    for (int i = 0; i < SESSIONS; i++) {
      client.endpoint.connect(clientHost.nowNs(), port.localAddress(), 0);
      if (i % AT_ONCE == AT_ONCE - 1) {
        int wanted = i + 1;
        simulation.wake(client);
        simulation.runUntil(
            () -> client.sessions.size() == wanted, network.clock().nowNs() + SECOND);
      }
    }
  }

  @BeforeEach
  void untilTheyAreAtRest() {
    turns(3 * SECOND);
    assertEquals(SESSIONS, server.endpoint.sessionCount());
    assertEquals(SESSIONS, client.sessions.size());
  }

  private void step(long ns) {
    simulation.runUntil(network.clock().nowNs() + ns);
  }

  /** Lets time pass for an engine that takes turns without being woken, as a real one does. */
  private void turns(long ns) {
    for (long passed = 0; passed < ns; passed += 5 * MS) {
      simulation.wake(server);
      step(5 * MS);
    }
  }

  @Test
  void costATurnNothing() {
    assertEquals(0, server.endpoint.watchedCount());
    long before = server.endpoint.looks();
    long turns = 10_000;
    for (int i = 0; i < turns; i++) {
      server.endpoint.work(serverHost.nowNs());
    }
    long looks = server.endpoint.looks() - before;
    assertTrue(looks <= 1, () -> looks + " looks at sessions in a millisecond of " + turns);
  }

  @Test
  void takeNoRingsAndLittleElse() {
    assertEquals(0, server.memory.bytesInUse());
    long bytes = 0;
    for (int i = 0; i < SESSIONS; i++) {
      bytes += server.endpoint.session(i).session().memoryBytes();
    }
    long each = bytes / SESSIONS;
    assertTrue(each <= CACHE_SAFE_BYTES, () -> each + " bytes of tables each");
  }

  @Test
  void sayThatTheyAreThereNotAllAtOnce() {
    long most = 0;
    long before = sent();
    for (int i = 0; i < 600; i++) {
      step(100 * MS);
      most = Math.max(most, sent() - before);
      before = sent();
    }
    assertEquals(List.of(), server.ends);
    assertEquals(List.of(), client.ends);
    assertEquals(0, server.endpoint.watchedCount(), "a sign of life is nothing to be watched for");
    // All handshakes were made within 200 ms, and the keepalives would have come so again.
    long burst = most;
    assertTrue(burst <= SESSIONS / 10, () -> burst + " datagrams of a server in 100 ms");
    assertEquals(0, total(Total.PROMOTED), "idle sessions with a socket of their own");
  }

  @Test
  void comeBackWhenTheirApplicationWrites() {
    EndpointSession one = server.endpoint.session(SESSIONS / 2);
    SendRing ring = SendRing.exclusive(RING);
    assertTrue(one.session().addSend(1, ring));
    UnsafeBuffer message = new UnsafeBuffer(new byte[100]);
    for (int round = 1; round <= 3; round++) {
      assertTrue(ring.offer(message, 0, 100) > 0);
      server.endpoint.flush(serverHost::nowNs, one);
      simulation.wake(server);
      step(10 * MS);
      assertEquals(round, client.messages);
      assertEquals(1, server.endpoint.watchedCount());
      turns(3 * SECOND);
      assertEquals(0, server.endpoint.watchedCount());
    }
    assertEquals(List.of(), client.errors);
  }

  @Test
  void areFoundWithoutAWordAsWell() {
    EndpointSession one = server.endpoint.session(SESSIONS / 3);
    SendRing ring = SendRing.exclusive(RING);
    assertTrue(one.session().addSend(1, ring));
    server.endpoint.flush(serverHost::nowNs, one);
    turns(3 * SECOND);
    assertEquals(0, server.endpoint.watchedCount());
    assertTrue(ring.offer(new UnsafeBuffer(new byte[100]), 0, 100) > 0);
    for (int i = 0; i < 2 * SESSIONS && client.messages == 0; i++) {
      simulation.wake(server);
      step(MS);
    }
    assertEquals(1, client.messages);
  }

  @Test
  void countAsIfEachHadBeenAsked() {
    long heard = 0;
    for (int i = 0; i < SESSIONS; i++) {
      heard += server.endpoint.session(i).session().counters().datagramsReceived();
    }
    assertEquals(heard, total(Total.DATAGRAMS_RECEIVED));
    assertEquals(heard, total(Total.DATAGRAMS_RECEIVED), "asked again");
    server.endpoint.abort(serverHost.nowNs(), server.endpoint.session(0));
    step(20 * SECOND);
    assertEquals(SESSIONS - 1, server.endpoint.sessionCount());
    assertTrue(total(Total.DATAGRAMS_RECEIVED) > heard);
    assertTrue(sent() > 0);
  }

  private long sent() {
    return total(Total.DATAGRAMS_SENT);
  }

  private long total(Total total) {
    Totals totals = new Totals();
    server.endpoint.addTo(totals);
    return totals.get(total);
  }
}
