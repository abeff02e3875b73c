package io.petrel.transport.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LossModelTest {
  private static final int DATAGRAMS = 1_000_000;

  @ParameterizedTest
  @CsvSource({"0.01, 1", "0.01, 3", "0.05, 10", "0.3, 1", "0.3, 4", "0.9, 20"})
  void losesTheShareAskedInBurstsOfTheMeanAsked(double probability, double meanBurst) {
    LossModel model = new LossModel(new SeededRandom(1), probability, meanBurst);
    int lost = 0;
    int bursts = 0;
    boolean before = false;
    for (int i = 0; i < DATAGRAMS; i++) {
      boolean now = model.next();
      lost += now ? 1 : 0;
      bursts += now && !before ? 1 : 0;
      before = now;
    }
    assertEquals(probability, (double) lost / DATAGRAMS, 0.05 * probability);
    // Independent losses come in runs of 1 / (1 - p) anyway.
    double expected = Math.max(meanBurst, 1 / (1 - probability));
    assertEquals(expected, (double) lost / bursts, 0.05 * expected);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1000"})
  void losesNothingOrEverything(double probability, int expected) {
    LossModel model = new LossModel(new SeededRandom(1), probability, 1);
    int lost = 0;
    for (int i = 0; i < 1000; i++) {
      lost += model.next() ? 1 : 0;
    }
    assertEquals(expected, lost);
  }
}
