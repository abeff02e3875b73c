package io.petrel.bench.port;

import io.petrel.transport.datagram.DatagramHandler;
import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.linux.LinuxSocket;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One small datagram there and back, again and again, both ends spinning.
 *
 * <pre>
 *   leader   send ---------> receive   follower
 *            receive <------- send
 * </pre>
 */
final class PingPong {
  private static final long MAX_NS = 10_000_000_000L;
  private static final int BUFFER_LENGTH = 64 * 1024;

  private final Duet duet;
  private final int size;
  private final int roundTrips;
  private final Histogram histogram = new Histogram(MAX_NS, 3);
  private long leaderAllocated;
  private long followerAllocated;

  // One field for each thread, written by its handler.
  private long pongs;
  private long pings;

  PingPong(Duet duet, int size, int roundTrips) {
    this.duet = duet;
    this.size = size;
    this.roundTrips = roundTrips;
  }

  /** Round-trip times of the last round. */
  Histogram histogram() {
    return histogram;
  }

  /** Bytes both threads allocated in the second half of the last round. */
  long allocatedBytes() {
    return leaderAllocated + followerAllocated;
  }

  void playPorts(DatagramPort client, DatagramPort server) {
    histogram.reset();
    duet.play(() -> leadPort(client), () -> followPort(server));
  }

  private void leadPort(DatagramPort port) {
    UnsafeBuffer ping = Ends.datagrams(1, size);
    DatagramHandler handler = (_, _, _, _) -> pongs++;
    pongs = 0;
    for (long i = 0; i < roundTrips; i++) {
      if (i == roundTrips / 2) {
        leaderAllocated = Duet.allocatedBytes();
      }
      long startNs = System.nanoTime();
      port.send(ping, 0, size);
      while (pongs == i && !duet.isOver()) {
        port.receive(handler, 1);
      }
      histogram.recordValue(System.nanoTime() - startNs);
    }
    leaderAllocated = Duet.allocatedBytes() - leaderAllocated;
  }

  private void followPort(DatagramPort port) {
    DatagramHandler echo =
        (buffer, offset, length, _) -> {
          pings++;
          port.send(buffer, offset, length);
        };
    pings = 0;
    while (pings < roundTrips / 2 && !duet.isOver()) {
      port.receive(echo, 1);
    }
    long before = Duet.allocatedBytes();
    while (!duet.isOver()) {
      port.receive(echo, 1);
    }
    followerAllocated = Duet.allocatedBytes() - before;
  }

  void playBare(LinuxSocket client, LinuxSocket server) {
    histogram.reset();
    duet.play(() -> leadBare(client), () -> followBare(server));
  }

  private void leadBare(LinuxSocket socket) {
    UnsafeBuffer ping = Ends.datagrams(1, size);
    UnsafeBuffer pong = Ends.datagrams(1, BUFFER_LENGTH - 1);
    long pingAddress = ping.addressOffset();
    long pongAddress = pong.addressOffset();
    for (long i = 0; i < roundTrips; i++) {
      if (i == roundTrips / 2) {
        leaderAllocated = Duet.allocatedBytes();
      }
      long startNs = System.nanoTime();
      socket.send(pingAddress, size);
      while (socket.receive(pongAddress, BUFFER_LENGTH - 1) < 0 && !duet.isOver()) {}
      histogram.recordValue(System.nanoTime() - startNs);
    }
    leaderAllocated = Duet.allocatedBytes() - leaderAllocated;
    ping.capacity(); // in reach to the end
    pong.capacity();
  }

  private void followBare(LinuxSocket socket) {
    UnsafeBuffer buffer = Ends.datagrams(1, BUFFER_LENGTH - 1);
    long address = buffer.addressOffset();
    long before = 0;
    long count = 0;
    while (!duet.isOver()) {
      int received = socket.receive(address, BUFFER_LENGTH - 1);
      if (received > 0) {
        socket.send(address, received);
        if (++count == roundTrips / 2) {
          before = Duet.allocatedBytes();
        }
      }
    }
    followerAllocated = Duet.allocatedBytes() - before;
    buffer.capacity();
  }
}
