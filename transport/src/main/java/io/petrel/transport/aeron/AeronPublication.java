package io.petrel.transport.aeron;

import io.aeron.logbuffer.BufferClaim;
import io.petrel.transport.Channel;
import io.petrel.transport.Claim;
import io.petrel.transport.EndReason;
import io.petrel.transport.MessageHandler;
import io.petrel.transport.MessageParts;
import io.petrel.transport.Options;
import io.petrel.transport.Publication;
import io.petrel.transport.spi.EngineHandle;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An Aeron publication under our names. Aeron tells a publisher what was sent and never what has
 * arrived: so nothing is acknowledged here, and nothing is given back.
 */
final class AeronPublication implements Publication, MessageParts.Target {
  /** Longer than a store takes to reach the other cores, so that closed was seen by every offer. */
  private static final long GRACE_NS = TimeUnit.MILLISECONDS.toNanos(1);

  /** As much as leaves without waiting for the next turn. */
  private static final int TRAIN_BYTES = 64 << 10;

  private final EngineHandle engine;
  private final AeronTransport transport;
  private final Channel channel;
  private final io.aeron.Publication publication;
  private final int maxPayloadLength;
  private final int maxMessageLength;
  private final boolean invoked;
  private final InFlight inFlight;
  private final AeronClaims claims;
  private final ExpandableArrayBuffer gathered = new ExpandableArrayBuffer(); // under its lock

  private volatile boolean closed; // any thread closes, every offer looks

  // Hints, of whichever thread offers: what was flushed, and in which turn.
  private long nextFlush;
  private long flushedTurn = -1;

  // Within turns.
  private long lingerNs;
  private long leavingSinceNs;
  private boolean leaving;
  private boolean awaited;
  private boolean left;

  AeronPublication(
      EngineHandle engine,
      AeronTransport transport,
      Channel channel,
      io.aeron.Publication publication,
      boolean exclusive) {
    this.engine = engine;
    this.transport = transport;
    this.channel = channel;
    this.publication = publication;
    maxPayloadLength = publication.maxPayloadLength();
    maxMessageLength = publication.maxMessageLength();
    invoked = engine.isInvoked();
    inFlight = new InFlight(!exclusive);
    claims = new AeronClaims(this);
  }

  // ---- The application ----

  @Override
  public long offer(DirectBuffer buffer, int offset, int length) {
    if ((length | (maxMessageLength - length)) < 0) {
      return MESSAGE_TOO_LARGE;
    }
    inFlight.enter();
    long result;
    try {
      result = closed ? CLOSED : publication.offer(buffer, offset, length);
    } finally {
      inFlight.exit();
    }
    return result > 0 ? flushed(result) : refused(result);
  }

  @Override
  public long offer(
      DirectBuffer first,
      int firstOffset,
      int firstLength,
      DirectBuffer second,
      int secondOffset,
      int secondLength) {
    if ((firstLength | secondLength) < 0 || firstLength > maxMessageLength - secondLength) {
      return MESSAGE_TOO_LARGE;
    }
    inFlight.enter();
    long result;
    try {
      result =
          closed
              ? CLOSED
              : publication.offer(
                  first, firstOffset, firstLength, second, secondOffset, secondLength);
    } finally {
      inFlight.exit();
    }
    return result > 0 ? flushed(result) : refused(result);
  }

  @Override
  public long offer(MessageParts parts) {
    return parts.offerTo(this);
  }

  /** Gathered first: Aeron's vectors would have to be made anew for each number of parts. */
  @Override
  public long offer(DirectBuffer[] buffers, int[] offsets, int[] lengths, int count) {
    synchronized (gathered) {
      int length = 0;
      for (int i = 0; i < count; i++) {
        if (lengths[i] < 0 || lengths[i] > maxMessageLength - length) {
          return MESSAGE_TOO_LARGE;
        }
        gathered.putBytes(length, buffers[i], offsets[i], lengths[i]);
        length += lengths[i];
      }
      return offer(gathered, 0, length);
    }
  }

  @Override
  public long tryClaim(int length, Claim claim) {
    if ((length | (maxPayloadLength - length)) < 0) {
      return MESSAGE_TOO_LARGE;
    }
    AeronClaims.Place place = claims.take();
    if (place == null) {
      return BACK_PRESSURED;
    }
    inFlight.enter();
    long result;
    try {
      result = closed ? CLOSED : publication.tryClaim(length, place.claimed());
    } finally {
      inFlight.exit();
    }
    if (result <= 0) {
      claims.giveBack(place);
      return refused(result);
    }
    BufferClaim claimed = place.claimed();
    claim.wrap(place, result, claimed.buffer(), claimed.offset(), length);
    return result;
  }

  /** A claim was ended, where its memory is still there. */
  void end(BufferClaim claimed, boolean commit, long position) {
    inFlight.enter();
    try {
      if (publication.isClosed()) {
        return;
      }
      if (commit) {
        claimed.commit();
      } else {
        claimed.abort();
      }
    } finally {
      inFlight.exit();
    }
    flushed(position);
  }

  /**
   * Sends at once what is the first since a turn; a busy publisher's bytes wait for the next turn
   * or until they are worth one.
   */
  private long flushed(long position) {
    if (invoked) {
      long turn = transport.turns();
      if (turn != flushedTurn || position - nextFlush >= 0) {
        engine.flush(transport);
        flushedTurn = turn;
        nextFlush = position + TRAIN_BYTES;
      }
    }
    return position;
  }

  /** Aeron's refusal under our name. */
  private long refused(long result) {
    engine.turn(); // where the engine is invoked, nothing else would ever make room
    if (result == io.aeron.Publication.BACK_PRESSURED
        || result == io.aeron.Publication.ADMIN_ACTION) {
      return BACK_PRESSURED;
    }
    if (result == io.aeron.Publication.NOT_CONNECTED) {
      return NOT_CONNECTED;
    }
    return result == io.aeron.Publication.MAX_POSITION_EXCEEDED ? MAX_POSITION_EXCEEDED : CLOSED;
  }

  @Override
  public int messageLimit() {
    return maxMessageLength;
  }

  @Override
  public long position() {
    return Math.max(0, publication.position());
  }

  /** Aeron does not tell. */
  @Override
  public long acknowledgedPosition() {
    return 0;
  }

  @Override
  public boolean isConnected() {
    // Connected is when the driver has heard of somebody; until a limit is set nothing is taken.
    return !closed && publication.isConnected() && publication.positionLimit() > 0;
  }

  @Override
  public boolean isClosed() {
    return closed || publication.isClosed();
  }

  @Override
  public @Nullable EndReason endReason() {
    if (closed) {
      return EndReason.CLOSED_HERE;
    }
    return publication.isClosed() ? EndReason.CONNECTION_LOST : null; // its driver is gone
  }

  @Override
  public long sessionId() {
    return Integer.toUnsignedLong(publication.sessionId());
  }

  /** Aeron does not tell: waiting would be of no use. */
  @Override
  public boolean drain(long timeout, TimeUnit unit) {
    return position() == 0;
  }

  @Override
  public int unacknowledged(MessageHandler handler) {
    return 0;
  }

  @Override
  public Channel channel() {
    return channel;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      engine.execute(this::beginClose);
    }
  }

  // ---- Turns ----

  void beginClose() {
    closed = true;
    if (!leaving) {
      leaving = true;
      lingerNs = engine.context().value(Options.LINGER);
    }
  }

  /** One more step of a close; whether there was something to do. */
  boolean work(long nowNs) {
    if (!leaving || left) {
      return false;
    }
    if (leavingSinceNs == 0) {
      leavingSinceNs = nowNs | 1;
    }
    long goneNs = nowNs - leavingSinceNs;
    boolean lingered = goneNs >= lingerNs;
    if (!publication.isClosed()) {
      boolean ended = goneNs >= GRACE_NS && inFlight.isNone() && claims.areAllEnded();
      if (!ended && !lingered) {
        return false;
      }
      awaited = publication.isConnected() && transport.mustSend(publication);
      publication.close();
    }
    left = lingered || !awaited || transport.hasSent(publication);
    return left;
  }

  boolean hasLeft() {
    return left;
  }

  boolean isInUse() {
    return !inFlight.isNone();
  }
}
