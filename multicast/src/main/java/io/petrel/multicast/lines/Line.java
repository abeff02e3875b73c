package io.petrel.multicast.lines;

/** What one line of a session has brought so far; plain fields of one thread. */
public final class Line {
  boolean heard;
  boolean alive = true;
  long heardNs;
  long highest;
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
    heardNs = nowNs;
    packets++;
    lastPacket = Math.max(lastPacket, number);
  }

  void onFirst() {
    firsts++;
  }
}
