package io.petrel.transport.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.petrel.transport.ConfigurationException;
import io.petrel.transport.Context;
import io.petrel.transport.Options;
import io.petrel.transport.Petrel;
import io.petrel.transport.PetrelException;
import io.petrel.transport.Threading;
import io.petrel.transport.linux.ThreadAffinity;
import io.petrel.transport.metrics.CountersReader;
import io.petrel.transport.metrics.MetricTypes;
import io.petrel.transport.metrics.MetricsDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class EngineMetricsTest {
  @TempDir private Path dir;

  private Context context(Threading threading) {
    return new Context().threading(threading).set(Options.DIR, dir.toString());
  }

  private CountersReader onlyFile() {
    List<Path> files = MetricsDirectory.files(dir);
    assertEquals(1, files.size(), files.toString());
    return CountersReader.open(files.getFirst());
  }

  private static long turnsIn(CountersReader reader) {
    return reader.value(reader.countersOfType(MetricTypes.TURNS).getFirst());
  }

  @Test
  void theTurnsOfAnInvokedEngineAreReadFromItsFile() {
    try (Petrel petrel = Petrel.launch(context(Threading.INVOKER))) {
      CountersReader reader = onlyFile();
      long before = turnsIn(reader);
      for (int i = 0; i < 10; i++) {
        petrel.work();
      }
      assertEquals(before + 10, turnsIn(reader));
      assertTrue(reader.process().isAlive());
    }
    assertEquals(List.of(), MetricsDirectory.files(dir));
  }

  @Test
  void anEngineOnAThreadTakesTurnsByItself() {
    Context context = context(Threading.THREAD).set("idle", "yield").set("name", "quote-engine");
    try (Petrel petrel = Petrel.launch(context)) {
      CountersReader reader = onlyFile();
      while (turnsIn(reader) < 100) {
        Thread.onSpinWait();
      }
      assertEquals(1, reader.countersLabelled("quote-engine turns").size());
      assertEquals(petrel.context(), context);
    }
    assertEquals(List.of(), MetricsDirectory.files(dir));
  }

  @Test
  void errorsAreLoggedInTheFileAndToldToTheApplication() {
    List<Throwable> told = new ArrayList<>();
    Engine engine = new Engine(context(Threading.INVOKER).errorHandler(told::add), List.of());
    RuntimeException error = new IllegalStateException("of a handler");
    engine.execute(() -> {
      throw error;
    });
    List<String> read = new ArrayList<>();
    onlyFile().errors((count, first, last, text) -> read.add(count + " " + text));
    assertEquals(1, read.size());
    assertTrue(read.getFirst().startsWith("1 java.lang.IllegalStateException: of a handler"));
    assertEquals(List.of(error), told);
  }

  @Test
  void aCoreThatCannotBeHadIsRefusedAtTheLaunch() {
    assumeTrue(ThreadAffinity.isSupported());
    int core = ThreadAffinity.allowedCores().length();
    Context context = context(Threading.THREAD).set("core", String.valueOf(core));
    String refusal =
        String.valueOf(
            assertThrows(ConfigurationException.class, () -> Petrel.launch(context)).getMessage());
    assertTrue(refusal.contains("option core: core " + core), refusal);
    assertEquals(List.of(), MetricsDirectory.files(dir));
  }

  @Test
  void aDirectoryThatCannotBeHadIsNamedAtTheLaunch() throws Exception {
    Path file = Files.writeString(dir.resolve("occupied"), "x");
    Context context = new Context().set(Options.DIR, file.toString());
    String refusal =
        String.valueOf(
            assertThrows(PetrelException.class, () -> Petrel.launch(context)).getMessage());
    assertTrue(refusal.contains("occupied"), refusal);
    assertTrue(refusal.contains("petrel.dir"), refusal);
  }
}
