package io.petrel.transport.journal;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One entry of a journal: a byte range of a stream's ring, in the layout of {@link
 * io.petrel.transport.ring.RecordLayout}, or a range that was lost before it could be recorded. A
 * mutable flyweight, for one thread.
 */
public final class JournalEntry {
  /** Longest range in bytes. */
  public static final int MAX_LENGTH = 64 << 10;

  /** No record begins in the range: it is the middle of a long one. */
  public static final int NO_RECORD = -1;

  private boolean loss;
  private long sessionId;
  private int stream;
  private long position;
  private long endPosition;
  private long timeNs;
  private int firstRecordOffset = NO_RECORD;
  private DirectBuffer buffer = new UnsafeBuffer(0, 0);
  private int offset;

  /** An empty one. */
  public JournalEntry() {}

  /**
   * Makes this a range of bytes.
   *
   * @param ofSession that sent it
   * @param ofStream of the session
   * @param from position of the first byte
   * @param atNs when it was recorded, nanoseconds since 1970
   * @param firstRecord offset of the first record that begins in it, or {@link #NO_RECORD}
   * @return this; the bytes are set by {@link #bytes}
   */
  public JournalEntry range(long ofSession, int ofStream, long from, long atNs, int firstRecord) {
    loss = false;
    sessionId = ofSession;
    stream = ofStream;
    position = from;
    endPosition = from;
    timeNs = atNs;
    firstRecordOffset = firstRecord;
    return this;
  }

  /**
   * The bytes of the range; the end of it follows.
   *
   * @param source holding them
   * @param at where they begin
   * @param length of them
   * @return this
   */
  public JournalEntry bytes(DirectBuffer source, int at, int length) {
    buffer = source;
    offset = at;
    endPosition = position + length;
    return this;
  }

  /**
   * Makes this a loss.
   *
   * @param ofSession whose bytes are missing
   * @param ofStream of the session
   * @param from first position that is missing
   * @param to first position that is not
   * @param atNs when it was noticed, nanoseconds since 1970
   * @return this
   */
  public JournalEntry lost(long ofSession, int ofStream, long from, long to, long atNs) {
    range(ofSession, ofStream, from, atNs, NO_RECORD);
    loss = true;
    endPosition = to;
    return this;
  }

  /**
   * Whether this stands for bytes that are missing.
   *
   * @return then there are no bytes in it
   */
  public boolean isLoss() {
    return loss;
  }

  /**
   * Who sent it.
   *
   * @return as the transport numbered it
   */
  public long sessionId() {
    return sessionId;
  }

  /**
   * Which of the session's streams.
   *
   * @return as in a URI
   */
  public int stream() {
    return stream;
  }

  /**
   * Where it begins in the stream.
   *
   * @return absolute, in bytes
   */
  public long position() {
    return position;
  }

  /**
   * Where it ends in the stream.
   *
   * @return first position behind it
   */
  public long endPosition() {
    return endPosition;
  }

  /**
   * When it was recorded: when the first message in it was polled. Never less than that of the
   * entry before it.
   *
   * @return nanoseconds since 1970
   */
  public long timeNs() {
    return timeNs;
  }

  /**
   * Where a reader that comes from nowhere may begin.
   *
   * @return offset into the bytes, or {@link #NO_RECORD}
   */
  public int firstRecordOffset() {
    return firstRecordOffset;
  }

  /**
   * Holds the bytes: of a read entry until the next read.
   *
   * @return at {@link #offset()}
   */
  public DirectBuffer buffer() {
    return buffer;
  }

  /**
   * Where the bytes begin.
   *
   * @return in {@link #buffer()}
   */
  public int offset() {
    return offset;
  }

  /**
   * How many bytes it holds.
   *
   * @return 0 for a loss
   */
  public int length() {
    return loss ? 0 : (int) (endPosition - position);
  }
}
