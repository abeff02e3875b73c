package io.petrel.transport.ipc;

import static io.petrel.transport.ipc.IpcLayout.*;

import io.petrel.transport.ring.RecordLayout;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The words of a mapped ring: positions, commit words, slots. Who may change what, and when, is the
 * business of {@link IpcWriter}, {@link IpcReader} and {@link IpcMembership}.
 *
 * <p>The mapping goes when nothing refers to it any more, never by a close.
 */
final class IpcRing {
  final UnsafeBuffer buffer;
  final int capacity;
  final int mask;
  final int maxMessageLength;

  /** Records that were skipped from here, of dead publishers and forgotten claims. */
  long skips;

  private final long secret;
  private final long ringId;

  IpcRing(final UnsafeBuffer buffer) {
    this.buffer = buffer;
    capacity = buffer.getInt(CAPACITY_OFFSET);
    mask = capacity - 1;
    maxMessageLength = IpcLayout.maxMessageLength(capacity);
    secret = buffer.getLong(SECRET_OFFSET);
    ringId = buffer.getInt(RING_ID_OFFSET);
  }

  /** Writes what is written once. */
  static void format(
      final UnsafeBuffer buffer, final int capacity, final long random, final int ringId) {
    buffer.putInt(VERSION_OFFSET, VERSION);
    buffer.putInt(CAPACITY_OFFSET, capacity);
    // The top bit keeps a cleared word from being anybody's; the low bits are the record's state.
    buffer.putLong(SECRET_OFFSET, (random | Long.MIN_VALUE) & -ALIGNMENT);
    buffer.putInt(RING_ID_OFFSET, ringId);
    buffer.putInt(KEEPER_STATE_OFFSET, ACTIVE);
    buffer.putLongRelease(MAGIC_OFFSET, MAGIC); // Release: the header is complete.
  }

  int index(final long position) {
    return DATA_OFFSET + ((int) position & mask);
  }

  /** The commit word of a committed record; others differ in the lowest bits. */
  long word(final long position) {
    return position ^ secret;
  }

  long sessionId(final int owner) {
    return ringId << Integer.SIZE | owner >>> 8;
  }

  /**
   * Where the next record is claimed: its holder's word under a lease. What is returned is at least
   * what it was at the call. Volatile: orders it with the slots that publishers look at.
   */
  long tail() {
    final int lease = lease();
    return lease == 0 ? buffer.getLongVolatile(TAIL_OFFSET) : tailAlone(slotOf(lease));
  }

  /** The tail as a publisher with the lease showed it. */
  long tailAlone(final int slot) {
    return buffer.getLongVolatile(publisher(slot) + TAIL_ALONE); // Volatile: another process's.
  }

  /** Whether the record that ends here has its header: the last one found below ends here. */
  boolean isEndOfRecord(final long end) {
    for (long position = end - ALIGNMENT; position >= 0; position -= ALIGNMENT) {
      final int index = index(position);
      if (isHeader(buffer.getLongVolatile(index), position)) { // Volatile: as a reader.
        return position + aligned((int) buffer.getLong(index + ABOUT)) == end;
      }
      if (end - position > capacity / 2) { // Longer than any record with padding before it.
        return false;
      }
    }
    return end == 0;
  }

  /** Volatile: a subscriber that joins or leaves is seen whole or not at all. */
  long epoch() {
    return buffer.getLongVolatile(EPOCH_OFFSET);
  }

  /** Volatile: whoever takes it away then waits until what its holder showed is written. */
  int lease() {
    return buffer.getIntVolatile(LEASE_OFFSET);
  }

  void lease(final int owner) {
    buffer.putIntVolatile(LEASE_OFFSET, owner); // Volatile: see above.
  }

  int subscriberState(final int slot) {
    return buffer.getIntVolatile(subscriber(slot) + STATE); // Volatile: see epoch.
  }

  long subscriberPosition(final int slot) {
    return buffer.getLongVolatile(subscriber(slot) + POSITION); // Volatile: it frees memory.
  }

  /** Release: the reader has done with everything below. */
  void subscriberPosition(final int slot, final long position) {
    buffer.putLongRelease(subscriber(slot) + POSITION, position);
  }

  /** How many subscribers there are. */
  int subscribers() {
    int count = 0;
    for (int slot = 0; slot < SLOTS; slot++) {
      count += subscriberState(slot) == FREE ? 0 : 1;
    }
    return count;
  }

  /** Asked again when the membership changed meanwhile. */
  static final long UNSTABLE = -1;

  /**
   * The position that publishers may not pass by more than the capacity: the slowest subscriber
   * that they wait for, or the keeper; the tail when there is neither.
   */
  long floor() {
    final long epoch = epoch();
    long floor = tail();
    if ((epoch & 1) != 0) {
      return UNSTABLE;
    }
    if (buffer.getIntVolatile(KEEPER_STATE_OFFSET) == ACTIVE) { // Volatile: see epoch.
      floor = Math.min(floor, buffer.getLongVolatile(KEEPER_POSITION_OFFSET));
    }
    final int used = buffer.getInt(SUBSCRIBERS_USED_OFFSET);
    for (int slot = 0; slot < used; slot++) {
      if (subscriberState(slot) == ACTIVE) {
        floor = Math.min(floor, subscriberPosition(slot));
      }
    }
    return epoch() == epoch ? floor : UNSTABLE;
  }

  /** Counts a slot as used; under the lock, while the epoch is odd. */
  void useSubscriber(final int slot) {
    buffer.putInt(
        SUBSCRIBERS_USED_OFFSET, Math.max(buffer.getInt(SUBSCRIBERS_USED_OFFSET), slot + 1));
  }

  /** What every subscriber has read, also those that publishers do not wait for. */
  long acknowledged() {
    long position = floor();
    for (int slot = 0; slot < SLOTS && position != UNSTABLE; slot++) {
      if (subscriberState(slot) == OVERTAKEN) {
        position = Math.min(position, subscriberPosition(slot));
      }
    }
    return position;
  }

  /** Whether a word is one of the four of its position. */
  boolean isHeader(final long word, final long position) {
    return ((word ^ word(position)) & -ALIGNMENT) == 0
        && ((word ^ word(position)) & (ALIGNMENT - 1)) <= CLAIMED;
  }

  /** The first position from here on where a record is known to begin, or the tail. */
  long nextHeader(final long from, final long tail) {
    long position = from;
    while (position < tail && !isHeader(buffer.getLongVolatile(index(position)), position)) {
      position += ALIGNMENT;
    }
    return Math.min(position, tail);
  }

  /** The first position from here on whose record is neither committed nor skipped, or the tail. */
  long firstOpen(final long from, final long tail) {
    long position = from;
    while (position < tail) {
      final int index = index(position);
      final long state = buffer.getLongVolatile(index) ^ word(position); // Volatile: as a reader.
      final int length = buffer.getInt(index + ABOUT);
      if ((state != COMMITTED && state != SKIPPED) || length < HEADER_LENGTH) {
        return position;
      }
      position += aligned(length);
    }
    return tail;
  }

  /**
   * Whether an offer of this publisher that claimed below a position is still under way. Also true
   * where somebody's header is not written yet.
   */
  boolean holdsOfferOf(final int owner, final long end) {
    final long floor = floor();
    if (floor == UNSTABLE) {
      return true;
    }
    // With nobody to wait for, the floor is the tail, and the offer may be anywhere in the ring.
    long position = floor < end ? floor : nextHeader(Math.max(0, end - capacity) & -ALIGNMENT, end);
    while (position < end) {
      final int index = index(position);
      final long word = buffer.getLongVolatile(index); // Volatile: the header behind it is whole.
      if (!isHeader(word, position)) {
        return true;
      }
      final long about = buffer.getLong(index + ABOUT);
      final boolean own = ((int) (about >>> Integer.SIZE) ^ owner) >>> Byte.SIZE == 0;
      if ((own && (word ^ word(position)) == OFFERED) || (int) about < HEADER_LENGTH) {
        return true; // A length that none has: written over meanwhile, to be seen next time.
      }
      position += aligned((int) about);
    }
    return false;
  }

  /** Whether a message of this publisher waits for a reader. */
  boolean holdsMessageOf(final int owner) {
    final long tail = tail();
    long position = acknowledged();
    if (position == UNSTABLE) {
      return true;
    }
    while (position < tail && isHeader(buffer.getLongVolatile(index(position)), position)) {
      final long about = buffer.getLong(index(position) + ABOUT);
      if ((int) (about >>> Integer.SIZE) == (owner | TYPE_MESSAGE) || (int) about < HEADER_LENGTH) {
        return true;
      }
      position += aligned((int) about);
    }
    return position < tail;
  }

  /** Where the last dead publisher was declared dead: what it left unfinished lies below. */
  long lastDeath() {
    return buffer.getLongVolatile(LAST_DEATH_OFFSET); // Volatile: another process wrote it.
  }

  void lastDeath(final long position) {
    buffer.putLongVolatile(LAST_DEATH_OFFSET, position); // Volatile: another process reads it.
  }

  boolean holds(final int recordLength) {
    return recordLength >= HEADER_LENGTH && recordLength <= maxMessageLength + HEADER_LENGTH;
  }

  static boolean isCapacity(final int capacity) {
    return capacity >= RecordLayout.MIN_CAPACITY
        && capacity <= RecordLayout.MAX_CAPACITY
        && Integer.bitCount(capacity) == 1;
  }
}
