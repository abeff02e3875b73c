package io.petrel.bench.rig;

import io.petrel.bench.peer.Endpoint;
import org.agrona.DirectBuffer;

/** Counts what a receiving end saw and finds what is lost, repeated, reordered or damaged. */
final class Tally implements Endpoint.MessageSink {
  private final long verifyMask;
  private final long phase;

  private long first;
  private long expected;
  private long delivered;
  private long lost;
  private long outOfOrder;
  private long damaged;
  private long firstNs;

  /**
   * One of several receivers of the same messages. Each message is verified byte by byte by one or
   * two of them in turn, or the checksums would be all that is measured; its place in the sequence
   * by all.
   *
   * @param index of this receiver, from 0
   * @param receivers that there are, at least 1: who is alone verifies everything
   */
  Tally(int index, int receivers) {
    verifyMask = Integer.highestOneBit(receivers) - 1L;
    phase = index;
  }

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
    long sequence = length < Payload.MINIMUM_LENGTH ? -1 : Payload.sequence(buffer, offset);
    boolean suspect = sequence != expected || ((sequence + phase) & verifyMask) == 0;
    if (suspect && !Payload.intact(buffer, offset, length)) {
      // Nothing in it can be believed, so it is taken for the one that was due.
      damaged++;
      expected++;
      return;
    }
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

  /** Whether each message came once, in its turn, and intact, as far as they came. */
  boolean isComplete() {
    return lost == 0 && outOfOrder == 0 && damaged == 0;
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
