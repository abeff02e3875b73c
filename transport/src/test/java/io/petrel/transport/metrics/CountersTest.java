package io.petrel.transport.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class CountersTest {
  private static final int TYPE = 1234;

  private long nowMs = 1_000_000;
  private final CounterStore store = storeOf(64);
  private final Counters counters = new Counters(store, store.newWriter());
  private final CountersReader reader = store.reader();

  private CounterStore storeOf(int capacity) {
    return CounterStore.local(new MetricsLayout(capacity, 2, 64 << 10, 0), () -> nowMs);
  }

  @Test
  void countsUpDownAndToAMaximum() {
    Counter counter = counters.add("datagrams sent", TYPE);
    counter.increment();
    counter.add(41);
    assertEquals(42, counter.value());
    counter.raiseTo(40);
    assertEquals(42, counter.value());
    counter.raiseTo(50);
    assertEquals(50, counter.value());
    counter.set(-7);
    assertEquals(-7, counter.value());
  }

  @Test
  void isFoundByLabelByTypeAndById() {
    counters.add("other", TYPE + 1, 1).set(1);
    Counter counter = counters.addGauge("bytes in flight", TYPE, 99);
    counter.set(5);

    CountersReader.Entry byLabel = reader.countersLabelled("bytes in flight").getFirst();
    assertEquals(List.of(byLabel), reader.countersOfType(TYPE));
    assertEquals(byLabel, reader.counter(counter.id()));
    assertEquals(CountersReader.Kind.GAUGE, byLabel.kind());
    assertEquals(99, byLabel.key());
    assertEquals(5, reader.value(byLabel));
    assertNull(reader.counter(63));
    assertNull(reader.counter(-1));
    assertNull(reader.counter(64));
  }

  @Test
  void aLongLabelIsCutBetweenCharacters() {
    Counter counter = counters.add("x" + "é".repeat(150), TYPE);
    CountersReader.Entry entry = reader.counter(counter.id());
    assertNotNull(entry);
    assertEquals("x" + "é".repeat(99), entry.label());
  }

  @Test
  void noTwoWritersShareACacheLinePair() {
    List<Counters> writers = List.of(counters, counters.forAnotherWriter());
    List<List<Integer>> blocks = new ArrayList<>();
    for (Counters writer : writers) {
      List<Integer> ofWriter = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        int id = writer.add("c", TYPE).id();
        assertNotEquals(Counter.NOWHERE, id);
        ofWriter.add(id * MetricsLayout.VALUE_LENGTH / MetricsLayout.PADDING_LENGTH);
      }
      blocks.add(ofWriter);
    }
    assertTrue(blocks.get(0).stream().noneMatch(blocks.get(1)::contains), blocks.toString());
  }

  @Test
  void aFreedPlaceIsReusedOnlyAfterTheGuardAndStartsAtZero() {
    Counter first = counters.add("first", TYPE);
    int place = first.id();
    first.set(7);
    CountersReader.Entry entry = reader.counter(place);
    assertNotNull(entry);
    first.close();
    assertNull(reader.counter(place));
    assertFalse(reader.isCurrent(entry));

    assertNotEquals(place, counters.add("too early", TYPE).id());

    nowMs += CounterStore.REUSE_GUARD_MS;
    Counter next = counters.add("next", TYPE);
    assertEquals(place, next.id());
    assertEquals(0, next.value());
    assertFalse(reader.isCurrent(entry));
  }

  @Test
  void updatesAfterTheCloseGoNowhere() {
    Counter first = counters.add("first", TYPE);
    int place = first.id();
    first.close();
    first.close();
    nowMs += CounterStore.REUSE_GUARD_MS;
    Counter next = counters.add("next", TYPE);
    assertEquals(place, next.id());
    first.add(5);
    first.set(6);
    assertEquals(0, next.value());
  }

  @Test
  void withoutRoomACounterStillCountsAndTheRefusalIsCounted() {
    while (counters.add("filler", TYPE).id() != Counter.NOWHERE) {
      assertTrue(reader.counters().size() < 64);
    }
    Counter homeless = counters.add("homeless", TYPE);
    homeless.add(3);
    homeless.close();
    homeless.add(1);
    assertEquals(4, homeless.value());
    assertEquals(2, reader.total("metrics refused: no room"));
  }

  @Test
  void blocksReturnWhenAllTheirCountersAreFreed() {
    for (int round = 0; round < 1_000; round++) {
      Counters visitor = counters.forAnotherWriter();
      List<Counter> some = List.of(visitor.add("a", TYPE), visitor.add("b", TYPE));
      for (Counter counter : some) {
        assertNotEquals(Counter.NOWHERE, counter.id(), "round " + round);
        counter.close();
      }
      nowMs += CounterStore.REUSE_GUARD_MS;
    }
  }

  @Test
  void stripesOfManyThreadsSumUpExactly() throws InterruptedException {
    CounterStore large = storeOf(1024);
    StripedCounter striped = new Counters(large, large.newWriter()).addStriped("offers", TYPE, 0);
    int threads = ThreadSlots.EXCLUSIVE + 4;
    CountDownLatch allThere = new CountDownLatch(threads);
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      running.add(
          Thread.ofPlatform()
              .start(() -> {
                striped.increment();
                allThere.countDown();
                awaitQuietly(allThere);
                for (int n = 1; n < 10_000; n++) {
                  striped.increment();
                }
              }));
    }
    for (Thread thread : running) {
      thread.join();
    }
    assertEquals(threads * 10_000L, striped.value());
    assertEquals(threads * 10_000L, large.reader().total("offers"));
    assertEquals(ThreadSlots.EXCLUSIVE + 1, large.reader().countersLabelled("offers").size());
    assertEquals(
        List.of(
            new CountersReader.Total(
                CountersReader.Kind.COUNTER, "offers", TYPE, 0, threads * 10_000L)),
        large.reader().totals().stream().filter(total -> total.typeId() == TYPE).toList());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theStripeOfAnEndedThreadGoesToTheNext() throws InterruptedException {
    StripedCounter striped = counters.addStriped("offers", TYPE, 0);
    for (int i = 0; i < 100; i++) {
      Thread thread = Thread.ofPlatform().start(striped::increment);
      thread.join();
    }
    assertEquals(100, striped.value());
    assertEquals(1, reader.countersLabelled("offers").size());
  }

  @Test
  void aReaderNeverSeesHalfAnEntry() throws InterruptedException {
    int rounds = 20_000;
    Thread writer =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 0; i < rounds; i++) {
                counters.add("key " + i, i, i).close();
                nowMs += CounterStore.REUSE_GUARD_MS;
              }
            });
    while (writer.isAlive()) {
      for (CountersReader.Entry entry : reader.counters()) {
        if (entry.label().startsWith("key ")) {
          assertEquals("key " + entry.key(), entry.label());
          assertEquals(entry.key(), entry.typeId());
        }
      }
    }
    writer.join();
  }

  @Test
  void updatesAllocateNothing() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    Counter counter = counters.add("c", TYPE);
    StripedCounter striped = counters.addStriped("s", TYPE, 0);
    MappedHistogram histogram = counters.addHistogram("h", TYPE, 0, 1_000_000, 2);
    long allocated = Long.MAX_VALUE;
    for (int window = 0; window < 5; window++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 100_000; i++) {
        counter.increment();
        striped.increment();
        histogram.record(i);
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertEquals(0, allocated);
    assertEquals(500_000, counter.value());
  }
}
