package io.petrel.rudp.session;

import io.petrel.rudp.flow.SendStream;
import io.petrel.rudp.recovery.SentPackets;

/**
 * The probes in flight. A probe carries the bytes of a packet that is not yet given up; when that
 * packet is, its bytes are on their way already, and go a third time only if the probe is lost too.
 * Of more probes than there is room for the oldest is forgotten, which costs bytes and no more.
 */
final class ProbeCopies {
  /** Probes without an answer come ever less often: more are hardly in flight at once. */
  private static final int LIMIT = 4;

  private final SentPackets packets;
  private final long[] probes = new long[LIMIT];
  private int count;
  private int next;

  // The copy that lookFor found.
  private long copyStart;
  private long copyEnd;

  ProbeCopies(SentPackets packets) {
    this.packets = packets;
  }

  /** This packet was sent as a probe. */
  void add(long number) {
    probes[next] = number;
    next = (next + 1) % LIMIT;
    count = Math.min(count + 1, LIMIT);
  }

  /** A packet that carried these bytes is given up: lost is what no later probe carries. */
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

  /** Finds the first bytes from a position on that a probe carries; none: at the end. */
  private void lookFor(long number, int streamId, long from, long end) {
    copyStart = end;
    copyEnd = end;
    for (int i = 0; i < count; i++) {
      long probe = probes[i];
      if (probe - number <= 0
          || !packets.isTracked(probe)
          || packets.state(probe) != SentPackets.IN_FLIGHT) {
        continue;
      }
      for (int piece = 0; piece < packets.pieceCount(probe); piece++) {
        long start = Math.max(packets.piecePosition(probe, piece), from);
        long to = packets.piecePosition(probe, piece) + packets.pieceLength(probe, piece);
        if (packets.pieceStream(probe, piece) == streamId && to > from && start < copyStart) {
          copyStart = start;
          copyEnd = Math.min(to, end);
        }
      }
    }
  }
}
