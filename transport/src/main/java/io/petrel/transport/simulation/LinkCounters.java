package io.petrel.transport.simulation;

/** What a link carried and what it did to it. */
public final class LinkCounters {
  private final DropCounts drops = new DropCounts();
  long entered;
  long carriedBytes;
  long reordered;
  long duplicated;
  long corrupted;
  long maxQueueDelayNs;
  int maxQueuedPackets;

  LinkCounters() {}

  void drop(DropCause cause) {
    drops.count(cause);
  }

  /** Datagrams handed to the link. */
  public long entered() {
    return entered;
  }

  /** Bytes the link transmitted, UDP and IP headers included, also those of datagrams then lost. */
  public long carriedBytes() {
    return carriedBytes;
  }

  /**
   * Datagrams the link dropped for one reason.
   *
   * @param cause the reason
   */
  public long drops(DropCause cause) {
    return drops.of(cause);
  }

  /** Datagrams the link dropped, whatever the reason. */
  public long drops() {
    return drops.all();
  }

  /** Datagrams the link dropped as injected faults. */
  public long injectedDrops() {
    return drops.injected();
  }

  /** Datagrams held back so that later ones overtake them. */
  public long reordered() {
    return reordered;
  }

  /** Second copies made. */
  public long duplicated() {
    return duplicated;
  }

  /** Datagrams of which a byte was changed. */
  public long corrupted() {
    return corrupted;
  }

  /** The longest any datagram waited before its transmission began. */
  public long maxQueueDelayNs() {
    return maxQueueDelayNs;
  }

  /** The most datagrams that waited at once; 0 unless the queue is limited in packets. */
  public int maxQueuedPackets() {
    return maxQueuedPackets;
  }
}
