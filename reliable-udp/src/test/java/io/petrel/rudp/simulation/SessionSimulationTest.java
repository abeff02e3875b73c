package io.petrel.rudp.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.codecs.wire.RefuseReason;
import io.petrel.rudp.endpoint.Totals;
import io.petrel.transport.EndReason;
import io.petrel.transport.datagram.DatagramStatistics;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionSimulationTest {
  private static final long MS = 1_000_000;
  private static final long SECOND = 1_000 * MS;

  @Test
  void deliversWhatIsWrittenOverAPerfectLink() {
    Scenario scenario = new Scenario(1).delay(MS);
    scenario.clientWorkload = new Workload(1_000, 200, 0);
    scenario.serverWorkload = new Workload(500, 100, 0);
    assertTrue(scenario.start().runUntilDelivered(10 * SECOND), scenario::report);
    assertIntact(scenario);
  }

  @Test
  void deliversEverythingThroughLossReorderDuplicatesAndCorruption() {
    Scenario scenario = new Scenario(2).rate(50_000_000).delay(5 * MS);
    scenario.forth.loss(0.05).meanBurst(3).reorder(0.05, 3 * MS).duplicate(0.02).corrupt(0.02);
    scenario.back.loss(0.05).reorder(0.05, 3 * MS).duplicate(0.02).corrupt(0.02);
    scenario.clientWorkload = Workload.bytes(2_000_000);
    scenario.serverWorkload = Workload.bytes(500_000);
    assertTrue(scenario.start().runUntilDelivered(120 * SECOND), scenario::report);
    assertIntact(scenario);
    assertTrue(scenario.network.drops() > 50, () -> "drops " + scenario.network.drops());
    assertTrue(scenario.forth.counters().reordered() > 50);
    assertTrue(scenario.forth.counters().corrupted() > 10);
    assertTrue(scenario.client().endpoint().counters().rejected() > 0);
  }

  @Test
  void aBusySessionSendsTrainsHoweverShortTheAcknowledgements() {
    Scenario scenario = new Scenario(2).rate(20_000_000_000L).delay(20_000);
    scenario.clientWorkload = Workload.bytes(40_000_000);
    assertTrue(scenario.start().runUntilDelivered(60 * SECOND), scenario::report);
    assertIntact(scenario);
    DatagramStatistics statistics = scenario.client().endpoint().port().statistics();
    long datagramsACall = statistics.datagramsSent / statistics.sendCalls;
    assertTrue(datagramsACall >= 12, () -> datagramsACall + " datagrams a call");
  }

  @Test
  void aLostTailIsRepairedInWellUnderThreeRoundTrips() {
    Scenario scenario = new Scenario(3).delay(10 * MS);
    scenario.clientWorkload = new Workload(60, 100, 100 * MS);
    scenario.start();
    scenario.simulation.runUntil(() -> scenario.server().read == 59, 60 * SECOND);
    scenario.forth.dropNth(scenario.forth.counters().entered() + 1);
    assertTrue(scenario.runUntilDelivered(60 * SECOND), scenario::report);
    double worstMs = Scenario.percentileMs(scenario.server(), 100);
    assertTrue(worstMs > 11 && worstMs <= 10 + 2.5 * 20 + 1, () -> worstMs + " ms");
    assertTrue(worstMs <= 34, () -> worstMs + " ms: a probe comes after little more than one RTT");
  }

  @Test
  void bytesThatAProbeCarriesAreNotSentAgainByALaterVerdict() {
    Scenario scenario = new Scenario(1).rate(10_000_000).delay(15 * MS).congestion("cubic");
    scenario.forth.queueTime(30 * MS).loss(0.01);
    scenario.clientWorkload = Workload.bytes(10_000_000);
    assertTrue(scenario.start().runUntilDelivered(60 * SECOND), scenario::report);
    assertIntact(scenario);
    long drops = scenario.forth.counters().drops();
    assertTrue(drops >= 50, scenario::report);
    assertTrue(session(scenario.client()).session().recovery().probes() > 10, scenario::report);
    long again = clientCounters(scenario).retransmittedDatagrams();
    assertTrue(again <= drops * 1.05, () -> drops + " drops: " + scenario.report());
  }

  @Test
  void resumesSoonAfterABlackhole() {
    Scenario scenario = new Scenario(4).rate(10_000_000).delay(15 * MS);
    scenario.forth.queueTime(30 * MS).blackhole(1 * SECOND, 3 * SECOND);
    scenario.clientWorkload = Workload.bytes(2_500_000);
    assertTrue(scenario.start().runUntilDelivered(60 * SECOND), scenario::report);
    assertIntact(scenario);
    assertTrue(scenario.seconds() < 5, scenario::report);
  }

  @Test
  void aReaderWhoPausesStopsTheSenderAndNothingIsLost() {
    Scenario scenario = new Scenario(5).delay(MS).ring(65_536);
    scenario.clientWorkload = Workload.bytes(1_000_000);
    scenario.start();
    scenario.server().readEveryNs = 50 * MS;
    scenario.server().readLimit = 20;
    assertTrue(scenario.runUntilDelivered(60 * SECOND), scenario::report);
    assertIntact(scenario);
    assertTrue(clientCounters(scenario).windowStalls() > 0);
  }

  @Test
  void aWindowUpdateThatIsLostIsAskedFor() {
    Scenario scenario = new Scenario(6).delay(MS).ring(65_536);
    scenario.clientWorkload = Workload.bytes(200_000);
    scenario.start();
    scenario.server().readEveryNs = 200 * MS;
    scenario.simulation.runUntil(150 * MS);
    scenario.back.blackhole(190 * MS, 260 * MS);
    assertTrue(scenario.runUntilDelivered(60 * SECOND), scenario::report);
    assertIntact(scenario);
  }

  @Test
  void aRequestAndItsAnswerCostNoPacketOfTheirOwnForAcks() {
    Scenario scenario = new Scenario(7).delay(MS);
    PingPong pingPong = new PingPong(scenario, 200);
    assertTrue(pingPong.run(10 * SECOND), scenario::report);
    assertEquals(0, clientCounters(scenario).acksAlone(), scenario::report);
    // Each number left out on purpose looks like a gap, which is reported at once.
    assertTrue(serverCounters(scenario).acksAlone() <= 2, scenario::report);
  }

  @Test
  void aGracefulCloseDeliversWhatBothSidesHadAccepted() {
    Scenario scenario = new Scenario(8).rate(20_000_000).delay(5 * MS);
    scenario.forth.loss(0.05);
    scenario.back.loss(0.05);
    scenario.clientWorkload = Workload.bytes(1_000_000);
    scenario.serverWorkload = Workload.bytes(300_000);
    scenario.start();
    scenario.client().closeWhenWritten = true;
    scenario.simulation.runUntil(
        () -> scenario.client().gone && scenario.server().gone, 60 * SECOND);
    assertEquals(scenario.clientWorkload.messages(), scenario.server().read);
    assertEquals(scenario.server().written, scenario.client().read);
    assertEquals(EndReason.CLOSED_HERE, scenario.client().endReason);
    assertEquals(EndReason.CLOSED_BY_PEER, scenario.server().endReason);
    assertTrue(scenario.client().endpoint().isIdle());
    assertTrue(scenario.server().endpoint().isIdle());
    assertIntact(scenario);
  }

  @Test
  void theLastBytesOfAClosedSessionAreAcknowledgedAtOnce() {
    for (int packets = 0; packets < 8; packets++) { // whichever of those that share an answer
      Scenario scenario = new Scenario(20).rate(20_000_000).delay(5 * MS);
      scenario.clientWorkload = Workload.bytes(300_000 + packets * 1_300L);
      scenario.start();
      scenario.client().closeWhenWritten = true;
      scenario.simulation.runUntil(() -> scenario.server().endReason != null, 60 * SECOND);
      assertEquals(EndReason.CLOSED_BY_PEER, scenario.server().endReason);
      long serverEndNs = scenario.network.clock().nowNs();
      scenario.simulation.runUntil(() -> scenario.client().endReason != null, 60 * SECOND);
      double laterMs = (scenario.network.clock().nowNs() - serverEndNs) / 1e6;
      assertTrue(laterMs < 6, () -> laterMs + " ms: one way and no probe");
      assertEquals(EndReason.CLOSED_HERE, scenario.client().endReason);
      assertEquals(0, session(scenario.client()).session().recovery().probes());
    }
  }

  @Test
  void aStreamThatIsEndedIsDeliveredWholeAndItsNumberCanBeUsedAgain() {
    Scenario scenario = new Scenario(17).delay(5 * MS);
    scenario.forth.loss(0.2);
    scenario.back.loss(0.2);
    scenario.clientWorkload = new Workload(300, 500, 0);
    scenario.start();
    scenario.simulation.runUntil(() -> scenario.client().hasWrittenAll(), 60 * SECOND);
    session(scenario.client()).session().endSend(Scenario.STREAM);
    scenario.simulation.runUntil(
        () -> scenario.client().streamDelivered && scenario.server().streamEnded, 60 * SECOND);
    assertTrue(scenario.client().streamDelivered);
    assertTrue(scenario.server().streamEnded);
    assertEquals(300, scenario.server().read);
    scenario.client().writeAgain(1);
    scenario.server().read = 0;
    scenario.simulation.wake(scenario.client());
    assertTrue(scenario.runUntilDelivered(60 * SECOND), scenario::report);
    assertIntact(scenario);
  }

  @Test
  void aReaderWhoWantsNoMoreStopsTheStream() {
    Scenario scenario = new Scenario(18).delay(5 * MS).ring(65_536);
    scenario.clientWorkload = Workload.bytes(1_000_000);
    scenario.start();
    scenario.simulation.runUntil(() -> scenario.server().read >= 100, 60 * SECOND);
    session(scenario.server()).session().stopReceive(Scenario.STREAM);
    scenario.simulation.wake(scenario.server());
    scenario.simulation.runUntil(() -> scenario.client().streamStopped, 60 * SECOND);
    assertTrue(scenario.client().streamStopped);
    assertFalse(scenario.client().hasWrittenAll());
    assertTrue(session(scenario.client()).session().isOpen());
    assertIntact(scenario);
  }

  @Test
  void whatASessionHasCountedStaysWhenItIsForgotten() {
    Scenario scenario = new Scenario(19).rate(20_000_000).delay(5 * MS);
    scenario.forth.loss(0.05);
    scenario.clientWorkload = Workload.bytes(500_000);
    scenario.start();
    scenario.client().closeWhenWritten = true;
    scenario.simulation.runUntil(() -> scenario.client().endReason != null, 60 * SECOND);
    Totals during = new Totals();
    scenario.client().endpoint().addTo(during);
    scenario.simulation.runUntil(() -> scenario.client().gone, 60 * SECOND);
    Totals after = new Totals();
    scenario.client().endpoint().addTo(after);
    assertEquals(1, during.get(Totals.Total.SESSIONS));
    assertEquals(0, after.get(Totals.Total.SESSIONS));
    assertTrue(during.get(Totals.Total.LOST) > 5, scenario::report);
    assertEquals(during.get(Totals.Total.LOST), after.get(Totals.Total.LOST));
    assertTrue(after.get(Totals.Total.DATAGRAMS_SENT) >= during.get(Totals.Total.DATAGRAMS_SENT));
  }

  @Test
  void anAbortReachesThePeerAtOnce() {
    Scenario scenario = connected(9);
    long startNs = scenario.network.clock().nowNs();
    scenario.client().endpoint().abort(startNs, session(scenario.client()));
    scenario.simulation.runUntil(() -> scenario.server().endReason != null, startNs + SECOND);
    assertEquals(EndReason.CONNECTION_LOST, scenario.server().endReason);
    assertEquals(startNs + 5 * MS, scenario.network.clock().nowNs());
    assertEquals(EndReason.CLOSED_HERE, scenario.client().endReason);
  }

  @Test
  void aVanishedPeerIsNoticedAfterTheIdleTimeout() {
    Scenario scenario = connected(10);
    long startNs = scenario.network.clock().nowNs();
    scenario.forth.down(true);
    scenario.back.down(true);
    scenario.simulation.runUntil(
        () -> scenario.client().gone && scenario.server().gone, 60 * SECOND);
    assertEquals(EndReason.TIMED_OUT, scenario.client().endReason);
    assertEquals(EndReason.TIMED_OUT, scenario.server().endReason);
    double seconds = (scenario.network.clock().nowNs() - startNs) / 1e9;
    assertTrue(seconds > 9.9 && seconds < 11, () -> seconds + " s");
  }

  @Test
  void keepaliveHoldsAnIdleSession() {
    Scenario scenario = connected(11);
    scenario.simulation.runUntil(scenario.network.clock().nowNs() + 100 * SECOND);
    assertTrue(session(scenario.client()).session().isOpen());
    assertTrue(session(scenario.server()).session().isOpen());
    assertTrue(clientCounters(scenario).datagramsSent() < 120, scenario::report);
  }

  @Test
  void aRestartedPeerIsToldFromAVanishedOne() {
    Scenario scenario = connected(12);
    scenario.restartServer();
    long startNs = scenario.network.clock().nowNs();
    scenario.simulation.runUntil(() -> scenario.client().endReason != null, startNs + 60 * SECOND);
    assertEquals(EndReason.PEER_RESTARTED, scenario.client().endReason);
    assertTrue(scenario.network.clock().nowNs() - startNs < 4 * SECOND);
  }

  @Test
  void aServerThatDoesNotListenToTheStreamSaysSo() {
    Scenario scenario = new Scenario(13).delay(MS);
    scenario.clientStream = Scenario.STREAM + 1;
    scenario.start();
    scenario.simulation.runUntil(() -> scenario.client().notConnected, 60 * SECOND);
    assertNotNull(scenario.client().refusal);
    assertEquals(RefuseReason.STREAM, scenario.client().refusal.reason());
    assertEquals(Scenario.STREAM + 1, scenario.client().refusal.detail());
  }

  @Test
  void aServerThatIsNotThereIsGivenUpAfterTheTimeout() {
    Scenario scenario = new Scenario(14).delay(MS);
    scenario.start();
    scenario.back.down(true);
    scenario.simulation.runUntil(() -> scenario.client().notConnected, 60 * SECOND);
    assertTrue(scenario.client().notConnected);
    assertEquals(5 * SECOND, scenario.network.clock().nowNs());
    assertEquals(null, scenario.client().refusal);
  }

  @Test
  void theHandshakeSurvivesHeavyLoss() {
    for (int seed = 100; seed < 150; seed++) {
      Scenario scenario = new Scenario(seed).delay(5 * MS);
      scenario.forth.loss(0.3);
      scenario.back.loss(0.3);
      scenario.clientWorkload = new Workload(3, 100, 0);
      assertTrue(scenario.start().runUntilDelivered(60 * SECOND), scenario::report);
      assertEquals(1, scenario.server().endpoint().counters().accepted());
    }
  }

  @Test
  void beforeTheAddressIsProvenTheServerSendsLessThanItGetsAndKeepsNothing() {
    Scenario scenario = new Scenario(15).delay(MS);
    scenario.start();
    scenario.back.down(true);
    scenario.simulation.runUntil(3 * SECOND);
    assertTrue(scenario.server().endpoint().counters().retries() > 3);
    assertTrue(scenario.server().endpoint().isIdle());
    assertEquals(0, scenario.server().endpoint().counters().accepted());
  }

  @Test
  void sessionsSurviveJumpsOfTheirClocks() {
    Scenario scenario = new Scenario(16).rate(10_000_000).delay(5 * MS);
    scenario.clientWorkload = Workload.bytes(3_000_000);
    scenario.start();
    scenario.network.at(300 * MS, () -> scenario.clientHost.jumpClock(3_600 * SECOND));
    scenario.network.at(600 * MS, () -> scenario.serverHost.jumpClock(-3_600 * SECOND));
    scenario.network.at(900 * MS, () -> scenario.clientHost.jumpClock(-7_200 * SECOND));
    scenario.network.at(1200 * MS, () -> scenario.serverHost.jumpClock(7_200 * SECOND));
    assertTrue(scenario.runUntilDelivered(60 * SECOND), scenario::report);
    assertIntact(scenario);
    assertTrue(scenario.seconds() < 5, scenario::report);
  }

  @Test
  void theSameSeedSendsTheSamePackets() {
    assertEquals(lossyRun(21), lossyRun(21));
    assertFalse(lossyRun(21).equals(lossyRun(22)));
  }

  private static String lossyRun(long seed) {
    Scenario scenario = new Scenario(seed).rate(20_000_000).delay(3 * MS);
    scenario.forth.loss(0.03);
    scenario.clientWorkload = Workload.bytes(500_000);
    scenario.start().runUntilDelivered(60 * SECOND);
    return scenario.report();
  }

  private static Scenario connected(long seed) {
    Scenario scenario = new Scenario(seed).delay(5 * MS);
    scenario.clientWorkload = new Workload(1, 100, 0);
    assertTrue(scenario.start().runUntilDelivered(SECOND), scenario::report);
    scenario.simulation.runUntil(scenario.network.clock().nowNs() + 100 * MS);
    return scenario;
  }

  private static void assertIntact(Scenario scenario) {
    assertEquals(List.of(), scenario.client().errors);
    assertEquals(List.of(), scenario.server().errors);
    assertTrue(scenario.network.isBalanced());
  }

  private static io.petrel.rudp.endpoint.EndpointSession session(SimulatedPeer peer) {
    return java.util.Objects.requireNonNull(peer.session);
  }

  private static io.petrel.rudp.session.SessionCounters clientCounters(Scenario scenario) {
    return session(scenario.client()).session().counters();
  }

  private static io.petrel.rudp.session.SessionCounters serverCounters(Scenario scenario) {
    return session(scenario.server()).session().counters();
  }
}
