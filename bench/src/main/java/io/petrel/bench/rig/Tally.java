package io.petrel.bench.rig;

import io.petrel.bench.peer.Endpoint;
import org.agrona.DirectBuffer;

/** Counts what a receiving end saw and finds what is lost, repeated, reordered or damaged. */
final class Tally implements Endpoint.MessageSink {
  private long first;
  private long expected;
  private long delivered;
  private long lost;
  private long outOfOrder;
  private long damaged;
  private long firstNs;

  /** Starts a round whose first message is number {@code sequence}. */
  void expect(long sequence) {
    first = sequence;
    expected = sequence;
    delivered = 0;
    lost = 0;
    outOfOrder = 0;
    damaged = 0;
    firstNs = 0;
  }

  @Override
  public void onMessage(DirectBuffer buffer, int offset, int length) {
    if (delivered++ == 0) {
      firstNs = System.nanoTime();
    }
    if (!Payload.intact(buffer, offset, length)) {
      // Nothing in it can be believed, so it is taken for the one that was due.
      damaged++;
      expected++;
      return;
    }
    long sequence = Payload.sequence(buffer, offset);
    if (sequence == expected) {
      expected++;
    } else if (sequence > expected) {
      lost += sequence - expected;
      expected = sequence + 1;
    } else {
      // Late or again: either way it was counted as lost or has been seen.
      outOfOrder++;
    }
  }

  long delivered() {
    return delivered;
  }

  long lost() {
    return lost;
  }

  long outOfOrder() {
    return outOfOrder;
  }

  long damaged() {
    return damaged;
  }

  long firstNs() {
    return firstNs;
  }

  /** How many of the messages sent so far are accounted for, lost ones included. */
  long passed() {
    return expected - first;
  }

  long expected() {
    return expected;
  }
}
