package io.petrel.bench.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many random fan-outs: what is delivered is what was sent, or the loss is told. */
class MulticastSweepTest {
  private static final int IN_A_BUILD = 150;
  private static final int IN_A_LONG_RUN = 5_000;

  @Test
  void randomFanOutsKeepTheirPromises() {
    sweep(1, IN_A_BUILD);
  }

  @Test
  @Tag("slow")
  void manyRandomFanOutsKeepTheirPromises() {
    sweep(1_000_000, IN_A_LONG_RUN);
  }

  private static void sweep(long firstSeed, int count) {
    List<String> breaches = new ArrayList<>();
    long drops = 0;
    for (long seed = firstSeed; seed < firstSeed + count; seed++) {
      MulticastOptions options = MulticastSweep.options(seed);
      MulticastResult result = new MulticastSimulation(options).run();
      drops += result.injectedDrops();
      String breach = MulticastSweep.breach(options, result);
      if (breach != null) {
        breaches.add("seed " + seed + ": " + breach);
      }
    }
    assertTrue(drops > 100L * count, drops + " drops are not enough to show anything");
    assertTrue(breaches.isEmpty(), () -> String.join("\n", breaches));
  }
}
