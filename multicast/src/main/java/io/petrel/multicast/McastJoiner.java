package io.petrel.multicast;

import io.petrel.multicast.join.JoinPoint;
import io.petrel.multicast.join.JoinedStream;
import io.petrel.multicast.receiver.JoinOffer;
import io.petrel.transport.Channel;
import io.petrel.transport.ControlledMessageHandler;
import io.petrel.transport.ControlledMessageHandler.Action;
import io.petrel.transport.EndReason;
import io.petrel.transport.Header;
import io.petrel.transport.MessageHandler;
import io.petrel.transport.Publication;
import io.petrel.transport.Session;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.Subscription;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.ring.ReceiveRing;
import io.petrel.transport.spi.EngineHandle;
import io.petrel.transport.spi.SessionConditions;
import io.petrel.transport.spi.Source;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One source as a subscription with {@code join=journal} reads it: its journal, asked by reliable
 * UDP as long as there is something to ask, and its live ring, as {@link JoinedStream} puts them
 * together.
 */
final class McastJoiner implements Source, JoinedStream.Listener {
  private static final System.Logger LOGGER = System.getLogger(McastJoiner.class.getName());
  private static final int CHUNK_LIMIT = 64;

  /** Nothing asked for so long: the way to the journal is given up until it is needed again. */
  private static final long UNUSED_NS = TimeUnit.SECONDS.toNanos(1);

  private final EngineHandle engine;
  private final SessionInfo session;
  private final String name;
  private final JoinedStream stream;
  private final EndpointAddress replay = new EndpointAddress();
  private final UnsafeBuffer request = new UnsafeBuffer(new byte[64]);
  private final ControlledMessageHandler onChunk = this::onChunk;
  private final SessionConditions conditions;
  private SessionEvents events = new SessionEvents() {};

  // The engine's thread.
  private @Nullable Session way;
  private @Nullable Publication requests;
  private @Nullable Subscription chunks;
  private long heardNs;
  private long usedNs;
  private long nowNs;
  private boolean toldGivenUp;

  private volatile @Nullable EndReason endReason; // by the engine's thread, read by the reader
  private volatile boolean dismissed; // by the reader, read by the engine's thread

  // The reading thread.
  private boolean messageLeft;
  private final ControlledMessageHandler peek =
      (buffer, offset, length, header) -> {
        messageLeft = true;
        return Action.ABORT;
      };

  McastJoiner(
      EngineHandle engine,
      SessionInfo session,
      Channel channel,
      int ringCapacity,
      int holeLimit,
      JoinPoint start,
      long patienceNs,
      long nowNs) {
    this.engine = engine;
    this.session = session;
    conditions = new SessionConditions(engine::onError);
    name = channel.toString();
    stream =
        new JoinedStream(
            new Header(session),
            ringCapacity,
            holeLimit,
            engine.ringMemory(),
            this,
            start,
            patienceNs,
            nowNs);
    heardNs = nowNs;
    usedNs = nowNs;
  }

  // ---- The engine's thread ----

  /** The source introduces itself; whether to join it now. */
  boolean isNear(long now, JoinOffer offer) {
    heardNs = now;
    if (offer.canReplay()) {
      replay.set(offer.replay());
    }
    return stream.isNear(now, offer.livePosition(), offer.canReplay());
  }

  ReceiveRing join(long now, long position) {
    return stream.join(now, position);
  }

  SessionConditions conditions() {
    return conditions;
  }

  JoinedStream stream() {
    return stream;
  }

  long heardNs() {
    return heardNs;
  }

  int work(long now) {
    nowNs = now;
    stream.work(now);
    int length = stream.request(request);
    if (length > 0 && way == null && replay.port() != 0) {
      connect();
    }
    Subscription coming = chunks;
    Publication asked = requests;
    if (coming == null || asked == null) {
      return 0;
    }
    int done = coming.controlledPoll(onChunk, CHUNK_LIMIT);
    if (length > 0) {
      long result = asked.offer(request, 0, length);
      if (result > 0) {
        stream.requestSent();
      }
    }
    tellGivenUp();
    if (done > 0 || length > 0 || !stream.isSettled()) {
      usedNs = now;
    } else if (now - usedNs > UNUSED_NS) {
      disconnect();
    }
    if (stream.breach() != 0) {
      end(EndReason.PROTOCOL_BREACH);
    }
    return done;
  }

  private void connect() {
    Channel channel = Channel.parse("rudp://" + replay + "?ring=1MiB&stream=0");
    try {
      Session fresh = engine.connect(channel, replay.toInetSocketAddress());
      way = fresh;
      requests = fresh.publish(0, true);
      chunks =
          fresh.subscribe(
              0,
              new SessionEvents() {
                @Override
                public void onSessionDown(SessionInfo gone, EndReason reason, long position) {
                  stream.askAgain();
                }
              });
    } catch (IllegalStateException e) {
      end(EndReason.CLOSED_HERE); // the engine is about to close
    }
  }

  private void disconnect() {
    if (way != null) {
      way.close();
      way = null;
      requests = null;
      chunks = null;
    }
  }

  private Action onChunk(org.agrona.DirectBuffer buffer, int offset, int length, Header header) {
    return stream.onChunk(nowNs, buffer, offset, length) ? Action.CONTINUE : Action.ABORT;
  }

  private void tellGivenUp() {
    if (stream.isGivenUp() != toldGivenUp) {
      toldGivenUp = stream.isGivenUp();
      if (toldGivenUp) {
        LOGGER.log(
            System.Logger.Level.WARNING,
            () ->
                name
                    + ": the journal at "
                    + replay
                    + " brings this subscription no nearer to what is live: it goes on live, and is"
                    + " told what it misses");
      }
    }
  }

  void end(EndReason reason) {
    if (endReason == null) {
      endReason = reason;
    }
  }

  /** Whether the reader is done with it, or will never come again. */
  boolean isDismissed() {
    return dismissed;
  }

  void release() {
    disconnect();
    stream.giveBack();
  }

  // ---- The reading thread ----

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
    return stream.poll(handler, limit);
  }

  @Override
  public int controlledPoll(ControlledMessageHandler handler, int limit) {
    conditions.tell(session, events);
    return stream.controlledPoll(handler, limit);
  }

  @Override
  public boolean isEnded() {
    if (endReason == null) {
      return false;
    }
    messageLeft = false;
    stream.controlledPoll(peek, 1);
    boolean ended =
        stream.breach() != 0 || (!messageLeft && (!stream.isJoined() || stream.isAllRead()));
    dismissed |= ended;
    return ended;
  }

  @Override
  public EndReason endReason() {
    EndReason reason = endReason;
    if (stream.breach() != 0) {
      return EndReason.PROTOCOL_BREACH;
    }
    return reason == null ? EndReason.CONNECTION_LOST : reason;
  }

  @Override
  public long position() {
    return stream.readPosition();
  }

  @Override
  public void onHandlerError(Throwable error) {
    engine.onError(error);
  }

  @Override
  public void onLoss(long fromPosition, long toPosition) {
    try {
      events.onLoss(session, fromPosition, toPosition);
    } catch (Throwable e) {
      engine.onError(e);
    }
  }
}
