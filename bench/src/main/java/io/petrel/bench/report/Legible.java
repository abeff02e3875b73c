package io.petrel.bench.report;

import java.util.Locale;
import java.util.function.DoubleFunction;

/** Figures as people read them: three digits and the unit that suits. */
public final class Legible {
  private static final String[] TIME_UNITS = {"ns", "us", "ms", "s"};
  private static final String[] SHORT_SCALE = {"", " k", " M", " G", " T"};
  private static final double STEP = 1000;

  private Legible() {}

  /**
   * A duration, such as {@code 6.25 us}.
   *
   * @param ns in nanoseconds
   * @return with its unit
   */
  public static String duration(double ns) {
    double value = ns;
    int unit = 0;
    while (unit < TIME_UNITS.length - 1 && rounded(value) >= STEP) {
      value /= STEP;
      unit++;
    }
    return digits(value) + " " + TIME_UNITS[unit];
  }

  /**
   * A duration, such as {@code 47 ms}.
   *
   * @param ns in nanoseconds
   * @return with its unit
   */
  public static String duration(long ns) {
    return duration((double) ns);
  }

  /**
   * A number in powers of a thousand, such as {@code 12.5 M}.
   *
   * @param number any
   * @return three digits and its power
   */
  public static String amount(double number) {
    double value = number;
    int unit = 0;
    while (unit < SHORT_SCALE.length - 1 && Math.abs(rounded(value)) >= STEP) {
      value /= STEP;
      unit++;
    }
    return digits(value) + SHORT_SCALE[unit];
  }

  /**
   * Amounts of something, such as {@code 418 MB/s}, or {@code 48 M msg/s}.
   *
   * @param what the unit; with a space before it where a prefix is to stand apart
   * @return writes an amount of it
   */
  public static DoubleFunction<String> amountsOf(String what) {
    return value -> {
      String amount = amount(value);
      return (amount + what).contains(" ") ? amount + what : amount + " " + what;
    };
  }

  /**
   * A whole number, its thousands apart.
   *
   * @param number any
   * @return such as {@code 120,000}
   */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /**
   * A share in percent.
   *
   * @param fraction from 0 to 1
   * @return such as {@code 0.1%}
   */
  public static String share(double fraction) {
    return digits(fraction * 100) + "%";
  }

  /** What three digits make of it. */
  private static double rounded(double value) {
    double size = Math.abs(value);
    return size >= 100 ? Math.rint(value) : size >= 10 ? Math.rint(value * 10) / 10 : value;
  }

  /**
   * Three digits, no zeros at the end of a fraction.
   *
   * @param value any
   * @return in full
   */
  static String digits(double value) {
    double size = Math.abs(value);
    int decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.0995 || size == 0 ? 2 : 4;
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
  }
}
