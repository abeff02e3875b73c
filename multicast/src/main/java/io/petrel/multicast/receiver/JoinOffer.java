package io.petrel.multicast.receiver;

import io.petrel.transport.datagram.EndpointAddress;

/**
 * What a source offers to a receiver that it does not know yet; good for the call it is shown in.
 */
public final class JoinOffer {
  long sessionId;
  int ringCapacity;
  long livePosition;
  long windowPosition;
  final EndpointAddress source = new EndpointAddress();
  final EndpointAddress replay = new EndpointAddress();

  JoinOffer() {}

  /** The source's session. */
  public long sessionId() {
    return sessionId;
  }

  /** Of the source's ring, in bytes. */
  public int ringCapacity() {
    return ringCapacity;
  }

  /** Where a receiver begins that wants no more than what comes. */
  public long livePosition() {
    return livePosition;
  }

  /** Where one begins that wants all that the source still holds. */
  public long windowPosition() {
    return windowPosition;
  }

  /** Where the source sends from. */
  public EndpointAddress source() {
    return source;
  }

  /** Whether the source keeps a journal. */
  public boolean canReplay() {
    return replay.port() != 0;
  }

  /** Where the source's journal is replayed from, if it keeps one. */
  public EndpointAddress replay() {
    return replay;
  }
}
