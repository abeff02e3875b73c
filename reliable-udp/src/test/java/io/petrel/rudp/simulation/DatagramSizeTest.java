package io.petrel.rudp.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.rudp.endpoint.EndpointSettings;
import io.petrel.rudp.handshake.Offer;
import io.petrel.rudp.session.Session;
import io.petrel.transport.simulation.DatagramView;
import io.petrel.transport.simulation.DropCause;
import io.petrel.transport.simulation.NetworkObserver;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The length of datagrams follows what the path carries, up and down. */
class DatagramSizeTest {
  private static final long MS = 1_000_000;
  private static final long SECOND = 1_000 * MS;
  private static final long ROUND_TRIP_NS = 30 * MS;

  @ParameterizedTest
  @ValueSource(strings = {"cubic", "bbr", "fixed"})
  void aPathThatBecomesNarrowIsFollowedWithinThreeRoundTrips(String controller) {
    Scenario scenario = busy(1_408).congestion(controller).start();
    scenario.simulation.runUntil(2 * SECOND);
    long roundTripNs = session(scenario).recovery().roundTrip().smoothedNs();
    Cut cut = new Cut();
    scenario.network.observe(cut);
    scenario.forth.datagramLimit(1_280);
    scenario.simulation.runUntil(() -> cut.recoveredNs > 0, 10 * SECOND);
    long tookNs = cut.recoveredNs - cut.thirdLostNs;
    assertTrue(cut.thirdLostNs > 0 && tookNs <= 3 * roundTripNs, () -> tookNs / MS + " ms");
    assertTrue(scenario.runUntilDelivered(120 * SECOND), scenario::report);
    assertIntact(scenario);
    assertEquals(1, session(scenario).blackHoles());
    assertTrue(session(scenario).datagramBytes() > 1_280 - 16, scenario::report);
    assertTrue(session(scenario).datagramBytes() <= 1_280, scenario::report);
  }

  @ParameterizedTest
  @CsvSource({"1500, 1500", "4000, 4000", "8972, 20000", "60000, 70000"})
  void aWidePathIsFoundByProbesAndUsed(int agreed, int passes) {
    Scenario scenario = busy(agreed);
    scenario.forth.datagramLimit(passes);
    assertTrue(scenario.start().runUntilDelivered(120 * SECOND), scenario::report);
    assertIntact(scenario);
    assertEquals(agreed, session(scenario).datagramBytes());
    assertEquals(0, scenario.forth.counters().drops(DropCause.TOO_LARGE));
  }

  @Test
  void theSearchComesCloseToWhatPassesAndCostsNoWindow() {
    Scenario scenario = busy(8_972).congestion("cubic");
    scenario.forth.datagramLimit(4_000).queueTime(Long.MAX_VALUE);
    assertTrue(scenario.start().runUntilDelivered(120 * SECOND), scenario::report);
    assertIntact(scenario);
    int found = session(scenario).datagramBytes();
    assertTrue(found > 4_000 - 16 && found <= 4_000, () -> found + " bytes");
    long tooLong = scenario.forth.counters().drops(DropCause.TOO_LARGE);
    assertTrue(tooLong > 0 && tooLong <= 3 * 10, () -> tooLong + " probes lost");
    assertEquals(0, session(scenario).blackHoles());
    assertEquals(tooLong, session(scenario).recovery().lostPackets());
    assertTrue(scenario.seconds() < 4.6, scenario::report);
  }

  @Test
  void whatTheInterfaceRefusesIsMadeShorterAtOnce() {
    Scenario scenario = busy(1_408);
    scenario.forth.refusingDatagramLimit(1_300);
    assertTrue(scenario.start().runUntilDelivered(120 * SECOND), scenario::report);
    assertIntact(scenario);
    assertEquals(1, session(scenario).blackHoles());
    assertTrue(session(scenario).datagramBytes() > 1_200, scenario::report);
  }

  @Test
  void burstsOfLossCostAProbeAndNotTheLength() {
    Scenario scenario = busy(1_408).congestion("bbr");
    scenario.forth.loss(0.1).meanBurst(6);
    scenario.start();
    int samples = 0;
    int full = 0;
    while (!scenario.isDelivered() && samples < 10_000) {
      scenario.simulation.runUntil(
          scenario::isDelivered, scenario.network.clock().nowNs() + 10 * MS);
      samples++;
      full +=
          scenario.client().session == null || session(scenario).datagramBytes() == 1_408 ? 1 : 0;
    }
    assertIntact(scenario);
    assertTrue(scenario.isDelivered(), scenario::report);
    assertTrue(session(scenario).blackHoles() > 0, "they look like one now and then");
    double share = (double) full / samples;
    assertTrue(share > 0.95, () -> "datagrams were of full length for " + share + " of the time");
  }

  @Test
  void aPathThatTakesEverythingSeesNoProbe() {
    Scenario scenario = busy(1_408);
    assertTrue(scenario.start().runUntilDelivered(120 * SECOND), scenario::report);
    assertEquals(1_408, session(scenario).datagramBytes());
    assertEquals(0, session(scenario).recovery().lostPackets());
  }

  private static Scenario busy(int agreed) {
    Scenario scenario = new Scenario(3).rate(20_000_000).delay(ROUND_TRIP_NS / 2);
    Offer offer = scenario.clientSettings.offer();
    EndpointSettings settings =
        scenario.clientSettings.withOffer(
            new Offer(
                offer.ringCapacity(),
                agreed,
                offer.maximumStreams(),
                offer.integrity(),
                offer.idleTimeoutMs(),
                offer.maximumAckDelayNs()));
    scenario.settings(settings);
    scenario.clientWorkload = Workload.bytes(10_000_000);
    return scenario;
  }

  private static Session session(Scenario scenario) {
    return Objects.requireNonNull(scenario.client().session).session();
  }

  private static void assertIntact(Scenario scenario) {
    assertEquals(List.of(), scenario.client().errors);
    assertEquals(List.of(), scenario.server().errors);
    assertTrue(scenario.network.isBalanced());
  }

  /** When the third datagram was lost for its length, and when full ones arrived again. */
  private static final class Cut implements NetworkObserver {

    private static final int FULL = 1_100;
    private int lost;
    private int arrived;
    private long thirdLostNs;
    private long recoveredNs;

    @Override
    public void onDropped(long nowNs, DatagramView datagram, DropCause cause) {
      if (cause == DropCause.TOO_LARGE && ++lost == 3) {
        thirdLostNs = nowNs;
      }
    }

    @Override
    public void onDelivered(long nowNs, DatagramView datagram) {
      boolean full = datagram.length() > FULL && datagram.length() <= 1_280;
      // The probe alone is no recovery: what follows it is.
      if (full && recoveredNs == 0 && ++arrived == 3) {
        recoveredNs = nowNs;
      }
    }
  }
}
