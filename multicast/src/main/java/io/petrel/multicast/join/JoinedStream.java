package io.petrel.multicast.join;

import io.petrel.transport.ControlledMessageHandler;
import io.petrel.transport.ControlledMessageHandler.Action;
import io.petrel.transport.Header;
import io.petrel.transport.MessageHandler;
import io.petrel.transport.ring.ReceiveRing;
import io.petrel.transport.ring.RecordLayout;
import io.petrel.transport.ring.RingMemory;
import io.petrel.transport.ring.RingResult;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A stream put together from a replay and from what is live, without a gap or a duplicate. Both lie
 * in rings of the source's capacity, so neither grows without bound.
 *
 * <pre>
 *   from the journal                     |  live
 *   -------+------------------+----------+-------------------+-----&gt; position
 *        read              replayed    joined             received
 * </pre>
 *
 * <p>The replay comes first. The live stream is joined, at a position where a record begins, once
 * the replay is so near that the rest of the way needs no more than a quarter of the live ring.
 * From there on what is live is read from the live ring, and where that has lost something the
 * replay goes on: this is how a receiver that nobody repairs gets everything. As long as the live
 * ring has holes the replay goes on beside it, so that the next loss need not be asked for first.
 * What either brings again is passed over by its position.
 *
 * <p>A replay that comes no nearer for the whole patience is given up: the reader is told the exact
 * range it did not get, and goes on live.
 *
 * <p>Two threads: the engine's puts in what comes and says what to ask for; one that reads.
 */
public final class JoinedStream {
  /** Told by the reading thread, in order with the messages. */
  public interface Listener {
    /** A handler threw; its message counts as consumed. */
    void onHandlerError(Throwable error);

    /** Bytes that are neither live nor in the journal, or came too late. */
    void onLoss(long fromPosition, long toPosition);
  }

  private static final long OPEN = Long.MAX_VALUE;

  /** The live ring must hold what is sent while the rest is replayed. */
  private static final int NEAR_SHARE = 4;

  /** Who has lost something may soon lose more: for so long the replay goes on beside. */
  private static final long CALM_NS = 100_000_000;

  /** A ring of so many chunks never stands still for want of room for one. */
  private static final int CHUNKS_A_RING = 8;

  private final long sessionId;
  private final int stream;
  private final Header header;
  private final int capacity;
  private final int holeLimit;
  private final RingMemory memory;
  private final Listener listener;
  private final JoinPoint start;
  private final long patienceNs;

  // ---- The engine's thread.
  private boolean asking;
  private boolean unsent;
  private JoinPoint from;
  private int number;
  private long progressNs;
  private long neededNs;
  private long leastLag = Long.MAX_VALUE;
  private boolean givenUp;
  private long replayedBytes;

  // ---- Written by the engine's thread, read by the other.
  private volatile @Nullable ReceiveRing history; // the ring was made before
  private volatile @Nullable ReceiveRing live; // the ring was made before
  private volatile boolean following; // a hint: the replay goes on beside the live stream

  // ---- Written by the reading thread, read by the other.
  private volatile long needed = OPEN; // up to here it reads what is replayed; set by the join too
  private volatile long lostFrom; // from here on it does; written before it turns to the replay
  private volatile boolean inHistory = true; // written after the two above

  // ---- The reading thread's own.
  private long delivered = -1;
  private long holeFrom;
  private long holeTo = -1;
  private boolean stopped;
  private boolean passing;
  private @Nullable MessageHandler plain;
  private @Nullable ControlledMessageHandler controlled;
  private final ControlledMessageHandler gate = this::onMessage;

  /**
   * Nothing there yet.
   *
   * @param header shown to handlers, of the session
   * @param capacity of the source's ring
   * @param holeLimit as {@link ReceiveRing} has it
   * @param memory for both rings
   * @param listener told of losses
   * @param start where the reader wants to begin
   * @param patienceNs a replay that comes no nearer for so long is given up
   * @param nowNs the time
   */
  public JoinedStream(
      Header header,
      int capacity,
      int holeLimit,
      RingMemory memory,
      Listener listener,
      JoinPoint start,
      long patienceNs,
      long nowNs) {
    this.header = header;
    sessionId = header.session().sessionId();
    stream = header.session().stream();
    this.capacity = capacity;
    this.holeLimit = holeLimit;
    this.memory = memory;
    this.listener = listener;
    this.start = start;
    this.patienceNs = patienceNs;
    from = start;
    progressNs = nowNs;
  }

  // ---- The engine's thread ----

  /**
   * The source says where a receiver that is new begins; to be asked each time it does.
   *
   * @param nowNs the time
   * @param position where a record begins
   * @param canReplay whether there is a journal to ask
   * @return whether to {@link #join} there now
   */
  public boolean isNear(long nowNs, long position, boolean canReplay) {
    if (live != null) {
      return false;
    }
    boolean nothingBefore = start.kind() != JoinPoint.Kind.TIME && start.value() >= position;
    givenUp |= !nothingBefore && !canReplay;
    if (nothingBefore || givenUp) {
      return true;
    }
    if (!asking) {
      ask(nowNs, start);
      return false;
    }
    ReceiveRing replayed = history;
    if (replayed == null) {
      return isImpatient(nowNs, position);
    }
    long lag = position - replayed.contiguousPosition();
    if (lag >= 0 && lag <= capacity / NEAR_SHARE) {
      return true;
    }
    return lag > 0 && isImpatient(nowNs, lag);
  }

  private boolean isImpatient(long nowNs, long lag) {
    if (lag < leastLag) {
      leastLag = lag;
      progressNs = nowNs;
    }
    givenUp = nowNs - progressNs >= patienceNs;
    return givenUp;
  }

  /**
   * Joins the live stream.
   *
   * @param nowNs the time
   * @param position as {@link #isNear} was asked for
   * @return the ring for what is live
   */
  public ReceiveRing join(long nowNs, long position) {
    ReceiveRing ring = newRing(position, this::onLiveLoss);
    progressNs = nowNs;
    if (history == null) {
      long begin = start.kind() == JoinPoint.Kind.POSITION ? start.value() : 0;
      history = newRing(Math.min(begin & -RecordLayout.ALIGNMENT, position), this::onHistoryLoss);
    }
    needed = position;
    live = ring;
    work(nowNs);
    return ring;
  }

  /** Told of a loss by a ring. */
  private interface LossHandler {
    void onLoss(long fromPosition, long toPosition);
  }

  private ReceiveRing newRing(long position, LossHandler losses) {
    return new ReceiveRing(
        capacity,
        position,
        holeLimit,
        memory,
        header,
        new ReceiveRing.Listener() {
          @Override
          public void onHandlerError(Throwable error) {
            listener.onHandlerError(error);
          }

          @Override
          public void onLoss(long fromPosition, long toPosition) {
            losses.onLoss(fromPosition, toPosition);
          }
        });
  }

  private void ask(long nowNs, JoinPoint point) {
    asking = true;
    following = true;
    unsent = true;
    from = point;
    number++;
    progressNs = nowNs;
  }

  /** Looks what the reader misses, and what takes too long; to be called in each turn. */
  public void work(long nowNs) {
    ReceiveRing ring = live;
    ReceiveRing replayed = history;
    if (ring == null || replayed == null) {
      return;
    }
    if (!inHistory) {
      givenUp = false;
      if (asking && ring.holes().count() == 0 && nowNs - neededNs > CALM_NS) {
        asking = false;
        following = false;
        unsent = true; // that nothing is asked for any more
        number++;
      }
      return;
    }
    neededNs = nowNs;
    boolean there = replayed.contiguousPosition() >= needed;
    if (there || (givenUp && replayed.skipTo(needed) <= 0)) {
      return;
    }
    boolean elsewhere = lostFrom > replayed.contiguousPosition();
    if (elsewhere && replayed.skipTo(lostFrom) != 0) {
      return; // the reader has yet to pass the skip before
    }
    if (elsewhere || !asking) {
      ask(nowNs, JoinPoint.position(Math.max(lostFrom, replayed.readPosition())));
    }
    givenUp = nowNs - progressNs >= patienceNs;
  }

  /** The way to the journal is a new one: what was asked for must be asked for again. */
  public void askAgain() {
    if (asking) {
      ReceiveRing replayed = history;
      if (replayed != null) {
        from = JoinPoint.position(Math.max(replayed.readPosition(), lostFrom));
      }
      number++;
      unsent = true;
    }
  }

  /**
   * A request to be sent, if there is one.
   *
   * @param into takes it
   * @return its length, or 0; it is written again until {@link #requestSent}
   */
  public int request(MutableDirectBuffer into) {
    if (!unsent) {
      return 0;
    }
    JoinPoint point = asking ? from : JoinPoint.position(0);
    long to = asking ? OPEN : 0;
    ReplayMessages.request(into, sessionId, stream, number, point, to, capacity / CHUNKS_A_RING);
    return ReplayMessages.REQUEST_LENGTH;
  }

  /** The request is on its way. */
  public void requestSent() {
    unsent = false;
  }

  /**
   * A chunk came.
   *
   * @return false when there is no room for it: offer it again later
   */
  public boolean onChunk(long nowNs, DirectBuffer buffer, int offset, int length) {
    if (!asking
        || length < ReplayMessages.CHUNK_HEADER
        || ReplayMessages.chunkNumber(buffer, offset) != number) {
      return true; // of an earlier request
    }
    long position = ReplayMessages.position(buffer, offset);
    long end = ReplayMessages.end(buffer, offset);
    boolean aligned = position % RecordLayout.ALIGNMENT == 0;
    if (position < 0 || end <= position || (history == null && !aligned)) {
      return true;
    }
    ReceiveRing replayed = history;
    if (replayed == null) {
      replayed = newRing(position, this::onHistoryLoss);
      history = replayed;
    }
    int bytes = length - ReplayMessages.CHUNK_HEADER;
    int result;
    if (ReplayMessages.kind(buffer, offset) == ReplayMessages.BYTES) {
      int some = (int) Math.min(bytes, end - position);
      result = replayed.insert(position, buffer, offset + ReplayMessages.CHUNK_HEADER, some);
      replayedBytes += Math.max(result, 0);
      progressNs = live == null ? progressNs : nowNs; // a slow reader is no slow replay
    } else {
      result = end > replayed.contiguousPosition() ? replayed.skipTo(end) : 0;
    }
    return result != RingResult.OUTSIDE_WINDOW
        && result != RingResult.SKIP_PENDING
        && result != RingResult.NO_MEMORY;
  }

  /** Whether the live stream was joined. */
  public boolean isJoined() {
    return live != null;
  }

  /** Whether the last replay was given up: it came no nearer for too long. */
  public boolean isGivenUp() {
    return givenUp;
  }

  /** Whether everything is live: nothing is being replayed, and nothing replayed is unread. */
  public boolean isSettled() {
    return live != null && !inHistory && !asking;
  }

  /** Bytes that came from the journal. */
  public long replayedBytes() {
    return replayedBytes;
  }

  /** Gives back what the rings take. Call it last. */
  public void giveBack() {
    giveBack(history);
    giveBack(live);
  }

  private static void giveBack(@Nullable ReceiveRing ring) {
    if (ring != null) {
      ring.giveBack();
    }
  }

  // ---- The reading thread ----

  /** As {@link ReceiveRing#poll}; no breach is told here. */
  public int poll(MessageHandler handler, int limit) {
    plain = handler;
    controlled = null;
    return read(limit);
  }

  /** As {@link ReceiveRing#controlledPoll}; no breach is told here. */
  public int controlledPoll(ControlledMessageHandler handler, int limit) {
    plain = null;
    controlled = handler;
    return read(limit);
  }

  private int read(int limit) {
    stopped = false;
    int count = 0;
    if (inHistory) {
      count = readHistory(limit);
      if (delivered < needed) {
        return count;
      }
      inHistory = false;
    }
    ReceiveRing ring = live;
    if (ring != null && count < limit && !stopped) {
      count += Math.max(0, ring.controlledPoll(gate, limit - count));
      if (!inHistory) {
        delivered = Math.max(delivered, ring.readPosition());
        passOver(limit);
      }
    }
    return count;
  }

  private int readHistory(int limit) {
    ReceiveRing replayed = history;
    if (replayed == null) {
      return 0;
    }
    tellLoss(holeFrom, holeTo);
    if (delivered >= needed) {
      return 0;
    }
    int count = Math.max(0, replayed.controlledPoll(gate, limit));
    delivered = Math.max(delivered, Math.min(replayed.readPosition(), needed));
    return count;
  }

  /**
   * What is replayed beside the live stream is kept at its height, so that the next loss is short.
   */
  private void passOver(int limit) {
    ReceiveRing replayed = history;
    if (following && replayed != null && holeTo <= delivered) {
      passing = true;
      replayed.controlledPoll(gate, limit);
      passing = false;
    }
  }

  private Action onMessage(DirectBuffer buffer, int offset, int length, Header shown) {
    if (stopped) {
      return Action.ABORT;
    }
    if (shown.position() <= delivered) {
      return Action.CONTINUE; // the other ring had it
    }
    if (passing) {
      return Action.ABORT;
    }
    ControlledMessageHandler handler = controlled;
    if (handler != null) {
      Action action = handler.onMessage(buffer, offset, length, shown);
      stopped = action == Action.ABORT || action == Action.BREAK;
      if (action != Action.ABORT) {
        delivered = shown.position();
      }
      return action;
    }
    delivered = shown.position();
    if (plain != null) {
      plain.onMessage(buffer, offset, length, shown);
    }
    return Action.CONTINUE;
  }

  /** It is not read on until that was replayed. */
  private void onLiveLoss(long fromPosition, long toPosition) {
    if (toPosition > delivered) {
      stopped = true;
      delivered = Math.max(delivered, fromPosition);
      lostFrom = delivered;
      needed = toPosition;
      inHistory = true;
    }
  }

  private void onHistoryLoss(long fromPosition, long toPosition) {
    if (passing) {
      holeFrom = fromPosition; // what is live may have it
      holeTo = toPosition;
    } else {
      tellLoss(fromPosition, toPosition);
    }
  }

  /** What is needed and not in the journal; what lies behind it the live ring has. */
  private void tellLoss(long fromPosition, long toPosition) {
    long from = Math.max(fromPosition, delivered);
    long to = Math.min(toPosition, needed);
    if (to > from) {
      delivered = to;
      listener.onLoss(from, to);
    }
  }

  /** Whether what is replayed was read: what is left, if anything, is live. */
  public boolean isAllRead() {
    return !inHistory;
  }

  /** Where the reader is: the end of the last message, or behind it. */
  public long readPosition() {
    ReceiveRing ring = inHistory ? history : live;
    return ring == null ? 0 : ring.readPosition();
  }

  /** The first breach of the record layout that the reader met; 0 for none. */
  public int breach() {
    ReceiveRing replayed = history;
    ReceiveRing ring = live;
    int old = replayed == null ? 0 : replayed.breach();
    return old != 0 || ring == null ? old : ring.breach();
  }
}
