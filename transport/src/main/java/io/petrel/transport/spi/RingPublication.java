package io.petrel.transport.spi;

import io.petrel.transport.Channel;
import io.petrel.transport.Claim;
import io.petrel.transport.EndReason;
import io.petrel.transport.Header;
import io.petrel.transport.MessageHandler;
import io.petrel.transport.MessageParts;
import io.petrel.transport.Options;
import io.petrel.transport.Publication;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.ring.RecordLayout;
import io.petrel.transport.ring.RingResult;
import io.petrel.transport.ring.SendRing;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A publication over a {@link SendRing}. The transport gives it the ring of each session and takes
 * it away again; in between an offer is a write into the ring and, where the engine is invoked, a
 * flush of the session.
 *
 * <p>The way a ring changes hands: {@code connected} shows it to producers. {@code disconnected}
 * closes it, so that no offer gets into it any more, and keeps it for {@link #unacknowledged}. The
 * next ring is shown only after a producer was told of the loss.
 */
public final class RingPublication implements Publication {
  /** The transport, told within a turn that the application closed the publication. */
  @FunctionalInterface
  public interface Owner {
    /**
     * Deliver what the ring holds, then let go.
     *
     * @param publication that was closed
     */
    void onPublicationClosed(RingPublication publication);
  }

  private static final long WAIT_NS = TimeUnit.MICROSECONDS.toNanos(20);

  /** As much as a train takes, headers apart: so much unsent leaves before the next turn. */
  private static final int TRAIN_BYTES = 60 << 10;

  private final EngineHandle engine;
  private final Channel channel;
  private final boolean exclusive;
  private final int requestedLimit;
  private final Owner owner;
  private final Object handOver = new Object();

  private volatile @Nullable Link link; // written under handOver, read by every offer
  private volatile boolean closed; // written under handOver

  // Under handOver.
  private @Nullable Link next;
  private @Nullable Link lost;
  private boolean lossUntold;
  private @Nullable EndReason endReason;
  private long sessionId;

  /**
   * Not connected yet.
   *
   * @param engine that it belongs to
   * @param channel that it was opened with
   * @param exclusive whether one thread at a time will offer
   * @param ringCapacity asked for, in bytes
   * @param owner told of the close
   */
  public RingPublication(
      EngineHandle engine, Channel channel, boolean exclusive, int ringCapacity, Owner owner) {
    this.engine = engine;
    this.channel = channel;
    this.exclusive = exclusive;
    this.requestedLimit = RecordLayout.maxMessageLength(ringCapacity);
    this.owner = owner;
  }

  // ---- The transport, within turns ----

  /**
   * Shows a session's ring to producers.
   *
   * @param ring new, exclusive or shared as {@link #isExclusive()} says
   * @param side flushed by offers
   * @param id of the session, not 0
   */
  public void connected(SendRing ring, SendSide side, long id) {
    synchronized (handOver) {
      if (closed) {
        ring.close();
        return;
      }
      Link fresh = new Link(engine, ring, side, id);
      if (lossUntold) {
        next = fresh;
      } else {
        show(fresh);
      }
    }
  }

  /**
   * Takes the ring away; what it holds unacknowledged is kept for the application.
   *
   * @param reason of the session's end
   */
  public void disconnected(EndReason reason) {
    synchronized (handOver) {
      endReason = reason;
      Link gone = link;
      if (gone != null) {
        gone.ring.close();
        lost = gone;
        lossUntold = true;
        link = null;
      } else if (next != null) {
        next.ring.close();
        next = null; // no offer ever got into it
      }
    }
  }

  /** Closes without telling the owner: for when the transport closes. */
  public void closeByTransport() {
    synchronized (handOver) {
      closed = true;
      Link current = link;
      if (current != null) {
        current.ring.close();
      }
      next = null;
    }
  }

  /**
   * Which kind of ring it wants.
   *
   * @return true for an exclusive one
   */
  public boolean isExclusive() {
    return exclusive;
  }

  // ---- The application ----

  @Override
  public long offer(DirectBuffer buffer, int offset, int length) {
    Link current = link;
    if (current == null) {
      return absent();
    }
    return sent(current, current.ring.offer(buffer, offset, length));
  }

  @Override
  public long offer(
      DirectBuffer first,
      int firstOffset,
      int firstLength,
      DirectBuffer second,
      int secondOffset,
      int secondLength) {
    Link current = link;
    if (current == null) {
      return absent();
    }
    return sent(
        current,
        current.ring.offer(first, firstOffset, firstLength, second, secondOffset, secondLength));
  }

  @Override
  public long offer(MessageParts parts) {
    Link current = link;
    if (current == null) {
      return absent();
    }
    return sent(current, parts.offerTo(current));
  }

  @Override
  public long tryClaim(int length, Claim claim) {
    Link current = link;
    if (current == null) {
      return absent();
    }
    SendRing ring = current.ring;
    long position = ring.tryClaim(length);
    if (position < 0) {
      return refused(current, position);
    }
    claim.wrap(current, position, ring.buffer(), ring.payloadIndex(position), length);
    return position + RecordLayout.requiredLength(length);
  }

  private long sent(Link current, long result) {
    if (result < 0) {
      return refused(current, result);
    }
    current.flush(result);
    return result;
  }

  /** A ring's refusal as the application is to understand it. */
  private long refused(Link current, long result) {
    if (current.ring.isClosed()) {
      return absent();
    }
    engine.turn(); // where the engine is invoked, nothing else would ever make room
    if (result == RingResult.MESSAGE_TOO_LARGE) {
      return MESSAGE_TOO_LARGE;
    }
    return result == RingResult.MAX_POSITION_EXCEEDED ? MAX_POSITION_EXCEEDED : BACK_PRESSURED;
  }

  /** Why there is no ring; tells a loss once and then shows the next ring, if there is one. */
  private long absent() {
    engine.turn(); // where the engine is invoked, nothing else would ever connect
    synchronized (handOver) {
      if (closed) {
        return CLOSED;
      }
      if (lossUntold) {
        lossUntold = false;
        Link fresh = next;
        next = null;
        if (fresh != null) {
          show(fresh);
        }
        return SESSION_LOST;
      }
      return NOT_CONNECTED;
    }
  }

  private void show(Link fresh) {
    sessionId = fresh.sessionId;
    link = fresh;
  }

  @Override
  public int messageLimit() {
    Link current = link;
    return current == null ? requestedLimit : current.ring.maxMessageLength();
  }

  @Override
  public long position() {
    Link current = link;
    return current == null ? 0 : current.ring.claimedPosition();
  }

  @Override
  public long acknowledgedPosition() {
    Link current = link;
    return current == null ? 0 : current.ring.acknowledgedPosition();
  }

  @Override
  public boolean isConnected() {
    synchronized (handOver) {
      return !closed && (link != null || next != null);
    }
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public @Nullable EndReason endReason() {
    synchronized (handOver) {
      return endReason;
    }
  }

  @Override
  public long sessionId() {
    synchronized (handOver) {
      return sessionId;
    }
  }

  @Override
  public boolean drain(long timeout, TimeUnit unit) {
    Link current = link;
    if (current == null) {
      return false;
    }
    SendRing ring = current.ring;
    long target = ring.claimedPosition();
    long startNs = System.nanoTime();
    long timeoutNs = unit.toNanos(timeout);
    while (ring.acknowledgedPosition() < target) {
      if (System.nanoTime() - startNs >= timeoutNs || isLost(current)) {
        return ring.acknowledgedPosition() >= target;
      }
      if (engine.turn() == 0) {
        LockSupport.parkNanos(WAIT_NS);
      }
    }
    return true;
  }

  private boolean isLost(Link asked) {
    synchronized (handOver) {
      return link == null || lost == asked;
    }
  }

  @Override
  public int unacknowledged(MessageHandler handler) {
    Link gone;
    synchronized (handOver) {
      gone = lost;
    }
    return gone == null ? 0 : gone.replay(handler, channel);
  }

  @Override
  public Channel channel() {
    return channel;
  }

  @Override
  public void close() {
    synchronized (handOver) {
      if (closed) {
        return;
      }
      closed = true;
      next = null;
      Link current = link;
      if (current != null) {
        current.ring.close();
      }
    }
    engine.execute(() -> owner.onPublicationClosed(this));
  }

  /** One session's ring, as producers reach it. */
  private static final class Link implements Claim.Completion, MessageParts.Target {
    private final EngineHandle engine;
    private final boolean invoked;
    private final SendRing ring;
    private final SendSide side;
    private final long sessionId;
    private long nextFlush; // a hint: several threads may write it

    Link(EngineHandle engine, SendRing ring, SendSide side, long sessionId) {
      this.engine = engine;
      this.invoked = engine.isInvoked();
      this.ring = ring;
      this.side = side;
      this.sessionId = sessionId;
    }

    /**
     * Sends at once where nothing is in flight. A busy session's bytes wait for the engine's next
     * turn or until they fill a train, whichever comes first: a system call costs more than a
     * thousand small messages.
     */
    void flush(long position) {
      side.wake();
      if (!invoked) {
        return;
      }
      if (position - nextFlush >= 0 || ring.sentPosition() == ring.acknowledgedPosition()) {
        nextFlush = position + TRAIN_BYTES;
        engine.flush(side);
      }
    }

    @Override
    public void commit(long token) {
      ring.commit(token);
      flush(ring.claimedPosition());
    }

    @Override
    public void abort(long token) {
      ring.abort(token);
      flush(ring.claimedPosition());
    }

    @Override
    public long offer(DirectBuffer[] buffers, int[] offsets, int[] lengths, int count) {
      return ring.offer(buffers, offsets, lengths, count);
    }

    int replay(MessageHandler handler, Channel channel) {
      int stream = channel.get(Options.STREAM).orElse(0);
      return ring.readUnacknowledged(handler, new Header(new SessionInfo(sessionId, stream, null)));
    }
  }
}
