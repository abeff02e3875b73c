package io.petrel.transport;

import io.petrel.transport.units.Units;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One option: declared once, seen three ways. Its value is what the URI says, else what the {@link
 * Context} was set to, else the system property {@code petrel.<name>}, else the default. Immutable;
 * the methods that narrow it return another.
 *
 * @param <T> what a value is in Java; durations are nanoseconds, sizes bytes, rates bits a second
 */
public final class Option<T> {
  /** What the names of the system properties begin with. */
  public static final String PROPERTY_PREFIX = "petrel.";

  private final String name;
  private final String doc;
  private final String defaultText;
  private final String wanted;
  private final Function<String, T> parser;

  private Option(
      String name, String defaultText, String wanted, Function<String, T> parser, String doc) {
    this.name = name;
    this.defaultText = defaultText;
    this.wanted = wanted;
    this.parser = parser;
    this.doc = doc;
    parse(defaultText, "the default");
  }

  /**
   * A duration, in nanoseconds.
   *
   * @param name as in a URI
   * @param defaultText with its unit
   * @param least allowed, with its unit
   * @param most allowed, with its unit
   * @param doc one or two sentences
   * @return the option
   */
  public static Option<Long> duration(
      String name, String defaultText, String least, String most, String doc) {
    String wanted = "a duration from " + least + " to " + most;
    return quantity(name, defaultText, least, most, wanted, Units::durationNs, doc);
  }

  /**
   * A size, in bytes.
   *
   * @param name as in a URI
   * @param defaultText with its unit
   * @param least allowed, with its unit
   * @param most allowed, with its unit
   * @param doc one or two sentences
   * @return the option
   */
  public static Option<Long> size(
      String name, String defaultText, String least, String most, String doc) {
    String wanted = "a size from " + least + " to " + most;
    return quantity(name, defaultText, least, most, wanted, Units::sizeBytes, doc);
  }

  /**
   * A size that is a power of two, in bytes.
   *
   * @param name as in a URI
   * @param defaultText with its unit
   * @param least allowed, with its unit
   * @param most allowed, with its unit
   * @param doc one or two sentences
   * @return the option
   */
  public static Option<Long> powerOfTwo(
      String name, String defaultText, String least, String most, String doc) {
    String wanted = "a power of two from " + least + " to " + most;
    Option<Long> size = quantity(name, defaultText, least, most, wanted, Units::sizeBytes, doc);
    return new Option<>(
        name,
        defaultText,
        wanted,
        text -> {
          long bytes = size.parser.apply(text);
          if (Long.bitCount(bytes) != 1) {
            throw new IllegalArgumentException(
                "the next power of two is " + Long.highestOneBit(bytes) * 2 + " bytes");
          }
          return bytes;
        },
        doc);
  }

  /**
   * A rate, in bits a second.
   *
   * @param name as in a URI
   * @param defaultText with its unit
   * @param least allowed, with its unit
   * @param most allowed, with its unit
   * @param doc one or two sentences
   * @return the option
   */
  public static Option<Long> rate(
      String name, String defaultText, String least, String most, String doc) {
    String wanted = "a rate from " + least + " to " + most;
    return quantity(name, defaultText, least, most, wanted, Units::rateBitsPerSecond, doc);
  }

  /**
   * A whole number without a unit.
   *
   * @param name as in a URI
   * @param defaultValue when nothing is said
   * @param least allowed
   * @param most allowed
   * @param doc one or two sentences
   * @return the option
   */
  public static Option<Integer> integer(
      String name, int defaultValue, int least, int most, String doc) {
    String wanted = "a whole number from " + least + " to " + most;
    return new Option<>(
        name,
        Integer.toString(defaultValue),
        wanted,
        text -> {
          int value = Integer.parseInt(text);
          return inRange(value, value >= least && value <= most);
        },
        doc);
  }

  /**
   * A share, from 0 to 1.
   *
   * @param name as in a URI
   * @param defaultText such as {@code 2%}
   * @param least allowed, such as {@code 0%}
   * @param most allowed, such as {@code 100%}
   * @param doc one or two sentences
   * @return the option
   */
  public static Option<Double> share(
      String name, String defaultText, String least, String most, String doc) {
    double low = Units.fraction(least);
    double high = Units.fraction(most);
    return new Option<>(
        name,
        defaultText,
        "a share from " + least + " to " + most,
        text -> {
          double value = Units.fraction(text);
          return inRange(value, value >= low && value <= high);
        },
        doc);
  }

  /**
   * Yes or no.
   *
   * @param name as in a URI
   * @param defaultValue when nothing is said
   * @param doc one or two sentences
   * @return the option
   */
  public static Option<Boolean> flag(String name, boolean defaultValue, String doc) {
    return new Option<>(
        name,
        Boolean.toString(defaultValue),
        "true or false",
        text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException("");
            },
        doc);
  }

  /**
   * One of an enumeration's constants, in small letters, underscores as hyphens.
   *
   * @param name as in a URI
   * @param defaultValue when nothing is said
   * @param doc one or two sentences
   * @param <E> the enumeration
   * @return the option
   */
  public static <E extends Enum<E>> Option<E> choice(String name, E defaultValue, String doc) {
    E[] constants = defaultValue.getDeclaringClass().getEnumConstants();
    String names = Arrays.stream(constants).map(Option::textOf).collect(Collectors.joining(", "));
    return new Option<>(
        name,
        textOf(defaultValue),
        "one of " + names,
        text ->
            Arrays.stream(constants)
                .filter(constant -> textOf(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("")),
        doc);
  }

  /**
   * Anything a parser understands.
   *
   * @param name as in a URI
   * @param defaultText when nothing is said
   * @param wanted completes "is not ..."; also shown in the reference
   * @param parser throws {@link IllegalArgumentException}, its message adding to what is wanted
   * @param doc one or two sentences
   * @param <T> what a value is in Java
   * @return the option
   */
  public static <T> Option<T> text(
      String name, String defaultText, String wanted, Function<String, T> parser, String doc) {
    return new Option<>(name, defaultText, wanted, parser, doc);
  }

  /**
   * As in a URI.
   *
   * @return small letters and hyphens
   */
  public String name() {
    return name;
  }

  /**
   * As on the command line of java.
   *
   * @return the name behind {@link #PROPERTY_PREFIX}
   */
  public String property() {
    return PROPERTY_PREFIX + name;
  }

  /**
   * The value when nothing is said.
   *
   * @return as it would be written
   */
  public String defaultText() {
    return defaultText;
  }

  /**
   * What a value must be.
   *
   * @return completes "is not ..."
   */
  public String wanted() {
    return wanted;
  }

  /**
   * What it does.
   *
   * @return one or two sentences
   */
  public String doc() {
    return doc;
  }

  /**
   * Reads a value.
   *
   * @param value as written
   * @param where it was found, for the message of a refusal
   * @return the value
   * @throws ConfigurationException naming option, place, value and what would be right
   */
  public T parse(String value, String where) {
    try {
      return parser.apply(value);
    } catch (IllegalArgumentException e) {
      String more = e instanceof NumberFormatException ? null : e.getMessage();
      throw new ConfigurationException(
          "option '%s' (%s): '%s' is not %s%s"
              .formatted(
                  name, where, value, wanted, more == null || more.isEmpty() ? "" : ": " + more));
    }
  }

  @Override
  public String toString() {
    return name;
  }

  private static Option<Long> quantity(
      String name,
      String defaultText,
      String least,
      String most,
      String wanted,
      Function<String, Long> unit,
      String doc) {
    long low = unit.apply(least);
    long high = unit.apply(most);
    return new Option<>(
        name,
        defaultText,
        wanted,
        text -> {
          long value = unit.apply(text);
          return inRange(value, value >= low && value <= high);
        },
        doc);
  }

  private static <V> V inRange(V value, boolean inside) {
    if (!inside) {
      throw new IllegalArgumentException("");
    }
    return value;
  }

  static String textOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
