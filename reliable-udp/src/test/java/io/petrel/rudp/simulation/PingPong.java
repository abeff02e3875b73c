package io.petrel.rudp.simulation;

import java.util.Arrays;

/** Requests one at a time, each sent when the answer to the one before has come. */
final class PingPong {
  private final Scenario scenario;
  private final int requests;

  PingPong(Scenario scenario, int requests) {
    this.scenario = scenario;
    this.requests = requests;
    scenario.clientWorkload = new Workload(requests, 64, 0);
    scenario.serverWorkload = new Workload(requests, 64, 0);
    scenario.start();
    scenario.client().writeAhead = 1;
    scenario.server().writeAhead = 0;
  }

  boolean run(long limitNs) {
    return scenario.runUntilDelivered(limitNs) && scenario.server().read == requests;
  }

  /** Each request is sent when the answer to the one before is read: what lies between answers. */
  double roundTripMs(double percentile) {
    long[] readAtNs = scenario.client().readAtNs;
    long[] roundTrips = new long[requests - 1];
    for (int i = 0; i < roundTrips.length; i++) {
      roundTrips[i] = readAtNs[i + 1] - readAtNs[i];
    }
    Arrays.sort(roundTrips);
    int index = (int) Math.ceil(percentile / 100 * roundTrips.length) - 1;
    return roundTrips[index] / 1e6;
  }
}
