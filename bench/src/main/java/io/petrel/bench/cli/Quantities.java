package io.petrel.bench.cli;

import io.petrel.transport.units.Units;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Quantities on the command line carry their unit. Each nested class is a converter to name in an
 * option: {@code @Option(names = "--rtt", converter = Quantities.Nanoseconds.class)}.
 */
public final class Quantities {
  private Quantities() {}

  /** A duration such as {@code 250us}, {@code 20ms}, {@code 5s}, in nanoseconds. */
  public static final class Nanoseconds implements ITypeConverter<Long> {
    /** Made by the command-line parser. */
    public Nanoseconds() {}

    @Override
    public Long convert(String value) {
      return read(Units::durationNs, value);
    }
  }

  /** A size such as {@code 288}, {@code 64KiB}, {@code 10MB} (10^6), in bytes. */
  public static final class Bytes implements ITypeConverter<Long> {
    /** Made by the command-line parser. */
    public Bytes() {}

    @Override
    public Long convert(String value) {
      return read(Units::sizeBytes, value);
    }
  }

  /** A rate such as {@code 100mbit}, in bits a second. */
  public static final class BitsPerSecond implements ITypeConverter<Long> {
    /** Made by the command-line parser. */
    public BitsPerSecond() {}

    @Override
    public Long convert(String value) {
      return read(Units::rateBitsPerSecond, value);
    }
  }

  /** A share such as {@code 1%} or {@code 0.01}, as a fraction from 0 to 1. */
  public static final class Fraction implements ITypeConverter<Double> {
    /** Made by the command-line parser. */
    public Fraction() {}

    @Override
    public Double convert(String value) {
      return read(Units::fraction, value);
    }
  }

  private static <T> T read(Function<String, T> reader, String value) {
    try {
      return reader.apply(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
