package io.petrel.multicast.source;

import io.petrel.transport.time.Deadline;

/**
 * When a source that has nothing to send says so: three times at the base interval after its last
 * data, so that a lost tail is known soon even if the first heartbeat is lost too, then at doubling
 * intervals.
 */
final class HeartbeatTimer {
  private static final int AT_BASE = 3;
  private static final long LONGEST_NS = 1_000_000_000L;

  private final long baseNs;
  private long intervalNs;
  private long lastNs;
  private int sent;
  private long deadlineNs = Deadline.NONE;

  HeartbeatTimer(long baseNs) {
    this.baseNs = baseNs;
    intervalNs = baseNs;
  }

  /** Data went, which says as much as a heartbeat. */
  void onData(long nowNs) {
    restart(nowNs + baseNs);
  }

  /** From now on, beginning at the given time. */
  void restart(long firstNs) {
    sent = 0;
    intervalNs = baseNs;
    deadlineNs = firstNs;
  }

  /** Somebody needs one sooner than it is due, unless the last was less than a round trip ago. */
  void hasten(long nowNs, long roundTripNs) {
    if (nowNs - lastNs >= roundTripNs) {
      deadlineNs = Deadline.earlier(deadlineNs, nowNs);
    }
  }

  void onSent(long nowNs) {
    lastNs = nowNs;
    sent++;
    if (sent >= AT_BASE) {
      intervalNs = Math.min(2 * intervalNs, Math.max(LONGEST_NS, baseNs));
    }
    deadlineNs = nowNs + intervalNs;
  }

  /** How many went since the last data. */
  int sent() {
    return sent;
  }

  long deadlineNs() {
    return deadlineNs;
  }
}
