package io.petrel.multicast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.Context;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Subscriptions that come late, on real sockets of the loopback interface. */
class LateJoinSocketsTest {
  private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(300);
  private static final String OPTIONS = "?interface=lo&start=0&ring=1MiB";
  private static final int SIZE = 100;

  @TempDir private Path base = Path.of("");
  private final List<Petrel> engines = new ArrayList<>();
  private final List<Reader> readers = new ArrayList<>();
  private final UnsafeBuffer message = new UnsafeBuffer(new byte[SIZE]);
  private final long startNs = System.nanoTime();
  private String uri = Groups.fresh() + OPTIONS;
  private long sent;

  private Petrel launch() {
    Petrel petrel = Petrel.launch(new Context().threading(Threading.INVOKER).set("linger", "1s"));
    engines.add(petrel);
    return petrel;
  }

  @AfterEach
  void closeAll() {
    engines.forEach(Petrel::close);
  }

  /** Checks that its messages are numbered without a gap or a duplicate. */
  private final class Reader implements SessionEvents {
    private final Subscription subscription;
    private long first = -1;
    private long next;
    private long losses;

    Reader(String options) {
      subscription = launch().subscribe(uri + options, this);
      readers.add(this);
    }

    void poll() {
      subscription.poll(
          (buffer, offset, length, header) -> {
            long number = buffer.getLong(offset);
            if (first < 0) {
              first = number;
              next = number;
            }
            if (losses == 0) {
              assertEquals(next, number, () -> "reader " + readers.indexOf(this));
            }
            assertTrue(number >= next, () -> number + " again");
            assertEquals(SIZE, length);
            assertEquals(number * 31, buffer.getLong(offset + 88));
            next = number + 1;
          },
          256);
    }

    @Override
    public void onLoss(SessionInfo session, long fromPosition, long toPosition) {
      losses++;
    }
  }

  private Publication publisher(String options) {
    return launch().publishExclusive(uri + "&record=" + base.resolve("journal") + options);
  }

  private void offer(Publication publication) {
    message.putLong(0, sent);
    message.putLong(88, sent * 31);
    if (publication.offer(message, 0, SIZE) > 0) {
      sent++;
    }
  }

  private void readAll() {
    for (Reader reader : readers) {
      reader.poll();
    }
    assertTrue(
        System.nanoTime() - startNs < DEADLINE_NS, () -> "too long; " + sent + " sent, " + state());
  }

  private String state() {
    StringBuilder text = new StringBuilder();
    for (Reader reader : readers) {
      text.append(" read ").append(reader.next).append(" losses ").append(reader.losses);
    }
    return text.toString();
  }

  private boolean haveAllRead() {
    return readers.stream().allMatch(reader -> reader.next == sent);
  }

  private void joinAtRandomMoments(int messages, int joiners, long seed) {
    Publication publication = publisher("&record-required=true");
    SplittableRandom random = new SplittableRandom(seed);
    long[] moments = random.longs(joiners, 0, messages).sorted().toArray();
    while (sent < messages || !haveAllRead()) {
      if (sent < messages) {
        offer(publication);
      } else {
        engines.getFirst().work();
      }
      if (readers.size() < joiners && sent >= moments[readers.size()]) {
        new Reader("&join=journal&catch-up=60s");
      }
      if ((sent & 15) == 0 || sent == messages) {
        readAll();
      }
    }
    for (Reader reader : readers) {
      assertEquals(0, reader.first);
      assertEquals(0, reader.losses);
    }
  }

  @Test
  void joinersGetEverythingFromTheBeginningWheneverTheyCome() {
    joinAtRandomMoments(40_000, 3, 7);
  }

  @Test
  @Tag("slow")
  void fiveJoinersGetAMillionMessages() {
    joinAtRandomMoments(1_000_000, 5, 11);
  }

  @Test
  void aJoinerBeginsAtAPosition() {
    Publication publication = publisher("&record-required=true");
    while (sent < 30_000) {
      offer(publication);
    }
    long tenThousandth = 10_000L * 112; // 8 + 100, aligned
    new Reader("&join=journal&join-from=" + tenThousandth);
    while (!haveAllRead()) {
      engines.getFirst().work();
      readAll();
    }
    assertTrue(readers.getFirst().first >= 10_000, () -> "first " + readers.getFirst().first);
    assertTrue(readers.getFirst().first <= 10_010, () -> "first " + readers.getFirst().first);
  }

  @Test
  void aJoinerOfTheWindowGetsWhatThePublisherHolds() {
    Publication publication = launch().publishExclusive(uri);
    long startedNs = System.nanoTime();
    // Old enough for the beginning to be no place to join.
    while (sent < 20_000 || System.nanoTime() - startedNs < TimeUnit.MILLISECONDS.toNanos(1_200)) {
      if (sent < 20_000) {
        offer(publication);
      } else {
        engines.getFirst().work();
      }
    }
    new Reader("&join=window");
    new Reader("&join=live");
    while (readers.stream().anyMatch(reader -> reader.next == 0)) {
      engines.getFirst().work();
      if (readers.getLast().subscription.isConnected()) {
        offer(publication);
      }
      readAll();
    }
    while (!haveAllRead()) {
      engines.getFirst().work();
      readAll();
    }
    long held = 20_000 - readers.getFirst().first;
    assertTrue(held > 2_000, () -> held + " of the window");
    assertTrue(readers.getLast().first >= 20_000, () -> "live " + readers.getLast().first);
  }

  @Test
  void whoAsksForAJournalWhereThereIsNoneIsToldWhatItMisses() {
    Publication publication = launch().publishExclusive(uri);
    long startedNs = System.nanoTime();
    while (sent < 20_000 || System.nanoTime() - startedNs < TimeUnit.MILLISECONDS.toNanos(1_200)) {
      if (sent < 20_000) {
        offer(publication);
      } else {
        engines.getFirst().work();
      }
    }
    Reader reader = new Reader("&join=journal");
    while (reader.losses == 0 || reader.next < sent) {
      engines.getFirst().work();
      if (reader.subscription.isConnected() && sent < 20_100) {
        offer(publication);
      }
      readAll();
    }
    assertEquals(1, reader.losses);
    assertTrue(reader.first >= 20_000, () -> "first " + reader.first);
  }
}
