package io.petrel.bench.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Values along a stretch of a picture.
 *
 * @param low value at the beginning
 * @param high value at the end
 * @param logarithmic whether equal ratios are equally long
 * @param ticks values to mark, ascending
 */
record Axis(double low, double high, boolean logarithmic, List<Double> ticks) {
  private static final double[] STEPS = {1, 2, 5};
  private static final int FEW_DECADES = 2;
  private static final int MOST_LINEAR_TICKS = 6;

  /** For values above 0, from a round one below the lowest to a round one above the highest. */
  static Axis logarithmic(double lowest, double highest) {
    double least = Math.max(lowest, Double.MIN_NORMAL);
    List<Double> ticks = new ArrayList<>();
    double[] steps =
        Math.log10(Math.max(highest, least) / least) <= FEW_DECADES ? STEPS : new double[] {1};
    int decade = (int) Math.floor(Math.log10(least)) - 1;
    while (ticks.isEmpty() || ticks.getLast() < highest || ticks.size() < 2) {
      for (double step : steps) {
        double tick = step * Math.pow(10, decade);
        if (tick <= least * (1 + 1e-9)) {
          ticks.clear();
        }
        ticks.add(tick);
        if (tick >= highest && ticks.size() > 1) {
          break;
        }
      }
      decade++;
    }
    return new Axis(ticks.getFirst(), ticks.getLast(), true, List.copyOf(ticks));
  }

  /** From 0 to a round value above the highest. */
  static Axis linear(double highest) {
    double top = highest > 0 ? highest : 1;
    double step = Math.pow(10, Math.floor(Math.log10(top)) - 1);
    for (int i = 0; top / step > MOST_LINEAR_TICKS; i++) {
      step *= i % 3 == 1 ? 2.5 : 2;
    }
    List<Double> ticks = new ArrayList<>();
    for (int i = 0; i == 0 || ticks.getLast() < top * (1 - 1e-9); i++) {
      ticks.add(i * step);
    }
    return new Axis(0, ticks.getLast(), false, List.copyOf(ticks));
  }

  /** Where a value lies: 0 at the low end, 1 at the high end. */
  double place(double value) {
    double place =
        logarithmic
            ? Math.log(Math.max(value, low) / low) / Math.log(high / low)
            : (value - low) / (high - low);
    return Math.clamp(place, 0, 1);
  }
}
