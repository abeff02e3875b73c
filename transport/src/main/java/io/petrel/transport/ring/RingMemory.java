package io.petrel.transport.ring;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where rings get their memory, with a limit on the sum. A ring asks at its first byte and gives
 * its share back when its owner closes it; until then an idle session holds none.
 *
 * <p>Memory given back is never handed to another ring and is released only when nothing can reach
 * it any more: whoever still holds a claim in a closed ring writes into memory that is his alone.
 * The JVM clears direct memory when it allocates it, so that every page has been touched.
 */
public final class RingMemory {
  /** Rings begin at a cache line, so that records of one line do not cross two. */
  private static final int CACHE_LINE_BYTES = 64;

  private final long limitBytes;
  private final AtomicLong bytesInUse = new AtomicLong();
  private final AtomicLong refusals = new AtomicLong();

  /**
   * Memory for rings, up to a limit.
   *
   * @param limitBytes of all rings together
   */
  public RingMemory(final long limitBytes) {
    if (limitBytes < 0) {
      throw new IllegalArgumentException("limit of ring memory is negative: " + limitBytes);
    }
    this.limitBytes = limitBytes;
  }

  /**
   * Memory limited by the JVM alone (-XX:MaxDirectMemorySize).
   *
   * @return memory without a limit of its own
   */
  public static RingMemory unlimited() {
    return new RingMemory(Long.MAX_VALUE);
  }

  /**
   * Bytes held by rings that are not closed.
   *
   * @return bytes
   */
  public long bytesInUse() {
    return bytesInUse.get();
  }

  /**
   * The limit given.
   *
   * @return bytes
   */
  public long limitBytes() {
    return limitBytes;
  }

  /**
   * How often a ring was refused its memory.
   *
   * @return count
   */
  public long refusals() {
    return refusals.get();
  }

  /** Allocates and touches, or returns null when that would go beyond the limit. */
  @Nullable UnsafeBuffer allocate(final int capacity) {
    if (bytesInUse.addAndGet(capacity) <= limitBytes) {
      try {
        final ByteBuffer memory = BufferUtil.allocateDirectAligned(capacity, CACHE_LINE_BYTES);
        return new UnsafeBuffer(memory, 0, capacity);
      } catch (final OutOfMemoryError error) {
        // The JVM's own limit on direct memory: the same answer as ours, not the end of the JVM.
        refusals.incrementAndGet();
        bytesInUse.addAndGet(-capacity);
        return null;
      }
    }
    refusals.incrementAndGet();
    bytesInUse.addAndGet(-capacity);
    return null;
  }

  void giveBack(final int capacity) {
    bytesInUse.addAndGet(-capacity);
  }
}
