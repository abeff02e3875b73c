package io.petrel.transport.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SeededRandomTest {
  private static final int DRAWS = 100_000;

  @Test
  void startsAsTheReferenceDoes() {
    // SplitMix64 of seed 1234567, the values published with the algorithm.
    long state = 1234567;
    long gamma = 0x9e3779b97f4a7c15L;
    assertEquals(6457827717110365317L, SeededRandom.mix(state + gamma));
    assertEquals(3203168211198807973L, SeededRandom.mix(state + gamma + gamma));
  }

  @Test
  void repeatsForASeedAndDiffersForAnother() {
    SeededRandom one = new SeededRandom(7);
    SeededRandom same = new SeededRandom(7);
    SeededRandom other = new SeededRandom(8);
    int equal = 0;
    for (int i = 0; i < 100; i++) {
      long drawn = one.nextLong();
      assertEquals(drawn, same.nextLong());
      equal += drawn == other.nextLong() ? 1 : 0;
    }
    assertEquals(0, equal);
  }

  @Test
  void forksDependOnTheNameAndNotOnWhatWasDrawn() {
    SeededRandom random = new SeededRandom(7);
    long before = random.fork("loss").nextLong();
    random.nextLong();
    assertEquals(before, random.fork("loss").nextLong());
    assertNotEquals(before, random.fork("reorder").nextLong());
    assertNotEquals(before, new SeededRandom(8).fork("loss").nextLong());
    assertNotEquals(random.fork("flow", 0).nextLong(), random.fork("flow", 1).nextLong());
  }

  @Test
  void spreadsEvenly() {
    SeededRandom random = new SeededRandom(1);
    int[] counts = new int[10];
    double sum = 0;
    for (int i = 0; i < DRAWS; i++) {
      counts[(int) random.nextLong(10)]++;
      sum += random.nextDouble();
    }
    for (int count : counts) {
      assertEquals(DRAWS / 10.0, count, 500); // 5 standard deviations of 95
    }
    assertEquals(0.5, sum / DRAWS, 0.005); // 5 of 0.0009
  }

  @Test
  void keepsToItsRanges() {
    SeededRandom random = new SeededRandom(2);
    boolean least = false;
    boolean most = false;
    int below100 = 0;
    for (int i = 0; i < DRAWS; i++) {
      int drawn = random.between(-3, 3);
      assertTrue(drawn >= -3 && drawn <= 3, "drew " + drawn);
      least |= drawn == -3;
      most |= drawn == 3;
      long logarithmic = random.logarithmic(10, 1000);
      assertTrue(logarithmic >= 10 && logarithmic <= 1000, "drew " + logarithmic);
      below100 += logarithmic < 100 ? 1 : 0;
    }
    assertTrue(least && most, "both ends are drawn");
    assertEquals(DRAWS / 2.0, below100, 800);
    assertThrows(IllegalArgumentException.class, () -> random.nextLong(0));
  }

  @Test
  void drawsExponentiallyWithTheMeanAsked() {
    SeededRandom random = new SeededRandom(3);
    double sum = 0;
    for (int i = 0; i < DRAWS; i++) {
      sum += random.exponential(20);
    }
    assertEquals(20, sum / DRAWS, 0.4);
  }
}
