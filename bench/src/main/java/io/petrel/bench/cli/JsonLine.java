package io.petrel.bench.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object on one line. Keys come out in the order they were put, and equal values give
 * equal bytes on every machine.
 */
public final class JsonLine {
  private final StringBuilder text = new StringBuilder("{");

  /**
   * Adds a string.
   *
   * @param key the member's name
   * @param value its value; null becomes JSON's null
   * @return this
   */
  public JsonLine put(String key, @Nullable String value) {
    key(key);
    if (value == null) {
      text.append("null");
    } else {
      quote(value);
    }
    return this;
  }

  /**
   * Adds a whole number.
   *
   * @param key the member's name
   * @param value its value
   * @return this
   */
  public JsonLine put(String key, long value) {
    key(key).append(value);
    return this;
  }

  /**
   * Adds a truth value.
   *
   * @param key the member's name
   * @param value its value
   * @return this
   */
  public JsonLine put(String key, boolean value) {
    key(key).append(value);
    return this;
  }

  /**
   * Adds a number with the given decimals, rounded half up; what is no number becomes null.
   *
   * @param key the member's name
   * @param value its value
   * @param decimals digits after the point
   * @return this
   */
  public JsonLine put(String key, double value, int decimals) {
    number(key(key), value, decimals);
    return this;
  }

  /**
   * Adds an array of whole numbers.
   *
   * @param key the member's name
   * @param values its elements
   * @return this
   */
  public JsonLine put(String key, long[] values) {
    key(key).append('[');
    for (int i = 0; i < values.length; i++) {
      text.append(i == 0 ? "" : ",").append(values[i]);
    }
    text.append(']');
    return this;
  }

  /**
   * Adds an array of numbers with the given decimals each.
   *
   * @param key the member's name
   * @param values its elements
   * @param decimals digits after the point
   * @return this
   */
  public JsonLine put(String key, double[] values, int decimals) {
    key(key).append('[');
    for (int i = 0; i < values.length; i++) {
      number(text.append(i == 0 ? "" : ","), values[i], decimals);
    }
    text.append(']');
    return this;
  }

  /**
   * Adds an object.
   *
   * @param key the member's name
   * @param value the object
   * @return this
   */
  public JsonLine put(String key, JsonLine value) {
    key(key).append(value);
    return this;
  }

  /** The object so far, closed. */
  @Override
  public String toString() {
    return text + "}";
  }

  private StringBuilder key(String key) {
    if (text.length() > 1) {
      text.append(',');
    }
    quote(key);
    return text.append(':');
  }

  private static void number(StringBuilder text, double value, int decimals) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      text.append("null");
    } else {
      text.append(
          BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP).toPlainString());
    }
  }

  private void quote(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"', '\\' -> text.append('\\').append(c);
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          // Lone surrogates cannot be written as UTF-8; escaped they survive.
          if (c < ' ' || Character.isSurrogate(c)) {
            text.append(String.format("\\u%04x", (int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }
}
