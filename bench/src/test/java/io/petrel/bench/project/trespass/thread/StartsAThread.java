package io.petrel.bench.project.trespass.thread;

import io.petrel.bench.project.trespass.clock.ReadsTheClock;

/** Breaks walls, so that a test can see them hold. */
public final class StartsAThread {
  /** Something to depend on; computed, since a constant would be copied. */
  public static final int COUNT = Runtime.version().feature();

  private StartsAThread() {}

  static Class<?> target() {
    Thread.onSpinWait();
    return ReadsTheClock.Target.class;
  }
}
