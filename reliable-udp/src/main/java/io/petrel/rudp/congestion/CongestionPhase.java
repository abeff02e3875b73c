package io.petrel.rudp.congestion;

/** What a controller is doing; its ordinal is what the counters show, so new ones go at the end. */
public enum CongestionPhase {
  /** Nothing changes: a static window, or a controller that does not tell. */
  STEADY,
  /** The window doubles each round trip. */
  SLOW_START,
  /** Slow start has seen the delay grow and goes on more slowly to see whether that was chance. */
  CONSERVATIVE_SLOW_START,
  /** Growth after slow start. */
  CONGESTION_AVOIDANCE,
  /** The window has just been reduced; a round trip of proportional rate reduction. */
  RECOVERY,
  /** bbr searches for the bandwidth. */
  STARTUP,
  /** bbr empties the queue that its start-up left. */
  DRAIN,
  /** bbr sends slower than the path delivers. */
  PROBE_DOWN,
  /** bbr sends at the rate the path delivers. */
  PROBE_CRUISE,
  /** bbr fills the pipe before it probes for more. */
  PROBE_REFILL,
  /** bbr probes for more bandwidth. */
  PROBE_UP,
  /** bbr keeps little in flight to see the path's own delay. */
  PROBE_ROUND_TRIP
}
