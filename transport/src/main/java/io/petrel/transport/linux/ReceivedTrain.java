package io.petrel.transport.linux;

import io.petrel.codecs.DatagramHeader;
import io.petrel.transport.datagram.DatagramStatistics;
import org.agrona.DirectBuffer;

/**
 * Finds the borders of datagrams that the kernel handed over glued together (UDP_GRO): all are as
 * long as the first says it is, but the last, which may be shorter; each must say so itself. Where
 * one says otherwise the rest is dropped, since nothing after it can be trusted to begin where it
 * seems to.
 */
final class ReceivedTrain {
  private final DatagramStatistics statistics;
  private int next;
  private int end;
  private int segmentLength;

  /** Counts what it drops. */
  ReceivedTrain(DatagramStatistics statistics) {
    this.statistics = statistics;
  }

  /** Starts on what one receive brought, from offset 0. */
  void begin(DirectBuffer buffer, int length) {
    next = 0;
    end = length;
    segmentLength = length < DatagramHeader.LENGTH ? length : lengthField(buffer, 0);
    if (segmentLength < length) {
      statistics.trainsReceived++;
    }
  }

  boolean isEmpty() {
    return next == end;
  }

  /** Where the next datagram starts. */
  int offset() {
    return next;
  }

  /** Steps over the next datagram and returns its length, or drops the rest and returns -1. */
  int step(DirectBuffer buffer) {
    int rest = end - next;
    int expected = Math.min(segmentLength, rest);
    if (expected < DatagramHeader.LENGTH || lengthField(buffer, next) != expected) {
      statistics.malformedReceived++;
      statistics.malformedBytes += rest;
      next = end;
      return -1;
    }
    next += expected;
    return expected;
  }

  private static int lengthField(DirectBuffer buffer, int offset) {
    return DatagramHeader.datagramLength(buffer, offset);
  }
}
