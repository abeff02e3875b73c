package io.petrel.bench.link;

/**
 * What an emulated link did so far, a direction each.
 *
 * @param forward from the first host to the second: where the data goes
 * @param back the other way
 * @param inFlight packets of both in a queue or on the wire
 */
public record LinkAccounts(Direction forward, Direction back, long inFlight) {
  /**
   * One direction.
   *
   * @param entered packets that a host sent
   * @param enteredBytes of those, IP headers included
   * @param delivered packets handed to the other host
   * @param deliveredBytes of those
   * @param lost packets dropped as injected faults
   * @param queueDrops packets that found the queue full
   * @param reordered packets held back
   * @param duplicated second copies made
   * @param corrupted packets of which a byte was changed
   * @param maxQueueDelayNs the longest any packet waited for its transmission
   */
  public record Direction(
      long entered,
      long enteredBytes,
      long delivered,
      long deliveredBytes,
      long lost,
      long queueDrops,
      long reordered,
      long duplicated,
      long corrupted,
      long maxQueueDelayNs) {
    private long unaccounted() {
      return entered + duplicated - delivered - lost - queueDrops;
    }
  }

  /** Whether what went in came out, was dropped or is on its way. False is a defect. */
  public boolean isBalanced() {
    return forward.unaccounted() + back.unaccounted() == inFlight;
  }

  /** Packets dropped as injected faults, both ways. */
  public long injectedDrops() {
    return forward.lost + back.lost;
  }
}
