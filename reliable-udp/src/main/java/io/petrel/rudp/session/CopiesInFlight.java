package io.petrel.rudp.session;

import io.petrel.rudp.flow.SendStream;
import io.petrel.rudp.recovery.SentPackets;

/**
 * The probes and second copies of repairs in flight. Either carries the bytes of a packet that is
 * not yet given up; when that packet is, its bytes are on their way already, and go a third time
 * only if the copy is lost too. Of more copies than there is room for the oldest is forgotten,
 * which costs bytes and no more.
 */
final class CopiesInFlight {
  /** More are hardly in flight at once: both are for sessions with little to send. */
  private static final int LIMIT = 16;

  private final SentPackets packets;
  private final long[] copies = new long[LIMIT];
  private int count;
  private int next;

  // The copy that lookFor found.
  private long copyStart;
  private long copyEnd;

  CopiesInFlight(SentPackets packets) {
    this.packets = packets;
  }

  /** This packet was sent as a copy. */
  void add(long number) {
    copies[next] = number;
    next = (next + 1) % LIMIT;
    count = Math.min(count + 1, LIMIT);
  }

  /** A packet that carried these bytes is given up: lost is what no later copy carries. */
  void lose(long number, SendStream stream, long position, int length) {
    long end = position + length;
    long from = position;
    while (from < end) {
      lookFor(number, stream.id(), from, end);
      if (copyStart > from) {
        stream.onLost(from, (int) (copyStart - from));
      }
      from = copyEnd;
    }
  }

  /** Finds the first bytes from a position on that a copy carries; none: at the end. */
  private void lookFor(long number, int streamId, long from, long end) {
    copyStart = end;
    copyEnd = end;
    for (int i = 0; i < count; i++) {
      long copy = copies[i];
      if (copy - number <= 0
          || !packets.isTracked(copy)
          || packets.state(copy) != SentPackets.IN_FLIGHT) {
        continue;
      }
      for (int piece = 0; piece < packets.pieceCount(copy); piece++) {
        long start = Math.max(packets.piecePosition(copy, piece), from);
        long to = packets.piecePosition(copy, piece) + packets.pieceLength(copy, piece);
        if (packets.pieceStream(copy, piece) == streamId && to > from && start < copyStart) {
          copyStart = start;
          copyEnd = Math.min(to, end);
        }
      }
    }
  }
}
