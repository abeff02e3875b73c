package io.petrel.rudp.endpoint;

/**
 * When a session loses packets: looked at a few times a second, an episode is over with the first
 * look that finds no more lost than the one before.
 */
public final class LossEpisode {
  private long lost;
  private long lostBefore;
  private long beganNs;
  private long lastedNs;
  private boolean open;

  LossEpisode() {}

  /**
   * Looks.
   *
   * @param nowNs the time
   * @param lostPackets of the session, ever
   * @return whether an episode is over since the last look
   */
  public boolean isOver(long nowNs, long lostPackets) {
    boolean more = lostPackets > lost;
    boolean over = open && !more;
    if (more && !open) {
      beganNs = nowNs;
      lostBefore = lost;
    }
    lastedNs = nowNs - beganNs;
    open = more;
    lost = lostPackets;
    return over;
  }

  /** Packets that the last one lost. */
  public long packets() {
    return lost - lostBefore;
  }

  /** How long it was. */
  public long lastedNs() {
    return lastedNs;
  }
}
