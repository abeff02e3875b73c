package io.petrel.bench.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Quantities on the command line carry their unit. Each nested class is a converter to name in an
 * option: {@code @Option(names = "--rtt", converter = Quantities.Nanoseconds.class)}.
 */
public final class Quantities {
  private static final Pattern QUANTITY = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?([A-Za-z%]*)");

  private static final Map<String, Long> TIME =
      Map.of("ns", 1L, "us", 1_000L, "ms", 1_000_000L, "s", 1_000_000_000L, "m", 60_000_000_000L);
  private static final Map<String, Long> SIZE =
      Map.of(
          "",
          1L,
          "b",
          1L,
          "kb",
          1_000L,
          "mb",
          1_000_000L,
          "gb",
          1_000_000_000L,
          "kib",
          1L << 10,
          "mib",
          1L << 20,
          "gib",
          1L << 30);
  private static final Map<String, Long> RATE =
      Map.of("bit", 1L, "kbit", 1_000L, "mbit", 1_000_000L, "gbit", 1_000_000_000L);

  private Quantities() {}

  /** A duration such as {@code 250us}, {@code 20ms}, {@code 5s}, in nanoseconds. */
  public static final class Nanoseconds implements ITypeConverter<Long> {
    /** Made by the command-line parser. */
    public Nanoseconds() {}

    @Override
    public Long convert(String value) {
      return value.equals("0") ? 0L : scaled(value, TIME, "a duration such as 250us, 20ms or 5s");
    }
  }

  /** A size such as {@code 288}, {@code 64KiB}, {@code 10MB} (10^6), in bytes. */
  public static final class Bytes implements ITypeConverter<Long> {
    /** Made by the command-line parser. */
    public Bytes() {}

    @Override
    public Long convert(String value) {
      return scaled(value, SIZE, "a size such as 288, 64KiB or 10MB");
    }
  }

  /** A rate such as {@code 100mbit}, in bits a second. */
  public static final class BitsPerSecond implements ITypeConverter<Long> {
    /** Made by the command-line parser. */
    public BitsPerSecond() {}

    @Override
    public Long convert(String value) {
      return scaled(value, RATE, "a rate such as 500kbit, 100mbit or 1gbit");
    }
  }

  /** A share such as {@code 1%} or {@code 0.01}, as a fraction from 0 to 1. */
  public static final class Fraction implements ITypeConverter<Double> {
    /** Made by the command-line parser. */
    public Fraction() {}

    @Override
    public Double convert(String value) {
      Matcher matcher = QUANTITY.matcher(value.strip());
      if (matcher.matches() && (matcher.group(2).isEmpty() || matcher.group(2).equals("%"))) {
        BigDecimal number = new BigDecimal(matcher.group(1));
        double fraction =
            (matcher.group(2).isEmpty() ? number : number.movePointLeft(2)).doubleValue();
        if (fraction <= 1) {
          return fraction;
        }
      }
      throw wrong(value, "a share from 0 to 1 such as 1% or 0.01");
    }
  }

  private static long scaled(String value, Map<String, Long> units, String wanted) {
    Matcher matcher = QUANTITY.matcher(value.strip());
    Long factor = matcher.matches() ? units.get(matcher.group(2).toLowerCase(Locale.ROOT)) : null;
    if (factor == null) {
      throw wrong(value, wanted + "; units: " + names(units));
    }
    try {
      return new BigDecimal(matcher.group(1))
          .multiply(BigDecimal.valueOf(factor))
          .setScale(0, RoundingMode.HALF_UP)
          .longValueExact();
    } catch (ArithmeticException e) {
      throw wrong(value, wanted + " that fits 64 bits");
    }
  }

  private static TypeConversionException wrong(String value, String wanted) {
    return new TypeConversionException("'" + value + "' is not " + wanted);
  }

  private static String names(Map<String, Long> units) {
    return units.entrySet().stream()
        .filter(unit -> !unit.getKey().isEmpty())
        .sorted(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .collect(Collectors.joining(", "));
  }
}
