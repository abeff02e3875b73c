package io.petrel.codecs;

/** What a frame may at most hold: a validated datagram keeps to all of it. */
public final class WireLimits {
  /** Ranges of an ack beside the first. */
  public static final int MAXIMUM_ACK_RANGES = 64;

  /** Streams whose end a close frame names. */
  public static final int MAXIMUM_CLOSE_STREAMS = 64;

  /** Bytes of a cookie or a token. */
  public static final int MAXIMUM_TOKEN_LENGTH = 128;

  /** Bytes of what the handshake exchanges for sealing. */
  public static final int MAXIMUM_KEY_EXCHANGE_LENGTH = 1024;

  /** Ranges of a NAK or of its confirmation. */
  public static final int MAXIMUM_NAK_RANGES = 64;

  /** Receivers that a fan-out's set-up names as excluded from its repair. */
  public static final int MAXIMUM_EXCLUDED = 16;

  /** Frames of one datagram. */
  public static final int MAXIMUM_FRAMES = 256;

  /**
   * Bytes of the datagram that carries a hello, at least: whatever answers it before the client's
   * address is proven is shorter.
   */
  public static final int MINIMUM_HELLO_DATAGRAM_LENGTH = 256;

  /** In a stream frame: no record begins in its bytes. */
  public static final int NO_RECORD = 0xFFFF;

  private WireLimits() {}
}
