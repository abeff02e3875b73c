package io.petrel.rudp.simulation;

/**
 * What one side writes: so many messages of a size, as fast as the ring takes them or one each
 * interval.
 *
 * @param messages how many.
 * @param size bytes of each, 16 at least: number and time of writing come first.
 * @param intervalNs between two, 0 for as fast as possible.
 */
record Workload(long messages, int size, long intervalNs) {
  static final Workload NONE = new Workload(0, 16, 0);

  static Workload bytes(long bytes) {
    return new Workload(bytes / 1000, 1000, 0);
  }
}
