package io.petrel.transport.tcp;

import io.petrel.transport.ring.SendRing;
import io.petrel.transport.spi.RingPublication;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/** A publication's stream in a session: which of its ring's bytes go out now. */
final class SendStream {
  /** Frames shorter than this are worth it only when nothing else is left of the stream. */
  private static final int ROOM_LEAST = 256;

  final int id;
  final RingPublication publication;
  private final long unsentLimit;

  @Nullable SendRing ring;
  private long windowEnd;
  private long peerRead;
  private boolean openPending;

  /** The application closed it: deliver, then end. */
  boolean closing;

  long closeDeadlineNs;

  /** The peer stopped it: to be opened again when its time has come. */
  boolean stopped;

  long reopenAtNs;

  SendStream(int id, RingPublication publication, long unsentLimit) {
    this.id = id;
    this.publication = publication;
    this.unsentLimit = unsentLimit;
  }

  /** Begins with a new ring; the publication sees it at once. */
  void open(TcpSession session, TcpTerms terms) {
    int capacity = terms.ringCapacity();
    SendRing fresh =
        publication.isExclusive()
            ? SendRing.exclusive(capacity, 0, limit(capacity), session.ringMemory())
            : SendRing.shared(capacity, 0, limit(capacity), session.ringMemory());
    ring = fresh;
    windowEnd = capacity;
    peerRead = 0;
    openPending = true;
    stopped = false;
    publication.connected(fresh, session, terms.sessionId());
  }

  private long limit(int capacity) {
    return unsentLimit >= capacity ? SendRing.UNLIMITED : unsentLimit;
  }

  /** Gives the ring back; the caller has told the publication. */
  void release() {
    SendRing gone = ring;
    if (gone != null) {
      gone.close();
      gone.giveBack();
      ring = null;
    }
  }

  /** Stages what may be sent. Returns true when the buffer was too small for it. */
  boolean stage(TcpBuffers buffers) {
    SendRing from = ring;
    if (from == null) {
      return false;
    }
    if (openPending) {
      if (buffers.room() < TcpFrames.HEADER_LENGTH) {
        return true;
      }
      buffers.stage(TcpFrames.OPEN, 0, id, 0, 0);
      openPending = false;
    }
    long sent = from.sentPosition();
    long end = Math.min(from.writtenPosition(), windowEnd);
    if (sent >= end) {
      return false;
    }
    int room = buffers.room() - TcpFrames.HEADER_LENGTH;
    if (room < ROOM_LEAST) {
      return true;
    }
    int length = (int) Math.min(end - sent, room);
    int offset = buffers.stage(TcpFrames.DATA, length, id, 0, sent);
    from.copyTo(sent, length, buffers.out, offset);
    from.sentPosition(sent + length);
    return sent + length < end;
  }

  /** Takes an acknowledgement. Returns false when the peer lies. */
  boolean onAck(DirectBuffer buffer, int offset) {
    SendRing of = ring;
    if (of == null) {
      return true; // of a ring that is gone: it crossed our end
    }
    long position = TcpFrames.position(buffer, offset);
    long unread = TcpFrames.extra(buffer, offset);
    long read = position - unread;
    if (unread < 0 || unread > of.capacity() || read < peerRead || !of.acknowledge(position)) {
      return false;
    }
    peerRead = read;
    windowEnd = read + of.capacity();
    return true;
  }

  /** Whether the peer has all there is, claims that are still being written included. */
  boolean isDelivered() {
    SendRing of = ring;
    return of == null || of.acknowledgedPosition() >= of.claimedPosition();
  }

  /** Whether the kernel has all there is. */
  boolean isSent() {
    SendRing of = ring;
    return of == null || of.sentPosition() >= of.claimedPosition();
  }
}
