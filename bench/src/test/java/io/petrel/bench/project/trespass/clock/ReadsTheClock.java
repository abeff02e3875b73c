package io.petrel.bench.project.trespass.clock;

import io.petrel.bench.project.trespass.thread.StartsAThread;

/** Breaks walls, so that a test can see them hold. */
public final class ReadsTheClock {
  private ReadsTheClock() {}

  static long now() {
    return System.nanoTime() + StartsAThread.COUNT;
  }

  /** Completes a circle. */
  public static final class Target {
    private Target() {}
  }
}
