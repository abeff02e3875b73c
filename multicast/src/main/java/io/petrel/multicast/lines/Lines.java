package io.petrel.multicast.lines;

/**
 * The lines of one session. A hole is lost when all lines that live have gone past it; as long as
 * one has not, it may still fill it, for a small window of time.
 */
public final class Lines {
  /** Told of lines that die and live again. */
  @FunctionalInterface
  public interface Listener {
    /**
     * A line brings nothing any more while another does, or again.
     *
     * @param line its number
     * @param alive whether it is there
     */
    void onLine(int line, boolean alive);
  }

  private static final long MARK_NONE = -1;

  private final Line[] lines;
  private final long windowNs;
  private final long deadNs;
  private final Listener listener;
  private long markPosition = MARK_NONE;
  private int markLine;
  private long markNs;
  private long skewNs;
  private long mostSkewNs;

  /**
   * Lines that have brought nothing.
   *
   * @param count of them
   * @param windowNs how long a hole may wait for the other line
   * @param deadNs a line that is silent for so long while another is heard again and again is dead
   * @param listener told of it
   */
  public Lines(int count, long windowNs, long deadNs, Listener listener) {
    lines = new Line[count];
    for (int i = 0; i < count; i++) {
      lines[i] = new Line();
    }
    this.windowNs = windowNs;
    this.deadNs = deadNs;
    this.listener = listener;
  }

  /** How many there are. */
  public int count() {
    return lines.length;
  }

  /** One of them. */
  public Line line(int index) {
    return lines[index];
  }

  /** By how much one line was last behind the other. */
  public long skewNs() {
    return skewNs;
  }

  /** By how much it ever was. */
  public long mostSkewNs() {
    return mostSkewNs;
  }

  /** When a hole seen now is given up by arbitration. */
  public long deadlineNs(long nowNs) {
    return nowNs + windowNs;
  }

  /** Any datagram of the session came on a line. */
  public void onPacket(long nowNs, int index, long number) {
    lines[index].onPacket(nowNs, number);
    if (!lines[index].alive) {
      lines[index].alive = true;
      listener.onLine(index, true);
    }
    for (int i = 0; i < lines.length; i++) {
      if (i != index && lines[i].isMissed(nowNs, deadNs / Line.MISSED_MOST)) {
        listener.onLine(i, false);
      }
    }
  }

  /**
   * Bytes came on a line, up to a position.
   *
   * @param first whether the other line had not brought them
   */
  public void onBytes(long nowNs, int index, long end, boolean first) {
    Line line = lines[index];
    if (first) {
      line.onFirst();
    }
    if (end > line.highest) {
      line.highest = end;
      measureSkew(nowNs, index, end);
    }
  }

  /** Whether all lines that live have gone past a position, so that it will not come any more. */
  public boolean havePassed(long position) {
    for (Line line : lines) {
      if (line.alive && line.highest < position) {
        return false;
      }
    }
    return true;
  }

  /** One line goes past a mark; when another reaches it, that was the skew. */
  private void measureSkew(long nowNs, int index, long end) {
    if (markPosition == MARK_NONE) {
      markPosition = end;
      markLine = index;
      markNs = nowNs;
    } else if (index != markLine && end >= markPosition) {
      skewNs = nowNs - markNs;
      mostSkewNs = Math.max(mostSkewNs, skewNs);
      markPosition = MARK_NONE;
    }
  }
}
