package io.petrel.transport.contract;

import java.util.List;

/** Looks at the threads of this process. */
final class Workload {
  private Workload() {}

  /** Threads on which engines take their turns. */
  static List<Thread> engineThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("petrel"))
        .toList();
  }

  /** Has the garbage collected, and returns how many threads there are. */
  static int settle() {
    System.gc();
    return Thread.activeCount();
  }
}
