package io.petrel.bench.cli;

import io.petrel.transport.units.Units;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * What describes an impaired link and takes more than one quantity: {@code 25p|30ms}, {@code
 * 1%:5ms}, {@code 5s-7s}. Shared by the simulators and by the rig with a real link.
 */
public final class LinkQuantities {
  private LinkQuantities() {}

  /**
   * The queue before a link.
   *
   * @param packets the most that may wait, or {@link Integer#MAX_VALUE}
   * @param ns the longest one may wait, or {@link Long#MAX_VALUE}
   */
  public record Queue(int packets, long ns) {
    /** A queue that never drops. */
    public static final Queue UNLIMITED = new Queue(Integer.MAX_VALUE, Long.MAX_VALUE);

    /** As on the command line. */
    @Override
    public String toString() {
      if (packets != Integer.MAX_VALUE) {
        return packets + "p";
      }
      return ns == Long.MAX_VALUE ? "unlimited" : ns + "ns";
    }
  }

  /**
   * Datagrams held back, so that others overtake them.
   *
   * @param probability of one being held back
   * @param extraNs for how long
   */
  public record Reordering(double probability, long extraNs) {
    /** All stay in order. */
    public static final Reordering NONE = new Reordering(0, 0);
  }

  /**
   * A stretch of time.
   *
   * @param fromNs since the start
   * @param untilNs since the start, not included
   */
  public record Window(long fromNs, long untilNs) {}

  /** Reads {@code 25p} or {@code 30ms}. */
  public static final class QueueConverter implements ITypeConverter<Queue> {
    /** Made by the command-line parser. */
    public QueueConverter() {}

    @Override
    public Queue convert(String value) {
      String text = value.strip();
      if (text.matches("[0-9]{1,9}p")) {
        return new Queue(Integer.parseInt(text.substring(0, text.length() - 1)), Long.MAX_VALUE);
      }
      return new Queue(
          Integer.MAX_VALUE,
          read(Units::durationNs, value, text, "a queue such as 25p (packets) or 30ms"));
    }
  }

  /** Reads {@code 1%:5ms}. */
  public static final class ReorderingConverter implements ITypeConverter<Reordering> {
    private static final String WANTED = "a share and an extra delay such as 1%:5ms";

    /** Made by the command-line parser. */
    public ReorderingConverter() {}

    @Override
    public Reordering convert(String value) {
      int colon = value.indexOf(':');
      if (colon < 0) {
        if (value.strip().equals("0")) {
          return Reordering.NONE;
        }
        throw wrong(value, WANTED);
      }
      return new Reordering(
          read(Units::fraction, value, value.substring(0, colon), WANTED),
          read(Units::durationNs, value, value.substring(colon + 1), WANTED));
    }
  }

  /** Reads {@code 5s-7s}. */
  public static final class WindowConverter implements ITypeConverter<Window> {
    private static final String WANTED = "a stretch of time such as 5s-7s, its end after its start";

    /** Made by the command-line parser. */
    public WindowConverter() {}

    @Override
    public Window convert(String value) {
      int dash = value.indexOf('-');
      if (dash < 0) {
        throw wrong(value, WANTED);
      }
      long fromNs = read(Units::durationNs, value, value.substring(0, dash), WANTED);
      long untilNs = read(Units::durationNs, value, value.substring(dash + 1), WANTED);
      if (untilNs <= fromNs) {
        throw wrong(value, WANTED);
      }
      return new Window(fromNs, untilNs);
    }
  }

  /**
   * From a time on, only datagrams up to a size pass.
   *
   * @param atNs the time
   * @param bytes the size, without UDP and IP headers
   */
  public record SizeLimit(long atNs, int bytes) {}

  /** Reads {@code 2s:1280}. */
  public static final class SizeLimitConverter implements ITypeConverter<SizeLimit> {
    private static final String WANTED = "a time and a size in bytes such as 2s:1280";

    /** Made by the command-line parser. */
    public SizeLimitConverter() {}

    @Override
    public SizeLimit convert(String value) {
      int colon = value.indexOf(':');
      if (colon < 0) {
        throw wrong(value, WANTED);
      }
      long atNs = read(Units::durationNs, value, value.substring(0, colon), WANTED);
      return new SizeLimit(
          atNs, read(Integer::parseInt, value, value.substring(colon + 1), WANTED));
    }
  }

  private static <T> T read(Function<String, T> reader, String value, String part, String wanted) {
    try {
      return reader.apply(part);
    } catch (IllegalArgumentException e) {
      throw wrong(value, wanted);
    }
  }

  private static TypeConversionException wrong(String value, String wanted) {
    return new TypeConversionException("'" + value + "' is not " + wanted);
  }
}
