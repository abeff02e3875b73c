package io.petrel.transport.time;

/**
 * Time that never goes back and never leaps: when the clock is set back, or a turn comes far later
 * than was due (the process was stopped, the machine was suspended, the clock jumped), no time has
 * passed. Otherwise every timer would fire at once for a silence in which nobody had a chance to
 * speak.
 */
public final class SteadyTime {
  /** Later than this no engine is by mere load. */
  public static final long LEAP_NS = 500_000_000L;

  private long lastNs;
  private long offsetNs;
  private boolean started;
  private long jumps;

  /** Time that has not begun. */
  public SteadyTime() {}

  /**
   * The steady time.
   *
   * @param nowNs the clock's.
   * @param deadlineNs in steady time: when the next turn was due at the latest.
   * @return steady time.
   */
  public long steady(long nowNs, long deadlineNs) {
    long steadyNs = nowNs + offsetNs;
    if (!started) {
      started = true;
    } else if (steadyNs - lastNs < 0) {
      jump(lastNs - steadyNs);
      steadyNs = lastNs;
    } else if (deadlineNs != Deadline.NONE) {
      long dueNs = deadlineNs - lastNs > 0 ? deadlineNs : lastNs;
      if (steadyNs - dueNs > LEAP_NS) {
        jump(lastNs - steadyNs);
        steadyNs = lastNs;
      }
    }
    lastNs = steadyNs;
    return steadyNs;
  }

  /** A deadline in steady time as the clock has it. */
  public long clock(long deadlineNs) {
    return deadlineNs == Deadline.NONE ? deadlineNs : deadlineNs - offsetNs;
  }

  /** How often time went back or leaped. */
  public long jumps() {
    return jumps;
  }

  private void jump(long byNs) {
    offsetNs += byNs;
    jumps++;
  }
}
