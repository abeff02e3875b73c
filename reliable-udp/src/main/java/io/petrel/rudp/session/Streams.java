package io.petrel.rudp.session;

import io.petrel.rudp.flow.ReceiveStream;
import io.petrel.rudp.flow.SendStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A session's streams: bounded lists, since most sessions have one or two.
 *
 * <p>A stream's id is its number with a generation above it, so that a number can be used again in
 * the same session: bytes that were on their way for long are then not taken for the new stream's.
 */
final class Streams {
  private final int limit;
  private @Nullable SendStream[] sends = new SendStream[1];
  private @Nullable ReceiveStream[] receives = new ReceiveStream[1];
  private int sendCount;
  private int receiveCount;

  Streams(int limit) {
    this.limit = limit;
  }

  int sendCount() {
    return sendCount;
  }

  int receiveCount() {
    return receiveCount;
  }

  SendStream send(int index) {
    return present(sends[index]);
  }

  ReceiveStream receive(int index) {
    return present(receives[index]);
  }

  @Nullable SendStream findSend(int id) {
    for (int i = 0; i < sendCount; i++) {
      SendStream stream = send(i);
      if (stream.id() == id) {
        return stream;
      }
    }
    return null;
  }

  @Nullable ReceiveStream findReceive(int id) {
    for (int i = 0; i < receiveCount; i++) {
      ReceiveStream stream = receive(i);
      if (stream.id() == id) {
        return stream;
      }
    }
    return null;
  }

  /** Whether there are bytes on their way: written and not delivered, received and not read. */
  boolean areInUse() {
    for (int i = 0; i < sendCount; i++) {
      SendStream stream = send(i);
      if (!stream.isDrained() || stream.isNewlyWritten()) {
        return true;
      }
    }
    for (int i = 0; i < receiveCount; i++) {
      if (receive(i).isUnread()) {
        return true;
      }
    }
    return false;
  }

  /** The stream of the same number, whichever generation. */
  @Nullable ReceiveStream findReceiveNumber(int id) {
    for (int i = 0; i < receiveCount; i++) {
      ReceiveStream stream = receive(i);
      if (number(stream.id()) == number(id)) {
        return stream;
      }
    }
    return null;
  }

  static int number(int id) {
    return id & Session.LARGEST_STREAM;
  }

  /** Whether one id is of a later generation than another. */
  static boolean isLater(int id, int than) {
    return (byte) ((id >>> Session.GENERATION_SHIFT) - (than >>> Session.GENERATION_SHIFT)) > 0;
  }

  void replace(ReceiveStream old, ReceiveStream stream) {
    for (int i = 0; i < receiveCount; i++) {
      if (receive(i) == old) {
        receives[i] = stream;
      }
    }
  }

  void remove(SendStream stream) {
    for (int i = 0; i < sendCount; i++) {
      if (send(i) == stream) {
        System.arraycopy(sends, i + 1, sends, i, sendCount - i - 1);
        sends[--sendCount] = null;
        return;
      }
    }
  }

  boolean isReceiveFull() {
    return receiveCount == limit;
  }

  boolean isSendFull() {
    return sendCount == limit;
  }

  void add(SendStream stream) {
    if (sendCount == sends.length) {
      sends = Arrays.copyOf(sends, Math.min(sendCount * 2, limit));
    }
    sends[sendCount++] = stream;
  }

  void add(ReceiveStream stream) {
    if (receiveCount == receives.length) {
      receives = Arrays.copyOf(receives, Math.min(receiveCount * 2, limit));
    }
    receives[receiveCount++] = stream;
  }

  private static <T> T present(@Nullable T stream) {
    if (stream == null) {
      throw new IllegalStateException("no stream at this index");
    }
    return stream;
  }
}
