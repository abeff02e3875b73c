package io.petrel.transport.simulation;

/** The time of a simulation: starts at 0 and moves only when the simulation moves it. */
public final class VirtualClock {
  private long nowNs;

  VirtualClock() {}

  /** Nanoseconds since the simulation began. */
  public long nowNs() {
    return nowNs;
  }

  void advanceTo(long timeNs) {
    if (timeNs < nowNs) {
      throw new IllegalStateException("time runs backwards: from " + nowNs + " to " + timeNs);
    }
    nowNs = timeNs;
  }
}
