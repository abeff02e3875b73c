package io.petrel.bench.port;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.transport.datagram.DatagramHandler;
import io.petrel.transport.datagram.DatagramPort;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Datagrams one way as fast as they go, singly or in trains.
 *
 * <p>The sender keeps a window by reading the receiver's count, so that nothing is lost and both
 * ends count the same bytes.
 */
final class OneWay {
  /** Enough to keep both ends busy, little enough to stay in the cache and the receive buffer. */
  private static final long WINDOW_BYTES = 256 * 1024;

  private static final long GIVE_UP_NS = 5_000_000_000L;
  private static final int DATAGRAM_LIMIT = 64;

  private final Duet duet;
  private final int size;
  private final long durationNs;
  private final AtomicLong received = new AtomicLong();
  private double bytesPerSecond;
  private long senderAllocated;
  private long receiverAllocated;
  private long receivedPlain;

  OneWay(Duet duet, int size, long durationNs) {
    this.duet = duet;
    this.size = size;
    this.durationNs = durationNs;
  }

  double bytesPerSecond() {
    return bytesPerSecond;
  }

  /** Bytes both threads allocated in the second half of the last round. */
  long allocatedBytes() {
    return senderAllocated + receiverAllocated;
  }

  /** Sends so many datagrams a call. */
  void play(DatagramPort from, DatagramPort to, int datagramsPerCall) {
    received.set(0);
    duet.play(() -> send(from, datagramsPerCall), () -> receive(to));
  }

  private void send(DatagramPort port, int datagramsPerCall) {
    UnsafeBuffer datagrams = Ends.datagrams(datagramsPerCall, size);
    int length = datagrams.capacity();
    long startNs = System.nanoTime();
    long nowNs = startNs;
    long sent = 0;
    boolean secondHalf = false;
    while (nowNs - startNs < durationNs) {
      if (!secondHalf && nowNs - startNs > durationNs / 2) {
        secondHalf = true;
        senderAllocated = Duet.allocatedBytes();
      }
      if (sent - received.getAcquire() < WINDOW_BYTES) { // acquire: pairs with the receiver's
        int accepted =
            datagramsPerCall == 1
                ? port.send(datagrams, 0, length)
                : port.sendTrain(datagrams, 0, length, size, null);
        sent += Math.max(0, accepted);
      }
      nowNs = System.nanoTime();
    }
    senderAllocated = Duet.allocatedBytes() - senderAllocated;
    while (received.getAcquire() < sent) { // acquire: pairs with the receiver's
      nowNs = System.nanoTime();
      if (nowNs - startNs > durationNs + GIVE_UP_NS) {
        throw new CommandFailure(
            "of " + sent + " bytes only " + received.get() + " arrived: " + port.statistics());
      }
    }
    bytesPerSecond = sent * 1e9 / (nowNs - startNs);
  }

  private void receive(DatagramPort port) {
    receivedPlain = 0;
    DatagramHandler count = (_, _, length, _) -> receivedPlain += length;
    long halfNs = System.nanoTime() + durationNs / 2;
    long before = 0;
    while (!duet.isOver()) {
      if (port.receive(count, DATAGRAM_LIMIT) > 0) {
        received.setRelease(receivedPlain); // release: the sender's window moves
        if (before == 0 && System.nanoTime() - halfNs > 0) {
          before = Duet.allocatedBytes();
        }
      }
    }
    receiverAllocated = Duet.allocatedBytes() - before;
  }
}
