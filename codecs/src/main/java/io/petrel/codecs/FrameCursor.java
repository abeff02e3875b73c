package io.petrel.codecs;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Walks the frames of a datagram that a {@link DatagramValidator} let pass; over anything else it
 * must not be laid.
 *
 * <pre>{@code
 * cursor.wrap(buffer, offset, length);
 * while (cursor.next()) {
 *   switch (cursor.templateId()) {
 *     case WindowFrameDecoder.TEMPLATE_ID ->
 *         window.wrap(buffer, cursor.body(), cursor.blockLength(), cursor.version());
 *     ...
 *     default -> {} // FrameCursor.UNKNOWN: of a newer version, skipped
 *   }
 * }
 * }</pre>
 *
 * <p>For one thread; reusable.
 */
public final class FrameCursor {
  /** Template id of frames that this version does not know. No frame has it. */
  public static final int UNKNOWN = 0;

  private DirectBuffer buffer = new UnsafeBuffer(0, 0);
  private int next;
  private int end;
  private int frame;
  private long header;

  /** Creates one that has no frame yet. */
  public FrameCursor() {}

  /** Stands before the first frame of a datagram. */
  public FrameCursor wrap(DirectBuffer buffer, int offset, int length) {
    this.buffer = buffer;
    next = offset + DatagramHeader.LENGTH;
    end = offset + length - DatagramHeader.trailerLength(DatagramHeader.flags(buffer, offset));
    return this;
  }

  /** Goes to the next frame; false when there is none. */
  public boolean next() {
    if (next == end) {
      return false;
    }
    frame = next;
    header = FrameHeader.read(buffer, frame);
    next = frame + FrameHeader.frameLength(header);
    return true;
  }

  /** Whether another frame follows. */
  public boolean hasNext() {
    return next != end;
  }

  /** Kind of frame, {@link #UNKNOWN} for all that this version does not know. */
  public int templateId() {
    return FrameRules.isKnown(header) ? FrameHeader.templateId(header) : UNKNOWN;
  }

  /** Where the frame begins, with its header. */
  public int offset() {
    return frame;
  }

  /** Bytes of the frame, with its header. */
  public int length() {
    return next - frame;
  }

  /** Where its fixed fields begin: what a decoder wraps. */
  public int body() {
    return frame + FrameHeader.LENGTH;
  }

  /** Bytes of its fixed fields, as its sender has them. */
  public int blockLength() {
    return FrameHeader.blockLength(header);
  }

  /** Schema version it was written by. */
  public int version() {
    return FrameHeader.version(header);
  }

  /** What follows the fixed fields: the bytes of a stream frame begin here. */
  public int payload() {
    return body() + blockLength();
  }

  /** Bytes that follow the fixed fields. */
  public int payloadLength() {
    return next - payload();
  }
}
