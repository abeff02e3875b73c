package io.petrel.multicast.frames;

/** What a receiver tells its source of itself, as plain fields to be filled in and read. */
public final class Status {
  /** Who. */
  public long receiverId;

  /** Below it the reader is done. */
  public long readPosition;

  /** Up to where all was received. */
  public long contiguousPosition;

  /** What did not come at first. */
  public long missedBytes;

  /** The latest time of the source's that came. */
  public long echoedTimeNs;

  /** Since its arrival. */
  public long heldNs;

  /** May be sent beyond the read position. */
  public long windowBytes;

  /** Whether it goes. */
  public boolean leaving;

  /** Empty. */
  public Status() {}
}
