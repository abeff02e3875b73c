package io.petrel.rudp.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random networks, workloads and readers by seed. A failure names the seed and the commit; the pair
 * runs it again: {@code -Dpetrel.sweep.seed=N}.
 */
class RandomSweepTest {
  private static final int SEEDS = 2_000;
  private static final int SLOW_SEEDS = 50_000;

  private long drops;
  private long reordered;
  private long corrupted;
  private long duplicated;

  @Test
  void deliversThroughTwoThousandRandomNetworks() {
    Long only = Long.getLong("petrel.sweep.seed");
    if (only != null) {
      assertEquals(List.of(), sweep(only, only));
      return;
    }
    assertEquals(List.of(), sweep(1, SEEDS));
    assertFaultsHappened();
  }

  @Test
  @Tag("slow")
  void deliversThroughFiftyThousandRandomNetworks() {
    assertEquals(List.of(), sweep(SEEDS + 1, SEEDS + SLOW_SEEDS));
    assertFaultsHappened();
  }

  private List<String> sweep(long first, long last) {
    List<String> failures = new ArrayList<>();
    for (long seed = first; seed <= last && failures.size() < 5; seed++) {
      RandomScenario scenario = new RandomScenario(seed);
      List<String> wrong;
      try {
        wrong = scenario.run();
      } catch (RuntimeException failure) {
        wrong = List.of(failure.toString());
      }
      if (!wrong.isEmpty()) {
        failures.add(
            "seed " + seed + " commit " + commit() + " " + wrong + " " + scenario.describe());
      }
      count(scenario.scenario());
    }
    return failures;
  }

  private void count(Scenario scenario) {
    drops += scenario.network.drops();
    reordered += scenario.forth.counters().reordered();
    corrupted += scenario.forth.counters().corrupted();
    duplicated += scenario.forth.counters().duplicated();
  }

  private void assertFaultsHappened() {
    assertTrue(
        drops > 10_000 && reordered > 1_000 && corrupted > 1_000 && duplicated > 1_000,
        () ->
            "too few faults: "
                + List.of(drops, reordered, corrupted, duplicated)
                + " drops, reorders, corruptions, duplicates");
  }

  private static String commit() {
    try {
      Process git = new ProcessBuilder("git", "rev-parse", "--short", "HEAD").start();
      return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException noGit) {
      throw new UncheckedIOException(noGit);
    }
  }
}
