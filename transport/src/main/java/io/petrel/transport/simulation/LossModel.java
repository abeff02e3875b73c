package io.petrel.transport.simulation;

/**
 * Random loss, alone or in bursts. Bursts follow Gilbert's model: a good state that loses nothing
 * and a bad one that loses everything, left with such probabilities that the overall loss and the
 * mean length of a burst are as asked.
 */
final class LossModel {
  private static final double CERTAIN = 1.0;

  private final SeededRandom random;
  private final double becomesBad;
  private final double staysBad;
  private boolean bad;

  /**
   * A model.
   *
   * @param probability overall share lost
   * @param meanBurst mean number lost in a row; what independent losses have anyway, 1 / (1 -
   *     probability), is the least there can be
   */
  LossModel(SeededRandom random, double probability, double meanBurst) {
    this.random = random;
    double burst = Math.max(meanBurst, 1 / (1 - probability));
    if (probability >= CERTAIN) {
      staysBad = CERTAIN;
      becomesBad = CERTAIN;
    } else {
      staysBad = 1 - 1 / burst;
      becomesBad = probability / ((1 - probability) * burst);
    }
    bad = random.chance(probability);
  }

  /** Whether the next datagram is lost. */
  boolean next() {
    bad = random.chance(bad ? staysBad : becomesBad);
    return bad;
  }
}
