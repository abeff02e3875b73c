package io.petrel.bench.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Reliable UDP under random configurations: whatever the link does, what is delivered is a prefix
 * of what was sent, exactly once and in order, progress goes on while the link is up, and memory
 * stays within its bound.
 *
 * <p>A failure prints its seed and commit. At that commit, {@code mvn test -pl bench -am
 * -Dtest=RudpSweepTest -Dsurefire.failIfNoSpecifiedTests=false -Dpetrel.sweep.seed=SEED} runs it
 * again, alone.
 */
class RudpSweepTest {
  private static final String SEED_PROPERTY = "petrel.sweep.seed";
  private static final long EVERYDAY_RUNS = 500;
  private static final long SLOW_RUNS = 20_000;
  private static final int FAILURES_SHOWN = 5;

  private final LongAdder packets = new LongAdder();
  private final LongAdder drops = new LongAdder();
  private final LongAdder reorders = new LongAdder();
  private final LongAdder duplicates = new LongAdder();
  private final LongAdder corruptions = new LongAdder();
  private final LongAdder completed = new LongAdder();
  private final LongAdder rebinds = new LongAdder();
  private final LongAdder validations = new LongAdder();
  private final LongAdder tooLong = new LongAdder();

  @Test
  void survivesRandomConfigurations() {
    Long only = Long.getLong(SEED_PROPERTY);
    if (only == null) {
      sweep(1, EVERYDAY_RUNS);
    } else {
      assertEquals(List.of(), failures(only, only + 1));
    }
  }

  @Test
  @Tag("slow")
  void survivesManyMoreRandomConfigurations() {
    sweep(EVERYDAY_RUNS + 1, EVERYDAY_RUNS + SLOW_RUNS);
  }

  private void sweep(long first, long last) {
    long startNs = System.nanoTime();
    List<String> failures = failures(first, last + 1);
    double seconds = (System.nanoTime() - startNs) / 1e9;
    System.out.printf(
        "rudp sweep: %d runs, %d completed, %d packets, %d drops, %d reorders, %d duplicates,"
            + " %d corruptions, %d rebinds, %d of them proven,"
            + " %d too long, in %.1f s%n",
        last - first + 1,
        completed.sum(),
        packets.sum(),
        drops.sum(),
        reorders.sum(),
        duplicates.sum(),
        corruptions.sum(),
        rebinds.sum(),
        validations.sum(),
        tooLong.sum(),
        seconds);
    String shown =
        String.join("\n", failures.subList(0, Math.min(FAILURES_SHOWN, failures.size())));
    assertEquals(0, failures.size(), () -> failures.size() + " runs failed, among them:\n" + shown);
    assertTrue(drops.sum() > 0 && reorders.sum() > 0, "loss and reordering were injected");
    assertTrue(duplicates.sum() > 0 && corruptions.sum() > 0, "so were the others");
    assertTrue(rebinds.sum() > 0 && validations.sum() > 0, "and changes of address");
    assertTrue(tooLong.sum() > 0, "and of the path's size");
    assertTrue(completed.sum() > (last - first) * 9 / 10, completed + " of the runs completed");
  }

  private List<String> failures(long from, long until) {
    return LongStream.range(from, until)
        .parallel()
        .mapToObj(seed -> {
          RudpSweep run = new RudpSweep(seed);
          String failure = run.failure();
          count(run);
          return failure == null ? null : "seed " + seed + ": " + failure;
        })
        .filter(Objects::nonNull)
        .toList();
  }

  private void count(RudpSweep run) {
    RudpResult result = run.result();
    if (result != null) {
      packets.add(result.packetsSent());
      drops.add(result.injectedDrops());
      reorders.add(result.injectedReorders());
      duplicates.add(result.injectedDuplicates());
      corruptions.add(result.injectedCorruptions());
      rebinds.add(result.rebinds());
      validations.add(result.validations());
      tooLong.add(result.sizeDrops());
      completed.add(result.isCompleted() ? 1 : 0);
    }
  }
}
