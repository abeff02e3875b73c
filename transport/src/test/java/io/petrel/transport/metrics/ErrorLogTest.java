package io.petrel.transport.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ErrorLogTest {
  private static final MetricsCapacity SMALL = new MetricsCapacity(64, 0, 0, 64 << 10);

  private final List<String> logged = new ArrayList<>();
  private final Logger logger = Logger.getLogger("io.petrel");
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord logRecord) {
          logged.add(logRecord.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @TempDir private Path dir;
  private long nowMs = 1_000;

  @BeforeEach
  void listen() {
    logger.setUseParentHandlers(false);
    logger.addHandler(handler);
  }

  @AfterEach
  void stopListening() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
  }

  private CountersFile create() {
    return CountersFile.create(dir.resolve("a.metrics"), SMALL, ProcessIdentity.own(), () -> nowMs);
  }

  @Test
  void logsADistinctErrorOnceAndCountsItsRepetitions() {
    try (CountersFile file = create()) {
      for (int i = 0; i < 3; i++) {
        file.errorLog().onError(new IllegalStateException("again"));
        nowMs += 10;
      }
      file.errorLog().onError(new IllegalStateException("another"));

      List<String> read = new ArrayList<>();
      int distinct =
          CountersReader.open(file.path())
              .errors((count, firstMs, lastMs, text) ->
                  read.add(count + " " + firstMs + " " + lastMs + " " + text.lines().findFirst()));
      assertEquals(2, distinct);
      assertEquals(
          List.of(
              "3 1000 1020 Optional[java.lang.IllegalStateException: again]",
              "1 1030 1030 Optional[java.lang.IllegalStateException: another]"),
          read);
      assertEquals(2, logged.size(), logged.toString());
      assertEquals(4, file.errorLog().count());
      assertEquals(4, file.reader().total("errors"));
    }
  }

  @Test
  void countsWhatNoLongerFits() {
    try (CountersFile file = create()) {
      for (int i = 0; i < 100; i++) {
        file.errorLog().onError(new IllegalStateException("number " + i));
      }
      int distinct = file.reader().errors((count, firstMs, lastMs, text) -> {});
      assertTrue(distinct > 0 && distinct < 100, distinct + " logged");
      assertEquals(100, file.reader().total("errors"));
      assertEquals(100 - distinct, file.reader().total("errors not logged: no room"));
      assertEquals(distinct, logged.size());
    }
  }
}
