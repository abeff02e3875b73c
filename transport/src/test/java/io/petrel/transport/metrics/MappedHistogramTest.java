package io.petrel.transport.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MappedHistogramTest {
  private static final int TYPE = 1234;

  private long nowMs = 1_000_000;
  private final CounterStore store =
      CounterStore.local(new MetricsLayout(64, 3, 700 << 10, 0), () -> nowMs);
  private final Counters counters = new Counters(store, store.newWriter());

  @ParameterizedTest
  @CsvSource({
    "2,2",
    "100,2",
    "255,2",
    "256,2",
    "257,2",
    "60000000000,2",
    "2047,3",
    "2048,3",
    "2049,3",
    "3600000000000,3",
    "4611686018427387904,2",
    "1000000007,3"
  })
  void readsAsAnHdrHistogramOfTheSameValuesWould(long highest, int digits) {
    MappedHistogram mapped = counters.addHistogram("h", TYPE, 0, highest, digits);
    Histogram expected = new Histogram(highest, digits);
    Random random = new Random(highest * 31 + digits);
    for (int i = 0; i < 20_000; i++) {
      long value = (random.nextLong() >>> 1 >>> random.nextInt(63)) % (highest + 1);
      mapped.record(value);
      expected.recordValue(value);
    }
    mapped.record(0);
    expected.recordValue(0);
    mapped.record(highest);
    expected.recordValue(highest);
    assertEquals(expected, mapped.snapshot());
    assertEquals(expected.getValueAtPercentile(99), mapped.snapshot().getValueAtPercentile(99));
  }

  @Test
  void valuesOutsideTheRangeCountAtItsEndsAndAreTold() {
    MappedHistogram mapped = counters.addHistogram("h", TYPE, 0, 1_000, 3);
    mapped.record(1_001);
    mapped.record(Long.MAX_VALUE);
    mapped.record(-1);
    Histogram expected = new Histogram(1_000, 3);
    expected.recordValueWithCount(1_000, 2);
    expected.recordValue(0);
    assertEquals(expected, mapped.snapshot());

    HistogramReader reader = readerOf(mapped);
    assertEquals(2, reader.saturated());
    assertEquals(1, reader.negative());
  }

  @Test
  void intervalsAddUpToTheTotal() {
    MappedHistogram mapped = counters.addHistogram("h", TYPE, 0, 1_000_000, 2);
    HistogramReader reader = readerOf(mapped);
    Histogram sum = new Histogram(1_000_000, 2);
    for (int interval = 1; interval <= 3; interval++) {
      for (int i = 0; i < interval * 10; i++) {
        mapped.record(i * 1_000L);
      }
      Histogram part = reader.interval();
      assertEquals(interval * 10L, part.getTotalCount());
      sum.add(part);
    }
    assertEquals(0, reader.interval().getTotalCount());
    assertEquals(sum, reader.total());
  }

  @Test
  void intervalsMissNothingThatIsRecordedMeanwhile() throws InterruptedException {
    MappedHistogram mapped = counters.addHistogram("h", TYPE, 0, 1_000, 2);
    HistogramReader reader = readerOf(mapped);
    int records = 300_000;
    Thread writer =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 0; i < records; i++) {
                mapped.record(i % 1_000);
              }
            });
    long seen = 0;
    while (writer.isAlive()) {
      seen += reader.interval().getTotalCount();
    }
    writer.join();
    seen += reader.interval().getTotalCount();
    assertEquals(records, seen);
  }

  @Test
  void aFreedPlaceIsReusedEmptyByOneOfTheSameShape() {
    MappedHistogram first = counters.addHistogram("first", TYPE, 0, 1_000_000, 3);
    int place = first.id();
    first.record(5);
    CountersReader.Entry entry = store.reader().histograms().getFirst();
    first.close();
    first.record(6);
    assertNull(store.reader().histogram(entry));
    assertNotEquals(place, counters.addHistogram("early", TYPE, 0, 1_000_000, 3).id());

    nowMs += CounterStore.REUSE_GUARD_MS;
    assertNotEquals(place, counters.addHistogram("other shape", TYPE, 0, 1_000_000, 2).id());
    MappedHistogram next = counters.addHistogram("next", TYPE, 0, 1_000_000, 3);
    assertEquals(place, next.id());
    assertEquals(0, next.snapshot().getTotalCount());
    assertNull(store.reader().histogram(entry));
  }

  @Test
  void withoutRoomItStillRecordsAndTheRefusalIsCounted() {
    for (int i = 0; i < 3; i++) {
      counters.addHistogram("h" + i, TYPE, i, 1_000, 2);
    }
    MappedHistogram homeless = counters.addHistogram("homeless", TYPE, 0, 1_000, 2);
    homeless.record(1);
    assertEquals(Counter.NOWHERE, homeless.id());
    assertEquals(1, homeless.snapshot().getTotalCount());
    assertEquals(1, store.reader().total("metrics refused: no room"));
    homeless.close();
  }

  @ParameterizedTest
  @CsvSource({"1000,1", "1000,4", "1,2", "-5,2", "4611686018427387905,2"})
  void refusesAShapeItCannotHave(long highest, int digits) {
    assertThrows(
        IllegalArgumentException.class, () -> counters.addHistogram("h", TYPE, 0, highest, digits));
  }

  private HistogramReader readerOf(MappedHistogram mapped) {
    CountersReader reader = store.reader();
    HistogramReader found =
        reader.histograms().stream()
            .filter(entry -> entry.id() == mapped.id())
            .map(reader::histogram)
            .findFirst()
            .orElseThrow();
    assertNotNull(found);
    return found;
  }
}
