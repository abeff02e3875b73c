package io.petrel.bench.demo;

import java.util.concurrent.TimeUnit;

/** Nanoseconds since 1970, as the messages say, that never go back nor leap. */
final class DemoClock {
  private static final long OFFSET_NS =
      TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - System.nanoTime();

  private DemoClock() {}

  static long nowNs() {
    return OFFSET_NS + System.nanoTime();
  }
}
