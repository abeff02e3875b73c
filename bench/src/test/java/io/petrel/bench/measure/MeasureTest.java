package io.petrel.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.bench.cli.CommandFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class MeasureTest {
  @Test
  void summaryOfAnOddAndAnEvenNumberOfRounds() {
    assertEquals(new Summary(2, 1, 9), Summary.of(9, 1, 2));
    assertEquals(new Summary(2.5, 1, 9), Summary.of(9, 1, 2, 3));
    assertThrows(IllegalArgumentException.class, Summary::of);
  }

  @Test
  void everyCaseBeginsARoundAndWarmUpsAreForgotten() {
    List<String> order = new ArrayList<>();
    Map<String, List<Integer>> results =
        Interleaved.run(
            List.of("a", "b", "c"),
            1,
            3,
            one -> {
              order.add(one);
              return order.size();
            });
    assertEquals("c a b a b c b c a c a b", String.join(" ", order));
    assertEquals(
        Map.of("a", List.of(4, 9, 11), "b", List.of(5, 7, 12), "c", List.of(6, 8, 10)), results);
  }

  @Test
  void readsWhatTheHostTookFromTheKernelsAccounts() {
    Machine.CpuTime earlier = Machine.parse("cpu  100 0 50 800 0 0 0 50 0 0");
    Machine.CpuTime later = Machine.parse("cpu  150 0 75 850 0 0 0 125 7 0");
    assertEquals(new Machine.CpuTime(1_000, 50), earlier);
    assertEquals(75 / 200.0, later.stolenShareSince(earlier));
    assertEquals(0, earlier.stolenShareSince(earlier));
  }

  @Test
  void workersRunAtTheSameTimeAndTellWhatTheyAllocate() {
    try (PinnedWorkers workers = new PinnedWorkers(2)) {
      CountDownLatch both = new CountDownLatch(2);
      List<Object> kept = new ArrayList<>();
      Runnable meets =
          () -> {
            both.countDown();
            while (both.getCount() > 0) {
              Thread.onSpinWait();
            }
          };
      Runnable meetsAndAllocates =
          () -> {
            meets.run();
            kept.add(new byte[100_000]);
          };
      List<PinnedWorkers.Cost> costs = workers.run(List.of(meets, meetsAndAllocates));
      assertTrue(costs.get(0).allocatedBytes() < 100_000, costs.toString());
      assertTrue(costs.get(1).allocatedBytes() >= 100_000, costs.toString());
      assertEquals(1, kept.size());
      assertEquals(2, workers.cores().size());
    }
  }

  @Test
  void aWorkerThatFailsFailsTheRun() {
    try (PinnedWorkers workers = new PinnedWorkers(1)) {
      Runnable fails =
          () -> {
            throw new IllegalStateException("broken");
          };
      String message =
          String.valueOf(
              assertThrows(CommandFailure.class, () -> workers.run(List.of(fails))).getMessage());
      assertTrue(message.contains("broken"), message);
    }
  }
}
