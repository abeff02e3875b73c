package io.petrel.bench.peer;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something to measure: a way of getting messages from one process to another. */
public interface Peer {
  /** What a user calls it on the command line. */
  String name();

  /** Why this peer cannot run so, in a few words, or null when it can. */
  default @Nullable String unavailable(boolean bulk, double loss) {
    return loss > 0 ? "its endpoints cannot inject loss" : null;
  }

  /** Whether both ends must be on one host. */
  default boolean needsOneHost() {
    return false;
  }

  /** Whether a lost datagram is a lost message. */
  default boolean repairsLoss() {
    return true;
  }

  /**
   * The congestion controls a user may choose among, the default first; empty for a peer that has
   * one way only.
   */
  default List<String> controllers() {
    return List.of();
  }

  /** Whether {@link #controllers} are those of the kernel's TCP, set for a host as a whole. */
  default boolean usesKernelTcp() {
    return false;
  }

  /** Opens one end; it may not be connected yet. */
  Endpoint open(Setup setup) throws IOException;
}
