package io.petrel.transport.journal;

import static io.petrel.transport.journal.JournalFixture.SESSION;
import static io.petrel.transport.journal.JournalFixture.all;
import static io.petrel.transport.journal.JournalFixture.append;
import static io.petrel.transport.journal.JournalFixture.entry;
import static io.petrel.transport.journal.JournalFixture.small;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalDamageTest {
  private static final String MARK = "petrel-journal";

  /** What an entry takes beside its bytes: the queue's length word, header, checksum. */
  private static final int LENGTH_WORD = 4;

  private static final int HEADER = 48;
  private static final int CHECKSUM = 4;
  private static final int PAYLOAD = 40;

  /** All that three entries take of a segment. */
  private static final int USED = 512 << 10;

  @TempDir private Path base = Path.of("");

  private Path threeEntries() {
    Path directory = base.resolve("journal");
    try (Journal journal = Journal.open(small(directory))) {
      for (int i = 0; i < 3; i++) {
        append(journal, entry(SESSION + i, 0, i * (long) PAYLOAD, PAYLOAD, i));
      }
    }
    return directory;
  }

  private static Path segment(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".cq4")).sorted().findFirst().get();
    }
  }

  /** Where the queue's length word of the entry of a session is. */
  private static int find(Path file, long session) throws IOException {
    byte[] head = new byte[USED];
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.readFully(head);
    }
    for (int i = 0; i < head.length - Long.BYTES; i++) {
      long word = 0;
      for (int b = Long.BYTES - 1; b >= 0; b--) {
        word = (word << Byte.SIZE) | (head[i + b] & 0xFF);
      }
      if (word == session) {
        return i - 8 - LENGTH_WORD;
      }
    }
    throw new AssertionError("no entry of session " + session + " in " + file);
  }

  private Path copyOf(Path directory, int number) throws IOException {
    Path copy = Files.createDirectories(base.resolve("copy" + number));
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Path to = copy.resolve(file.getFileName());
        if (!file.toString().endsWith(".cq4")) {
          Files.copy(file, to);
          continue;
        }
        byte[] head = new byte[USED]; // the rest is a hole, and stays one
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r");
            RandomAccessFile out = new RandomAccessFile(to.toFile(), "rw")) {
          in.readFully(head);
          out.write(head);
          out.setLength(in.length());
        }
      }
    }
    return copy;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  private interface Damage {
    void to(RandomAccessFile file, int offset) throws IOException;
  }

  /** Torn at a byte: the last entry is gone, the others are there, and the journal goes on. */
  private void torn(int step, Damage damage) throws IOException {
    Path directory = threeEntries();
    int start = find(segment(directory), SESSION + 2);
    int end = start + LENGTH_WORD + HEADER + PAYLOAD + CHECKSUM;
    List<String> whole = List.of("0:0-40", "0:40-80");
    for (int offset = start; offset < end; offset += step) {
      Path copy = copyOf(directory, offset);
      try (RandomAccessFile file = new RandomAccessFile(segment(copy).toFile(), "rw")) {
        damage.to(file, offset);
      }
      String where = "torn at byte " + (offset - start) + " of " + (end - start);
      assertEquals(whole, all(copy), where + ", before it is opened again");
      try (Journal journal = Journal.open(small(copy))) {
        assertTrue(journal.lastIndex() >= 0, where);
        append(journal, entry(SESSION + 9, 0, 800, 16, 9));
      }
      assertEquals(List.of("0:0-40", "0:40-80", "0:800-816"), all(copy), where);
      delete(copy);
    }
  }

  @Test
  void anEntryWhoseEndWasNeverWrittenIsLeftOutWhereverItEnds() throws IOException {
    torn(
        1,
        (file, offset) -> {
          file.seek(offset);
          file.write(new byte[4096]);
        });
  }

  @Test
  void aFileThatEndsInTheMiddleOfAnEntryLosesThatEntryOnly() throws IOException {
    torn(9, (file, offset) -> file.setLength(offset));
  }

  @Test
  @Tag("slow")
  void aFileMayEndAtEveryByteOfAnEntry() throws IOException {
    torn(1, (file, offset) -> file.setLength(offset));
  }

  @Test
  void anEntryDamagedInTheMiddleIsRefusedByTheNameOfItsFile() throws IOException {
    Path directory = threeEntries();
    Path file = segment(directory);
    int start = find(file, SESSION + 1) + LENGTH_WORD;
    for (int offset = start; offset < start + HEADER + PAYLOAD + CHECKSUM; offset += 7) {
      flip(file, offset);
      String where = "byte " + (offset - start);
      JournalException refusal = assertThrows(JournalException.class, () -> all(directory), where);
      assertTrue(
          String.valueOf(refusal.getMessage()).contains(file.getFileName() + "' is damaged"),
          refusal.getMessage());
      assertThrows(JournalException.class, () -> Journal.open(small(directory)), where);
      flip(file, offset);
    }
    assertEquals(3, all(directory).size());
  }

  private static void flip(Path file, int offset) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "rw")) {
      in.seek(offset);
      int value = in.read();
      in.seek(offset);
      in.write(value ^ 0x20);
    }
  }

  private static void refuses(Path directory, String what) {
    for (int i = 0; i < 2; i++) {
      boolean write = i == 0;
      JournalException refusal =
          assertThrows(
              JournalException.class,
              () -> {
                if (write) {
                  Journal.open(small(directory)).close();
                } else {
                  Journal.openReader(directory).close();
                }
              });
      String message = String.valueOf(refusal.getMessage());
      assertTrue(message.contains(directory.toString()) && message.contains(what), message);
    }
  }

  @Test
  void anotherVersionIsRefused() throws IOException {
    Path directory = threeEntries();
    Files.writeString(directory.resolve(MARK), "petrel-journal 2\nwhatever follows\n");
    refuses(directory, "it is of version 2, this is 1");
  }

  @Test
  void aDamagedMarkIsRefused() throws IOException {
    Path directory = threeEntries();
    String text = Files.readString(directory.resolve(MARK));
    Files.writeString(directory.resolve(MARK), text.replace("crc ", "torn 1 2\ncrc "));
    refuses(directory, "checksum");
    Files.writeString(directory.resolve(MARK), "");
    refuses(directory, "does not begin");
  }

  @Test
  void aQueueThatIsNoJournalIsLeftAlone() throws IOException {
    Path directory = threeEntries();
    Files.delete(directory.resolve(MARK));
    JournalException refusal =
        assertThrows(JournalException.class, () -> Journal.open(small(directory)));
    assertTrue(String.valueOf(refusal.getMessage()).contains("no journal"), refusal.getMessage());
  }

  @Test
  void anAbsentJournalIsSaidToBeAbsent() {
    Path nowhere = base.resolve("nowhere");
    JournalException refusal =
        assertThrows(JournalException.class, () -> Journal.openReader(nowhere));
    assertEquals("there is no journal in '" + nowhere + "'", refusal.getMessage());
  }
}
