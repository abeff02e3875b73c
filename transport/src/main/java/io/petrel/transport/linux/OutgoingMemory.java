package io.petrel.transport.linux;

import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the address the kernel is to read from: of the buffer itself, or of a copy off the heap.
 */
final class OutgoingMemory {
  private static final int LEAST_COPY_LENGTH = 2048;
  private static final int CACHE_LINE_BYTES = 64;

  private @Nullable UnsafeBuffer copy;

  long addressOf(DirectBuffer buffer, int offset, int length) {
    if (UnsafeBuffer.SHOULD_BOUNDS_CHECK) {
      buffer.boundsCheck(offset, length);
    }
    return buffer.byteArray() == null
        ? buffer.addressOffset() + offset
        : addressOfCopy(buffer, offset, length);
  }

  private long addressOfCopy(DirectBuffer buffer, int offset, int length) {
    UnsafeBuffer room = copy;
    if (room == null || room.capacity() < length) {
      int capacity = Math.max(length, LEAST_COPY_LENGTH);
      room = new UnsafeBuffer(BufferUtil.allocateDirectAligned(capacity, CACHE_LINE_BYTES));
      copy = room;
    }
    room.putBytes(0, buffer, offset, length);
    return room.addressOffset();
  }
}
