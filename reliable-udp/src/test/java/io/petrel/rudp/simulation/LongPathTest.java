package io.petrel.rudp.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.rudp.endpoint.EndpointSession;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Paths whose round trip is much longer than any first wait. */
class LongPathTest {
  private static final long MS = 1_000_000;
  private static final long SECOND = 1_000 * MS;

  @Test
  void theHandshakeShowsTheRoundTripAlthoughHelloWasRepeated() {
    Scenario scenario = new Scenario(1).delay(300 * MS);
    scenario.clientWorkload = new Workload(1, 100, 0);
    scenario.start();

    scenario.simulation.runUntil(() -> scenario.client().session != null, 5 * SECOND);

    EndpointSession session = Objects.requireNonNull(scenario.client().session);
    assertTrue(scenario.forth.counters().entered() > 2, "hello was not repeated");
    assertEquals(1.2, scenario.seconds(), 0.01, "two round trips");
    assertEquals(600, session.session().recovery().roundTrip().smoothedNs() / MS);
  }

  @Test
  @Tag("slow")
  void bbrMovesAHundredMegabytesOverSixHundredMillisecondsInEightSeconds() {
    assertTrue(secondsForAHundredMegabytes("bbr") <= 8);
  }

  @Test
  @Tag("slow")
  void cubicDoesSoInTwelve() {
    assertTrue(secondsForAHundredMegabytes("cubic") <= 12);
  }

  private static double secondsForAHundredMegabytes(String controller) {
    Scenario scenario =
        new Scenario(1)
            .congestion(controller)
            .ring(128 * 1024 * 1024)
            .rate(250_000_000)
            .delay(300 * MS);
    scenario.forth.queueTime(600 * MS);
    scenario.clientWorkload = Workload.bytes(100_000_000);
    assertTrue(scenario.start().runUntilDelivered(60 * SECOND), scenario::report);
    assertTrue(scenario.server().errors.isEmpty(), () -> scenario.server().errors.toString());
    return scenario.seconds();
  }
}
