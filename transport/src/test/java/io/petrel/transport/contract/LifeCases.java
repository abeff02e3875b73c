package io.petrel.transport.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.MessageHandler;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Closing at any moment, dying at any moment, and leaving nothing behind. */
abstract class LifeCases extends SessionCases {
  private static final int CYCLES = 1_000;

  LifeCases(TransportUnderTest transport, Threading threading) {
    super(transport, threading);
  }

  @Test
  void survivesClosesAtAnyMoment() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < transport().rounds(); round++) {
      Petrel publisher = launch();
      Petrel subscriber = launch();
      Subscription subscription = subscriber.subscribe(transport().freshUri(SMALL_RING));
      Publication publication = publisher.publish(transport().uriOf(subscription, SMALL_RING));
      AtomicLong received = new AtomicLong();
      MessageHandler handler = (buffer, offset, length, header) -> received.incrementAndGet();
      long closeAfter = random.nextInt(2_000);
      int order = random.nextInt(4);
      try (Workers workers = new Workers()) {
        for (int i = 0; i < 2; i++) {
          workers.start(() -> offerUntilClosed(publication));
        }
        workers.start(() -> {
          while (!subscription.isClosed()) {
            if (subscription.poll(handler, 16) == 0) {
              YIELD.idle();
            }
          }
        });
        workers.start(() -> {
          long startNs = System.nanoTime();
          while (received.get() < closeAfter && System.nanoTime() - startNs < DEADLINE_NS) {
            YIELD.idle();
          }
          List<AutoCloseable> both =
              order < 2
                  ? List.of(publication, publisher, subscription, subscriber)
                  : List.of(subscription, subscriber, publication, publisher);
          for (AutoCloseable each : order % 2 == 0 ? both : List.of(both.get(1), both.get(3))) {
            each.close();
          }
        });
      }
    }
    assertEquals(List.of(), errors);
  }

  private static void offerUntilClosed(Publication publication) {
    UnsafeBuffer own = new UnsafeBuffer(new byte[64]);
    long startNs = System.nanoTime();
    while (publication.offer(own, 0, 64) != Publication.CLOSED) {
      assertTrue(System.nanoTime() - startNs < DEADLINE_NS, "never told of the close");
    }
  }

  @Test
  void deliversAllThatWasAcceptedWhileClosing() {
    for (int round = 0; round < transport().rounds(); round++) {
      Petrel publisher = launch("30s"); // whatever else the machine does
      Recorder recorder = new Recorder();
      Subscription subscription = subscribe("ring=64KiB", recorder);
      Publication publication = publisher.publish(transport().uriOf(subscription, "ring=64KiB"));
      await("connection", publication::isConnected);
      AtomicLong accepted = new AtomicLong();
      long[] received = {0};
      long closeAfter = round * 20L;
      try (Workers workers = new Workers()) {
        for (int i = 0; i < 2; i++) {
          workers.start(() -> countUntilClosed(publication, accepted));
        }
        workers.start(() -> {
          while (accepted.get() < closeAfter) {
            YIELD.idle();
          }
          publisher.close();
        });
        await(
            "the end of the session",
            () -> {
              subscription.poll((buffer, offset, length, header) -> received[0]++, 64);
              return recorder.events.size() == 2;
            });
      }
      assertEquals(accepted.get(), received[0], "round " + round + " " + recorder.events);
      subscription.close();
    }
    assertEquals(List.of(), errors);
  }

  private static void countUntilClosed(Publication publication, AtomicLong accepted) {
    UnsafeBuffer own = new UnsafeBuffer(new byte[64]);
    long result = 0;
    while (result != Publication.CLOSED) {
      result = publication.offer(own, 0, 64);
      if (result > 0) {
        accepted.incrementAndGet();
      }
    }
  }

  @Test
  void isToldWhenThePublishersProcessIsKilled() throws Exception {
    for (int round = 0; round < 3; round++) {
      Recorder recorder = new Recorder();
      Subscription subscription = subscribe("ring=64KiB", recorder);
      Process child =
          ChildPublisher.start(threading(), transport().uriOf(subscription, "ring=64KiB"));
      try (InputStream output = child.getInputStream()) {
        long[] received = {0};
        long killAfter = 1 + round * 10_000L;
        await(
            "the child's messages",
            () -> {
              subscription.poll(
                  (buffer, offset, length, header) ->
                      Messages.verify(buffer, offset, length, 9, received[0]++, 64),
                  256);
              return received[0] >= killAfter || !child.isAlive() || !errors.isEmpty();
            });
        assertTrue(child.isAlive(), () -> "the child ended by itself: " + text(output));
        child.destroyForcibly().waitFor();
        await(
            "the event",
            () -> {
              subscription.poll(
                  (buffer, offset, length, header) ->
                      Messages.verify(buffer, offset, length, 9, received[0]++, 64),
                  256);
              return recorder.events.size() == 2;
            });
      }
      assertTrue(
          List.of("down CONNECTION_LOST", "down TIMED_OUT").contains(recorder.events.get(1)),
          recorder.events.toString());
      subscription.close();
      assertEquals(List.of(), errors);
    }
  }

  private static String text(InputStream stream) {
    try {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void allocatesNothingInSteadyState() {
    Subscription subscription = subscribe("ring=64KiB");
    Publication publication = publish(subscription, "ring=64KiB", true);
    long[] received = {0};
    MessageHandler handler = (buffer, offset, length, header) -> received[0]++;
    AllocationMeter meter = new AllocationMeter(Workload.engineThreads());
    long fewest = Long.MAX_VALUE;
    // Until the compiler is done, which a busy machine puts off: a steady state has windows of
    // none.
    for (int window = 0; window < 12 || (fewest > 0 && window < 100); window++) {
      meter.begin();
      for (int i = 0; i < 20_000; i++) {
        while (publication.offer(message, 0, 100) < 0) {
          subscription.poll(handler, 64);
          left.work();
        }
        subscription.poll(handler, 64);
      }
      fewest = Math.min(fewest, meter.bytes());
    }
    assertTrue(received[0] > 0);
    assertEquals(0, fewest, "bytes allocated on the threads of this case");
  }

  @Test
  @Tag("slow")
  void leavesNothingBehindAfterAThousandCycles() {
    Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "needs /proc");
    for (int i = 0; i < 20; i++) {
      cycle();
    }
    Workload.settle();
    int threads = Thread.activeCount();
    long descriptors = count("/proc/self/fd");
    long mappings = lines("/proc/self/maps");
    for (int i = 0; i < CYCLES; i++) {
      cycle();
    }
    // What is mapped or allocated off the heap goes when the collector finds it unreachable.
    awaitAtMost("threads", threads, Workload::settle);
    awaitAtMost("descriptors", descriptors + 2, () -> count("/proc/self/fd"));
    awaitAtMost("mappings", mappings + 40, () -> lines("/proc/self/maps"));
  }

  private void awaitAtMost(String what, long limit, LongSupplier present) {
    await(
        () -> what + " to be " + limit + " again, not " + present.getAsLong(),
        () -> {
          Workload.settle();
          return present.getAsLong() <= limit;
        });
  }

  private void cycle() {
    try (Workers workers = new Workers()) {
      Petrel publisher = launch();
      Petrel subscriber = launch();
      Subscription subscription = subscriber.subscribe(transport().freshUri(SMALL_RING));
      Publication publication = publisher.publish(transport().uriOf(subscription, SMALL_RING));
      await("connection", publication::isConnected);
      offer(publication, 0, 1, 64, () -> {});
      receive(subscription, (buffer, offset, length, header) -> {}, 1);
      workers.start(publisher::close);
      workers.start(subscriber::close);
    }
    forgetClosed();
  }

  private static long count(String directory) {
    try (Stream<Path> files = Files.list(Path.of(directory))) {
      return files.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long lines(String file) {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
