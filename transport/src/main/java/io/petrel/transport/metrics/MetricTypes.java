package io.petrel.transport.metrics;

/**
 * Type ids of what every engine counts about itself. Each transport has a hundred of its own: from
 * 100 the datagram ports, 200 the rings, 300 reliable UDP, 400 multicast, 500 ipc, 600 tcp, 700 the
 * journal, 800 aeron; applications take 1000 and above.
 */
public final class MetricTypes {
  /** Counters and histograms for which there was no room in the file. */
  public static final int REFUSED = 1;

  /** Errors reported to the error log, the repeated ones included. */
  public static final int ERRORS = 2;

  /** Errors that were counted but not logged, since the log is full. */
  public static final int ERRORS_NOT_LOGGED = 3;

  /** Turns of an agent's duty cycle. */
  public static final int TURNS = 10;

  /** Turns that took longer than the stall threshold. */
  public static final int STALLS = 11;

  /** The longest turn, in nanoseconds. */
  public static final int LONGEST_TURN = 12;

  /** Durations of turns that did work, in nanoseconds. */
  public static final int TURN_DURATION = 13;

  private MetricTypes() {}
}
