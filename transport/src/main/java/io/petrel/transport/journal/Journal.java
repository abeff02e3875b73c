package io.petrel.transport.journal;

import java.nio.file.Path;

/**
 * Where ranges of streams are appended. One process at a time appends, one thread in it; any number
 * of processes read, with {@link #openReader}. What {@link #append} has returned survives the death
 * of the process; to survive that of the machine, the file system must have written it.
 */
public interface Journal extends AutoCloseable {
  /** The file system is full. Nothing was appended; retry when there is room. */
  long DISK_FULL = -1;

  /** The journal is closed. Do not retry. */
  long CLOSED = -2;

  /** Longer than {@link JournalEntry#MAX_LENGTH}, or its end is before its beginning. */
  long BAD_RANGE = -3;

  /**
   * Opens a journal for appending; creates it where there is none. What a crash left torn at its
   * end is forgotten: it goes on behind the last whole entry.
   *
   * @param settings where, and what is kept
   * @return to be closed
   * @throws JournalException naming the file, when it is in use, damaged or of another version
   */
  static Journal open(JournalSettings settings) {
    return JournalProvider.instance().open(settings);
  }

  /**
   * Opens a journal for reading, from its first entry on. Others may append meanwhile.
   *
   * @param directory of the journal
   * @return to be closed
   * @throws JournalException naming the file, when there is none, or of another version
   */
  static JournalReader openReader(Path directory) {
    return JournalProvider.instance().openReader(directory);
  }

  /**
   * The name of a result, for messages and logs.
   *
   * @param result of an append
   * @return the constant's name, or the index in digits
   */
  static String nameOf(long result) {
    if (result >= 0) {
      return Long.toString(result);
    }
    return result == DISK_FULL ? "DISK_FULL" : result == CLOSED ? "CLOSED" : "BAD_RANGE";
  }

  /**
   * Appends an entry.
   *
   * @param entry copied; its time is raised to that of the entry before
   * @return the entry's index, which grows, or a negative result
   */
  long append(JournalEntry entry);

  /**
   * Forgets the end of one stream: what was appended of it from a position on. Readers that are
   * past it have had it.
   *
   * @param sessionId whose
   * @param stream of the session
   * @param position to be the end of what is kept; an entry across it is cut
   * @return how many entries were forgotten or cut
   * @throws JournalException when the mark cannot be written
   */
  int truncate(long sessionId, int stream, long position);

  /**
   * Index of the entry appended last, by this or an earlier opening.
   *
   * @return -1 when there is none
   */
  long lastIndex();

  @Override
  void close();
}
