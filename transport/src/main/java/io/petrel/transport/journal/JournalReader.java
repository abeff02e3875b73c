package io.petrel.transport.journal;

/**
 * Reads the entries of a journal in the order they were appended, of all its streams. For one
 * thread; a reader may be in another process than the recorder. Every entry's checksum is looked
 * at.
 */
public interface JournalReader extends AutoCloseable {
  /**
   * Goes to the next entry.
   *
   * @param entry becomes it
   * @return false when there is none yet; ask again, more may be appended
   * @throws JournalException naming the file, when an entry in the middle of the journal is damaged
   */
  boolean next(JournalEntry entry);

  /**
   * Index of the entry read last.
   *
   * @return -1 before the first
   */
  long index();

  /** Goes back to the first entry that is still kept. */
  void seekFirst();

  /**
   * The next entry will be that of an index, or the first behind it that is kept.
   *
   * @param index as {@link #index()} gave it
   */
  void seekIndex(long index);

  /**
   * The next entry will be the first that was recorded at a time or later.
   *
   * @param timeNs nanoseconds since 1970
   * @return false when there is none yet; then the reader is at the end
   */
  boolean seekTime(long timeNs);

  /**
   * The next entry will be the one that holds a position of a stream, or the first behind it. Looks
   * through the journal from its beginning.
   *
   * @param sessionId of the stream
   * @param stream of the session
   * @param position looked for
   * @return false when there is none yet; then the reader is at the end
   */
  boolean seekPosition(long sessionId, int stream, long position);

  @Override
  void close();
}
