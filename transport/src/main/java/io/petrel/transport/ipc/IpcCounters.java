package io.petrel.transport.ipc;

import io.petrel.transport.metrics.Counter;
import io.petrel.transport.metrics.Counters;

/**
 * What an engine's part in rings is. Within turns: messages go by the application's threads and are
 * not counted, their number is in the positions.
 */
final class IpcCounters {
  /** Type of the first. */
  static final int FIRST_TYPE = 220;

  /** What is counted. */
  enum Count {
    /** Publications opened in mapped rings. */
    PUBLICATIONS("publications opened"),
    /** Subscriptions opened to mapped rings. */
    SUBSCRIPTIONS("subscriptions opened"),
    /** Publications and subscriptions that have left their ring. */
    LEFT("members that left");

    private final String label;

    Count(final String label) {
      this.label = label;
    }
  }

  private final Counter[] counters = new Counter[Count.values().length];

  IpcCounters(final Counters file) {
    for (final Count count : Count.values()) {
      counters[count.ordinal()] = file.add("ipc " + count.label, FIRST_TYPE + count.ordinal());
    }
  }

  void increment(final Count count) {
    counters[count.ordinal()].increment();
  }
}
