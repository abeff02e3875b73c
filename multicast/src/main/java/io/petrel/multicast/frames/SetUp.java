package io.petrel.multicast.frames;

/** What a source tells its receivers of the fan-out, as plain fields to be filled in and read. */
public final class SetUp {
  /** Below it nothing is held any more. */
  public long windowLow;

  /** Up to where all was sent. */
  public long windowHigh;

  /** Where a receiver that is new begins. */
  public long joinPosition;

  /** The source's clock. */
  public long sourceTimeNs;

  /** Bytes of the ring on both sides. */
  public int ringCapacity;

  /** The longest round trip of the group. */
  public long roundTripNs;

  /** Receivers, as estimated. */
  public int groupSize;

  /** From one status of a receiver to its next. */
  public long statusIntervalNs;

  /** Base interval of heartbeats. */
  public long heartbeatNs;

  /** Longest back-off in round trips. */
  public int backoffFactor;

  /** Whether receivers hear each other's NAKs. */
  public boolean peersHear;

  /** Empty. */
  public SetUp() {}
}
