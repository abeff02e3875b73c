package io.petrel.transport.agent;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/** What a thread does between two turns when there was nothing to do: latency against power. */
public enum Idle {
  /** Looks again at once, with the processor's hint for such loops. Takes a core, whole. */
  SPIN,
  /** Looks again after everybody else who is ready has had the core. */
  YIELD,
  /** Spins, then yields, then sleeps, longer each time, up to a millisecond. */
  BACKOFF,
  /** Sleeps 100 us at a time; the system makes some 50 us more of it. */
  SLEEP;

  private static final long SLEEP_NS = TimeUnit.MICROSECONDS.toNanos(100);

  /**
   * A strategy of this kind.
   *
   * @return a new one, for one thread
   */
  public IdleStrategy newStrategy() {
    return switch (this) {
      case SPIN -> new BusySpinIdleStrategy();
      case YIELD -> new YieldingIdleStrategy();
      case BACKOFF -> new BackoffIdleStrategy();
      case SLEEP -> new SleepingIdleStrategy(SLEEP_NS);
    };
  }
}
