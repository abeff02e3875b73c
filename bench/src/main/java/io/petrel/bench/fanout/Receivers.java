package io.petrel.bench.fanout;

import io.petrel.bench.peer.Endpoint;
import org.agrona.DirectBuffer;

/** All receivers of a fan-out, polled in turn by one thread. They send nothing to be measured. */
public abstract class Receivers implements Endpoint {
  private final MessageSink[] same;

  /**
   * So many.
   *
   * @param count at least 1
   */
  Receivers(int count) {
    same = new MessageSink[count];
  }

  /**
   * Does each receiver's work and hands over what has arrived.
   *
   * @param sinks one a receiver
   * @return how many messages
   */
  public abstract int poll(MessageSink[] sinks);

  /** How many there are. */
  final int count() {
    return same.length;
  }

  @Override
  public final int poll(MessageSink sink) {
    java.util.Arrays.fill(same, sink);
    return poll(same);
  }

  @Override
  public final boolean send(DirectBuffer buffer, int offset, int length) {
    throw new UnsupportedOperationException("receivers of a fan-out send nothing");
  }
}
