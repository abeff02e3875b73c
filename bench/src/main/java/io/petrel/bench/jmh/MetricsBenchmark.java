package io.petrel.bench.jmh;

import io.petrel.transport.metrics.Counter;
import io.petrel.transport.metrics.CountersFile;
import io.petrel.transport.metrics.MappedHistogram;
import io.petrel.transport.metrics.MetricsCapacity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** What it costs to count, by the thread that owns the count. */
public class MetricsBenchmark extends NanosecondBenchmark {
  private static final int COUNTERS = 8;
  private static final int TYPE = 1000;
  private static final long HIGHEST_NS = 60_000_000_000L;
  private static final int DIGITS = 3;

  private final Counter[] counters = new Counter[COUNTERS];
  private Path directory = Path.of("");
  private CountersFile file = inTemporaryDirectory();
  private MappedHistogram histogram =
      file.counters().addHistogram("latency", TYPE, 0, HIGHEST_NS, DIGITS);
  private long value;

  /** For the benchmark's runner. */
  public MetricsBenchmark() {}

  private CountersFile inTemporaryDirectory() {
    try {
      directory = Files.createTempDirectory("petrel-parts-");
      return CountersFile.create(directory.resolve("metrics"), MetricsCapacity.DEFAULT);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Counters of their own lines. */
  @Setup
  public void setUp() {
    for (int i = 0; i < COUNTERS; i++) {
      counters[i] = file.counters().add("counter " + i, TYPE);
    }
  }

  /** Removes what the file left. */
  @TearDown
  public void tearDown() throws IOException {
    file.close();
    try (Stream<Path> left = Files.list(directory)) {
      for (Path one : left.toList()) {
        Files.delete(one);
      }
    }
    Files.delete(directory);
  }

  /** Several in turn: a single one would stay in a register. */
  @Benchmark
  @OperationsPerInvocation(COUNTERS)
  public void count() {
    for (int i = 0; i < COUNTERS; i++) {
      counters[i].increment();
    }
  }

  /** Values spread over some microseconds. */
  @Benchmark
  public void record() {
    value += 997;
    histogram.record(1_000 + (value & 0xFFFF));
  }
}
