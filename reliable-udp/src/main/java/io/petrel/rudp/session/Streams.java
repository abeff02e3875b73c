package io.petrel.rudp.session;

import io.petrel.rudp.flow.ReceiveStream;
import io.petrel.rudp.flow.SendStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A session's streams by id: a bounded list, since most sessions have one or two. */
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
