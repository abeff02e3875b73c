package io.petrel.multicast.flow;

/**
 * Bounds what is on its way to the receivers that a source waits for: two trains, or what they took
 * in the time that it takes to repair a loss and to say so, whichever is more. A ring full of bytes
 * on their way adds delay and no throughput: they overrun the receivers' sockets, and on one
 * machine they leave the cache before they are read.
 *
 * <p>That time is {@value #ROUND_TRIPS} round trips, the least that were measured, and {@value
 * #STATUS_INTERVALS} status intervals: more than twice as much as a group without loss needs, so
 * that what is allowed doubles while there is more to send and the receivers keep up. The rate is
 * the highest of the last {@value #EPOCHS} to twice as many such times.
 */
public final class InFlight {
  /** What two system calls take. */
  static final long TWO_TRAINS_BYTES = 128 * 1024;

  /** Of a stream, in a train: a little less than fits, lest a second one take the rest. */
  static final int TRAIN_BYTES = 60 * 1024;

  /** What is waited for is at most this part of the ring, or a small one would run dry. */
  private static final int RING_SHARE = 4;

  private static final int ROUND_TRIPS = 8;
  private static final double STATUS_INTERVALS = 2.5;
  private static final int EPOCHS = 8;

  private final Group group;
  private final long initialPosition;
  private final int trainBytes;
  private long bytes = TWO_TRAINS_BYTES;
  private long leastRoundTripNs = Long.MAX_VALUE;
  private boolean measuring;
  private boolean held;
  private long epochNs;
  private long epochPosition;
  private int epochs;
  private double rate;
  private double previousRate;

  /**
   * Two trains, until something is known of the group.
   *
   * @param group whom the source may wait for
   * @param initialPosition of the source's first byte
   * @param ringCapacity of the source
   */
  public InFlight(Group group, long initialPosition, int ringCapacity) {
    this.group = group;
    this.initialPosition = initialPosition;
    trainBytes = Math.min(TRAIN_BYTES, ringCapacity / RING_SHARE);
  }

  /**
   * The group has taken a status.
   *
   * @param statusIntervalNs between two statuses of one receiver
   */
  public void onStatus(long nowNs, long statusIntervalNs) {
    long read = group.readPosition();
    long roundTripNs = group.roundTripNs();
    if (read == Group.NO_LIMIT) {
      measuring = false;
      return;
    }
    if (roundTripNs > 0) {
      leastRoundTripNs = Math.min(leastRoundTripNs, roundTripNs);
    }
    if (leastRoundTripNs == Long.MAX_VALUE) {
      return;
    }
    double repairNs = ROUND_TRIPS * leastRoundTripNs + STATUS_INTERVALS * statusIntervalNs;
    if (!measuring || read < epochPosition) {
      begin(nowNs, read);
    } else if (nowNs - epochNs >= repairNs / 2) {
      rate = Math.max(rate, (double) (read - epochPosition) / (nowNs - epochNs));
      // What was sent while nothing held it back says nothing of how much could have been.
      epochs += held ? 1 : 0;
      if (epochs == EPOCHS) {
        epochs = 0;
        previousRate = rate;
        rate = 0;
      }
      begin(nowNs, read);
    }
    bytes = Math.max(TWO_TRAINS_BYTES, (long) (Math.max(rate, previousRate) * repairNs));
  }

  private void begin(long nowNs, long read) {
    measuring = true;
    held = false;
    epochNs = nowNs;
    epochPosition = read;
  }

  /** The most beyond what all have read. */
  long bytes() {
    return bytes;
  }

  /**
   * Up to where new data may be sent.
   *
   * @param sent up to where it was
   * @param written up to where there is more
   * @param full whether no more can be written until something is freed
   */
  public long sendLimit(long sent, long written, boolean full) {
    long read = group.readPosition();
    if (read == Group.NO_LIMIT) {
      return group.sendLimit();
    }
    long limit = Math.min(group.sendLimit(), Math.max(read, initialPosition) + bytes);
    held |= written > limit;
    if (written <= limit && !full) {
      return limit;
    }
    // Whole trains are worth waiting for, while something is on its way that makes room for them.
    long sendable = Math.min(limit, written) - sent;
    return read < sent && sendable > 0 ? sent + sendable - sendable % trainBytes : limit;
  }
}
