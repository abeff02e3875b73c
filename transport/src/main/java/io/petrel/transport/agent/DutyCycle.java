package io.petrel.transport.agent;

import io.petrel.transport.flight.FlightEvents;
import io.petrel.transport.metrics.Counter;
import io.petrel.transport.metrics.Counters;
import io.petrel.transport.metrics.MappedHistogram;
import io.petrel.transport.metrics.MetricTypes;
import java.util.concurrent.TimeUnit;

/**
 * How long an agent's turns take, from the beginning of one to the beginning of the next: what a
 * datagram waits at most before somebody looks. Idling is part of it, and so is whatever held the
 * thread up: a slow handler, the garbage collector, the scheduler, or in invoker mode an
 * application that does not call.
 *
 * <p>A turn longer than the threshold is a stall. Written by the agent's thread alone.
 */
public final class DutyCycle {
  private static final long HIGHEST_TURN_NS = TimeUnit.MINUTES.toNanos(1);
  private static final int DIGITS = 2;

  private final String agent;
  private final long stallThresholdNs;
  private final Counter turns;
  private final Counter stalls;
  private final Counter longest;
  private final MappedHistogram durations;
  private long lastNs;
  private boolean started;

  /**
   * Counters and a histogram of turns.
   *
   * @param counters those of the agent's thread
   * @param agent its name, the first word of the labels
   * @param stallThresholdNs a turn above this is a stall
   */
  public DutyCycle(Counters counters, String agent, long stallThresholdNs) {
    this.agent = agent;
    this.stallThresholdNs = stallThresholdNs;
    turns = counters.add(agent + " turns", MetricTypes.TURNS);
    stalls =
        counters.add(
            agent + " stalls: turns above " + stallThresholdNs + " ns", MetricTypes.STALLS);
    longest = counters.addGauge(agent + " longest turn, ns", MetricTypes.LONGEST_TURN, 0);
    durations =
        counters.addHistogram(
            agent + " turns, ns", MetricTypes.TURN_DURATION, 0, HIGHEST_TURN_NS, DIGITS);
  }

  /**
   * A turn begins.
   *
   * @param nowNs its time
   */
  public void onTurn(long nowNs) {
    if (started) {
      long durationNs = nowNs - lastNs;
      durations.record(durationNs);
      longest.raiseTo(durationNs);
      if (durationNs > stallThresholdNs) {
        stalls.increment();
        FlightEvents.stall(agent, durationNs);
      }
    }
    started = true;
    lastNs = nowNs;
    turns.increment();
  }

  /**
   * How many turns were stalls.
   *
   * @return for any thread
   */
  public long stalls() {
    return stalls.value();
  }
}
