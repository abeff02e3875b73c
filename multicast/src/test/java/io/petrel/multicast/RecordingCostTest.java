package io.petrel.multicast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.petrel.transport.Context;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Threading;
import io.petrel.transport.journal.Journal;
import io.petrel.transport.journal.JournalEntry;
import io.petrel.transport.journal.JournalReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What recording costs its publisher: figures to be read, and what can be held to on any machine.
 */
@Tag("slow")
class RecordingCostTest {
  private static final int SIZE = 288;
  private static final int RING_RECORD = 296;
  private static final int ROUNDS = 9;
  private static final int OFFERS_A_ROUND = 20_000;
  private static final long INTERVAL_NS = 50_000;
  private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(120);
  private static final long RATE_BYTES = 1L << 30;
  private static final int CHUNK_BYTES = 64 << 10;
  private static final String OPTIONS = "?interface=lo&start=0&rate=unlimited";

  @TempDir private Path base = Path.of("");
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final UnsafeBuffer message = new UnsafeBuffer(ByteBuffer.allocateDirect(SIZE));
  private final long startNs = System.nanoTime();

  private static Petrel launch() {
    return Petrel.launch(new Context().threading(Threading.INVOKER).set("linger", "5s"));
  }

  private Publication publication(Petrel petrel, String more) {
    return petrel.publishExclusive(Groups.fresh() + OPTIONS + more);
  }

  private void offer(Publication publication) {
    while (publication.offer(message, 0, SIZE) <= 0) {
      assertTrue(System.nanoTime() - startNs < DEADLINE_NS, "the publication takes no more");
    }
  }

  /** Nanoseconds that offers, each with the turn that sends it, took at a steady rate, sorted. */
  private long[] offersNs(Petrel petrel, Publication publication) {
    long[] took = new long[OFFERS_A_ROUND];
    long beginNs = System.nanoTime();
    for (int i = 0; i < took.length; i++) {
      long dueNs = beginNs + i * INTERVAL_NS;
      while (System.nanoTime() - dueNs < 0) {
        petrel.work();
      }
      long beforeNs = System.nanoTime();
      offer(publication);
      petrel.work();
      took[i] = System.nanoTime() - beforeNs;
    }
    Arrays.sort(took);
    return took;
  }

  private static long at(long[] sorted, double share) {
    return sorted[(int) (sorted.length * share)];
  }

  @Test
  void thePublisherHardlyFeelsThatItIsRecorded() {
    try (Petrel petrel = launch()) {
      Publication plain = publication(petrel, "");
      try (Petrel recording = launch()) {
        Publication recorded = publication(recording, "&record=" + base.resolve("journal"));
        double[] ratios = new double[ROUNDS];
        long[] without = new long[ROUNDS];
        long[] with = new long[ROUNDS];
        offersNs(petrel, plain);
        offersNs(recording, recorded);
        for (int i = 0; i < ROUNDS; i++) {
          without[i] = at(offersNs(petrel, plain), 0.99);
          with[i] = at(offersNs(recording, recorded), 0.99);
          ratios[i] = (double) with[i] / without[i];
        }
        Arrays.sort(ratios);
        Arrays.sort(with);
        Arrays.sort(without);
        System.out.printf(
            Locale.ROOT,
            "offer of %d B and its turn, p99, median of %d rounds: %d ns, recorded %d ns, ratio"
                + " %.2f%n",
            SIZE,
            ROUNDS,
            without[ROUNDS / 2],
            with[ROUNDS / 2],
            ratios[ROUNDS / 2]);
        assertEquals(0, leastAllocated(recording, recorded), "bytes allocated while recording");
      }
    }
  }

  /** By the publisher's thread in the best of some windows: what is left is the steady state. */
  private long leastAllocated(Petrel petrel, Publication publication) {
    long least = Long.MAX_VALUE;
    for (int window = 0; window < ROUNDS; window++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < OFFERS_A_ROUND; i++) {
        offer(publication);
        petrel.work();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  @Test
  void recordsAtTheRateOfTheDisk() throws IOException {
    Path directory = base.resolve("journal");
    double diskRate = diskRate();
    long count = RATE_BYTES / RING_RECORD;
    long tookNs;
    long position;
    try (Petrel petrel = launch()) {
      Publication publication = publication(petrel, "&record-required=true&record=" + directory);
      long beginNs = System.nanoTime();
      for (long i = 0; i < count; i++) {
        message.putLong(0, i);
        offer(publication);
      }
      tookNs = System.nanoTime() - beginNs;
      position = publication.position();
    }
    double rate = (double) RATE_BYTES / tookNs;
    System.out.printf(
        Locale.ROOT,
        "recorded %.2f GB/s, %.2f million messages of %d B a second; the disk takes %.2f GB/s%n",
        rate,
        count * 1e3 / tookNs,
        SIZE,
        diskRate);
    assertEquals(position, recordedBytes(directory, position));
  }

  /** Gigabytes a second of a plain file, what is written at last forced to the disk. */
  private double diskRate() throws IOException {
    Path file = base.resolve("plain");
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
    long beginNs = System.nanoTime();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long written = 0; written < RATE_BYTES; written += CHUNK_BYTES) {
        channel.write(chunk.clear());
      }
      channel.force(false);
    }
    double rate = (double) RATE_BYTES / (System.nanoTime() - beginNs);
    Files.delete(file);
    return rate;
  }

  private long recordedBytes(Path directory, long wanted) {
    JournalEntry entry = new JournalEntry();
    long bytes = 0;
    try (JournalReader reader = Journal.openReader(directory)) {
      // What is left in the ring at the close is recorded within the linger.
      while (bytes < wanted) {
        if (reader.next(entry)) {
          bytes += entry.isLoss() ? 0 : entry.endPosition() - entry.position();
        } else {
          LockSupport.parkNanos(INTERVAL_NS);
          assertTrue(System.nanoTime() - startNs < DEADLINE_NS, bytes + " bytes are recorded");
        }
      }
    }
    return bytes;
  }
}
