package io.petrel.rudp.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One request at a time between two processes of one machine, and datagrams get lost. */
class LossyPingPongTest {
  private static final long US = 1_000;
  private static final long SECOND = 1_000_000_000;
  private static final int REQUESTS = 50_000;

  @ParameterizedTest
  @ValueSource(strings = {"cubic", "bbr", "fixed"})
  void repairsALossWithinAFewRoundTripsHoweverShortTheseAre(String controller) {
    Scenario scenario = new Scenario(31).delay(3 * US).congestion(controller);
    scenario.forth.loss(0.01);
    scenario.back.loss(0.01);
    PingPong pingPong = new PingPong(scenario, REQUESTS);
    assertTrue(pingPong.run(100 * SECOND), scenario::report);
    assertTrue(
        scenario.network.drops() > REQUESTS / 100, () -> "drops " + scenario.network.drops());
    double p99 = pingPong.roundTripMs(99);
    double p9999 = pingPong.roundTripMs(99.99);
    // A probe waits for the round trip, its tolerance of 10 us and the peer's delay of 20 us.
    assertTrue(p99 <= 0.045, () -> p99 + " ms; " + scenario.report());
    // Where the probe is lost too, the next one waits twice as long.
    assertTrue(p9999 <= 0.12, () -> p9999 + " ms; " + scenario.report());
  }
}
