package io.petrel.transport.ipc;

import static io.petrel.transport.ipc.IpcLayout.*;

import java.util.concurrent.TimeUnit;

/**
 * Shows that one member lives, and looks after what others leave when they die: their slots, and
 * the records that they never committed. Every member has one; whoever notices first mends, under
 * the lock.
 *
 * <p>A member is suspect when its heartbeat stands still, and dead when its process is gone. So
 * nothing is asked of the operating system, and nothing allocated, while all goes well.
 */
final class IpcCaretaker {
  private static final long BEAT_NS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long SUSPECT_NS = TimeUnit.MILLISECONDS.toNanos(500);

  /** A live publisher needs nanoseconds from its claim to the header: this is no live one's. */
  private static final long HEADLESS_NS = TimeUnit.MILLISECONDS.toNanos(200);

  private static final int NOBODY = -1;

  private final IpcRing ring;
  private final IpcFile file;
  private final IpcMembership membership;
  private final int ownOffset;
  private final int subscriberSlot;
  private final long claimTimeoutNs;

  private final long[] beats = new long[2 * SLOTS];
  private final long[] sinceNs = new long[2 * SLOTS];
  private long nextNs;
  private boolean started;
  private long blockedPosition = NOBODY;
  private long blockedSinceNs;
  private long deaths;

  private IpcCaretaker(
      final IpcRing ring,
      final IpcFile file,
      final int ownOffset,
      final int subscriberSlot,
      final long claimTimeoutNs) {
    this.ring = ring;
    this.file = file;
    this.membership = new IpcMembership(ring);
    this.ownOffset = ownOffset;
    this.subscriberSlot = subscriberSlot;
    this.claimTimeoutNs = claimTimeoutNs;
  }

  static IpcCaretaker ofPublisher(
      final IpcRing ring, final IpcFile file, final int slot, final long claimTimeoutNs) {
    return new IpcCaretaker(ring, file, publisher(slot), NOBODY, claimTimeoutNs);
  }

  static IpcCaretaker ofSubscriber(
      final IpcRing ring, final IpcFile file, final int slot, final long claimTimeoutNs) {
    return new IpcCaretaker(ring, file, subscriber(slot), slot, claimTimeoutNs);
  }

  /** One look, when it is time for one; returns whether it was. */
  boolean tick(final long nowNs) {
    if (started && nowNs - nextNs < 0) {
      return false;
    }
    started = true;
    nextNs = nowNs + BEAT_NS;
    ring.buffer.putLongRelease(ownOffset + HEARTBEAT, nowNs); // Release: a sign for others only.
    for (int i = 0; i < SLOTS; i++) {
      if (ring.buffer.getIntVolatile(publisher(i) + STATE) != FREE // Volatile: others' word.
          && isDead(i, publisher(i), nowNs)) {
        file.tryAlone(this::buryPublishers);
      }
      if (ring.subscriberState(i) != FREE && isDead(SLOTS + i, subscriber(i), nowNs)) {
        file.tryAlone(this::burySubscribers);
      }
    }
    if ((ring.lease() & REVOKED) != 0) { // Who began to take it away had no patience, or died.
      file.tryAlone(() -> membership.tryRevokeLease(0));
    }
    if (subscriberSlot != NOBODY) {
      lookForBlock(nowNs);
    }
    return true;
  }

  /** How many members this one has found dead. */
  long deaths() {
    return deaths;
  }

  private boolean isDead(final int watch, final int offset, final long nowNs) {
    final long beat = ring.buffer.getLongVolatile(offset + HEARTBEAT); // Volatile: others' word.
    if (offset == ownOffset || beat != beats[watch] || sinceNs[watch] == 0) {
      beats[watch] = beat;
      sinceNs[watch] = nowNs | 1;
      return false;
    }
    if (nowNs - sinceNs[watch] < SUSPECT_NS) {
      return false;
    }
    sinceNs[watch] = nowNs | 1;
    return !membership.isAlive(offset);
  }

  private void buryPublishers() {
    membership.repair();
    for (int slot = 0; slot < SLOTS; slot++) {
      final int offset = publisher(slot);
      if (ring.buffer.getInt(offset + STATE) != FREE && !membership.isAlive(offset)) {
        membership.revokeLease();
        // In the dead one's name: whoever reads it knows whose records came before.
        final IpcWriter writer = new IpcWriter(ring, membership.publisherOwner(slot));
        final long position = writer.claim(0, TYPE_LOST, OFFERED);
        if (position >= 0) {
          writer.commitOffer(position, 0);
          ring.lastDeath(position);
          membership.leavePublisher(slot);
          deaths++;
        }
      }
    }
  }

  private void burySubscribers() {
    membership.repair();
    for (int slot = 0; slot < SLOTS; slot++) {
      if (ring.subscriberState(slot) != FREE && !membership.isAlive(subscriber(slot))) {
        membership.leaveSubscriber(slot);
        deaths++;
      }
    }
  }

  /** Whether the reader stands before a record that its publisher will never commit. */
  private void lookForBlock(final long nowNs) {
    final long position = ring.subscriberPosition(subscriberSlot);
    final long tail = ring.tail();
    if (position != blockedPosition || position >= tail) {
      blockedPosition = position;
      blockedSinceNs = nowNs;
      return;
    }
    if (tail - position > ring.capacity) {
      return; // Overtaken: its reader will see.
    }
    // The reader's position may lie before committed records that nobody polls.
    final long open = ring.firstOpen(position, tail);
    if (open < tail && isForsaken(open, nowNs - blockedSinceNs)) {
      file.tryAlone(() -> skip(open, nowNs - blockedSinceNs));
    }
  }

  private boolean isForsaken(final long position, final long blockedNs) {
    if (blockedNs < HEADLESS_NS) {
      return false;
    }
    final int index = ring.index(position);
    final long word = ring.buffer.getLongVolatile(index); // Volatile: judged before it is changed.
    if (ring.isHeader(word, position)) {
      final long state = word ^ ring.word(position);
      final int owner = (int) (ring.buffer.getLong(index + ABOUT) >>> Integer.SIZE);
      return (state == CLAIMED && blockedNs >= claimTimeoutNs)
          || ((state == CLAIMED || state == OFFERED) && isGone(owner));
    }
    // The holder of the lease writes no header before it commits, however long it is paused.
    return ring.lastDeath() >= position || (blockedNs >= claimTimeoutNs && ring.lease() == 0);
  }

  private boolean isGone(final int owner) {
    return !membership.isPublisher(owner) || !membership.isAlive(publisher(slotOf(owner)));
  }

  private void skip(final long position, final long blockedNs) {
    if (!isForsaken(position, blockedNs)) {
      return;
    }
    final int index = ring.index(position);
    final long word = ring.buffer.getLongVolatile(index); // Volatile: expected by the CAS below.
    if (!ring.isHeader(word, position)) {
      final long next = ring.nextHeader(position + ALIGNMENT, ring.tail());
      ring.buffer.putLong(index + ABOUT, about((int) (next - position), 0, TYPE_PADDING));
    }
    if (ring.buffer.compareAndSetLong(index, word, ring.word(position) | SKIPPED)) {
      ring.skips++;
    }
  }
}
