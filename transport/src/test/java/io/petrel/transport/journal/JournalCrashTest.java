package io.petrel.transport.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A recorder of another process, killed with SIGKILL in the middle of its work. */
class JournalCrashTest {
  private static final int SLOW_KILLS = 200;
  private static final int MOST_ENTRIES = 800;
  private static final long IDLE_NS = TimeUnit.MICROSECONDS.toNanos(100);

  @TempDir private Path base = Path.of("");
  private Path directory = Path.of("");

  @BeforeEach
  void nameTheJournal() {
    directory = base.resolve("journal");
  }

  /** All that was said to be recorded is there, in order, and nothing that was not appended. */
  private void kill(int kills) throws IOException, InterruptedException {
    Random random = new Random(kills);
    long recorded = 0;
    long read = 0;
    try (JournalReader reader = openEmpty()) {
      JournalEntry entry = new JournalEntry();
      for (int kill = 0; kill < kills; kill++) {
        Path said = directory.resolveSibling("said" + kill);
        Process recorder = JournalCrashProcess.start(directory, read, said);
        int until = 1 + random.nextInt(MOST_ENTRIES);
        try {
          for (int entries = 0; entries < until; ) { // beside the recorder
            if (reader.next(entry)) {
              read = follow(read, entry);
              entries++;
            } else {
              assertTrue(recorder.isAlive(), "the recorder ended before it was killed");
              LockSupport.parkNanos(IDLE_NS);
            }
          }
        } finally {
          recorder.destroyForcibly().waitFor();
        }
        recorded = lastLine(said, recorded);
        while (reader.next(entry)) {
          read = follow(read, entry);
        }
        assertTrue(read >= recorded, read + " read of " + recorded + " recorded");
      }
    }
    try (Journal journal = Journal.open(JournalFixture.small(directory))) {
      JournalFixture.append(
          journal, JournalFixture.entry(JournalFixture.SESSION, 0, read, 8, read));
    }
    try (JournalReader reader = Journal.openReader(directory)) {
      JournalEntry entry = new JournalEntry();
      long position = 0;
      while (reader.next(entry)) {
        position = follow(position, entry);
      }
      assertEquals(read + 8, position);
    }
  }

  /** What the killed one had said; its last line may be cut short. */
  private static long lastLine(Path said, long before) throws IOException {
    String text = Files.readString(said);
    int end = text.lastIndexOf('\n');
    int start = end < 0 ? -1 : text.lastIndexOf('\n', end - 1);
    return end < 0 ? before : Long.parseLong(text.substring(start + 1, end));
  }

  private JournalReader openEmpty() {
    Journal.open(JournalFixture.small(directory)).close();
    return Journal.openReader(directory);
  }

  private static long follow(long position, JournalEntry entry) {
    assertFalse(entry.isLoss());
    assertEquals(position, entry.position());
    JournalFixture.check(entry);
    return entry.endPosition();
  }

  @Test
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whatAKilledRecorderHadRecordedIsThere() throws IOException, InterruptedException {
    kill(2);
  }

  @Test
  @Tag("slow")
  @Timeout(value = 1200, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void recordersKilledAgainAndAgain() throws IOException, InterruptedException {
    kill(SLOW_KILLS);
  }
}
