package io.petrel.transport.ipc;

import static io.petrel.transport.ipc.IpcLayout.*;

import io.petrel.transport.EndReason;
import io.petrel.transport.Header;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.flight.FlightEvents;
import java.util.Arrays;
import org.agrona.ErrorHandler;

/**
 * The publishers that a subscriber has been told of: the polling thread's, in order with the data.
 * A publisher is up by its own record or, where that was not seen, by its first message.
 */
final class IpcSessions {
  private static final long THERE = Long.MAX_VALUE;

  private final IpcRing ring;
  private final IpcMembership membership;
  private final int stream;
  private final SessionEvents events;
  private final ErrorHandler errors;
  private final Header[] headers = new Header[SLOTS];

  /** Owner of each slot as last seen, 0 for none; and whether it is up or has gone. */
  private final int[] owners = new int[SLOTS];

  private final boolean[] up = new boolean[SLOTS];

  /** Where the records of one that was seen to have left end at the latest. */
  private final long[] goneBy = new long[SLOTS];

  private int ups;

  /** Volatile: any thread may ask. */
  private volatile int count;

  IpcSessions(
      final IpcRing ring,
      final IpcMembership membership,
      final int stream,
      final SessionEvents events,
      final ErrorHandler errors) {
    this.ring = ring;
    this.membership = membership;
    this.stream = stream;
    this.events = events;
    this.errors = errors;
    final Header nobody = new Header(new SessionInfo(0, stream, null));
    Arrays.fill(headers, nobody);
  }

  int count() {
    return count;
  }

  /** The header to show with a message of this publisher. */
  Header header(final int owner) {
    final int slot = slotOf(owner);
    if ((owners[slot] ^ owner) >>> Byte.SIZE != 0) {
      up(owner);
    }
    return headers[slot];
  }

  void up(final int owner) {
    final int slot = slotOf(owner);
    final int plain = owner & -(1 << Byte.SIZE);
    if (up[slot] && owners[slot] == plain) {
      return;
    }
    if (up[slot]) {
      tellDown(slot, EndReason.CONNECTION_LOST, 0);
    }
    owners[slot] = plain;
    up[slot] = true;
    goneBy[slot] = THERE;
    count = ++ups;
    headers[slot] = new Header(new SessionInfo(ring.sessionId(plain), stream, null));
    final SessionInfo session = headers[slot].session();
    FlightEvents.sessionUp(session.sessionId(), session.stream(), session.remoteAddress());
    try {
      events.onSessionUp(session);
    } catch (final Throwable error) {
      errors.onError(error);
    }
  }

  void down(final int owner, final EndReason reason, final long position) {
    final int slot = slotOf(owner);
    if (up[slot] && (owners[slot] ^ owner) >>> Byte.SIZE == 0) {
      tellDown(slot, reason, position);
    }
  }

  void allDown(final EndReason reason, final long position) {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (up[slot]) {
        tellDown(slot, reason, position);
      }
    }
  }

  /**
   * Tells every session of a loss. A publisher that has left may still have records ahead: it is
   * gone when all of them are lost or read.
   */
  void loss(final long from, final long to) {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (up[slot]) {
        final SessionInfo session = headers[slot].session();
        FlightEvents.loss(session.sessionId(), session.stream(), from, to);
        try {
          events.onLoss(session, from, to);
        } catch (final Throwable error) {
          errors.onError(error);
        }
        if (goneBy[slot] <= to) {
          tellDown(slot, EndReason.CONNECTION_LOST, from);
        } else if (goneBy[slot] == THERE && !membership.isPublisher(owners[slot])) {
          goneBy[slot] = ring.tail();
        }
      }
    }
  }

  /** Everything up to the tail was read: whoever has left is gone, and its end was lost. */
  void endGone(final long position) {
    for (int slot = 0; slot < SLOTS; slot++) {
      // The tail again: what it wrote before it left is read.
      if (up[slot] && !membership.isPublisher(owners[slot]) && ring.tail() == position) {
        tellDown(slot, EndReason.CONNECTION_LOST, position);
      }
    }
  }

  private void tellDown(final int slot, final EndReason reason, final long position) {
    up[slot] = false;
    count = --ups;
    final SessionInfo session = headers[slot].session();
    FlightEvents.sessionDown(
        session.sessionId(), session.stream(), session.remoteAddress(), reason.name(), position);
    try {
      events.onSessionDown(session, reason, position);
    } catch (final Throwable error) {
      errors.onError(error);
    }
  }
}
