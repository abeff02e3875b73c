package io.petrel.transport.simulation;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches a run for what no single message shows: that progress goes on while the network carries
 * anything and resumes when it does again, and that memory stays within its limit.
 */
public final class RunGuard {
  private final long patienceNs;
  private final long memoryLimitBytes;
  private final LongSupplier progress;
  private final LongSupplier memoryBytes;
  private long lastProgress;
  private long stalledSinceNs;
  private long maxMemoryBytes;
  private long longestStallNs;
  private boolean wasUp;
  private @Nullable String failure;

  /**
   * A guard for a run that begins at virtual time 0.
   *
   * @param patienceNs the longest that progress may take while the network is up
   * @param progress a count that grows with every delivery
   * @param memoryLimitBytes the most memory the protocol may hold
   * @param memoryBytes what it holds
   */
  public RunGuard(
      long patienceNs, LongSupplier progress, long memoryLimitBytes, LongSupplier memoryBytes) {
    this.patienceNs = patienceNs;
    this.progress = progress;
    this.memoryLimitBytes = memoryLimitBytes;
    this.memoryBytes = memoryBytes;
  }

  /**
   * Looks at the run; to be called at every turn, or often.
   *
   * @param nowNs virtual time
   * @param expected whether there is progress to make: the network is up and work is left
   * @return whether all is well
   */
  public boolean check(long nowNs, boolean expected) {
    long present = progress.getAsLong();
    if (present != lastProgress || !expected || !wasUp) {
      lastProgress = present;
      stalledSinceNs = nowNs;
    }
    wasUp = expected;
    long stallNs = nowNs - stalledSinceNs;
    longestStallNs = Math.max(longestStallNs, stallNs);
    if (failure == null && stallNs > patienceNs) {
      failure =
          "no progress for "
              + stallNs
              + " ns at "
              + nowNs
              + " ns, after "
              + present
              + " deliveries";
    }
    long memory = memoryBytes.getAsLong();
    maxMemoryBytes = Math.max(maxMemoryBytes, memory);
    if (failure == null && memory > memoryLimitBytes) {
      failure = memory + " bytes held at " + nowNs + " ns, the limit is " + memoryLimitBytes;
    }
    return failure == null;
  }

  /** The most memory seen. */
  public long maxMemoryBytes() {
    return maxMemoryBytes;
  }

  /** The longest time without progress while some was expected. */
  public long longestStallNs() {
    return longestStallNs;
  }

  /** What went wrong first, in a sentence; null while nothing has. */
  public @Nullable String failure() {
    return failure;
  }
}
