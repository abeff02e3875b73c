package io.petrel.transport.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;

/** Entries that say by their position what their bytes must be. */
final class JournalFixture {
  static final long SESSION = 0x5345_5353_494F_4E31L;

  private static final UnsafeBuffer BYTES = new UnsafeBuffer(new byte[2 * JournalEntry.MAX_LENGTH]);

  static {
    new Random(7).nextBytes(BYTES.byteArray());
  }

  private JournalFixture() {}

  static JournalSettings small(Path directory) {
    return new JournalSettings(
        directory, JournalSettings.MIN_SEGMENT_BYTES, Long.MAX_VALUE, Long.MAX_VALUE);
  }

  static JournalEntry entry(long session, int stream, long position, int length, long timeNs) {
    return new JournalEntry()
        .range(session, stream, position, timeNs, 0)
        .bytes(BYTES, offsetOf(position), length);
  }

  private static int offsetOf(long position) {
    return (int) (position * 31 & (JournalEntry.MAX_LENGTH - 1));
  }

  /** What is in the entry, having checked its bytes. */
  static String check(JournalEntry entry) {
    if (entry.isLoss()) {
      return "loss " + entry.stream() + ":" + entry.position() + "-" + entry.endPosition();
    }
    int from = offsetOf(entry.position());
    for (int i = 0; i < entry.length(); i++) {
      assertEquals(
          BYTES.getByte(from + i),
          entry.buffer().getByte(entry.offset() + i),
          "byte " + i + " of the entry at " + entry.position());
    }
    return entry.stream() + ":" + entry.position() + "-" + entry.endPosition();
  }

  static List<String> all(JournalReader reader) {
    List<String> all = new ArrayList<>();
    JournalEntry entry = new JournalEntry();
    while (reader.next(entry)) {
      all.add(check(entry));
    }
    return all;
  }

  static List<String> all(Path directory) {
    try (JournalReader reader = Journal.openReader(directory)) {
      return all(reader);
    }
  }

  static void append(Journal journal, JournalEntry entry) {
    long result = journal.append(entry);
    assertTrue(result >= 0, () -> Journal.nameOf(result));
  }
}
