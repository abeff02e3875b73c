package io.petrel.codecs;

/**
 * Why bytes from outside are not acted on. All are negative; none is worth an exception, since
 * anyone can send anything. A caller counts them by {@link #ordinal} and drops what it was given.
 */
public final class Rejection {
  /** Nothing wrong. */
  public static final int NONE = 0;

  /** Shorter than a header. */
  public static final int TRUNCATED = -1;

  /** The datagram's own length is not the length received. */
  public static final int DATAGRAM_LENGTH = -2;

  /** Another version of the datagram's layout. A hello is answered with the versions spoken. */
  public static final int VERSION = -3;

  /** Flags that have no meaning, or not together. */
  public static final int FLAGS = -4;

  /** Sealed: to be opened first, then given to {@link DatagramValidator#validateOpened}. */
  public static final int SEALED = -5;

  /** The CRC-32C at the end does not fit the bytes before it. */
  public static final int CHECKSUM = -6;

  /** A packet number of 2^63 or more, or one that awaits numbers below 0. */
  public static final int PACKET_NUMBER = -7;

  /** No frame, or more than {@link WireLimits#MAXIMUM_FRAMES}. */
  public static final int FRAME_COUNT = -8;

  /** A frame or message shorter than its parts, longer than them, or beyond the end. */
  public static final int FRAME_LENGTH = -9;

  /** Fixed fields shorter or longer than their version has them. */
  public static final int BLOCK_LENGTH = -10;

  /** A frame that must be understood and is not. */
  public static final int NOT_UNDERSTOOD = -11;

  /** A repeating group with too many entries, or beyond the end. */
  public static final int GROUP = -12;

  /** Variable data too long, or beyond the end. */
  public static final int VARIABLE_DATA = -13;

  /** A position of 2^63 or more, or positions that contradict each other. */
  public static final int POSITION = -14;

  /** A stream frame without bytes, or whose first record is outside of them or not aligned. */
  public static final int STREAM_BYTES = -15;

  /** Ack ranges that are empty, overlap, or go below packet number 0. */
  public static final int ACK_RANGES = -16;

  /** A hello in a session's datagram, or in one too short to be answered. */
  public static final int HELLO = -17;

  /** A message of another schema. */
  public static final int SCHEMA = -18;

  /** A message of a kind that this version of its schema does not know; may be skipped. */
  public static final int TEMPLATE = -19;

  /** Ranges of a NAK that are empty, touch, or do not ascend. */
  public static final int NAK_RANGES = -20;

  private static final String[] NAMES = {
    "none",
    "truncated",
    "datagram length",
    "version",
    "flags",
    "sealed",
    "checksum",
    "packet number",
    "frame count",
    "frame length",
    "block length",
    "not understood",
    "group",
    "variable data",
    "position",
    "stream bytes",
    "ack ranges",
    "hello",
    "schema",
    "template",
    "nak ranges",
  };

  /**
   * How many reasons there are, {@link #NONE} included: the size of a table by {@link #ordinal}.
   */
  public static final int COUNT = NAMES.length;

  private Rejection() {}

  /** From 0 up to {@link #COUNT}, for tables of counters. */
  public static int ordinal(int rejection) {
    return -rejection;
  }

  /** A name for people. */
  public static String name(int rejection) {
    return NAMES[ordinal(rejection)];
  }
}
