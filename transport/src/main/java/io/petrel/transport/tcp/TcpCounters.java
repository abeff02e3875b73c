package io.petrel.transport.tcp;

import io.petrel.transport.metrics.Counter;
import io.petrel.transport.metrics.Counters;

/** What the tcp connections of an engine have counted together. Within turns. */
final class TcpCounters {
  /** Type of the first. */
  static final int FIRST_TYPE = 200;

  /** What is counted. */
  enum Count {
    /** Connections made, dialled and accepted alike. */
    CONNECTIONS("connections made"),
    /** Connections that ended or broke. */
    CLOSED("connections closed"),
    /** Bytes that the kernel took, the framing included. */
    SENT("bytes sent"),
    /** Bytes that the kernel gave, the framing included. */
    RECEIVED("bytes received"),
    /** Writes of which the kernel did not take all: its send buffer was full. */
    PARTIAL("writes not taken whole");

    private final String label;

    Count(String label) {
      this.label = label;
    }
  }

  private static final Count[] ALL = Count.values();

  private final Counter[] counters = new Counter[ALL.length];

  TcpCounters(Counters file) {
    for (Count count : ALL) {
      counters[count.ordinal()] = file.add("tcp " + count.label, FIRST_TYPE + count.ordinal());
    }
  }

  void increment(Count count) {
    counters[count.ordinal()].increment();
  }

  void add(Count count, long value) {
    counters[count.ordinal()].add(value);
  }
}
