package io.petrel.bench.peer;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Something to measure: a way of getting messages from one process to another. */
public interface Peer {
  /** What a user calls it on the command line. */
  String name();

  /** Why this peer cannot run so, in a few words, or null when it can. */
  default @Nullable String unavailable(boolean bulk, double loss) {
    return loss > 0 ? "its endpoints cannot inject loss" : null;
  }

  /** Opens one end; it may not be connected yet. */
  Endpoint open(Setup setup) throws IOException;
}
