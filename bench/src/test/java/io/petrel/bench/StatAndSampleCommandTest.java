package io.petrel.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.samples.Sample;
import io.petrel.samples.Samples;
import io.petrel.transport.metrics.Counters;
import io.petrel.transport.metrics.CountersFile;
import io.petrel.transport.metrics.MetricsCapacity;
import io.petrel.transport.metrics.ProcessIdentity;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StatAndSampleCommandTest {
  private static final int TYPE = 1000;
  private static final MetricsCapacity CAPACITY = new MetricsCapacity(64, 4, 1 << 20, 256 << 10);

  @TempDir private Path dir;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return PetrelCommand.run(
        PetrelCommand.commandLine(new PetrelCommand()),
        new PrintWriter(out, true),
        new PrintWriter(err, true),
        arguments);
  }

  private List<String> lines() {
    return out.toString().lines().toList();
  }

  private String only(String... parts) {
    List<String> found =
        lines().stream().filter(line -> List.of(parts).stream().allMatch(line::contains)).toList();
    assertEquals(1, found.size(), String.join(" ", parts) + " in:\n" + out);
    return found.getFirst();
  }

  /** An engine's file with a bit of everything. */
  private CountersFile engine() {
    CountersFile file = CountersFile.createIn(dir, CAPACITY);
    Counters counters = file.counters();
    counters.add("orders taken", TYPE).add(41);
    counters.add("orders refused", TYPE + 1);
    counters.addGauge("sessions", TYPE + 2, 7).set(3);
    var latency = counters.addHistogram("latency, ns", TYPE + 3, 0, 1_000_000, 3);
    for (int i = 1; i <= 100; i++) {
      latency.record(i * 100L);
    }
    file.errorLog().onError(new IllegalStateException("the cable is out"));
    file.errorLog().onError(new IllegalArgumentException("no such stream"));
    return file;
  }

  @Test
  void statShowsWhatIsNotZeroOfARunningEngine() {
    try (CountersFile file = engine()) {
      assertEquals(0, run("stat", "--dir", dir.toString()), err.toString());
      only(String.valueOf(file.path().getFileName()), "running for");
      assertTrue(only("orders taken").endsWith(" 41 "), out.toString());
      assertTrue(only("sessions [7]").endsWith(" 3 "), out.toString());
      only("latency, ns", "100 times: p50 5003, p99 9903, max 10007");
      only("error, 1 times", "the cable is out");
      only("error, 1 times", "no such stream");
      assertTrue(lines().stream().noneMatch(line -> line.contains("refused")), out.toString());
      run("stat", "--dir", dir.toString(), "--all", "--filter", "ORDERS");
      only("orders refused");
      assertTrue(lines().stream().noneMatch(line -> line.contains("latency")), out.toString());
    }
  }

  @Test
  void statWatchesRates() {
    try (CountersFile file = engine()) {
      assertEquals(0, run("stat", "--dir", dir.toString(), "--watch", "1ms", "--looks", "2"));
      List<String> taken = lines().stream().filter(line -> line.contains("orders taken")).toList();
      assertEquals(2, taken.size(), file.path() + "\n" + out);
      assertTrue(taken.get(1).endsWith(" 0/s"), taken.get(1));
    }
  }

  @Test
  void statWritesAnObjectALine() {
    try (CountersFile file = engine()) {
      assertEquals(0, run("stat", "--once", "--dir", dir.toString(), "--json", "-"));
      String name = "\"file\":\"" + file.path().getFileName() + "\"";
      long pid = ProcessHandle.current().pid();
      only("\"stat\":\"engine\"", name, "\"state\":\"running\"", "\"pid\":" + pid + ",");
      only("\"stat\":\"counter\"", name, "\"label\":\"orders taken\"", "\"value\":41}");
      only("\"stat\":\"gauge\"", name, "\"label\":\"sessions\"", "\"key\":7,\"value\":3}");
      only("\"stat\":\"histogram\"", name, "\"count\":100,\"p50\":5003,");
      only("\"stat\":\"error\"", name, "\"count\":1,", "the cable is out");
      assertTrue(
          lines().stream().allMatch(line -> line.startsWith("{") && line.endsWith("}")),
          out.toString());
    }
  }

  @Test
  void statReadsWhatACrashLeftAndSaysThatTheProcessIsGone() throws IOException {
    Path left = dir.resolve("engine-left.metrics");
    try (CountersFile file = engine()) {
      Files.write(left, ofAnotherProcess(Files.readAllBytes(file.path())));
    }
    assertEquals(0, run("stat", "--dir", dir.toString()), err.toString());
    only("engine-left.metrics", "is gone without a close");
    only("orders taken", " 41");
    only("the cable is out");
  }

  /** The same file, written by a process that started a moment later: there is none. */
  private static byte[] ofAnotherProcess(byte[] content) {
    ProcessIdentity own = ProcessIdentity.own();
    ByteBuffer header = ByteBuffer.wrap(content).order(ByteOrder.nativeOrder());
    int at = 0;
    while (header.getLong(at) != own.pid() || header.getLong(at + Long.BYTES) != own.start()) {
      at += Long.BYTES;
    }
    header.putLong(at + Long.BYTES, own.start() + 1_000_000);
    return content;
  }

  @Test
  void statSaysOnOneLineThatNothingRuns() {
    assertEquals(1, run("stat", "--dir", dir.resolve("none").toString()));
    assertEquals(1, err.toString().lines().count(), err.toString());
    assertTrue(err.toString().contains(dir.resolve("none") + "'"), err.toString());
    assertTrue(err.toString().contains("--dir"), err.toString());
    try (CountersFile file = engine()) {
      assertEquals(1, run("stat", "--dir", dir.toString(), "--pid", "1"), file.path().toString());
      assertTrue(err.toString().contains("process 1 has no Petrel"), err.toString());
      assertTrue(err.toString().contains("" + ProcessHandle.current().pid()), err.toString());
    }
  }

  @Test
  void statRefusesWhatExcludesEachOther() {
    assertEquals(2, run("stat", "--once", "--watch", "1s"));
    assertEquals(2, run("stat", "--http", "0", "--watch", "1s"));
    assertEquals(1, err.toString().lines().count(), err.toString());
  }

  @Test
  void sampleAloneListsThemAll() {
    assertEquals(0, run("sample"));
    for (Sample sample : Samples.all()) {
      only("  " + sample.name() + " ", sample.line());
    }
  }

  @Test
  void sampleNamesOneThatDoesNotExistAndThoseThatDo() {
    assertEquals(2, run("sample", "pingpong"));
    assertEquals(1, err.toString().lines().count(), err.toString());
    assertTrue(err.toString().contains("'pingpong'"), err.toString());
    assertTrue(err.toString().contains("ping-pong, "), err.toString());
  }

  @Test
  void sampleRunsByItsName() {
    assertEquals(0, run("sample", "no-thread"), err.toString());
  }
}
