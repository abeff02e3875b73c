package io.petrel.multicast.repair;

/** How long a receiver waits before it asks, so that of many that miss the same few ask. */
@FunctionalInterface
public interface BackOffLaw {
  /**
   * One draw.
   *
   * @param uniform a random number, 0 or more and below 1
   * @param longestNs the most that may come out
   * @param groupSize receivers that may miss the same, 1 or more
   * @return time to wait, 0 to the longest
   */
  long delayNs(double uniform, long longestNs, int groupSize);
}
