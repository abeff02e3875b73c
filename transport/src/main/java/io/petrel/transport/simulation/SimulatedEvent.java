package io.petrel.transport.simulation;

/** What happens at a point of virtual time. Instances are pooled by whoever schedules them. */
abstract class SimulatedEvent {
  /**
   * The time has come.
   *
   * @param nowNs the virtual time
   */
  abstract void occur(long nowNs);
}
