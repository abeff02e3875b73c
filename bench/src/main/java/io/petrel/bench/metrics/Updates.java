package io.petrel.bench.metrics;

import io.petrel.transport.metrics.Counter;
import io.petrel.transport.metrics.Counters;
import io.petrel.transport.metrics.MappedHistogram;
import io.petrel.transport.metrics.StripedCounter;
import java.util.concurrent.TimeUnit;

/**
 * The loops that are measured. Each goes over several counters or values in turn, since a loop over
 * one would let the compiler keep its number in a register, which no application's code does.
 */
enum Updates {
  /** A thread adds to counters of its own. */
  COUNTER {
    @Override
    Runnable loop(Counters counters, StripedCounter striped, int updates) {
      Counter[] own = new Counter[COUNTERS];
      for (int i = 0; i < COUNTERS; i++) {
        own[i] = counters.add("counter " + i, TYPE);
      }
      return () -> {
        for (int i = 0; i < updates; i++) {
          own[i % COUNTERS].increment();
        }
      };
    }
  },

  /** A thread adds to a counter that all add to. */
  STRIPED {
    @Override
    Runnable loop(Counters counters, StripedCounter striped, int updates) {
      return () -> {
        for (int i = 0; i < updates; i++) {
          striped.increment();
        }
      };
    }
  },

  /** A thread records values from 1 us to 33 ms in one histogram. */
  HISTOGRAM {
    @Override
    Runnable loop(Counters counters, StripedCounter striped, int updates) {
      MappedHistogram own = counters.addHistogram("histogram", TYPE, 0, HIGHEST_NS, DIGITS);
      return () -> {
        long noise = SEED;
        for (int i = 0; i < updates; i++) {
          noise = noise * 6364136223846793005L + 1442695040888963407L; // Knuth's MMIX generator
          int doublings = (int) (noise >>> 62) * 5;
          own.record((LEAST_NS << doublings) | (noise >>> 50));
        }
      };
    }
  };

  private static final int TYPE = 1000;
  private static final int COUNTERS = 8;
  private static final long HIGHEST_NS = TimeUnit.MINUTES.toNanos(1);
  private static final long LEAST_NS = TimeUnit.MICROSECONDS.toNanos(1);
  private static final int DIGITS = 3;
  private static final long SEED = 1;

  /** A loop of one thread, over what it has added to its counters. */
  abstract Runnable loop(Counters counters, StripedCounter striped, int updates);
}
