package io.petrel.multicast.lines;

/** What one line of a session has brought so far; plain fields of one thread. */
public final class Line {
  /** A line that was missed at so many moments in a row is dead. */
  static final int MISSED_MOST = 4;

  boolean alive = true;
  long highest;
  private boolean heard;
  private boolean watched;
  private long watchedNs;
  private int missed;
  private long firstPacket;
  private long lastPacket;
  private long packets;
  private long firsts;

  Line() {}

  /** Datagrams that came. */
  public long packets() {
    return packets;
  }

  /** Datagrams that did not come, as far as the numbers of those that did tell. */
  public long lost() {
    return packets == 0 ? 0 : Math.max(0, lastPacket - firstPacket + 1 - packets);
  }

  /** Datagrams with bytes that the other line had not brought yet: its lead. */
  public long firsts() {
    return firsts;
  }

  /** Whether it has brought anything of late, as compared with the other. */
  public boolean isAlive() {
    return alive;
  }

  void onPacket(long nowNs, long number) {
    if (!heard) {
      heard = true;
      firstPacket = number;
      lastPacket = number;
    }
    watched = true;
    watchedNs = nowNs;
    missed = 0;
    packets++;
    lastPacket = Math.max(lastPacket, number);
  }

  /**
   * Another line brought something. That this one did not is held against it at moments that lie
   * apart, so that a receiver that paused and finds one line's datagrams first is not misled.
   *
   * @return whether it has just died
   */
  boolean isMissed(long nowNs, long apartNs) {
    if (!watched) {
      watched = true;
      watchedNs = nowNs;
    }
    if (alive && nowNs - watchedNs >= apartNs) {
      watchedNs = nowNs;
      missed++;
      alive = missed < MISSED_MOST;
      return !alive;
    }
    return false;
  }

  void onFirst() {
    firsts++;
  }
}
