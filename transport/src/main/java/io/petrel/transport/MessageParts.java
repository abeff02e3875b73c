package io.petrel.transport;

import java.util.Arrays;
import org.agrona.DirectBuffer;

/** The places one message is gathered from: reusable, for one thread. */
public final class MessageParts {
  private DirectBuffer[] buffers;
  private int[] offsets;
  private int[] lengths;
  private int count;
  private long totalLength;

  /**
   * Empty, with room.
   *
   * @param capacity parts for which nothing needs to be allocated later
   */
  public MessageParts(int capacity) {
    buffers = new DirectBuffer[capacity];
    offsets = new int[capacity];
    lengths = new int[capacity];
  }

  /**
   * Begins anew.
   *
   * @return this
   */
  public MessageParts clear() {
    count = 0;
    totalLength = 0;
    return this;
  }

  /**
   * Adds a part behind the others.
   *
   * @param buffer holding it
   * @param offset where it begins
   * @param length of it
   * @return this
   */
  public MessageParts add(DirectBuffer buffer, int offset, int length) {
    buffer.boundsCheck(offset, length);
    if (count == buffers.length) {
      int larger = Math.max(4, count * 2);
      buffers = Arrays.copyOf(buffers, larger);
      offsets = Arrays.copyOf(offsets, larger);
      lengths = Arrays.copyOf(lengths, larger);
    }
    buffers[count] = buffer;
    offsets[count] = offset;
    lengths[count++] = length;
    totalLength += length;
    return this;
  }

  /**
   * How many parts there are.
   *
   * @return since {@link #clear()}
   */
  public int count() {
    return count;
  }

  /**
   * The length of the message.
   *
   * @return the sum of all parts; more than a ring takes is refused there
   */
  public long totalLength() {
    return totalLength;
  }

  /**
   * Offers the message to a ring or whatever gathers likewise.
   *
   * @param target takes the parts
   * @return what it answered
   */
  public long offerTo(Target target) {
    return target.offer(buffers, offsets, lengths, count);
  }

  /** For transports: takes the parts of a message. */
  @FunctionalInterface
  public interface Target {
    /**
     * Sends a message.
     *
     * @param buffers of the parts
     * @param offsets of the parts
     * @param lengths of the parts
     * @param count of the parts
     * @return as {@link Publication#offer(MessageParts)}
     */
    long offer(DirectBuffer[] buffers, int[] offsets, int[] lengths, int count);
  }
}
