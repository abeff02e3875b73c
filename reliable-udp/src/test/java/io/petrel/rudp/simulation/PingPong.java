package io.petrel.rudp.simulation;

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
}
