package io.petrel.multicast.receiver;

/** What a receiver counts; plain fields of one thread. */
public final class ReceiverCounters {
  long datagrams;
  long bytes;
  long duplicateDatagrams;
  long unaskedRepairs;
  long refusedWindow;
  long refusedHoles;
  long refusedBad;
  long gaps;
  long missedBytes;
  long repairedBytes;
  long naksSent;
  long naksHeard;
  long confirmationsHeard;
  long suppressions;
  long lostBytes;
  long losses;
  long statuses;

  ReceiverCounters() {}

  /** Datagrams that came. */
  public long datagrams() {
    return datagrams;
  }

  /** Bytes that were new. */
  public long bytes() {
    return bytes;
  }

  /** Data frames that brought nothing new. */
  public long duplicateDatagrams() {
    return duplicateDatagrams;
  }

  /** Repairs that came for others. */
  public long unaskedRepairs() {
    return unaskedRepairs;
  }

  /** Data frames beyond the window: the reader is too slow. */
  public long refusedWindow() {
    return refusedWindow;
  }

  /** Data frames that would have made too many holes. */
  public long refusedHoles() {
    return refusedHoles;
  }

  /** Data frames, windows and set-ups that make no sense. */
  public long refusedBad() {
    return refusedBad;
  }

  /** Times that something was missed. */
  public long gaps() {
    return gaps;
  }

  /** Bytes that did not come at first. */
  public long missedBytes() {
    return missedBytes;
  }

  /** Bytes that came in the end. */
  public long repairedBytes() {
    return repairedBytes;
  }

  /** NAKs sent. */
  public long naksSent() {
    return naksSent;
  }

  /** NAKs of others heard. */
  public long naksHeard() {
    return naksHeard;
  }

  /** Confirmations heard. */
  public long confirmationsHeard() {
    return confirmationsHeard;
  }

  /** Questions not asked since others did. */
  public long suppressions() {
    return suppressions;
  }

  /** Bytes given up. */
  public long lostBytes() {
    return lostBytes;
  }

  /** Times that something was given up. */
  public long losses() {
    return losses;
  }

  /** Statuses sent. */
  public long statuses() {
    return statuses;
  }
}
