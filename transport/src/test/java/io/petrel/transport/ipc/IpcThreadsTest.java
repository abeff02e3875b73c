package io.petrel.transport.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.petrel.transport.Context;
import io.petrel.transport.EndReason;
import io.petrel.transport.MessageHandler;
import io.petrel.transport.Options;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Threads on all ends of a small mapped ring; every message is checked, byte by byte. */
@SuppressWarnings("ThreadPriorityCheck") // Yields to the other end where cores are few.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IpcThreadsTest {
  private static final String URI = "ipc://threads?ring=16KiB&linger=0";
  private static final int MESSAGES = 30_000;

  @TempDir private Path directory = Path.of("");
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final CountDownLatch ready = new CountDownLatch(2);

  /** Counted down when somebody has read everything. */
  private final CountDownLatch whole = new CountDownLatch(1);

  private Petrel launch(final Threading threading) {
    return Petrel.launch(
        new Context()
            .threading(threading)
            .set(Options.DIR, directory.toString())
            .errorHandler(error -> failure.compareAndSet(null, error)));
  }

  private void run(final Runnable task) {
    try {
      task.run();
    } catch (final Throwable error) {
      failure.compareAndSet(null, error);
    }
  }

  private void publish(final Petrel petrel, final boolean exclusive) {
    final UnsafeBuffer message = new UnsafeBuffer(new byte[2048]);
    final Random random = new Random(7);
    try (Publication publication = exclusive ? petrel.publishExclusive(URI) : petrel.publish(URI)) {
      for (long sequence = 0; sequence < MESSAGES; sequence++) {
        final int length = IpcCrashProcess.encode(message, sequence, random);
        while (publication.offer(message, 0, length) < 0 && failure.get() == null) {
          Thread.yield();
        }
      }
    }
  }

  /**
   * Reads until so many publishers have come and gone; each one's sequence is whole, in order. Who
   * is overtaken may never hear of one of them, but not of its coming alone.
   */
  private void read(final Petrel petrel, final int publishers, final boolean drop) {
    final Map<Long, Long> next = new HashMap<>();
    final int[] gone = {0};
    final SessionEvents events =
        new SessionEvents() {
          @Override
          public void onSessionDown(
              final SessionInfo session, final EndReason reason, final long position) {
            gone[0]++;
          }
        };
    final MessageHandler check =
        (buffer, offset, length, header) -> {
          final long sequence = IpcCrashProcess.check(buffer, offset, length);
          final long expected = next.getOrDefault(header.session().sessionId(), 0L);
          assertTrue(
              drop ? sequence >= expected : sequence == expected,
              "expected " + expected + ", got " + sequence);
          next.put(header.session().sessionId(), sequence + 1);
        };
    try (Subscription subscription = petrel.subscribe(URI + (drop ? "&slow=drop" : ""), events)) {
      ready.countDown();
      while (gone[0] < publishers && failure.get() == null) {
        final boolean allIsWritten = whole.getCount() == 0;
        if (subscription.poll(check, 50) == 0) {
          if (drop && allIsWritten && subscription.sessionCount() == 0) {
            break;
          }
          petrel.work();
          Thread.yield();
        }
      }
    }
    if (!drop) {
      whole.countDown();
      assertEquals(publishers, next.size());
      next.values().forEach(count -> assertEquals(MESSAGES, count));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "THREAD, true, false", // exclusive publications: the lease changes hands while they run
    "THREAD, false, false",
    "INVOKER, true, false",
    "INVOKER, false, true",
  })
  void everyMessageOfEveryPublisherIsReadWholeAndInOrder(
      final Threading threading, final boolean exclusive, final boolean drop)
      throws InterruptedException {
    final int publishers = 3;
    try (Petrel reading = launch(threading);
        Petrel writing = launch(threading)) {
      final Thread[] threads = new Thread[publishers + 2];
      threads[0] = Thread.ofPlatform().start(() -> run(() -> read(reading, publishers, false)));
      threads[1] = Thread.ofPlatform().start(() -> run(() -> read(reading, publishers, drop)));
      ready.await();
      for (int i = 0; i < publishers; i++) {
        threads[2 + i] = Thread.ofPlatform().start(() -> run(() -> publish(writing, exclusive)));
      }
      for (final Thread thread : threads) {
        while (thread.isAlive()) {
          writing.work();
          thread.join(1);
        }
      }
    }
    assertNull(failure.get());
  }

  @Test
  void closesAtAnyMomentWhileOthersOfferAndPoll() throws InterruptedException {
    final Random random = new Random(5);
    try (Petrel reading = launch(Threading.THREAD);
        Petrel writing = launch(Threading.THREAD)) {
      for (int round = 0; round < 20; round++) {
        final Publication publication =
            round % 2 == 0 ? writing.publishExclusive(URI) : writing.publish(URI);
        final Subscription subscription = reading.subscribe(URI);
        final Thread writer = Thread.ofPlatform().start(() -> run(() -> offerAll(publication)));
        final Thread reader = Thread.ofPlatform().start(() -> run(() -> pollAll(subscription)));
        for (int i = random.nextInt(2_000); i > 0; i--) {
          Thread.onSpinWait();
        }
        if (random.nextBoolean()) {
          publication.close();
        }
        subscription.close();
        publication.close();
        writer.join();
        reader.join();
      }
    }
    assertNull(failure.get());
  }

  private void offerAll(final Publication publication) {
    final UnsafeBuffer message = new UnsafeBuffer(new byte[2048]);
    final Random random = new Random(3);
    long result = 0;
    for (long sequence = 0; result != Publication.CLOSED; sequence++) {
      result = publication.offer(message, 0, IpcCrashProcess.encode(message, sequence, random));
    }
  }

  private void pollAll(final Subscription subscription) {
    while (!subscription.isClosed()) {
      subscription.poll(
          (buffer, offset, length, header) -> IpcCrashProcess.check(buffer, offset, length), 10);
    }
  }

  @ParameterizedTest
  @CsvSource({"true, ''", "false, ''", "true, &slow=drop"})
  void allocatesNothing(final boolean exclusive, final String option) {
    final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    final UnsafeBuffer message = new UnsafeBuffer(new byte[256]);
    final long[] sum = {0};
    final MessageHandler handler =
        (buffer, offset, length, header) -> sum[0] += header.position() + buffer.getByte(offset);
    long allocated = 0;
    try (Petrel petrel = launch(Threading.INVOKER);
        Publication publication = exclusive ? petrel.publishExclusive(URI) : petrel.publish(URI);
        Subscription subscription = petrel.subscribe(URI + option)) {
      for (int window = 0; window < 12; window++) {
        final long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10_000; i++) {
          publication.offer(message, 0, 1 + (i & 127));
          publication.offer(message, 0, 8, message, 8, 24);
          subscription.poll(handler, 10);
          petrel.work();
        }
        allocated = threads.getCurrentThreadAllocatedBytes() - before;
      }
      assertEquals(0, allocated, "bytes in the last window");
      assertEquals(publication.position(), publication.acknowledgedPosition());
    }
  }
}
