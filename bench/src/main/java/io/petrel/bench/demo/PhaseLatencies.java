package io.petrel.bench.demo;

import io.petrel.bench.demo.Timeline.Phase;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** How late messages were, phase by phase. Written by one thread, read when that has ended. */
final class PhaseLatencies {
  private static final long HIGHEST_NS = TimeUnit.MINUTES.toNanos(10);
  private static final int DIGITS = 3;

  private final Histogram clean = new Histogram(HIGHEST_NS, DIGITS);
  private final Histogram lossy = new Histogram(HIGHEST_NS, DIGITS);

  void record(Timeline timeline, long dueNs, long nowNs) {
    Phase phase = timeline.phaseOf(dueNs);
    if (phase != Phase.WARM_UP) {
      of(phase).recordValue(Math.clamp(nowNs - dueNs, 0, HIGHEST_NS));
    }
  }

  Histogram of(Phase phase) {
    return switch (phase) {
      case CLEAN -> clean;
      case LOSSY -> lossy;
      case WARM_UP -> throw new IllegalArgumentException("the warm-up is not measured");
    };
  }
}
