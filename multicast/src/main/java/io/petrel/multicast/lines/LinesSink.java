package io.petrel.multicast.lines;

import io.petrel.transport.datagram.DatagramSink;
import org.agrona.MutableDirectBuffer;

/**
 * Writes each datagram for several lines: into the first line's sink, from there into the others'.
 * A line that takes nothing now is left out of that datagram, which is then lost on it alone.
 */
public final class LinesSink implements DatagramSink {
  private final DatagramSink[] sinks;
  private final long[] leftOut;
  private int leader;
  private int claimed;
  private int mostBytes;

  /**
   * A sink for lines.
   *
   * @param sinks of the lines, at least one
   */
  public LinesSink(DatagramSink... sinks) {
    this.sinks = sinks.clone();
    leftOut = new long[sinks.length];
  }

  /** Datagrams that a line did not take. */
  public long leftOut(int line) {
    return leftOut[line];
  }

  @Override
  public MutableDirectBuffer buffer() {
    return sinks[leader].buffer();
  }

  @Override
  public int claim(int maxLength) {
    mostBytes = maxLength;
    for (leader = 0; leader < sinks.length; leader++) {
      claimed = sinks[leader].claim(maxLength);
      if (claimed >= 0) {
        return claimed;
      }
    }
    leader = 0;
    return FULL;
  }

  @Override
  public void commit(int length) {
    DatagramSink first = sinks[leader];
    for (int i = 0; i < sinks.length; i++) {
      if (i != leader && length > 0) {
        int offset = i < leader ? FULL : sinks[i].claim(mostBytes);
        if (offset >= 0) {
          sinks[i].buffer().putBytes(offset, first.buffer(), claimed, length);
          sinks[i].commit(length);
        } else {
          leftOut[i]++;
        }
      }
    }
    first.commit(length);
  }
}
