package io.petrel.transport.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SystemEpochClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CountersFileTest {
  private static final int TYPE = 1234;
  private static final MetricsCapacity SMALL = new MetricsCapacity(64, 2, 64 << 10, 8 << 10);
  private static final ProcessIdentity DEAD =
      new ProcessIdentity(ProcessIdentity.own().pid(), ProcessIdentity.own().start() - 1);

  @TempDir private Path dir;

  private Path path(String name) {
    return dir.resolve(name);
  }

  private static CountersFile leftByADeadProcess(Path file, long heartbeatMs) {
    CountersFile left = CountersFile.create(file, SMALL, DEAD, SystemEpochClock.INSTANCE);
    left.heartbeat(heartbeatMs);
    return left;
  }

  private static String refusalOf(Runnable action) {
    return String.valueOf(
        assertThrows(MetricsFileException.class, action::run, "accepted").getMessage());
  }

  @Test
  void tellsAReaderWhoCountsWhatAndHowMuch() {
    long beforeMs = System.currentTimeMillis();
    try (CountersFile file = CountersFile.create(path("a.metrics"), SMALL)) {
      file.counters().add("datagrams", TYPE, 7).add(3);
      file.counters().addHistogram("rtt ns", TYPE, 7, 1_000_000, 2).record(50_000);
      file.heartbeat(beforeMs + 5);

      CountersReader reader = CountersReader.open(file.path());
      assertEquals(ProcessIdentity.own(), reader.process());
      assertTrue(reader.process().isAlive());
      assertTrue(reader.engineStartMs() >= beforeMs);
      assertEquals(beforeMs + 5, reader.heartbeatMs());
      assertEquals(0, reader.endMs());
      assertEquals(3, reader.total("datagrams"));
      HistogramReader rtt = reader.histogram(reader.histograms().getFirst());
      assertNotNull(rtt);
      assertEquals(1, rtt.total().getTotalCount());
      assertEquals(0, reader.errors((count, first, last, text) -> {}));
    }
  }

  @Test
  void isTheOwnersAloneAndAllocatedToTheLastByte() throws Exception {
    assumeTrue(Files.getFileStore(dir).supportsFileAttributeView("posix"));
    Path own = path("own");
    try (CountersFile file = CountersFile.createIn(own, SMALL)) {
      assertEquals(
          "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())));
      assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(own)));
      assertEquals(SMALL.layout().length, Files.size(file.path()));
      assumeTrue(Files.isExecutable(Path.of("/usr/bin/stat")));
      Process stat =
          new ProcessBuilder("/usr/bin/stat", "-c", "%b %B", file.path().toString()).start();
      String[] blocks =
          new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
              .strip()
              .split(" ", -1);
      long allocated = Long.parseLong(blocks[0]) * Long.parseLong(blocks[1]);
      assertTrue(allocated >= SMALL.layout().length, allocated + " bytes allocated");
    }
  }

  @Test
  void anOrderlyCloseRemovesTheFileAndLeavesCountersUsable() {
    CountersFile file = CountersFile.create(path("a.metrics"), SMALL);
    Counter counter = file.counters().add("c", TYPE);
    CountersReader reader = CountersReader.open(file.path());
    file.close();
    counter.increment();
    assertFalse(Files.exists(file.path()));
    assertEquals(1, reader.total("c"));
    assertTrue(reader.endMs() > 0);
  }

  @Test
  void theFileOfALivingProcessIsNotTaken() {
    try (CountersFile file = CountersFile.create(path("a.metrics"), SMALL)) {
      file.counters().add("c", TYPE).add(5);
      String refusal = refusalOf(() -> CountersFile.create(file.path(), SMALL));
      assertTrue(refusal.contains("a.metrics"), refusal);
      assertTrue(refusal.contains("process " + ProcessIdentity.own().pid()), refusal);
      assertEquals(5, CountersReader.open(file.path()).total("c"));
    }
  }

  @Test
  void theFileOfAnEarlierProcessWithTheSameNumberIsReclaimed() {
    leftByADeadProcess(path("a.metrics"), 1);
    assertFalse(CountersReader.open(path("a.metrics")).process().isAlive());
    try (CountersFile file = CountersFile.create(path("a.metrics"), SMALL)) {
      assertTrue(CountersReader.open(file.path()).process().isAlive());
    }
  }

  @Test
  void onlyTheNewestFilesOfDeadProcessesAreKept() {
    List<Path> left = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      left.add(leftByADeadProcess(path("dead-" + i + ".metrics"), 1_000 + i).path());
    }
    try (CountersFile file = CountersFile.createIn(dir, SMALL)) {
      List<Path> expected = new ArrayList<>(left.subList(2, 10));
      expected.add(file.path());
      assertEquals(expected, MetricsDirectory.files(dir));
    }
  }

  @Test
  void aKilledProcessLeavesAFileThatCanBeReadAndReclaimed() throws Exception {
    Path file = path("killed.metrics");
    Process child = startCounting(file);
    CountersReader reader;
    try (BufferedReader out = child.inputReader()) {
      assertEquals("counting", out.readLine());
      reader = CountersReader.open(file);
      assertTrue(reader.process().isAlive());
      assertEquals(child.pid(), reader.process().pid());
      long first = reader.total("ticks");
      while (reader.total("ticks") == first) {
        assertTrue(child.isAlive());
        Thread.onSpinWait();
      }
    } finally {
      child.destroyForcibly();
    }
    assertTrue(child.waitFor(30, TimeUnit.SECONDS));

    CountersReader afterwards = CountersReader.open(file);
    assertFalse(afterwards.process().isAlive());
    assertEquals(0, afterwards.endMs());
    assertTrue(afterwards.total("ticks") > 0);
    CountersFile.create(file, SMALL).close();
  }

  private static Process startCounting(Path file) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-exports",
            "java.base/jdk.internal.misc=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            CountingProcess.class.getName(),
            file.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Counts until it is killed. */
  static final class CountingProcess {
    private CountingProcess() {}

    /**
     * Runs.
     *
     * @param arguments the file
     */
    public static void main(String[] arguments) {
      CountersFile file = CountersFile.create(Path.of(arguments[0]), SMALL);
      Counter ticks = file.counters().add("ticks", TYPE);
      System.out.println("counting");
      while (true) {
        ticks.increment();
      }
    }
  }

  @Test
  void aForeignFileIsRefusedByNameAndLeftAlone() throws IOException {
    Path file = path("notes.metrics");
    String text = "dear diary ".repeat(1_000);
    Files.writeString(file, text);
    for (Runnable action :
        List.<Runnable>of(
            () -> CountersReader.open(file), () -> CountersFile.create(file, SMALL))) {
      String refusal = refusalOf(action);
      assertTrue(refusal.contains("notes.metrics"), refusal);
      assertTrue(refusal.contains("no metrics file"), refusal);
    }
    assertEquals(text, Files.readString(file));
  }

  @Test
  void anotherLayoutVersionIsNamed() throws IOException {
    Path file = leftByADeadProcess(path("a.metrics"), 1).path();
    overwriteInt(file, MetricsLayout.VERSION_OFFSET, 7);
    String refusal = refusalOf(() -> CountersReader.open(file));
    assertTrue(refusal.contains("layout version 7"), refusal);
    assertTrue(refusal.contains("version " + MetricsLayout.VERSION), refusal);
  }

  @Test
  void aTruncatedFileIsRefused() throws IOException {
    Path file = leftByADeadProcess(path("a.metrics"), 1).path();
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.setLength(access.length() - 4096);
    }
    String refusal = refusalOf(() -> CountersReader.open(file));
    assertTrue(refusal.contains("damaged"), refusal);
    Files.write(file, new byte[100]);
    assertTrue(refusalOf(() -> CountersReader.open(file)).contains("only 100 bytes"));
    assertTrue(refusalOf(() -> CountersReader.open(path("absent"))).contains("absent"));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void absurdSizesInTheHeaderAreRefused(int size) throws IOException {
    Path file = leftByADeadProcess(path("a.metrics"), 1).path();
    for (int offset :
        new int[] {
          MetricsLayout.COUNTER_CAPACITY_OFFSET,
          MetricsLayout.HISTOGRAM_CAPACITY_OFFSET,
          MetricsLayout.HISTOGRAM_LENGTH_OFFSET,
          MetricsLayout.ERROR_LENGTH_OFFSET
        }) {
      int good = overwriteInt(file, offset, size);
      String refusal = refusalOf(() -> CountersReader.open(file));
      assertTrue(refusal.contains("damaged"), refusal);
      overwriteInt(file, offset, good);
    }
    assertNotNull(CountersReader.open(file));
  }

  private static int overwriteInt(Path file, int offset, int value) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
    int before = bytes.getInt(offset);
    bytes.putInt(offset, value);
    Files.write(file, bytes.array());
    return before;
  }

  @Test
  void aReaderSurvivesAnyDamageBehindTheHeader() throws IOException {
    CountersFile left = leftByADeadProcess(path("a.metrics"), 1);
    left.counters().add("c", TYPE).add(5);
    left.counters().addHistogram("h", TYPE, 0, 10_000, 2).record(5);
    left.errorLog().onError(new IllegalStateException("for the log"));
    byte[] good = Files.readAllBytes(left.path());
    Random random = new Random(1);
    int damagedReadings = 0;
    for (int round = 0; round < 300; round++) {
      byte[] bad = good.clone();
      for (int i = 0; i < 2_000; i++) {
        int at =
            MetricsLayout.HEADER_LENGTH + random.nextInt(bad.length - MetricsLayout.HEADER_LENGTH);
        bad[at] = (byte) random.nextInt(256);
      }
      Files.write(left.path(), bad);
      CountersReader reader = CountersReader.open(left.path());
      reader.totals();
      for (CountersReader.Entry entry : reader.histograms()) {
        HistogramReader histogram = reader.histogram(entry);
        if (histogram != null) {
          histogram.total();
        }
      }
      reader.errors((count, first, last, text) -> {});
      damagedReadings += reader.total("c") == 5 ? 0 : 1;
    }
    assertTrue(damagedReadings > 0, "no damage reached a counter");
  }

  @Test
  void aFullFileSystemIsAnErrorThatNamesTheFileAndLeavesNothing() throws Exception {
    Path mount = Files.createDirectory(path("full"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", mount.toString()) == 0,
        "needs the right to mount");
    try {
      String refusal = refusalOf(() -> CountersFile.createIn(mount, SMALL));
      assertTrue(refusal.contains(mount.toString()), refusal);
      assertTrue(refusal.contains("No space left"), refusal);
      assertTrue(refusal.contains("petrel.dir"), refusal);
      try (var files = Files.list(mount)) {
        assertEquals(List.of(".lock"), files.map(file -> file.getFileName().toString()).toList());
      }
    } finally {
      assertEquals(0, run("umount", mount.toString()));
    }
  }

  private static int run(String... command) throws Exception {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    } catch (IOException e) {
      return -1;
    }
  }

  @Test
  void aDirectoryThatIsAFileIsRefusedByName() throws IOException {
    Path file = Files.writeString(path("occupied"), "x");
    String refusal = refusalOf(() -> CountersFile.createIn(file, SMALL));
    assertTrue(refusal.contains("occupied"), refusal);
  }
}
