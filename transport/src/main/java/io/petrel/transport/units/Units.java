package io.petrel.transport.units;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Reads quantities that carry their unit. Every method throws {@link IllegalArgumentException} with
 * one line that names the value and what would have been right.
 *
 * <pre>
 *   duration  250us 20ms 5s 1.5s 2m      in nanoseconds; 0 needs no unit
 *   size      288 64KiB 1.5MiB 10MB      in bytes; kB, MB, GB are powers of ten
 *   rate      500kbit 100mbit 2.5gbit    in bits a second
 *   fraction  1% 0.01                    from 0 to 1
 * </pre>
 */
public final class Units {
  private static final String[] TIME_NAMES = {"ns", "us", "ms", "s", "m"};
  private static final long[] TIME_FACTORS = {1, 1_000, 1_000_000, 1_000_000_000, 60_000_000_000L};
  private static final String[] SIZE_NAMES = {"", "B", "kB", "MB", "GB", "KiB", "MiB", "GiB"};
  private static final long[] SIZE_FACTORS = {
    1, 1, 1_000, 1_000_000, 1_000_000_000, 1 << 10, 1 << 20, 1 << 30
  };
  private static final String[] RATE_NAMES = {"bit", "kbit", "mbit", "gbit"};
  private static final long[] RATE_FACTORS = {1, 1_000, 1_000_000, 1_000_000_000};
  private static final int DIGITS_LIMIT = 30;

  private Units() {}

  /**
   * A duration such as {@code 20ms}.
   *
   * @param text digits and one of ns, us, ms, s, m (minutes); a bare 0 is allowed
   * @return nanoseconds, rounded half up
   */
  public static long durationNs(String text) {
    if (text.strip().equals("0")) {
      return 0;
    }
    return scaled(text, TIME_NAMES, TIME_FACTORS, "a duration such as 250us, 20ms or 5s");
  }

  /**
   * A size such as {@code 64KiB}.
   *
   * @param text digits and one of B, kB, MB, GB (powers of ten), KiB, MiB, GiB (powers of two), or
   *     nothing for bytes
   * @return bytes, rounded half up
   */
  public static long sizeBytes(String text) {
    return scaled(text, SIZE_NAMES, SIZE_FACTORS, "a size such as 288, 64KiB or 10MB");
  }

  /**
   * A rate such as {@code 100mbit}.
   *
   * @param text digits and one of bit, kbit, mbit, gbit (powers of ten)
   * @return bits a second, rounded half up
   */
  public static long rateBitsPerSecond(String text) {
    return scaled(text, RATE_NAMES, RATE_FACTORS, "a rate such as 500kbit, 100mbit or 1gbit");
  }

  /**
   * A share such as {@code 1%} or {@code 0.01}.
   *
   * @param text a number from 0 to 1, or one from 0 to 100 with a percent sign
   * @return the share, from 0 to 1
   */
  public static double fraction(String text) {
    String stripped = text.strip();
    int digits = numberLength(stripped);
    String unit = stripped.substring(digits).strip();
    if (digits > 0 && (unit.isEmpty() || unit.equals("%"))) {
      BigDecimal number = new BigDecimal(stripped.substring(0, digits));
      double share = (unit.isEmpty() ? number : number.movePointLeft(2)).doubleValue();
      if (share <= 1) {
        return share;
      }
    }
    throw wrong(text, "a share from 0 to 1 such as 1% or 0.01");
  }

  private static long scaled(String text, String[] names, long[] factors, String wanted) {
    String stripped = text.strip();
    int digits = numberLength(stripped);
    String unit = stripped.substring(digits).strip();
    for (int i = 0; digits > 0 && i < names.length; i++) {
      if (names[i].equalsIgnoreCase(unit)) {
        try {
          return new BigDecimal(stripped.substring(0, digits))
              .multiply(BigDecimal.valueOf(factors[i]))
              .setScale(0, RoundingMode.HALF_UP)
              .longValueExact();
        } catch (ArithmeticException e) {
          throw wrong(text, wanted + " that fits 64 bits");
        }
      }
    }
    throw wrong(text, wanted + "; units: " + String.join(", ", names).replaceFirst("^, ", ""));
  }

  /** Length of the decimal number the text begins with; 0 when there is none worth parsing. */
  private static int numberLength(String text) {
    int length = 0;
    int points = 0;
    while (length < text.length()) {
      char c = text.charAt(length);
      if (c == '.' && length > 0 && points == 0) {
        points++;
      } else if (c < '0' || c > '9') {
        break;
      }
      length++;
    }
    boolean endsWithPoint = length > 0 && text.charAt(length - 1) == '.';
    return length > DIGITS_LIMIT || endsWithPoint ? 0 : length;
  }

  private static IllegalArgumentException wrong(String text, String wanted) {
    return new IllegalArgumentException("'" + text + "' is not " + wanted);
  }
}
