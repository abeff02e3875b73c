package io.petrel.transport.datagram;

import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The staging memory in front of a port: datagrams are encoded one behind the other and leave
 * together, by as few system calls as their sizes allow.
 *
 * <pre>
 *   +------------+------------+------------+-------+
 *   | datagram 0 | datagram 1 | datagram 2 | last  |   equal sizes, the last may be shorter
 *   +------------+------------+------------+-------+
 *   ^ start                                        ^ end
 * </pre>
 *
 * <p>A train leaves when it is full, when a shorter datagram ends it, when a longer one is about to
 * begin, and at {@link #flush}. What the network does not take now stays, and {@link #claim}
 * answers {@link DatagramSink#FULL} meanwhile. What it refuses for good is dropped: datagrams may
 * be lost, and the protocols above know how to live with that.
 */
public final class DatagramTrain implements DatagramSink {
  /** The most datagrams in a train: what UDP_SEGMENT takes at a call (Linux, UDP_MAX_SEGMENTS). */
  public static final int MAX_DATAGRAMS = 64;

  private static final int CACHE_LINE_BYTES = 64;

  private final UnsafeBuffer buffer;
  private DatagramPort port;
  private @Nullable EndpointAddress destination;
  private int start;
  private int end;
  private int datagrams;
  private int segmentLength;
  private boolean waiting;
  private int failure; // of a train that left before its owner asked

  /**
   * A train that leaves by the given port.
   *
   * @param destination null for a connected port; the address is read when a train leaves
   */
  public DatagramTrain(DatagramPort port, @Nullable EndpointAddress destination) {
    this.port = port;
    this.destination = destination;
    this.buffer =
        new UnsafeBuffer(
            BufferUtil.allocateDirectAligned(DatagramPort.MAX_DATAGRAM_LENGTH, CACHE_LINE_BYTES));
  }

  /** From now on leaves by another port or to another destination, with what is still waiting. */
  public void redirect(DatagramPort port, @Nullable EndpointAddress destination) {
    this.port = port;
    this.destination = destination;
  }

  @Override
  public MutableDirectBuffer buffer() {
    return buffer;
  }

  @Override
  public int claim(int maxLength) {
    if (start != end && !roomFor(maxLength)) {
      hurry();
      if (start != end) {
        return FULL;
      }
    }
    return maxLength <= buffer.capacity() - end ? end : FULL;
  }

  private boolean roomFor(int maxLength) {
    return !waiting
        && maxLength <= segmentLength
        && maxLength <= buffer.capacity() - end
        && datagrams < MAX_DATAGRAMS;
  }

  @Override
  public void commit(int length) {
    if (length == 0) {
      return;
    }
    if (start == end) {
      segmentLength = length;
    }
    end += length;
    datagrams++;
    if (length < segmentLength) {
      hurry();
    }
  }

  @Override
  public void hurry() {
    int result = drain();
    if (result < 0 && result != DatagramResult.WOULD_BLOCK) {
      failure = result;
    }
  }

  /**
   * Sends what is staged.
   *
   * @return 0 when nothing is left, or the negative {@link DatagramResult} that ended this train or
   *     one that left since the last call: after {@code WOULD_BLOCK} the rest is kept for the next
   *     try, after any other it is dropped
   */
  public int flush() {
    int result = drain();
    if (result == 0) {
      result = failure;
    }
    failure = 0;
    return result;
  }

  private int drain() {
    boolean refusedBefore = false;
    while (start != end) {
      int result = port.sendTrain(buffer, start, end - start, segmentLength, destination);
      if (result > 0) {
        start += result;
      } else if (result == DatagramResult.WOULD_BLOCK) {
        waiting = true;
        return result;
      } else if (result == DatagramResult.REFUSED && !refusedBefore) {
        refusedBefore = true; // an answer to an earlier datagram: this train was not tried yet
      } else {
        clear();
        return result;
      }
    }
    clear();
    return 0;
  }

  /** Whether everything that was committed has left. */
  public boolean isEmpty() {
    return start == end;
  }

  private void clear() {
    start = 0;
    end = 0;
    datagrams = 0;
    waiting = false;
  }
}
