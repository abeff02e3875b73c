package io.petrel.transport.simulation;

import io.petrel.transport.datagram.EndpointAddress;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A datagram on its way. Copies share it (a group's members, a duplicate), so it counts who still
 * holds it and goes back to its pool when nobody does.
 */
final class SimulatedDatagram implements DatagramView {
  private static final int USUAL_CAPACITY = 1536; // what an Ethernet frame carries, and some
  private static final int LARGEST_CAPACITY = 1 << 16;

  final UnsafeBuffer buffer = new UnsafeBuffer(new byte[0]);
  final EndpointAddress source = new EndpointAddress();
  final EndpointAddress destination = new EndpointAddress();
  int length;
  int wireLength;
  long sentNs;
  @Nullable SimulatedHost sender;
  private int holders;

  private SimulatedDatagram() {}

  boolean isShared() {
    return holders > 1;
  }

  void hold() {
    holders++;
  }

  /** Datagrams to use again: only the most ever in flight at once are allocated. */
  static final class Pool {
    private SimulatedDatagram[] free = new SimulatedDatagram[16];
    private int freeCount;

    /** A datagram with room for the given bytes, held once. */
    SimulatedDatagram take(int length) {
      SimulatedDatagram datagram = freeCount == 0 ? new SimulatedDatagram() : free[--freeCount];
      if (datagram.buffer.capacity() < length) {
        boolean usual = length <= USUAL_CAPACITY;
        datagram.buffer.wrap(new byte[usual ? USUAL_CAPACITY : LARGEST_CAPACITY]);
      }
      datagram.length = length;
      datagram.holders = 1;
      return datagram;
    }

    /** The same bytes and addresses in a datagram of its own. */
    SimulatedDatagram copy(SimulatedDatagram original) {
      SimulatedDatagram copy = take(original.length);
      copy.buffer.putBytes(0, original.buffer, 0, original.length);
      copy.source.set(original.source);
      copy.destination.set(original.destination);
      copy.wireLength = original.wireLength;
      copy.sentNs = original.sentNs;
      copy.sender = original.sender;
      return copy;
    }

    void release(SimulatedDatagram datagram) {
      if (--datagram.holders > 0) {
        return;
      }
      if (freeCount == free.length) {
        free = Arrays.copyOf(free, 2 * freeCount);
      }
      free[freeCount++] = datagram;
    }
  }

  @Override
  public DirectBuffer buffer() {
    return buffer;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public EndpointAddress source() {
    return source;
  }

  @Override
  public EndpointAddress destination() {
    return destination;
  }

  @Override
  public String toString() {
    return length + " B from " + source + " to " + destination;
  }
}
