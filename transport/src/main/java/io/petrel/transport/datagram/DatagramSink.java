package io.petrel.transport.datagram;

import org.agrona.MutableDirectBuffer;

/**
 * Where a protocol writes the datagrams it wants sent: straight into the memory they leave from.
 *
 * <pre>
 *   int offset = sink.claim(datagramLimit);
 *   if (offset &gt;= 0) {
 *     int length = encode(sink.buffer(), offset, datagramLimit);
 *     sink.commit(length);                  // 0: nothing to send after all
 *   }
 * </pre>
 *
 * <p>Every claim that succeeds is followed by exactly one commit.
 */
public interface DatagramSink {
  /** What {@link #claim} answers when there is no room until the network takes what is staged. */
  int FULL = -1;

  /** The memory that claimed offsets refer to; ask again after each claim. */
  MutableDirectBuffer buffer();

  /**
   * Asks for room for one datagram.
   *
   * @param maxLength the most bytes that will be committed
   * @return the offset to write at, or {@link #FULL}: stop and try again in a later turn
   */
  int claim(int maxLength);

  /**
   * Ends the datagram begun by {@link #claim}.
   *
   * @param length its bytes, at most what was claimed; 0 gives the room back and sends nothing
   */
  void commit(int length);

  /**
   * What was committed leaves now, not when the owner sends it: somebody waits for it. A sink whose
   * owner sends soon anyway may pass this over.
   */
  default void hurry() {}
}
