package io.petrel.transport.ipc;

import static io.petrel.transport.ipc.IpcLayout.*;

import io.petrel.transport.Channel;
import io.petrel.transport.ControlledMessageHandler;
import io.petrel.transport.MessageHandler;
import io.petrel.transport.Options;
import io.petrel.transport.PetrelException;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.Subscription;
import io.petrel.transport.metrics.ProcessIdentity;
import io.petrel.transport.spi.EngineHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A subscription to a mapped ring: a poll reads the ring on the application's thread. Where the
 * engine is invoked, an idle poll takes a turn now and then: messages do not need it, only the care
 * for dead members does.
 */
final class IpcSubscription implements Subscription, IpcTransport.Member {
  /** Longer than a store takes to reach the other cores, so that closed was seen by every poll. */
  private static final long GRACE_NS = TimeUnit.MILLISECONDS.toNanos(1);

  /** Polls from one turn to the next; a power of two. */
  private static final int POLLS_A_TURN = 16;

  private static final VarHandle POLLS;

  static {
    try {
      POLLS = MethodHandles.lookup().findVarHandle(IpcSubscription.class, "polls", int.class);
    } catch (final ReflectiveOperationException ex) {
      throw new ExceptionInInitializerError(ex);
    }
  }

  private final EngineHandle engine;
  private final Channel channel;
  private final IpcFile file;
  private final IpcRing ring;
  private final int slot;
  private final IpcSessions sessions;
  private final IpcReader reader;
  private final IpcCaretaker caretaker;

  /** Publishers that were there before this; the first poll tells of them. */
  private final int[] present;

  private volatile boolean closed; // any thread closes, every poll looks

  /** Odd while a poll runs: what it shows must not be given up. */
  @SuppressWarnings("unused") // Read and written by its VarHandle.
  private int polls;

  // The polling thread's.
  private boolean polling;
  private boolean met;
  private int sinceTurn;

  // Within turns.
  private boolean leaving;
  private boolean left;
  private long leavingSinceNs;

  private IpcSubscription(
      final EngineHandle engine,
      final Channel channel,
      final IpcFile file,
      final IpcRing ring,
      final int slot,
      final SessionEvents events) {
    this.engine = engine;
    this.channel = channel;
    this.file = file;
    this.ring = ring;
    this.slot = slot;
    sessions =
        new IpcSessions(
            ring,
            new IpcMembership(ring),
            engine.context().value(Options.STREAM, channel),
            events,
            engine::onError);
    reader =
        new IpcReader(
            ring, slot, ring.subscriberState(slot) == OVERTAKEN, sessions, engine::onError);
    caretaker =
        IpcCaretaker.ofSubscriber(
            ring, file, slot, engine.context().value(Options.CLAIM_TIMEOUT, channel));
    present = new IpcMembership(ring).publishers();
  }

  static IpcSubscription open(
      final EngineHandle engine,
      final Channel channel,
      final IpcFile file,
      final int capacity,
      final ProcessIdentity process,
      final SessionEvents events) {
    final boolean drop = engine.context().value(IpcOptions.SLOW, channel) == IpcOptions.Slow.DROP;
    return file.alone(() -> {
      final IpcRing ring = file.openOrCreate(capacity);
      final int slot = new IpcMembership(ring).joinSubscriber(process, drop ? OVERTAKEN : ACTIVE);
      if (slot == IpcMembership.FULL) {
        throw new PetrelException(
            channel + ": the ring has its " + SLOTS + " subscribers; close one first");
      }
      return new IpcSubscription(engine, channel, file, ring, slot, events);
    });
  }

  // ---- The application ----

  @Override
  public int poll(final MessageHandler handler, final int limit) {
    if (!enter()) {
      return 0;
    }
    try {
      return reader.poll(handler, limit);
    } finally {
      exit();
    }
  }

  @Override
  public int controlledPoll(final ControlledMessageHandler handler, final int limit) {
    if (!enter()) {
      return 0;
    }
    try {
      return reader.controlledPoll(handler, limit);
    } finally {
      exit();
    }
  }

  /** False when closed, and for a poll from within a handler. */
  private boolean enter() {
    if ((++sinceTurn & (POLLS_A_TURN - 1)) == 0) {
      engine.turn();
    }
    if (polling) {
      return false;
    }
    // Release, and the closer waits out what it may be late: cheaper for every poll than a fence.
    POLLS.setRelease(this, polls + 1);
    if (closed) {
      POLLS.setRelease(this, polls + 1); // Release: nothing was read.
      return false;
    }
    polling = true;
    if (!met) {
      met = true;
      for (final int owner : present) {
        sessions.up(owner);
      }
    }
    return true;
  }

  private void exit() {
    polling = false;
    POLLS.setRelease(this, polls + 1); // Release: the messages shown were read before.
  }

  @Override
  public int sessionCount() {
    return closed ? 0 : sessions.count();
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public @Nullable SocketAddress localAddress() {
    return null;
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

  @Override
  public boolean work(final long nowNs) {
    final boolean ticked = !left && caretaker.tick(nowNs);
    if (leaving && !left) {
      if (leavingSinceNs == 0) {
        leavingSinceNs = nowNs | 1;
      }
      final boolean idle = ((int) POLLS.getAcquire(this) & 1) == 0; // Acquire: pairs with exit.
      if (nowNs - leavingSinceNs >= GRACE_NS && idle) {
        leave();
        return true;
      }
    }
    return ticked;
  }

  @Override
  public void beginClose() {
    closed = true;
    leaving = true;
  }

  @Override
  public boolean hasLeft() {
    return left;
  }

  @Override
  public void leave() {
    if (!left) {
      left = true;
      file.alone(() -> {
        final IpcMembership membership = new IpcMembership(ring);
        membership.leaveSubscriber(slot);
        if (membership.isEmpty()) {
          file.remove();
        }
        return true;
      });
    }
  }
}
