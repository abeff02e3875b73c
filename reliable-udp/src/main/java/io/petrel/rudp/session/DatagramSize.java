package io.petrel.rudp.session;

/**
 * How long a datagram may be on this path, after RFC 8899 (datagram packetization layer path MTU
 * discovery), without a timer of its own: probes go along when there is something to send.
 *
 * <pre>
 *   base        current                 probed              ceiling     agreed
 *    |-------------|----------------------|--------------------|-----------|
 *     passes always  passes                a probe is under way   too long    asked for by both
 * </pre>
 *
 * <p>It begins not at the base, as the RFC has it, but at what any Ethernet carries, tunnels
 * included: most paths carry that, and one that does not shows itself. When {@value #BLACK_HOLE}
 * datagrams longer than the base were lost in a row while shorter ones sent later arrived, the path
 * has become too narrow, and the base is what is sent until probes have shown what passes. So that
 * there is a shorter one, a ping goes beside a long probe after a timeout.
 */
final class DatagramSize {
  /** RFC 8899 section 5.1.2: what is taken to pass always. */
  static final int BASE = 1200;

  /** What any Ethernet carries, tunnels included. */
  private static final int START = 1408;

  /** RFC 8899 section 5.1.2, MAX_PROBES. */
  private static final int PROBES = 3;

  /** Datagrams lost in a row that make a black hole. */
  private static final int BLACK_HOLE = 3;

  /** Closer than this to what passes is not worth a probe. */
  private static final int RESOLUTION = 16;

  /** RFC 8899 section 5.1.1, PMTU_RAISE_TIMER: when a search is made again. */
  private static final long RAISE_NS = 600_000_000_000L;

  private static final long NONE = -1;

  private final int agreed;
  private final int base;
  private int current;
  private int ceiling;
  private int probed;
  private int tries;
  private long probeNumber = NONE;
  private boolean searching;
  private boolean searchLater;
  private long nextSearchNs;
  private int lostInARow;
  private long newestLongArrived = NONE;
  private long blackHoles;

  DatagramSize(int agreed) {
    this.agreed = agreed;
    this.base = Math.min(agreed, BASE);
    restart();
  }

  /** The path is another: nothing is known of it. */
  void restart() {
    current = Math.min(agreed, START);
    lostInARow = 0;
    search(agreed);
  }

  private void search(int first) {
    ceiling = agreed + 1;
    probeNumber = NONE;
    tries = 0;
    searchLater = false;
    searching = ceiling - current > 1;
    probed = Math.max(first, current + 1);
  }

  /** The longest datagram to be sent. */
  int current() {
    return current;
  }

  /** The longest that passes for certain. */
  int base() {
    return base;
  }

  /** Times that the path was found to have become too narrow. */
  long blackHoles() {
    return blackHoles;
  }

  /** Whether a datagram of {@link #probed} bytes is to be sent, to see whether it arrives. */
  boolean isProbeDue(long nowNs) {
    if (searchLater && nowNs - nextSearchNs >= 0) {
      search(agreed);
    }
    return searching && probeNumber == NONE;
  }

  int probed() {
    return probed;
  }

  void onProbeSent(long number) {
    probeNumber = number;
    tries++;
  }

  /**
   * A datagram has arrived.
   *
   * @return whether {@link #current} has changed.
   */
  boolean onArrived(long nowNs, long number, int bytes) {
    if (bytes > base) {
      newestLongArrived = Math.max(newestLongArrived, number);
      lostInARow = 0;
    }
    if (number != probeNumber) {
      return false;
    }
    probeNumber = NONE;
    tries = 0;
    current = probed;
    next(nowNs);
    return true;
  }

  /**
   * A datagram is lost.
   *
   * @return whether {@link #current} has changed.
   */
  boolean onLost(long nowNs, long number, int bytes) {
    if (number == probeNumber) {
      probeNumber = NONE;
      if (tries >= PROBES) {
        tries = 0;
        ceiling = probed;
        next(nowNs);
      }
      return false;
    }
    if (bytes <= base || number < newestLongArrived || ++lostInARow < BLACK_HOLE) {
      return false;
    }
    return narrow();
  }

  /** The path takes nothing as long as {@link #current}. Returns whether that has changed. */
  boolean narrow() {
    lostInARow = 0;
    if (current <= base) {
      return false;
    }
    int before = current;
    current = base;
    blackHoles++;
    search(before); // it may have been a burst of losses, and all is as it was
    return true;
  }

  private void next(long nowNs) {
    searching = ceiling - current > RESOLUTION;
    probed = ceiling > agreed ? agreed : (current + ceiling) / 2;
    if (!searching || probed <= current) {
      searching = false;
      searchLater = current < agreed;
      nextSearchNs = nowNs + RAISE_NS;
    }
  }
}
