package io.petrel.transport.datagram;

import java.util.ArrayDeque;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Datagrams meant for a listener that a socket caught which was about to be connected to somebody
 * else: kept for the listener's next receive. A rare and short-lived thing, so it may allocate.
 */
public final class HandedOnDatagrams implements DatagramHandler {
  /** The most that wait; further ones are dropped and counted. */
  public static final int MAX_DATAGRAMS = 256;

  private final ArrayDeque<Stray> waiting = new ArrayDeque<>();
  private final DatagramStatistics statistics;

  private record Stray(UnsafeBuffer datagram, EndpointAddress source) {}

  /** Counts in the listener's statistics. */
  public HandedOnDatagrams(DatagramStatistics statistics) {
    this.statistics = statistics;
  }

  @Override
  public void onDatagram(
      MutableDirectBuffer buffer, int offset, int length, EndpointAddress source) {
    if (waiting.size() == MAX_DATAGRAMS) {
      statistics.handedOnDropped++;
      return;
    }
    statistics.handedOn++;
    byte[] bytes = new byte[length];
    buffer.getBytes(offset, bytes);
    waiting.add(new Stray(new UnsafeBuffer(bytes), source.copy()));
  }

  /** Whether none waits. */
  public boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Hands over what waits, the oldest first, and returns how many. */
  public int deliver(DatagramHandler handler, int limit) {
    int taken = 0;
    while (taken < limit) {
      Stray stray = waiting.poll();
      if (stray == null) {
        break;
      }
      taken++;
      int length = stray.datagram.capacity();
      statistics.datagramsReceived++;
      statistics.bytesReceived += length;
      handler.onDatagram(stray.datagram, 0, length, stray.source);
    }
    return taken;
  }
}
