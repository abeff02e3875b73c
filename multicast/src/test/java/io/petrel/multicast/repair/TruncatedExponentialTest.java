package io.petrel.multicast.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TruncatedExponentialTest {
  private static final long LONGEST_NS = 400_000;
  private static final int DRAWS = 20_000;

  private final TruncatedExponential law = new TruncatedExponential();

  @Test
  void keepsWithinNothingAndTheLongest() {
    assertEquals(0, law.delayNs(0, LONGEST_NS, 100));
    assertTrue(law.delayNs(Math.nextDown(1.0), LONGEST_NS, 100) <= LONGEST_NS);
    assertEquals(0, law.delayNs(0.5, 0, 100));
  }

  @Test
  void hasTheMeanOfItsDensity() {
    // For density lambda e^(lambda x) / (e^lambda - 1) on 0 to 1 the mean is
    // e^lambda / (e^lambda - 1) - 1 / lambda.
    for (int groupSize : new int[] {1, 10, 100, 1_000}) {
      double lambda = Math.log(groupSize) + 1;
      double expected = Math.exp(lambda) / (Math.exp(lambda) - 1) - 1 / lambda;
      double sum = 0;
      for (int i = 0; i < DRAWS; i++) {
        sum += law.delayNs((i + 0.5) / DRAWS, LONGEST_NS, groupSize);
      }
      assertEquals(expected, sum / DRAWS / LONGEST_NS, 0.001, "group of " + groupSize);
    }
  }

  @Test
  void letsAboutAsManyDrawEarlyInALargeGroupAsInASmallOne() {
    double ofTen = meanDrawsWithin(10, LONGEST_NS / 8);
    double ofThousand = meanDrawsWithin(1_000, LONGEST_NS / 8);

    assertTrue(ofThousand < 3 * ofTen, ofThousand + " of a thousand, " + ofTen + " of ten");
  }

  /** How many of a group draw within a time of the first to draw. */
  private double meanDrawsWithin(int groupSize, long windowNs) {
    SplittableRandom random = new SplittableRandom(1);
    int rounds = 200;
    int draws = 0;
    for (int round = 0; round < rounds; round++) {
      long[] delays = new long[groupSize];
      long first = LONGEST_NS;
      for (int i = 0; i < groupSize; i++) {
        delays[i] = law.delayNs(random.nextDouble(), LONGEST_NS, groupSize);
        first = Math.min(first, delays[i]);
      }
      for (long delay : delays) {
        draws += delay <= first + windowNs ? 1 : 0;
      }
    }
    return (double) draws / rounds;
  }
}
