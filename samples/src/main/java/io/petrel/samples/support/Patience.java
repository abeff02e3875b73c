package io.petrel.samples.support;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/** Keeps a loop polite while it has nothing to do, and ends it when that lasts too long. */
public final class Patience {
  private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);

  private final String awaited;
  private final IdleStrategy strategy = new YieldingIdleStrategy();
  private long lastWorkNs = System.nanoTime();

  /**
   * For one loop.
   *
   * @param awaited what it waits for, for the message of its failure
   */
  public Patience(String awaited) {
    this.awaited = awaited;
  }

  /**
   * At the end of each pass.
   *
   * @param work how much the pass did
   * @throws IllegalStateException when no pass has done anything for 60 s
   */
  public void idle(int work) {
    if (work > 0) {
      lastWorkNs = System.nanoTime();
    } else if (System.nanoTime() - lastWorkNs > LIMIT_NS) {
      throw new IllegalStateException("gave up after 60 s without " + awaited);
    } else {
      strategy.idle();
    }
  }
}
