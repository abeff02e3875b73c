package io.petrel.multicast.source;

/** What a source counts; plain fields of one thread. */
public final class SourceCounters {
  long datagrams;
  long dataBytes;
  long dataDatagrams;
  long repairBytes;
  long repairDatagrams;
  long heartbeats;
  long setUps;
  long confirmations;
  long naks;
  long nakRanges;
  long ignoredRanges;
  long impossibleRanges;
  long lateRanges;
  long excludedNaks;
  long statuses;
  long rejected;
  long rateStalls;
  long flowStalls;

  SourceCounters() {}

  /** Datagrams sent. */
  public long datagrams() {
    return datagrams;
  }

  /** Bytes of the ring sent for the first time. */
  public long dataBytes() {
    return dataBytes;
  }

  /** Datagrams with bytes sent for the first time. */
  public long dataDatagrams() {
    return dataDatagrams;
  }

  /** Bytes of the ring sent again. */
  public long repairBytes() {
    return repairBytes;
  }

  /** Datagrams with bytes sent again. */
  public long repairDatagrams() {
    return repairDatagrams;
  }

  /** Heartbeats sent. */
  public long heartbeats() {
    return heartbeats;
  }

  /** Set-ups sent. */
  public long setUps() {
    return setUps;
  }

  /** Confirmations sent. */
  public long confirmations() {
    return confirmations;
  }

  /** NAKs that came. */
  public long naks() {
    return naks;
  }

  /** Ranges in them. */
  public long nakRanges() {
    return nakRanges;
  }

  /** Ranges asked for that were waiting or on their way. */
  public long ignoredRanges() {
    return ignoredRanges;
  }

  /** Ranges asked for that were never sent. */
  public long impossibleRanges() {
    return impossibleRanges;
  }

  /** Ranges asked for that are not held any more. */
  public long lateRanges() {
    return lateRanges;
  }

  /** NAKs of excluded receivers. */
  public long excludedNaks() {
    return excludedNaks;
  }

  /** Statuses that came. */
  public long statuses() {
    return statuses;
  }

  /** Datagrams that are not acted on: malformed, or of another session. */
  public long rejected() {
    return rejected;
  }

  /** Turns that ended at the rate limit. */
  public long rateStalls() {
    return rateStalls;
  }

  /** Turns that ended at the flow control. */
  public long flowStalls() {
    return flowStalls;
  }
}
