package io.petrel.transport.linux;

import io.petrel.transport.datagram.DatagramHandler;
import io.petrel.transport.datagram.DatagramStatistics;
import io.petrel.transport.datagram.EndpointAddress;
import java.util.ArrayDeque;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Datagrams meant for a listener that a socket caught which was about to be connected to somebody
 * else: kept for the listener's next receive. A rare and short-lived thing, so it may allocate.
 */
final class Strays implements DatagramHandler {
  private static final int MAX_DATAGRAMS = 256;

  private final ArrayDeque<Stray> waiting = new ArrayDeque<>();
  private final DatagramStatistics statistics;

  private record Stray(UnsafeBuffer datagram, EndpointAddress source) {}

  /** Counts in the listener's statistics. */
  Strays(DatagramStatistics statistics) {
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

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  int deliver(DatagramHandler handler, int limit) {
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
