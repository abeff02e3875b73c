package io.petrel.transport.ipc;

import static io.petrel.transport.ipc.IpcLayout.*;

import io.petrel.transport.PetrelException;
import io.petrel.transport.metrics.ProcessIdentity;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Who takes part in a ring. All changes are made under the file's lock; a change of what publishers
 * wait for makes the epoch odd meanwhile.
 *
 * <p>As long as nobody reads, the keeper stands in: publishers wait for it as for a subscriber, so
 * that the first who comes, or comes back, begins with what is kept. Who joins besides others
 * begins with what is claimed from then on.
 */
final class IpcMembership {
  static final int FULL = -1;

  /** No process has this number. */
  private static final long NO_PROCESS = 0;

  /** Longer than any core keeps a store to itself. */
  static final long STORE_DELAY_NS = TimeUnit.MILLISECONDS.toNanos(1);

  /** An offer takes nanoseconds: whoever needs so long was stopped. */
  static final long OFFER_LIMIT_NS = TimeUnit.SECONDS.toNanos(2);

  private final IpcRing ring;
  private final UnsafeBuffer buffer;

  IpcMembership(final IpcRing ring) {
    this.ring = ring;
    this.buffer = ring.buffer;
  }

  /**
   * Joins, and takes the lease where nobody else is and one thread at a time will offer; takes it
   * away from another otherwise, which may take a millisecond.
   */
  int joinPublisher(final ProcessIdentity process, final boolean exclusive) {
    final boolean alone = publishers().length == 0;
    final int slot = longestFreePublisher();
    if (slot != FULL) {
      revokeLease();
      identify(publisher(slot), process);
      if (alone && exclusive) {
        buffer.putLongVolatile(publisher(slot) + TAIL_ALONE, ring.tail()); // Volatile: seen first.
        ring.lease(publisherOwner(slot));
      }
      buffer.putIntVolatile(publisher(slot) + STATE, ACTIVE); // Volatile: seen by caretakers.
    }
    return slot;
  }

  /**
   * Slots are used in turn: a thread that a close overtook before its claim was shown shows it in
   * its old slot, and must not find a new holder of the lease there.
   */
  private int longestFreePublisher() {
    int found = FULL;
    for (int slot = 0; slot < SLOTS; slot++) {
      if (buffer.getInt(publisher(slot) + STATE) == FREE
          && (found == FULL || generation(slot) < generation(found))) {
        found = slot;
      }
    }
    return found;
  }

  private int generation(final int slot) {
    return buffer.getInt(publisher(slot) + GENERATION);
  }

  int publisherOwner(final int slot) {
    return owner(slot, buffer.getInt(publisher(slot) + GENERATION));
  }

  /**
   * Takes the lease from whoever has it: all move the tail by compare-and-set then. An offer of its
   * holder that saw the lease is waited for: it shows its claim, after a store's delay at the
   * latest, and the record that ends there has its header at the end, unless its process dies.
   */
  void revokeLease() {
    final int lease = ring.lease();
    if (!tryRevokeLease(OFFER_LIMIT_NS)) {
      throw new PetrelException(
          "process "
              + buffer.getLong(publisher(slotOf(lease)) + PID)
              + " stands still in the middle of an offer and holds the ring: let it go on, or"
              + " end it");
    }
  }

  /** Waits for an offer so long only; false where it still goes on, to be tried again. */
  boolean tryRevokeLease(final long patienceNs) {
    final int lease = ring.lease();
    if (lease == 0) {
      return true;
    }
    ring.lease(lease | REVOKED);
    final long startNs = System.nanoTime();
    while (System.nanoTime() - startNs < STORE_DELAY_NS) {
      LockSupport.parkNanos(STORE_DELAY_NS / 2);
    }
    final int slot = slotOf(lease);
    long tail = ring.tailAlone(slot);
    while (!ring.isEndOfRecord(tail) && isAlive(publisher(slot))) {
      if (System.nanoTime() - startNs > patienceNs) {
        return false;
      }
      LockSupport.parkNanos(STORE_DELAY_NS / 2);
      tail = ring.tailAlone(slot);
    }
    buffer.putLongVolatile(TAIL_OFFSET, tail); // Volatile: before the lease is gone.
    ring.lease(0);
    return true;
  }

  /**
   * Its last record is in the ring: nobody who joins from here on is told of it, and its place is
   * kept until {@link #leavePublisher}.
   */
  void retirePublisher(final int slot) {
    buffer.putIntVolatile(publisher(slot) + STATE, LEAVING); // Volatile: seen by caretakers.
  }

  void leavePublisher(final int slot) {
    buffer.putIntVolatile(publisher(slot) + STATE, FREE); // Volatile: seen by caretakers.
  }

  /** Leaves without room to say so: whoever finds it dead says it when there is room. */
  void abandonPublisher(final int slot) {
    buffer.putLongVolatile(publisher(slot) + PID, NO_PROCESS); // Volatile: seen by caretakers.
  }

  boolean isPublisher(final int owner) {
    final int offset = publisher(slotOf(owner));
    return buffer.getIntVolatile(offset + STATE) != FREE // Volatile: another process wrote it.
        && buffer.getInt(offset + GENERATION) == generationOf(owner);
  }

  /** Those that are there now and have not told their end. */
  int[] publishers() {
    return IntStream.range(0, SLOTS)
        .filter(slot -> buffer.getIntVolatile(publisher(slot) + STATE) == ACTIVE)
        .map(this::publisherOwner)
        .toArray();
  }

  /** Joins as one that publishers wait for, or as one that they overtake. */
  int joinSubscriber(final ProcessIdentity process, final int state) {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (ring.subscriberState(slot) == FREE) {
        if ((ring.lease() & REVOKED) != 0) {
          revokeLease(); // Who began it has given up, and the tail is not sure.
        }
        final boolean kept = buffer.getInt(KEEPER_STATE_OFFSET) == ACTIVE;
        final long epoch = begin();
        ring.useSubscriber(slot);
        identify(subscriber(slot), process);
        ring.subscriberPosition(slot, kept ? buffer.getLong(KEEPER_POSITION_OFFSET) : ring.tail());
        buffer.putIntVolatile(
            subscriber(slot) + STATE, state); // Volatile: before the tail is read.
        if (kept) {
          buffer.putIntVolatile(KEEPER_STATE_OFFSET, FREE); // Volatile: after the slot took over.
        } else {
          // A publisher that looked before this slot was active goes at most the capacity beyond
          // the tail that it saw, and so beyond this one.
          ring.subscriberPosition(slot, ring.tail());
        }
        end(epoch);
        return slot;
      }
    }
    return FULL;
  }

  void leaveSubscriber(final int slot) {
    final int state = ring.subscriberState(slot);
    final boolean last = ring.subscribers() == 1;
    final long epoch = begin();
    if (last) {
      buffer.putLong(KEEPER_POSITION_OFFSET, ring.subscriberPosition(slot));
      buffer.putIntVolatile(KEEPER_STATE_OFFSET, ACTIVE); // Volatile: before the slot is given up.
      if (state == OVERTAKEN) {
        // Its own place may be overwritten already; see joinSubscriber for why the tail will do.
        buffer.putLongVolatile(KEEPER_POSITION_OFFSET, ring.tail()); // Volatile: read by others.
      }
    }
    buffer.putIntVolatile(subscriber(slot) + STATE, FREE); // Volatile: seen by publishers.
    end(epoch);
  }

  /** Whether nobody is left who lives. */
  boolean isDeserted() {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (buffer.getIntVolatile(publisher(slot) + STATE) != FREE && isAlive(publisher(slot))) {
        return false;
      }
      if (ring.subscriberState(slot) != FREE && isAlive(subscriber(slot))) {
        return false;
      }
    }
    return true;
  }

  /** Whether all have left, in order or not. */
  boolean isEmpty() {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (buffer.getIntVolatile(publisher(slot) + STATE) != FREE // Volatile: others' word.
          && buffer.getLong(publisher(slot) + PID) != NO_PROCESS) {
        return false;
      }
    }
    return ring.subscribers() == 0;
  }

  boolean isAlive(final int slotOffset) {
    return new ProcessIdentity(buffer.getLong(slotOffset + PID), buffer.getLong(slotOffset + START))
        .isAlive();
  }

  /** Finishes what somebody left half done who died with the lock. */
  void repair() {
    final long epoch = ring.epoch();
    if ((epoch & 1) != 0) {
      if (ring.subscribers() > 0) {
        buffer.putIntVolatile(KEEPER_STATE_OFFSET, FREE); // Volatile: the slots hold their own.
      }
      end(epoch - 1);
    }
  }

  private void identify(final int offset, final ProcessIdentity process) {
    // 16 bits, so that they fit into a record; 0 is nobody's.
    final int generation = buffer.getInt(offset + GENERATION) + 1 & 0xFFFF;
    buffer.putInt(offset + GENERATION, Math.max(1, generation));
    buffer.putLong(offset + PID, process.pid());
    buffer.putLong(offset + START, process.start());
    buffer.putLong(offset + HEARTBEAT, 0);
  }

  /** Makes the epoch odd, also where somebody died and left it so. */
  private long begin() {
    repair();
    final long epoch = ring.epoch();
    buffer.putLongVolatile(EPOCH_OFFSET, epoch + 1); // Volatile: before anything changes.
    return epoch;
  }

  private void end(final long epoch) {
    buffer.putLongVolatile(EPOCH_OFFSET, epoch + 2); // Volatile: after everything has changed.
  }
}
