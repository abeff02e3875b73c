package io.petrel.bench.demo;

import java.util.concurrent.TimeUnit;

/**
 * When what is due, fixed before the first message: who is late catches up, and the wait counts.
 *
 * <pre>
 *   start      warm-up      |   clean network   |   lossy network   |   end
 * </pre>
 *
 * @param startNs the first message of every stream, in {@link DemoClock}'s time
 * @param warmUpNs how long the code may take to be compiled; checked, not measured
 * @param phaseNs how long each measured phase lasts
 */
record Timeline(long startNs, long warmUpNs, long phaseNs) {
  /** What a message belongs to, by the time it was due. */
  enum Phase {
    WARM_UP,
    CLEAN,
    LOSSY
  }

  Phase phaseOf(long dueNs) {
    long sinceNs = dueNs - startNs - warmUpNs;
    return sinceNs < 0 ? Phase.WARM_UP : sinceNs < phaseNs ? Phase.CLEAN : Phase.LOSSY;
  }

  long lossFromNs() {
    return startNs + warmUpNs + phaseNs;
  }

  /** How many messages a stream has in all. */
  long messages(long perSecond) {
    return (warmUpNs + 2 * phaseNs) / intervalNs(perSecond);
  }

  /** When a message is due, the first being number 1. */
  long dueNs(long number, long perSecond) {
    return startNs + (number - 1) * intervalNs(perSecond);
  }

  private static long intervalNs(long perSecond) {
    return TimeUnit.SECONDS.toNanos(1) / perSecond;
  }
}
