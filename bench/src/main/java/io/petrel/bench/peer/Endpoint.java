package io.petrel.bench.peer;

import org.agrona.DirectBuffer;

/**
 * One end of a connection under test, used by one thread. Only this differs between the peers of a
 * rig.
 */
public interface Endpoint extends AutoCloseable {
  /** Receives what a poll delivers, in the thread that polls. */
  @FunctionalInterface
  interface MessageSink {
    /** One message; the buffer is the transport's and valid during the call only. */
    void onMessage(DirectBuffer buffer, int offset, int length);
  }

  /** Whether messages can flow. */
  boolean connected();

  /**
   * Sends a message, or returns false when flow control refuses it for now. It need not leave
   * before the next poll.
   */
  boolean send(DirectBuffer buffer, int offset, int length);

  /** Does the transport's work in this thread and delivers what has arrived; returns how many. */
  int poll(MessageSink sink);

  /** How this end was tuned, for the report. */
  String settings();

  /** How many datagrams this end was told to lose and did. */
  default long injectedDrops() {
    return 0;
  }

  @Override
  void close();
}
