package io.petrel.transport.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.Context;
import io.petrel.transport.EndReason;
import io.petrel.transport.Options;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, killed with SIGKILL in the middle of their work. */
class IpcCrashTest {
  private static final int KILLS = 1;
  private static final int SLOW_KILLS = 25;

  @TempDir private Path directory = Path.of("");
  private final List<String> events = new ArrayList<>();
  private final List<Throwable> errors = new ArrayList<>();
  private long next;
  private int received;

  private final SessionEvents listener =
      new SessionEvents() {
        @Override
        public void onSessionUp(final SessionInfo session) {
          events.add("up");
          next = 0;
        }

        @Override
        public void onSessionDown(
            final SessionInfo session, final EndReason reason, final long position) {
          events.add("down " + reason);
        }
      };

  private Petrel launch() {
    return Petrel.launch(
        new Context()
            .threading(Threading.INVOKER)
            .set(Options.DIR, directory.toString())
            .errorHandler(errors::add));
  }

  private void poll(final Petrel petrel, final Subscription subscription) {
    petrel.work();
    subscription.poll(
        (buffer, offset, length, header) -> {
          final long sequence = IpcCrashProcess.check(buffer, offset, length);
          assertEquals(next, sequence, "sequence");
          next++;
          received++;
        },
        20);
    assertEquals(List.of(), errors);
  }

  private void killPublishers(final int kills) throws IOException, InterruptedException {
    final Random random = new Random(kills);
    try (Petrel petrel = launch();
        Subscription subscription = petrel.subscribe(IpcCrashProcess.URI, listener)) {
      for (int kill = 0; kill < kills; kill++) {
        final Process publisher = IpcCrashProcess.start("publish", directory);
        final int until = received + 1 + random.nextInt(30_000);
        while (received < until && publisher.isAlive()) {
          poll(petrel, subscription);
        }
        assertTrue(publisher.isAlive(), Files.readString(directory.resolve("publish.err")));
        publisher.destroyForcibly().waitFor();
        while (events.size() < 2 * kill + 2) {
          poll(petrel, subscription);
        }
        assertEquals(List.of("up", "down CONNECTION_LOST"), events.subList(2 * kill, 2 * kill + 2));
        assertEquals(0, subscription.sessionCount());
      }
      publishHere(petrel, subscription);
    }
  }

  private void publishHere(final Petrel petrel, final Subscription subscription) {
    final UnsafeBuffer message = new UnsafeBuffer(new byte[2048]);
    try (Publication publication = petrel.publish(IpcCrashProcess.URI)) {
      final Random random = new Random(9);
      final int before = received;
      for (long sequence = 0; sequence < 1_000; sequence++) {
        final int length = IpcCrashProcess.encode(message, sequence, random);
        while (publication.offer(message, 0, length) < 0) {
          poll(petrel, subscription);
        }
      }
      while (received < before + 1_000) {
        poll(petrel, subscription);
      }
    }
  }

  private void killSubscribers(final int kills) throws IOException, InterruptedException {
    final UnsafeBuffer message = new UnsafeBuffer(new byte[2048]);
    final Random random = new Random(kills);
    long sequence = 0;
    try (Petrel petrel = launch();
        Publication publication = petrel.publish(IpcCrashProcess.URI)) {
      for (int kill = 0; kill < kills; kill++) {
        final Process subscriber = IpcCrashProcess.start("subscribe", directory);
        while (!publication.isConnected() && subscriber.isAlive()) {
          petrel.work();
        }
        for (int left = 1 + random.nextInt(30_000); left > 0; ) {
          final int length = IpcCrashProcess.encode(message, sequence, random);
          if (publication.offer(message, 0, length) > 0) {
            sequence++;
            left--;
          } else {
            assertTrue(subscriber.isAlive(), Files.readString(directory.resolve("subscribe.err")));
          }
        }
        subscriber.destroyForcibly().waitFor();
        while (publication.isConnected()) {
          petrel.work();
        }
      }
      try (Subscription subscription = petrel.subscribe(IpcCrashProcess.URI)) {
        // The last subscriber may have read everything: one more is certain to be there.
        final long last = sequence;
        final int length = IpcCrashProcess.encode(message, last, random);
        boolean offered = false;
        final long[] seen = {-1};
        while (seen[0] < last) {
          offered = offered || publication.offer(message, 0, length) > 0;
          subscription.poll(
              (buffer, offset, bytes, header) -> {
                final long read = IpcCrashProcess.check(buffer, offset, bytes);
                assertTrue(seen[0] < 0 || read == seen[0] + 1, seen[0] + " then " + read);
                seen[0] = read;
              },
              100);
          assertEquals(List.of(), errors);
        }
      }
    }
  }

  @Test
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aKilledPublisherIsAnEventAndNothingCorrupt() throws IOException, InterruptedException {
    killPublishers(KILLS);
  }

  @Test
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aKilledSubscriberLosesNothingForTheNext() throws IOException, InterruptedException {
    killSubscribers(KILLS);
  }

  @Test
  @Tag("slow")
  @Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void publishersKilledAgainAndAgain() throws IOException, InterruptedException {
    killPublishers(SLOW_KILLS);
  }

  @Test
  @Tag("slow")
  @Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void subscribersKilledAgainAndAgain() throws IOException, InterruptedException {
    killSubscribers(SLOW_KILLS);
  }

  @Test
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void theRingOfAProcessThatWasKilledAloneIsReplaced() throws IOException, InterruptedException {
    final Process publisher = IpcCrashProcess.start("publish", directory);
    final Path file = directory.resolve("crash-0.ipc");
    while (!Files.exists(file) && publisher.isAlive()) {
      Thread.onSpinWait();
    }
    publisher.destroyForcibly().waitFor();
    assertTrue(Files.exists(file));
    try (Petrel petrel = launch();
        Subscription subscription = petrel.subscribe(IpcCrashProcess.URI, listener)) {
      publishHere(petrel, subscription);
    }
    assertEquals(1_000, received);
    assertEquals("up", events.get(0));
  }
}
