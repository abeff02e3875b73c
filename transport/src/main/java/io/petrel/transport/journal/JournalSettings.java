package io.petrel.transport.journal;

import java.nio.file.Path;

/**
 * Where a journal lies and what of it is kept. It is written in segments, a file each, and
 * forgotten by whole segments: what is kept may exceed the limits by one. The segment being written
 * always stays.
 *
 * @param directory of its files
 * @param segmentBytes after so many bytes another segment is begun
 * @param retentionBytes the oldest segments go when all together have more
 * @param retentionNs segments go when their last entry is older
 */
public record JournalSettings(
    Path directory, long segmentBytes, long retentionBytes, long retentionNs) {
  /** Least size of a segment. */
  public static final long MIN_SEGMENT_BYTES = 1L << 20;

  /** Size of a segment when nothing is said. */
  public static final long DEFAULT_SEGMENT_BYTES = 256L << 20;

  /** Largest size of a segment. */
  public static final long MAX_SEGMENT_BYTES = 1L << 36;

  /** Checks the numbers. */
  public JournalSettings {
    if (segmentBytes < MIN_SEGMENT_BYTES || segmentBytes > MAX_SEGMENT_BYTES) {
      throw new IllegalArgumentException(
          "segments of "
              + segmentBytes
              + " bytes are not from "
              + MIN_SEGMENT_BYTES
              + " to "
              + MAX_SEGMENT_BYTES);
    }
    if (retentionBytes <= 0 || retentionNs <= 0) {
      throw new IllegalArgumentException(
          "what is kept must be more than nothing, not "
              + retentionBytes
              + " bytes and "
              + retentionNs
              + " ns");
    }
  }

  /**
   * Keeps everything.
   *
   * @param directory of the journal
   */
  public JournalSettings(Path directory) {
    this(directory, DEFAULT_SEGMENT_BYTES, Long.MAX_VALUE, Long.MAX_VALUE);
  }
}
