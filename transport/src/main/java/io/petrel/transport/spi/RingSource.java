package io.petrel.transport.spi;

import io.petrel.transport.ControlledMessageHandler;
import io.petrel.transport.EndReason;
import io.petrel.transport.Header;
import io.petrel.transport.MessageHandler;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.flight.FlightEvents;
import io.petrel.transport.ring.ReceiveRing;
import io.petrel.transport.ring.RingMemory;
import org.jspecify.annotations.Nullable;

/**
 * A session's {@link ReceiveRing} as a source of a subscription. The transport inserts bytes, looks
 * at the reader's position to tell the peer of room, and says when the session has ended.
 */
public final class RingSource implements Source, ReceiveRing.Listener {
  private final EngineHandle engine;
  private final SessionInfo session;
  private final ReceiveRing ring;
  private final SessionConditions conditions;
  private SessionEvents events = new SessionEvents() {};
  private volatile @Nullable EndReason endReason; // the bytes below it were inserted before
  private boolean messageLeft;
  private final ControlledMessageHandler peek =
      (buffer, offset, length, header) -> {
        messageLeft = true;
        return ControlledMessageHandler.Action.ABORT;
      };

  /**
   * With a ring of its own.
   *
   * @param engine that it belongs to
   * @param session shown to handlers and events
   * @param capacity of the ring, as the sender's
   * @param holeLimit as {@link ReceiveRing} has it
   * @param memory for the ring
   */
  public RingSource(
      EngineHandle engine, SessionInfo session, int capacity, int holeLimit, RingMemory memory) {
    this(engine, session, capacity, 0, holeLimit, memory);
  }

  /**
   * With a ring of its own that does not begin at the stream's beginning.
   *
   * @param engine that it belongs to
   * @param session shown to handlers and events
   * @param capacity of the ring, as the sender's
   * @param position of the first byte, where a record begins
   * @param holeLimit as {@link ReceiveRing} has it
   * @param memory for the ring
   */
  public RingSource(
      EngineHandle engine,
      SessionInfo session,
      int capacity,
      long position,
      int holeLimit,
      RingMemory memory) {
    this.engine = engine;
    this.session = session;
    conditions = new SessionConditions(engine::onError);
    ring = new ReceiveRing(capacity, position, holeLimit, memory, new Header(session), this);
  }

  /**
   * Where the transport inserts.
   *
   * @return the ring
   */
  public ReceiveRing ring() {
    return ring;
  }

  /**
   * What the transport notices of the session beside its data.
   *
   * @return told of by polls
   */
  public SessionConditions conditions() {
    return conditions;
  }

  /**
   * No more will be inserted: what is there is still polled, then the application is told. Within
   * turns only; the first reason stays.
   *
   * @param reason of the end
   */
  public void end(EndReason reason) {
    if (endReason == null) {
      ring.giveBack();
      endReason = reason;
    }
  }

  @Override
  public SessionInfo session() {
    return session;
  }

  @Override
  public void begin(SessionEvents sessionEvents) {
    events = sessionEvents;
  }

  @Override
  public int poll(MessageHandler handler, int limit) {
    conditions.tell(session, events);
    return Math.max(0, ring.poll(handler, limit));
  }

  @Override
  public int controlledPoll(ControlledMessageHandler handler, int limit) {
    conditions.tell(session, events);
    return Math.max(0, ring.controlledPoll(handler, limit));
  }

  @Override
  public boolean isEnded() {
    if (endReason == null) {
      return false;
    }
    // Bytes may have come between the empty poll and the end; a handler may have refused one.
    messageLeft = false;
    ring.controlledPoll(peek, 1);
    return !messageLeft;
  }

  @Override
  public EndReason endReason() {
    EndReason reason = endReason;
    if (ring.breach() != 0) {
      return EndReason.PROTOCOL_BREACH;
    }
    return reason == null ? EndReason.CONNECTION_LOST : reason;
  }

  @Override
  public long position() {
    return ring.readPosition();
  }

  @Override
  public void onHandlerError(Throwable error) {
    engine.onError(error);
  }

  @Override
  public void onLoss(long fromPosition, long toPosition) {
    FlightEvents.loss(session.sessionId(), session.stream(), fromPosition, toPosition);
    try {
      events.onLoss(session, fromPosition, toPosition);
    } catch (Throwable e) {
      engine.onError(e);
    }
  }
}
