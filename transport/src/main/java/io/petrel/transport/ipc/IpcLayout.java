package io.petrel.transport.ipc;

import io.petrel.transport.ring.RecordLayout;

/**
 * The file that processes share. Native byte order; lines are two cache lines apart by writer.
 *
 * <pre>
 *       0  magic, version, capacity, secret, ring id      written once, the magic last
 *     128  epoch of the membership, subscriber slots used  odd while it changes, under the lock
 *     144  lease of the one exclusive publisher           under the lock
 *     256  tail: where the next record is claimed         by compare-and-set; not under a lease
 *     384  where a publisher was last declared dead
 *     512  keeper: state, position                        holds what is unread when nobody reads
 *    1024  publishers, 128 bytes each: state, generation, pid, start, heartbeat,
 *             tail while it has the lease
 *    9216  subscribers, 256 bytes each: the same; at 128 the position
 *   32768  the ring
 * </pre>
 *
 * A record, beginning at a multiple of 64 and never crossing the ring's end:
 *
 * <pre>
 *    0               8               12   13    14          16
 *   +---------------+---------------+----+-----+-----------+---------+
 *   | commit word   | length        |type|slot |generation | payload |
 *   +---------------+---------------+----+-----+-----------+---------+
 * </pre>
 *
 * The commit word says by its value of which position it is and how that record stands: the
 * position mixed with the file's secret, and {@link #COMMITTED}, {@link #OFFERED}, {@link #CLAIMED}
 * or {@link #SKIPPED} in the lowest bits. Memory is not cleared: what an earlier lap left there,
 * header or payload, equals none of the four but by a chance of 2 to the power of -57. Only where a
 * payload ends within such a word is that word cleared first: half of an old one, with other bytes,
 * may be a new one.
 */
final class IpcLayout {
  static final long MAGIC = 0x3143_5049_5254_4550L; // "PETRIPC1"
  static final int VERSION = 2;

  static final int MAGIC_OFFSET = 0;
  static final int VERSION_OFFSET = 8;
  static final int CAPACITY_OFFSET = 12;
  static final int SECRET_OFFSET = 16;
  static final int RING_ID_OFFSET = 24;
  static final int EPOCH_OFFSET = 128;

  /** How many subscriber slots were ever used: nobody looks beyond. */
  static final int SUBSCRIBERS_USED_OFFSET = 136;

  /** Owner of the publisher that alone moves the tail, without compare-and-set; 0 for none. */
  static final int LEASE_OFFSET = 144;

  /** Besides its holder: it is being taken away, and its holder may still be in an offer. */
  static final int REVOKED = 1;

  static final int TAIL_OFFSET = 256;

  static final int LAST_DEATH_OFFSET = 384;
  static final int KEEPER_STATE_OFFSET = 512;
  static final int KEEPER_POSITION_OFFSET = 520;

  /** Slots of each table; their number goes into one byte of a record. */
  static final int SLOTS = 64;

  static final int PUBLISHERS_OFFSET = 1024;
  static final int PUBLISHER_LENGTH = 128;
  static final int SUBSCRIBERS_OFFSET = PUBLISHERS_OFFSET + SLOTS * PUBLISHER_LENGTH;
  static final int SUBSCRIBER_LENGTH = 256;

  static final int STATE = 0;
  static final int GENERATION = 4;
  static final int PID = 8;
  static final int START = 16;
  static final int HEARTBEAT = 24;

  /** The tail, while this publisher has the lease: the end of what it claimed or is claiming. */
  static final int TAIL_ALONE = 32;

  static final int POSITION = 128;

  static final int FREE = 0;

  /** A publisher's slot in use; a subscriber's, that publishers wait for; the keeper at work. */
  static final int ACTIVE = 1;

  /** A subscriber that publishers do not wait for. */
  static final int OVERTAKEN = 2;

  /** A publisher that told its end; offers that had claimed before may still be under way. */
  static final int LEAVING = 3;

  static final int DATA_OFFSET = 32 * 1024;

  /**
   * A cache line. A reader close behind then never takes a line that the writer has yet to write to
   * for the next record.
   */
  static final int ALIGNMENT = 64;

  static final int HEADER_LENGTH = 16;
  static final int ABOUT = 8;

  // States of a record, in the lowest bits of its commit word.
  static final long COMMITTED = 0;

  /** Claimed within an offer: its thread is in our code and will commit unless it is killed. */
  static final long OFFERED = 1;

  static final long SKIPPED = 2;

  /** Claimed for the application, which may never commit. */
  static final long CLAIMED = 3;

  static final int TYPE_MESSAGE = 1;

  /** Fills the end of the ring. */
  static final int TYPE_PADDING = 2;

  /** The publisher named in the record is there from here on. */
  static final int TYPE_UP = 3;

  /** It has closed, and wrote nothing behind this. */
  static final int TYPE_DOWN = 4;

  /** Its process died; somebody else wrote this. */
  static final int TYPE_LOST = 5;

  private IpcLayout() {}

  static int publisher(final int slot) {
    return PUBLISHERS_OFFSET + slot * PUBLISHER_LENGTH;
  }

  static int subscriber(final int slot) {
    return SUBSCRIBERS_OFFSET + slot * SUBSCRIBER_LENGTH;
  }

  static int aligned(final int recordLength) {
    return (recordLength + (ALIGNMENT - 1)) & -ALIGNMENT;
  }

  static int maxMessageLength(final int capacity) {
    return RecordLayout.maxMessageLength(capacity);
  }

  /** Slot and generation of a publisher, as they stand in its records. */
  static int owner(final int slot, final int generation) {
    return slot << 8 | generation << 16;
  }

  static int slotOf(final int owner) {
    return owner >>> 8 & (SLOTS - 1);
  }

  static int generationOf(final int owner) {
    return owner >>> 16;
  }

  static int typeOf(final int owner) {
    return owner & 0xFF;
  }

  static long about(final int recordLength, final int owner, final int type) {
    return (long) (owner | type) << Integer.SIZE | recordLength;
  }
}
