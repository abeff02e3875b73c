package io.petrel.transport.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.petrel.transport.ring.SendRing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal on a small file system of its own that really becomes full. */
class FullDiskTest {
  private static final int DISK_BYTES = 32 << 20;
  private static final int BALLAST_BYTES = 12 << 20;
  private static final int SIZE = 4_000;
  private static final int MOST_MESSAGES = DISK_BYTES / SIZE;
  private static final int MORE = 100;

  @TempDir private Path base = Path.of("");
  private Path disk = Path.of("");
  private boolean mounted;
  private final SendRing ring = SendRing.exclusive(1 << 20);
  private final UnsafeBuffer message = new UnsafeBuffer(new byte[SIZE]);
  private final List<String> events = new ArrayList<>();
  private final List<Long> recorded = new ArrayList<>();
  private long number;
  private long lostFrom = -1;
  private long lostTo = -1;

  private final RecorderEvents listener =
      new RecorderEvents() {
        @Override
        public void onDiskFull(boolean full) {
          events.add("full " + full);
        }

        @Override
        public void onNotRecorded(long sessionId, int stream, long from, long to) {
          events.add("missing");
          lostFrom = from;
          lostTo = to;
        }
      };

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    disk = Files.createDirectory(base.resolve("disk"));
    mounted = run("mount", "-t", "tmpfs", "-o", "size=" + DISK_BYTES, "tmpfs", disk.toString());
    assumeTrue(mounted, "only root mounts file systems");
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    if (mounted) {
      assertTrue(run("umount", "--lazy", disk.toString()), "the file system stays mounted");
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor() == 0;
  }

  /** Writes a message into the ring, has it recorded and frees it. */
  private void put(RingRecorder recorder) {
    message.setMemory(0, SIZE, (byte) number);
    message.putLong(0, number++);
    long end = ring.offer(message, 0, SIZE);
    assertTrue(end > 0, () -> "the ring refuses: " + end);
    ring.sentPosition(end);
    while (recorder.position() < end) {
      assertTrue(recorder.work() > 0, "the recorder stands still");
    }
    ring.acknowledge(end);
    if (!events.contains("full true") || events.contains("full false")) {
      recorded.add(number - 1);
    }
  }

  @Test
  void recordsAgainWhenThereIsRoomAndHasLostWhatItSaysAndNothingElse() throws IOException {
    Path ballast = Files.write(disk.resolve("ballast"), new byte[BALLAST_BYTES]);
    Path directory = disk.resolve("journal");
    try (Journal journal = Journal.open(JournalFixture.small(directory))) {
      RingRecorder recorder =
          new RingRecorder(journal, ring, 11, 3, false, () -> 77, ring::sentPosition, listener);
      while (!events.contains("full true")) {
        put(recorder);
        assertTrue(number < MOST_MESSAGES, "the disk does not become full");
      }
      int before = recorded.size();
      for (int i = 0; i < MORE; i++) {
        put(recorder);
      }
      assertEquals(before, recorded.size());
      assertEquals(List.of("full true"), events);
      Files.delete(ballast);
      while (!events.contains("full false")) {
        put(recorder);
        assertTrue(number < 2 * MOST_MESSAGES, "nothing is recorded although there is room");
      }
      for (int i = 0; i < MORE; i++) {
        put(recorder);
      }
      assertEquals(lostTo - lostFrom, recorder.lostBytes());
    }
    assertEquals(List.of("full true", "missing", "full false"), events);
    assertReplays(directory);
  }

  private void assertReplays(Path directory) {
    List<Long> read = new ArrayList<>();
    List<String> losses = new ArrayList<>();
    try (JournalReader reader = Journal.openReader(directory)) {
      JournalMessages messages =
          new JournalMessages(
              reader, entry -> true, (session, from, to) -> losses.add(from + "-" + to));
      while (messages.next()) {
        assertEquals(SIZE, messages.length());
        long which = messages.buffer().getLong(messages.offset());
        for (int i = Long.BYTES; i < SIZE; i++) {
          assertEquals((byte) which, messages.buffer().getByte(messages.offset() + i));
        }
        read.add(which);
      }
    }
    int same = 0;
    while (same < Math.min(read.size(), recorded.size())
        && read.get(same).equals(recorded.get(same))) {
      same++;
    }
    assertEquals(recorded.size(), same, "messages before one that is not what was recorded");
    assertEquals(recorded.size(), read.size());
    assertEquals(List.of(lostFrom + "-" + lostTo), losses);
  }
}
