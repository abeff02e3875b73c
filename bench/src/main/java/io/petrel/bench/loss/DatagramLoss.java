package io.petrel.bench.loss;

import io.petrel.transport.simulation.SeededRandom;

/**
 * Decides which datagrams are lost, independently of each other, and counts them. All ports of one
 * endpoint share one: the count is the endpoint's. For one thread; only the share may be changed by
 * another.
 */
public final class DatagramLoss {
  private final SeededRandom random;
  private volatile double share; // the thread that sends follows another that changes it
  private long drops;

  /**
   * None dropped yet.
   *
   * @param share of the datagrams, from 0 to 1
   * @param seed equal ones lose the same datagrams
   */
  public DatagramLoss(double share, long seed) {
    this.random = new SeededRandom(seed);
    this.share = share;
  }

  /** Whether the next datagram is to be lost; if so it is counted. */
  public boolean next() {
    if (!random.chance(share)) {
      return false;
    }
    drops++;
    return true;
  }

  /** The one just lost is not to be sent yet, so it is not lost either. */
  void takeBack() {
    drops--;
  }

  /**
   * From now on another share is lost.
   *
   * @param newShare of the datagrams, from 0 to 1
   */
  public void share(double newShare) {
    share = newShare;
  }

  /** How many were lost so far. */
  public long drops() {
    return drops;
  }
}
