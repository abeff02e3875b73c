package io.petrel.bench.measure;

import java.util.Arrays;

/**
 * What several rounds gave.
 *
 * @param median the middle one, or the mean of the two middle ones
 * @param min the lowest
 * @param max the highest
 */
public record Summary(double median, double min, double max) {
  /**
   * Sums up rounds.
   *
   * @param values one of each round, at least one
   * @return median and extremes
   */
  public static Summary of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no rounds, no summary");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Summary(median, sorted[0], sorted[sorted.length - 1]);
  }
}
