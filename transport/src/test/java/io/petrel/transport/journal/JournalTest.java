package io.petrel.transport.journal;

import static io.petrel.transport.journal.JournalFixture.SESSION;
import static io.petrel.transport.journal.JournalFixture.all;
import static io.petrel.transport.journal.JournalFixture.append;
import static io.petrel.transport.journal.JournalFixture.entry;
import static io.petrel.transport.journal.JournalFixture.small;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final int BIG = JournalEntry.MAX_LENGTH;

  @TempDir private Path directory = Path.of("");

  @Test
  void whatWasAppendedIsReadBackInOrderOfAllStreams() {
    try (Journal journal = Journal.open(new JournalSettings(directory));
        JournalReader reader = Journal.openReader(directory)) {
      assertEquals(List.of(), all(reader));
      append(journal, entry(SESSION, 1, 0, 100, 10));
      append(journal, entry(SESSION, 2, 800, BIG, 20));
      append(journal, new JournalEntry().lost(SESSION, 1, 100, 1000, 25));
      append(journal, entry(SESSION, 1, 1000, 0, 30));
      assertEquals(
          List.of("1:0-100", "2:800-66336", "loss 1:100-1000", "1:1000-1000"), all(reader));
      append(journal, entry(SESSION, 1, 1000, 8, 40));
      assertEquals(List.of("1:1000-1008"), all(reader));
      assertEquals(journal.lastIndex(), reader.index());
    }
  }

  @Test
  void aRangeTooLongOrAClosedJournalIsNamed() {
    Journal journal = Journal.open(new JournalSettings(directory));
    assertEquals(Journal.BAD_RANGE, journal.append(entry(SESSION, 0, 0, BIG + 1, 1)));
    journal.close();
    assertEquals(Journal.CLOSED, journal.append(entry(SESSION, 0, 0, 8, 1)));
    assertEquals(List.of(), all(directory));
  }

  @Test
  void aJournalGoesOnAcrossOpeningsAndSegments() {
    List<String> expected = new ArrayList<>();
    long position = 0;
    for (int opening = 0; opening < 3; opening++) {
      try (Journal journal = Journal.open(small(directory))) {
        for (int i = 0; i < 40; i++) { // 2.5 segments
          append(journal, entry(SESSION, 3, position, BIG, position));
          expected.add("3:" + position + "-" + (position + BIG));
          position += BIG;
        }
      }
    }
    assertEquals(expected, all(directory));
  }

  @Test
  void aReaderSeeksByPositionTimeAndIndex() {
    List<Long> indices = new ArrayList<>();
    try (Journal journal = Journal.open(small(directory))) {
      for (int i = 0; i < 60; i++) {
        indices.add(journal.append(entry(SESSION, i & 1, i / 2 * (long) BIG, BIG, i * 10L)));
      }
    }
    try (JournalReader reader = Journal.openReader(directory)) {
      JournalEntry entry = new JournalEntry();
      for (int i = 0; i < 60; i++) {
        assertTrue(reader.seekTime(i * 10L - 9));
        assertTrue(reader.next(entry));
        assertEquals(i * 10L, entry.timeNs(), "by time");
        assertTrue(reader.seekPosition(SESSION, i & 1, i / 2 * (long) BIG + 5));
        assertTrue(reader.next(entry));
        assertEquals(i * 10L, entry.timeNs(), "by position");
        reader.seekIndex(indices.get(i));
        assertTrue(reader.next(entry));
        assertEquals(i * 10L, entry.timeNs(), "by index");
      }
      assertFalse(reader.seekTime(591));
      assertFalse(reader.seekPosition(SESSION, 0, 30L * BIG));
      assertFalse(reader.seekPosition(SESSION + 1, 0, 0));
      assertFalse(reader.next(entry));
    }
  }

  @Test
  void aClockThatStepsBackLeavesTimesInOrder() {
    try (Journal journal = Journal.open(new JournalSettings(directory));
        JournalReader reader = Journal.openReader(directory)) {
      append(journal, entry(SESSION, 0, 0, 8, 100));
      append(journal, entry(SESSION, 0, 8, 8, 50));
      JournalEntry entry = new JournalEntry();
      assertTrue(reader.next(entry));
      assertEquals(100, entry.timeNs());
      assertTrue(reader.next(entry));
      assertEquals(100, entry.timeNs());
    }
  }

  @Test
  void aTruncatedStreamEndsThereAndGoesOnWhileOthersAreUntouched() {
    try (Journal journal = Journal.open(small(directory))) {
      for (int i = 0; i < 30; i++) {
        append(journal, entry(SESSION, i % 2, i / 2 * 1000L, 1000, i));
      }
      assertEquals(5, journal.truncate(SESSION, 1, 10_500));
      assertEquals(0, journal.truncate(SESSION, 1, 10_500));
      append(journal, entry(SESSION, 1, 10_500, 70, 40));
    }
    List<String> kept = all(directory);
    assertEquals(15, kept.stream().filter(each -> each.startsWith("0:")).count());
    assertEquals(
        List.of("1:9000-10000", "1:10000-10500", "1:10500-10570"),
        kept.stream().filter(each -> each.startsWith("1:")).skip(9).toList());
  }

  @Test
  void oldSegmentsGoBySize() throws Exception {
    JournalSettings settings =
        new JournalSettings(
            directory, JournalSettings.MIN_SEGMENT_BYTES, 40L << 20, Long.MAX_VALUE);
    int entries = 400;
    try (Journal journal = Journal.open(settings);
        JournalReader early = Journal.openReader(directory)) {
      append(journal, entry(SESSION, 0, 0, BIG, 0));
      assertEquals(1, all(early).size());
      for (int i = 1; i < entries; i++) {
        append(journal, entry(SESSION, 0, i * (long) BIG, BIG, i));
      }
      List<String> kept = all(directory);
      assertTrue(kept.size() < entries / 2, kept.size() + " kept");
      assertEquals("0:" + (entries - 1L) * BIG + "-" + (long) entries * BIG, kept.getLast());
      List<String> seen = all(early); // it still has the file it was in
      assertTrue(seen.size() < kept.size() + 20, seen.size() + " seen");
      assertEquals(kept, seen.subList(seen.size() - kept.size(), seen.size()));
      assertTrue(queueBytes() <= 64L << 20, queueBytes() + " bytes");
    }
  }

  private long queueBytes() throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".cq4"))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }

  @Test
  void oldSegmentsGoByAge() {
    JournalSettings settings =
        new JournalSettings(directory, JournalSettings.MIN_SEGMENT_BYTES, Long.MAX_VALUE, 1_000);
    try (Journal journal = Journal.open(settings)) {
      for (int i = 0; i < 100; i++) {
        append(journal, entry(SESSION, 0, i * (long) BIG, BIG, i * 100L));
      }
    }
    int kept = all(directory).size();
    assertTrue(kept >= 10 && kept < 10 + 3 * 17, kept + " of 17 a segment");
  }

  @Test
  void oneRecorderAtATime() {
    try (Journal journal = Journal.open(new JournalSettings(directory))) {
      JournalException refusal =
          assertThrows(JournalException.class, () -> Journal.open(new JournalSettings(directory)));
      assertTrue(String.valueOf(refusal.getMessage()).contains(directory.toString()));
      append(journal, entry(SESSION, 0, 0, 8, 1));
    }
    Journal.open(new JournalSettings(directory)).close();
  }

  @Test
  void appendingAndReadingAllocateNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    JournalEntry written = entry(SESSION, 0, 0, 64, 1);
    JournalEntry read = new JournalEntry();
    int windows = 200; // as many as a busy machine takes to compile it
    int turns = 4_000;
    long least = Long.MAX_VALUE;
    try (Journal journal = Journal.open(new JournalSettings(directory));
        JournalReader reader = Journal.openReader(directory)) {
      for (int window = 0; window < windows && least > 0; window++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < turns; i++) {
          if (journal.append(written) < 0 || !reader.next(read)) {
            throw new AssertionError("turn " + i);
          }
        }
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
    }
    assertEquals(0, least, "bytes in the best window of " + turns + " appends and reads");
  }
}
