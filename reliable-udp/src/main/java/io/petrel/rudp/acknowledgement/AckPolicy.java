package io.petrel.rudp.acknowledgement;

import io.petrel.transport.time.Deadline;

/**
 * When an acknowledgement is owed.
 *
 * <ul>
 *   <li>At once when a packet is missing or a missing one has come, and for the {@value
 *       #PACKETS_AFTER_GAP} packets after it, which the sender needs to be sure; and after {@value
 *       #BUSY_PACKETS} packets; what one turn of the engine received counts as one batch, so a
 *       train costs one acknowledgement however long it is.
 *   <li>At once for a lone packet, one that comes when none came for as long as one may wait,
 *       unless the application here has lately been answering: then it waits a little for the
 *       answer to carry it. So a request and its answer cost no packet more than themselves, and a
 *       one-way message is acknowledged without delay. Whether the application answers is learned,
 *       in the way of TCP's interactive mode: data sent shortly after data received says yes, an
 *       acknowledgement that waited in vain says no.
 * </ul>
 *
 * The wait is an eighth of the round trip, within 20 us and 1 ms: so small that a sender's probe
 * timeout, which adds the same, never mistakes it for a loss.
 */
public final class AckPolicy {
  /** Packets of a busy stream that share an acknowledgement when they come one by one. */
  static final int BUSY_PACKETS = 4;

  /**
   * With the packet that showed the gap these are three: what condemns a missing one (RFC 9002,
   * section 6.1.1). Each says it again, should the acknowledgement before it get lost.
   */
  static final int PACKETS_AFTER_GAP = 2;

  /** The shortest wait: an application's answer and a hand-off between two threads. */
  public static final long SHORTEST_DELAY_NS = 20_000;

  /** The longest wait, told to the peer in the handshake. */
  public static final long LONGEST_DELAY_NS = 1_000_000;

  /** Round trips divided by this make the wait. */
  private static final int DELAY_DIVISOR = 8;

  private boolean answering = true;
  private boolean dueNow;
  private int unacknowledged;
  private int afterGap;
  private long deadlineNs = Deadline.NONE;
  private long lastReceivedNs;
  private boolean received;

  /** What both sides hold back an acknowledgement for on a path of this round trip. */
  public static long delayNs(long smoothedRoundTripNs) {
    return Math.min(
        Math.max(smoothedRoundTripNs / DELAY_DIVISOR, SHORTEST_DELAY_NS), LONGEST_DELAY_NS);
  }

  /**
   * A packet that asks for an acknowledgement has come.
   *
   * @param inOrder whether no packet is missing because of it or before it.
   */
  public void onReceived(long nowNs, boolean inOrder, long delayNs) {
    boolean lone = !received || nowNs - lastReceivedNs > delayNs;
    lastReceivedNs = nowNs;
    received = true;
    unacknowledged++;
    boolean telling = !inOrder || afterGap > 0;
    afterGap = inOrder ? Math.max(afterGap - 1, 0) : PACKETS_AFTER_GAP;
    if (telling || unacknowledged >= BUSY_PACKETS || (lone && !answering)) {
      dueNow = true;
    } else if (deadlineNs == Deadline.NONE) {
      deadlineNs = nowNs + delayNs;
    }
  }

  /** Something came that the sender must hear about now, such as a duplicate. */
  public void demand() {
    dueNow = true;
  }

  /** Data is about to go; an acknowledgement may ride on it. */
  public void onDataSent(long nowNs, long delayNs) {
    if (received && nowNs - lastReceivedNs <= delayNs) {
      answering = true;
    }
  }

  /**
   * An acknowledgement goes out in a packet that has nothing else to carry, or with others' bytes.
   */
  public void onAckSent(long nowNs, boolean alone) {
    if (alone && unacknowledged > 0 && Deadline.isDue(nowNs, deadlineNs)) {
      answering = false;
    }
    dueNow = false;
    unacknowledged = 0;
    deadlineNs = Deadline.NONE;
  }

  /** Whether there is anything new to tell, due or not. */
  public boolean isPending() {
    return unacknowledged > 0 || dueNow;
  }

  /** Whether it must be told now. */
  public boolean isDue(long nowNs) {
    return dueNow || Deadline.isDue(nowNs, deadlineNs);
  }

  /** When it must be told, or {@link Deadline#NONE}; a time long past when it is due already. */
  public long deadlineNs() {
    return deadlineNs;
  }
}
