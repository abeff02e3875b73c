package io.petrel.transport.ipc;

import static io.petrel.transport.ipc.IpcLayout.*;

import io.petrel.transport.ControlledMessageHandler;
import io.petrel.transport.ControlledMessageHandler.Action;
import io.petrel.transport.EndReason;
import io.petrel.transport.Header;
import io.petrel.transport.MessageHandler;
import java.lang.invoke.VarHandle;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's way through a ring: the polling thread's, which alone moves its position.
 *
 * <p>Where publishers wait, messages are shown as they lie in the ring. Where they do not, a
 * message is copied first and shown if it was not overtaken meanwhile; a reader that was goes on in
 * the middle of what is still there and tells of the loss.
 */
final class IpcReader {
  private final IpcRing ring;
  private final UnsafeBuffer buffer;
  private final int slot;
  private final IpcSessions sessions;
  private final ErrorHandler errors;

  /** Where messages are copied that may be overtaken; null where publishers wait. */
  private final @Nullable UnsafeBuffer copy;

  private final int capacity;
  private final long secret;
  private long position;
  private boolean breached;

  /** Something was lost, and it may have been a publisher's end. */
  private boolean lossy;

  /** Slot, generation and type of the last message on the slow path, and what is shown with it. */
  private int lastOwner;

  private Header lastHeader;

  IpcReader(
      final IpcRing ring,
      final int slot,
      final boolean overtaken,
      final IpcSessions sessions,
      final ErrorHandler errors) {
    this.ring = ring;
    this.buffer = ring.buffer;
    this.slot = slot;
    this.sessions = sessions;
    this.errors = errors;
    copy = overtaken ? new UnsafeBuffer(new byte[ring.maxMessageLength]) : null;
    capacity = ring.capacity;
    secret = ring.word(0);
    position = ring.subscriberPosition(slot);
    lastHeader = sessions.header(0);
  }

  int poll(final MessageHandler handler, final int limit) {
    final long start = position;
    int messages = 0;
    try {
      while (messages < limit) {
        if (copy == null) {
          messages += pollInPlace(handler, limit - messages);
          if (messages == limit) {
            break;
          }
        }
        final long about = nextMessage();
        if (about == 0) {
          break;
        }
        final UnsafeBuffer shown = shown((int) about);
        if (shown != null) {
          final int offset = copy == null ? ring.index(position) + HEADER_LENGTH : 0;
          position += aligned((int) about);
          messages++;
          deliver(handler, shown, offset, about);
        }
      }
    } finally {
      if (position != start) {
        ring.subscriberPosition(slot, position);
      }
    }
    return messages;
  }

  /**
   * The fast path: messages of one publisher, one after the other, as long as nothing else comes.
   * What else there is, {@link #nextMessage} sees to.
   */
  private int pollInPlace(final MessageHandler handler, final int limit) {
    final UnsafeBuffer ringBuffer = buffer;
    final Header header = lastHeader;
    long next = position;
    int messages = 0;
    while (messages < limit) {
      final int index = DATA_OFFSET + ((int) next & (capacity - 1));
      // Acquire: the record behind its commit word is whole.
      if (ringBuffer.getLongAcquire(index) != (next ^ secret)) {
        break;
      }
      final long about = ringBuffer.getLong(index + ABOUT);
      final int length = (int) about;
      if ((int) (about >>> Integer.SIZE) != lastOwner || !ring.holds(length) || breached) {
        break;
      }
      next += aligned(length);
      position = next;
      messages++;
      try {
        handler.onMessage(
            ringBuffer, index + HEADER_LENGTH, length - HEADER_LENGTH, header.position(next));
      } catch (final Throwable error) {
        errors.onError(error);
      }
    }
    return messages;
  }

  int controlledPoll(final ControlledMessageHandler handler, final int limit) {
    final long start = position;
    int messages = 0;
    try {
      while (messages < limit) {
        final long about = nextMessage();
        if (about == 0) {
          break;
        }
        final UnsafeBuffer shown = shown((int) about);
        if (shown != null) {
          final int offset = copy == null ? ring.index(position) + HEADER_LENGTH : 0;
          final long before = position;
          position += aligned((int) about);
          messages++;
          final Action action = deliverControlled(handler, shown, offset, about);
          if (action == Action.ABORT) {
            position = before;
            messages--;
            break;
          }
          if (action == Action.BREAK) {
            break;
          }
          if (action == Action.COMMIT) {
            ring.subscriberPosition(slot, position);
          }
        }
      }
    } finally {
      if (position != start) {
        ring.subscriberPosition(slot, position);
      }
    }
    return messages;
  }

  boolean isBreached() {
    return breached;
  }

  /**
   * What the header at the position says of the next message, or 0 when there is none. Passes over
   * all else on the way: padding, skipped records, publishers that come and go.
   */
  private long nextMessage() {
    while (true) {
      final int index = ring.index(position);
      final long word = ring.word(position);
      final long found = buffer.getLongAcquire(index); // Acquire: the record behind it is whole.
      if (found != word && found != (word | SKIPPED)) {
        if (copy != null && isOvertaken()) {
          recover();
          continue;
        }
        if (lossy && position == ring.tail()) {
          sessions.endGone(position);
        }
        return 0;
      }
      final long about = buffer.getLong(index + ABOUT);
      final int length = (int) about;
      final int owner = (int) (about >>> Integer.SIZE);
      if (found == word && typeOf(owner) == TYPE_MESSAGE && ring.holds(length)) {
        return breached ? 0 : about;
      }
      if (copy != null && isOvertaken()) {
        recover();
        continue;
      }
      if (breached
          || length < HEADER_LENGTH
          || length > ring.capacity
          || !pass(found == word, owner)) {
        breach();
        return 0;
      }
      position += aligned(length);
    }
  }

  /** Takes notice of a record that is no message; false for one that does not exist. */
  private boolean pass(final boolean committed, final int owner) {
    if (committed) {
      switch (typeOf(owner)) {
        case TYPE_PADDING -> {}
        case TYPE_UP -> sessions.up(owner);
        case TYPE_DOWN -> sessions.down(owner, EndReason.CLOSED_BY_PEER, position);
        case TYPE_LOST -> sessions.down(owner, EndReason.CONNECTION_LOST, position);
        default -> {
          return false;
        }
      }
    }
    return true;
  }

  /** Where the message at the position is to be seen; null when it was overtaken. */
  private @Nullable UnsafeBuffer shown(final int length) {
    if (copy == null) {
      return buffer;
    }
    copy.putBytes(0, buffer, ring.index(position) + HEADER_LENGTH, length - HEADER_LENGTH);
    if (isOvertaken()) {
      recover();
      return null;
    }
    return copy;
  }

  /** Whether a publisher has claimed over the position; what was read before is good if not. */
  private boolean isOvertaken() {
    VarHandle.loadLoadFence(); // What was read is read before the tail is.
    return ring.tail() - ring.capacity > position;
  }

  /** Goes on at a record in the middle of what is still there. */
  private void recover() {
    final long from = position;
    final long tail = ring.tail();
    final long middle = Math.max(position, tail - ring.capacity / 2);
    position = ring.nextHeader((middle + ALIGNMENT - 1) & -ALIGNMENT, tail);
    lossy = true;
    sessions.loss(from, position);
  }

  private void breach() {
    if (!breached) {
      breached = true;
      sessions.allDown(EndReason.PROTOCOL_BREACH, position);
    }
  }

  private void deliver(
      final MessageHandler handler, final UnsafeBuffer shown, final int offset, final long about) {
    lastOwner = (int) (about >>> Integer.SIZE);
    lastHeader = sessions.header(lastOwner);
    try {
      handler.onMessage(shown, offset, (int) about - HEADER_LENGTH, lastHeader.position(position));
    } catch (final Throwable error) {
      errors.onError(error);
    }
  }

  private Action deliverControlled(
      final ControlledMessageHandler handler,
      final UnsafeBuffer shown,
      final int offset,
      final long about) {
    try {
      return handler.onMessage(
          shown,
          offset,
          (int) about - HEADER_LENGTH,
          sessions.header((int) (about >>> Integer.SIZE)).position(position));
    } catch (final Throwable error) {
      errors.onError(error);
      return Action.CONTINUE;
    }
  }
}
