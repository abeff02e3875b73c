package io.petrel.multicast.flow;

import io.petrel.multicast.frames.Status;

/** One receiver as its source knows it. */
public final class Member {
  private static final int STRIKES_OUT = 2;

  final long id;
  final boolean named;
  long heardNs;
  long advancedNs;
  long readPosition;
  long contiguousPosition;
  long windowEnd;
  long roundTripNs;
  private long lastSampleNs;

  /** It held the source up for too long: not waited for until it is back. */
  boolean evicted;

  boolean excluded;
  private boolean judged;
  private long judgedNs;
  private long judgedMissed;
  private long judgedSent;
  private long missedBytes;
  private int strikes;

  /** Share of what was sent that it missed at first, over the last stretch judged. */
  double missedShare;

  Member(long id, boolean named, long nowNs) {
    this.id = id;
    this.named = named;
    heardNs = nowNs;
    advancedNs = nowNs;
  }

  /** Who. */
  public long id() {
    return id;
  }

  /** Up to where it has everything. */
  public long contiguousPosition() {
    return contiguousPosition;
  }

  /** The smaller of its last two round trips. */
  public long roundTripNs() {
    return roundTripNs;
  }

  /** Whether it is out of the group's repair. */
  public boolean isExcluded() {
    return excluded;
  }

  void update(long nowNs, Status status, long sent) {
    heardNs = nowNs;
    // What lies beyond what was sent is a lie, or meant for another; nobody gains by it here.
    long contiguous = Math.min(status.contiguousPosition, sent);
    long read = Math.min(status.readPosition, contiguous);
    boolean done = contiguous == sent && read == sent;
    if (done || contiguous > contiguousPosition || read > readPosition) {
      advancedNs = nowNs;
    }
    contiguousPosition = Math.max(contiguousPosition, contiguous);
    readPosition = Math.max(readPosition, read);
    windowEnd = Math.max(windowEnd, readPosition + status.windowBytes);
    missedBytes = Math.max(missedBytes, status.missedBytes);
  }

  void sample(long sampleNs) {
    roundTripNs = lastSampleNs == 0 ? sampleNs : Math.min(sampleNs, lastSampleNs);
    lastSampleNs = sampleNs;
  }

  /** Looks at the stretch since it was judged last; whether there was enough to judge by. */
  boolean judge(long nowNs, long sent, long stretchNs, long leastBytes) {
    if (judged && (nowNs - judgedNs < stretchNs || sent - judgedSent < leastBytes)) {
      return false;
    }
    if (judged) {
      missedShare = Math.min(1, (double) (missedBytes - judgedMissed) / (sent - judgedSent));
    }
    boolean had = judged;
    judged = true;
    judgedNs = nowNs;
    judgedMissed = missedBytes;
    judgedSent = sent;
    return had;
  }

  /** Notes whether it is far worse than the others; true when it has been so for long enough. */
  boolean strike(boolean bad) {
    strikes = bad ? strikes + 1 : 0;
    return strikes >= STRIKES_OUT;
  }
}
