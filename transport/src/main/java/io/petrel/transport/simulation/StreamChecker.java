package io.petrel.transport.simulation;

import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Holds what a stream delivers against what was sent on it: a prefix, every message exactly once
 * and in order, every byte as it was. Where messages may be lost for good, the stream must say so
 * by {@link #skipTo}.
 */
public final class StreamChecker {
  private final String name;
  private final MessagePattern pattern;
  private long next;
  private long delivered;
  private long bytes;
  private @Nullable String failure;

  /**
   * A checker at the start of a stream.
   *
   * @param name of the stream, for messages to people
   * @param pattern that its messages were written by
   */
  public StreamChecker(String name, MessagePattern pattern) {
    this.name = name;
    this.pattern = pattern;
  }

  /**
   * A message was delivered.
   *
   * @return whether it was the one expected; after the first that was not, nothing is any more
   */
  public boolean onMessage(DirectBuffer buffer, int offset, int length) {
    if (failure != null) {
      return false;
    }
    if (!pattern.matches(next, buffer, offset, length)) {
      failure = explain(buffer, offset, length);
      return false;
    }
    next++;
    delivered++;
    bytes += length;
    return true;
  }

  private String explain(DirectBuffer buffer, int offset, int length) {
    String expected = name + ": message " + next + " was expected, ";
    long claimed = MessagePattern.claimedNumber(buffer, offset, length);
    boolean genuine = claimed >= 0 && pattern.matches(claimed, buffer, offset, length);
    if (genuine && claimed > next) {
      return expected + "but " + claimed + " came: " + (claimed - next) + " are missing";
    }
    if (genuine) {
      return expected + "but " + claimed + " came again or late";
    }
    return expected
        + "but "
        + length
        + " bytes came that are no message of this stream (its length: "
        + pattern.length(next)
        + ", the number at its head: "
        + claimed
        + ")";
  }

  /**
   * The stream announced that it lost messages for good.
   *
   * @param number the next that will be delivered
   */
  public void skipTo(long number) {
    if (failure == null && number < next) {
      failure = name + ": skipped back from message " + next + " to " + number;
    }
    next = Math.max(next, number);
  }

  /** Messages delivered as expected. */
  public long delivered() {
    return delivered;
  }

  /** Their bytes. */
  public long bytes() {
    return bytes;
  }

  /** The number of the message expected next. */
  public long next() {
    return next;
  }

  /** What went wrong first, in a sentence; null while nothing has. */
  public @Nullable String failure() {
    return failure;
  }

  /**
   * Ends the check: nothing may be delivered that was not sent.
   *
   * @param sent messages that were accepted for sending
   * @return what went wrong first, in a sentence; null if nothing has
   */
  public @Nullable String failureAfter(long sent) {
    if (failure == null && next > sent) {
      failure = name + ": " + next + " messages were delivered of " + sent + " sent";
    }
    return failure;
  }
}
