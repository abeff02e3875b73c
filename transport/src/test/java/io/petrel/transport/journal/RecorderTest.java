package io.petrel.transport.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.Channel;
import io.petrel.transport.ControlledMessageHandler;
import io.petrel.transport.ControlledMessageHandler.Action;
import io.petrel.transport.Header;
import io.petrel.transport.MessageHandler;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.Subscription;
import io.petrel.transport.ring.RecordLayout;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {
  private static final SessionInfo ONE = new SessionInfo(11, 3, null);
  private static final SessionInfo OTHER = new SessionInfo(12, 3, null);

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Message(SessionInfo session, long endPosition, byte[] bytes) {}

  /** Hands out what the test put in. */
  private static final class Scripted implements Subscription {
    private final Queue<Message> waiting = new ArrayDeque<>();

    @Override
    public int poll(MessageHandler handler, int limit) {
      return controlledPoll(
          (buffer, offset, length, header) -> {
            handler.onMessage(buffer, offset, length, header);
            return Action.CONTINUE;
          },
          limit);
    }

    @Override
    public int controlledPoll(ControlledMessageHandler handler, int limit) {
      int messages = 0;
      while (messages < limit) {
        Message next = waiting.peek();
        if (next == null
            || handler.onMessage(
                    new UnsafeBuffer(next.bytes),
                    0,
                    next.bytes.length,
                    new Header(next.session).position(next.endPosition))
                == Action.ABORT) {
          break;
        }
        waiting.remove();
        messages++;
      }
      return messages;
    }

    @Override
    public int sessionCount() {
      return 1;
    }

    @Override
    public boolean isClosed() {
      return false;
    }

    @Override
    public @Nullable SocketAddress localAddress() {
      return null;
    }

    @Override
    public Channel channel() {
      return Channel.parse("ipc://scripted");
    }

    @Override
    public void close() {}
  }

  /** A journal that can be told that the disk is full. */
  private static final class Narrow implements Journal {
    private final Journal behind;
    private boolean full;

    Narrow(Journal behind) {
      this.behind = behind;
    }

    @Override
    public long append(JournalEntry entry) {
      return full ? DISK_FULL : behind.append(entry);
    }

    @Override
    public int truncate(long sessionId, int stream, long position) {
      return behind.truncate(sessionId, stream, position);
    }

    @Override
    public long lastIndex() {
      return behind.lastIndex();
    }

    @Override
    public void close() {
      behind.close();
    }
  }

  @TempDir private Path directory = Path.of("");
  private final Scripted subscription = new Scripted();
  private final List<String> events = new ArrayList<>();
  private final Random random = new Random(5);
  private long position;

  private final RecorderEvents listener =
      new RecorderEvents() {
        @Override
        public void onDiskFull(boolean full) {
          events.add("full " + full);
        }

        @Override
        public void onNotRecorded(long sessionId, int stream, long from, long to) {
          events.add("missing " + sessionId + ":" + stream + " " + from + "-" + to);
        }
      };

  private Message put(SessionInfo session, int length, int gap) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    position += gap + RecordLayout.requiredLength(length);
    Message message = new Message(session, position, bytes);
    subscription.waiting.add(message);
    return message;
  }

  private void assertReplays(List<Message> expected, String... losses) {
    List<String> lost = new ArrayList<>();
    try (JournalReader reader = Journal.openReader(directory)) {
      JournalMessages messages =
          new JournalMessages(
              reader,
              entry -> true,
              (session, from, to) -> lost.add(session.sessionId() + " " + from + "-" + to));
      for (Message message : expected) {
        assertTrue(messages.next());
        byte[] bytes = new byte[messages.length()];
        messages.buffer().getBytes(messages.offset(), bytes);
        assertArrayEquals(message.bytes, bytes);
        assertEquals(message.endPosition, messages.header().position());
        assertEquals(message.session, messages.header().session());
      }
      assertFalse(messages.next());
    }
    assertEquals(List.of(losses), lost);
  }

  @Test
  void messagesOfAnyLengthComeOutAsTheyWentInWithTheirPositions() {
    List<Message> all = new ArrayList<>();
    int[] lengths = {0, 1, 7, 8, 100, 65_527, 65_528, 65_529, 70_000, 400_001};
    for (int i = 0; i < 3_000; i++) {
      SessionInfo session = i % 100 < 70 ? ONE : OTHER;
      int length = i % 50 == 0 ? lengths[i / 50 % lengths.length] : random.nextInt(300);
      all.add(put(session, length, i % 11 == 0 ? 8 * random.nextInt(20) : 0));
    }
    try (Journal journal = Journal.open(JournalFixture.small(directory))) {
      Recorder recorder = new Recorder(journal, false, () -> 77, listener);
      while (recorder.poll(subscription, 64) > 0) {
        assertTrue(recorder.messages() > 0);
      }
      assertEquals(all.size(), recorder.messages());
      assertTrue(recorder.entries() < all.size() / 5, recorder.entries() + " entries");
    }
    assertReplays(all);
    assertEquals(List.of(), events);
  }

  @Test
  void aLossIsKeptInItsPlace() {
    List<Message> all = new ArrayList<>();
    try (Journal journal = Journal.open(JournalFixture.small(directory))) {
      Recorder recorder = new Recorder(journal, false, () -> 77, listener);
      all.add(put(ONE, 50, 0));
      recorder.poll(subscription, 10);
      long from = position;
      position += 4096;
      recorder.onLoss(ONE, from, position);
      all.add(put(ONE, 50, 0));
      recorder.poll(subscription, 10);
      recorder.flush();
      assertEquals(4096, recorder.lostBytes());
    }
    assertReplays(all, "11 64-4160");
    assertEquals(List.of("missing 11:3 64-4160"), events);
  }

  @Test
  void aFullDiskIsAnEventAndWhatItCostIsToldExactlyWhenThereIsRoom() {
    List<Message> all = new ArrayList<>();
    try (Narrow journal = new Narrow(Journal.open(JournalFixture.small(directory)))) {
      Recorder recorder = new Recorder(journal, false, () -> 77, listener);
      all.add(put(ONE, 50, 0));
      recorder.poll(subscription, 10);
      recorder.poll(subscription, 10);
      journal.full = true;
      for (int i = 0; i < 5; i++) {
        put(ONE, 50, 0);
        recorder.poll(subscription, 10);
        recorder.poll(subscription, 10);
      }
      assertEquals(List.of("full true"), events);
      journal.full = false;
      all.add(put(ONE, 60, 0));
      recorder.poll(subscription, 10);
      recorder.poll(subscription, 10);
      assertEquals(5 * 64, recorder.lostBytes());
    }
    assertEquals(List.of("full true", "full false", "missing 11:3 64-384"), events);
    assertReplays(all, "11 64-384");
  }

  @Test
  void whereRecordingIsRequiredNothingIsTakenThatTheDiskDoesNotTake() {
    List<Message> all = new ArrayList<>();
    try (Narrow journal = new Narrow(Journal.open(JournalFixture.small(directory)))) {
      Recorder recorder = new Recorder(journal, true, () -> 77, listener);
      for (int i = 0; i < 100; i++) {
        all.add(put(ONE, 30_000 + i * 900, 0));
      }
      int left = subscription.waiting.size();
      while (left > 0) {
        journal.full = random.nextBoolean();
        recorder.poll(subscription, 3);
        assertTrue(!journal.full || subscription.waiting.size() >= left - 2, "taken while full");
        left = subscription.waiting.size();
      }
      journal.full = false;
      assertTrue(recorder.flush());
      assertEquals(0, recorder.lostBytes());
    }
    assertReplays(all);
    assertEquals("full true", events.getFirst());
    assertEquals("full false", events.getLast());
  }
}
