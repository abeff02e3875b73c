package io.petrel.rudp.simulation;

import io.petrel.rudp.congestion.CongestionControllers;
import io.petrel.rudp.endpoint.EndpointSettings;
import io.petrel.rudp.handshake.Offer;
import io.petrel.transport.simulation.SeededRandom;
import io.petrel.transport.simulation.SimulatedLink;
import java.util.ArrayList;
import java.util.List;

/**
 * A scenario drawn from a seed: any network there may be, any workload, any reader. What is drawn
 * is bounded so that it can always be delivered in the virtual time that is allowed.
 */
final class RandomScenario {
  private static final long MS = 1_000_000;
  private static final long SECOND = 1_000 * MS;

  /** A run ends here without a verdict on progress: it has become too long to be useful. */
  private static final long PACKET_LIMIT = 20_000;

  private static final long TIME_LIMIT_NS = 3_600 * SECOND;
  private static final String[] CONTROLLERS = {"cubic", "cubic", "bbr", "fixed"};

  private final SeededRandom random;
  private final Scenario scenario;
  private final StringBuilder description = new StringBuilder();
  private long roundTripNs;
  private long rate;
  private double loss;

  RandomScenario(long seed) {
    random = new SeededRandom(seed);
    scenario = new Scenario(seed);
    describe("seed", seed);
    drawSettings();
    drawLinks();
    drawWorkload();
    scenario.start();
    drawReaders();
    drawDisasters();
  }

  /** Runs it; returns what went wrong, nothing if nothing did. */
  List<String> run() {
    List<String> wrong = new ArrayList<>();
    scenario.simulation.runUntil(
        () -> scenario.isDelivered() || isTooLong() || scenario.client().endReason != null,
        TIME_LIMIT_NS);
    if (!isTooLong()) {
      if (!scenario.isDelivered()) {
        wrong.add("not delivered");
      }
      scenario.simulation.runUntil(
          () -> (isAtRest(scenario.client()) && isAtRest(scenario.server())) || isTooLong(),
          scenario.network.clock().nowNs() + 100 * SECOND);
      checkAccount(wrong, scenario.client());
      checkAccount(wrong, scenario.server());
    }
    if (!scenario.network.isBalanced()) {
      wrong.add("the network lost count");
    }
    wrong.addAll(scenario.client().errors);
    wrong.addAll(scenario.server().errors);
    return wrong;
  }

  /** What was drawn, and what came of it. */
  String describe() {
    return description + " -> " + scenario.report();
  }

  Scenario scenario() {
    return scenario;
  }

  private boolean isTooLong() {
    return scenario.network.sent() > PACKET_LIMIT;
  }

  private static boolean isAtRest(SimulatedPeer peer) {
    return peer.session == null
        || (peer.isDrained() && peer.session.session().recovery().inFlightBytes() == 0);
  }

  private void checkAccount(List<String> wrong, SimulatedPeer peer) {
    if (peer.session == null) {
      return;
    }
    var session = peer.session.session();
    long bound = scenario.clientSettings.sentPacketLimit() * 256L + 200_000;
    if (session.memoryBytes() > bound) {
      wrong.add("tables hold " + session.memoryBytes() + " bytes, bound is " + bound);
    }
    if (!isTooLong() && session.recovery().inFlightBytes() != 0 && session.isOpen()) {
      wrong.add(session.recovery().inFlightBytes() + " bytes never acknowledged nor given up");
    }
    if (!peer.isDrained()) {
      wrong.add("what was read was never acknowledged");
    }
  }

  private void drawSettings() {
    EndpointSettings settings = scenario.clientSettings;
    Offer offer = settings.offer();
    int ring = 4_096 << random.between(0, 9);
    int datagram = random.between(600, 1_472);
    String controller = CONTROLLERS[random.between(0, CONTROLLERS.length - 1)];
    scenario.settings(
        settings
            .withOffer(
                new Offer(
                    ring,
                    datagram,
                    offer.maximumStreams(),
                    offer.integrity(),
                    120_000,
                    offer.maximumAckDelayNs()))
            .withCongestion(CongestionControllers.find(controller), settings.congestionSettings())
            .withTimes(20 * SECOND, 30 * SECOND, 300 * SECOND));
    describe("ring", ring);
    describe("datagram", datagram);
    description.append(" cc=").append(controller);
  }

  private void drawLinks() {
    roundTripNs = (long) spread(20_000, 600 * MS);
    rate = (long) spread(100_000, 10_000_000_000.0);
    loss = random.chance(0.3) ? 0 : random.nextDouble() * (random.chance(0.5) ? 0.03 : 0.3);
    describe("rtt us", roundTripNs / 1_000);
    describe("kbit/s", rate / 1_000);
    description.append(" loss=").append(loss);
    for (SimulatedLink link : List.of(scenario.forth, scenario.back)) {
      link.rate(rate).delay(roundTripNs / 2);
      double share = link == scenario.forth ? loss : loss * random.nextDouble();
      link.loss(share).meanBurst(random.chance(0.5) ? 1 : random.between(2, 6));
      if (random.chance(0.3)) {
        link.jitter((long) (roundTripNs * random.nextDouble()));
      }
      if (random.chance(0.3)) {
        link.reorder(random.nextDouble() * 0.2, (long) (roundTripNs * random.nextDouble() * 2));
      }
      if (random.chance(0.3)) {
        link.duplicate(random.nextDouble() * 0.2);
      }
      if (random.chance(0.3)) {
        link.corrupt(random.nextDouble() * 0.05);
      }
      if (random.chance(0.5)) {
        link.queuePackets(random.between(2, 200));
      } else {
        link.queueTime(Math.max((long) (roundTripNs * random.nextDouble() * 2), 20 * MS));
      }
    }
  }

  private void drawWorkload() {
    scenario.clientWorkload = workload();
    scenario.serverWorkload = random.chance(0.4) ? workload() : Workload.NONE;
    description.append(" forth=").append(scenario.clientWorkload);
    description.append(" back=").append(scenario.serverWorkload);
  }

  private Workload workload() {
    int most = scenario.clientSettings.offer().ringCapacity() / 8;
    int size = random.between(16, Math.min(most, random.chance(0.7) ? 300 : 4_000));
    // About ten seconds at the link's rate, and no more than some hundred packets on average.
    long bytes = Math.min(rate * 10 / 8, (long) spread(5_000, 1_500_000));
    long messages = Math.max(1, Math.min(bytes / size, 4_000));
    return new Workload(messages, size, random.chance(0.3) ? random.between(1, 20) * MS : 0);
  }

  private void drawReaders() {
    for (SimulatedPeer peer : List.of(scenario.client(), scenario.server())) {
      if (random.chance(0.3)) {
        peer.readEveryNs = random.between(1, 200) * MS;
        peer.readLimit = random.between(1, 500);
      }
    }
  }

  private void drawDisasters() {
    if (random.chance(0.2)) {
      long fromNs = random.between(0, 3_000) * MS;
      long untilNs = fromNs + random.between(1, 4_000) * MS;
      scenario.forth.blackhole(fromNs, untilNs);
      if (random.chance(0.5)) {
        scenario.back.blackhole(fromNs, untilNs);
      }
      describe("blackhole ms", (untilNs - fromNs) / MS);
    }
    for (int i = random.chance(0.2) ? 3 : 0; i > 0; i--) {
      long atNs = random.between(0, 5_000) * MS;
      long byNs = random.between(-7_200, 7_200) * SECOND;
      boolean client = random.chance(0.5);
      scenario.network.at(
          atNs, () -> (client ? scenario.clientHost : scenario.serverHost).jumpClock(byNs));
      describe("jump s", byNs / SECOND);
    }
  }

  /** Between two bounds, each order of magnitude as likely as the others. */
  private double spread(double least, double most) {
    return least * StrictMath.pow(most / least, random.nextDouble());
  }

  private void describe(String what, long value) {
    description.append(' ').append(what).append('=').append(value);
  }
}
