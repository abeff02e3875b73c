package io.petrel.transport.journal;

/** Told what a {@link Recorder} could not record. Called by the thread that polls it. */
public interface RecorderEvents {
  /**
   * The disk is full, or has room again. What came between is either waited for, where recording is
   * required, or told by {@link #onNotRecorded}.
   *
   * @param full whether it is from now on
   */
  default void onDiskFull(boolean full) {}

  /**
   * A range of a stream is not in the journal: it never came to the recorder, which was too slow
   * for it, or the disk was full. The journal says the same as soon as it can be written to.
   *
   * @param sessionId of the stream
   * @param stream of the session
   * @param fromPosition first byte that is missing
   * @param toPosition first byte that is not
   */
  default void onNotRecorded(long sessionId, int stream, long fromPosition, long toPosition) {}
}
