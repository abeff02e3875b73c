package io.petrel.transport;

import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages, in order. {@code offer} never waits and never throws for what the network does:
 * it returns the position after the message, or one of the negative results below.
 *
 * <p>A position counts the bytes of one session's ring. When a session is lost and another takes
 * its place, positions begin at 0 again, the first offer is told {@link #SESSION_LOST} once, and
 * {@link #unacknowledged} gives back what the peer had not acknowledged.
 */
public interface Publication extends AutoCloseable {
  /** No peer yet, or none at the moment. Retry: the connection is being tried. */
  long NOT_CONNECTED = -1;

  /** The ring, or what may wait unsent, is full. Retry when the peer has taken some. */
  long BACK_PRESSURED = -2;

  /**
   * The session ended since the last offer; nothing was sent by this call. Said once for each lost
   * session. See {@link #unacknowledged}, then retry.
   */
  long SESSION_LOST = -3;

  /** This publication or its Petrel is closed. Do not retry. */
  long CLOSED = -4;

  /** The session has sent all the bytes it can count. Do not retry: open another. */
  long MAX_POSITION_EXCEEDED = -5;

  /** Longer than {@link #messageLimit()}. Do not retry: make it smaller or the ring larger. */
  long MESSAGE_TOO_LARGE = -6;

  /**
   * The name of a result, for messages and logs.
   *
   * @param result of an offer
   * @return the constant's name, or the position in digits
   */
  static String nameOf(long result) {
    if (result >= 0) {
      return Long.toString(result);
    }
    return switch ((int) Math.max(result, Integer.MIN_VALUE)) {
      case (int) NOT_CONNECTED -> "NOT_CONNECTED";
      case (int) BACK_PRESSURED -> "BACK_PRESSURED";
      case (int) CLOSED -> "CLOSED";
      case (int) MESSAGE_TOO_LARGE -> "MESSAGE_TOO_LARGE";
      case (int) MAX_POSITION_EXCEEDED -> "MAX_POSITION_EXCEEDED";
      case (int) SESSION_LOST -> "SESSION_LOST";
      default -> "unknown result " + result;
    };
  }

  /**
   * Sends a message: copies it into the ring. Engines that are invoked put it on the wire in this
   * call, if the session is free to send.
   *
   * @param buffer holding the message
   * @param offset where it begins
   * @param length of it; 0 is a message too
   * @return the position after it, more than 0, or a negative result
   */
  long offer(DirectBuffer buffer, int offset, int length);

  /**
   * Sends all of a buffer as one message.
   *
   * @param buffer the message
   * @return the position after it, more than 0, or a negative result
   */
  default long offer(DirectBuffer buffer) {
    return offer(buffer, 0, buffer.capacity());
  }

  /**
   * Sends one message gathered from two places, such as a header and a body.
   *
   * @param first holding the beginning
   * @param firstOffset where that begins
   * @param firstLength of it
   * @param second holding the rest
   * @param secondOffset where that begins
   * @param secondLength of it
   * @return the position after the message, more than 0, or a negative result
   */
  long offer(
      DirectBuffer first,
      int firstOffset,
      int firstLength,
      DirectBuffer second,
      int secondOffset,
      int secondLength);

  /**
   * Sends one message gathered from several places.
   *
   * @param parts filled by the caller, and reusable
   * @return the position after the message, more than 0, or a negative result
   */
  long offer(MessageParts parts);

  /**
   * Claims a place for a message of a known length, to encode into without a copy.
   *
   * @param length of the message
   * @param claim given its place when the result is not negative; then commit or abort it
   * @return the position after the message, more than 0, or a negative result
   */
  long tryClaim(int length, Claim claim);

  /**
   * The longest message that can ever be sent.
   *
   * @return in bytes; an eighth of the ring, without the record's header
   */
  int messageLimit();

  /**
   * Up to where messages were accepted in this session.
   *
   * @return 0 when nothing was, or no session is there
   */
  long position();

  /**
   * Up to where the peer has the bytes in its ring; its reader may be behind.
   *
   * @return at most {@link #position()}
   */
  long acknowledgedPosition();

  /**
   * Whether the peer is there: an offer may succeed.
   *
   * @return false before, between and after sessions
   */
  boolean isConnected();

  /**
   * Whether this was closed.
   *
   * @return true from the beginning of a close
   */
  boolean isClosed();

  /**
   * Why the last session ended.
   *
   * @return null as long as none has
   */
  @Nullable EndReason endReason();

  /**
   * The id of the session that is connected, or was last.
   *
   * @return 0 before the first
   */
  long sessionId();

  /**
   * Waits until the peer has all that was accepted when this was called. Takes turns meanwhile
   * where the engine is invoked.
   *
   * @param timeout at most; 0 only looks
   * @param unit of the timeout
   * @return whether the peer has it; false too when the session ended before
   */
  boolean drain(long timeout, TimeUnit unit);

  /**
   * Gives back the messages of the last lost session that its peer had not acknowledged, in order.
   * Some of them the peer may have had. Call it after {@link #SESSION_LOST}, from the thread that
   * offers, before the next offer; the messages are kept until a later session is lost.
   *
   * @param handler takes the messages
   * @return how many there were
   */
  int unacknowledged(MessageHandler handler);

  /**
   * What this was opened with.
   *
   * @return as parsed
   */
  Channel channel();

  /**
   * Accepts no more; what was accepted is delivered in the background, as far as that succeeds
   * within the option {@code linger}.
   */
  @Override
  void close();
}
