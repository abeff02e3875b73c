package io.petrel.transport.engine;

import io.petrel.transport.Context;
import io.petrel.transport.Options;
import io.petrel.transport.PetrelException;
import io.petrel.transport.agent.DutyCycle;
import io.petrel.transport.metrics.Counters;
import io.petrel.transport.metrics.CountersFile;
import io.petrel.transport.metrics.ErrorLog;
import io.petrel.transport.metrics.MetricsCapacity;
import io.petrel.transport.metrics.MetricsFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What the engine counts about itself, and the file in which others count as well. */
final class EngineMetrics implements AutoCloseable {
  private static final long HEARTBEAT_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

  private final CountersFile file;
  private final DutyCycle dutyCycle;
  private long lastHeartbeatNs = System.nanoTime();

  EngineMetrics(Context context) {
    MetricsCapacity capacity =
        MetricsCapacity.DEFAULT.withCounters(context.value(Options.COUNTERS));
    try {
      file = CountersFile.createIn(Path.of(context.value(Options.DIR)), capacity);
    } catch (MetricsFileException e) {
      throw new PetrelException(String.valueOf(e.getMessage()), e);
    }
    dutyCycle =
        new DutyCycle(
            file.counters(), context.value(Options.NAME), context.value(Options.STALL_THRESHOLD));
  }

  /** At the beginning of each turn. */
  void onTurn(long nowNs) {
    dutyCycle.onTurn(nowNs);
    if (nowNs - lastHeartbeatNs >= HEARTBEAT_INTERVAL_NS) {
      lastHeartbeatNs = nowNs;
      file.heartbeat(System.currentTimeMillis());
    }
  }

  Counters counters() {
    return file.counters();
  }

  ErrorLog errors() {
    return file.errorLog();
  }

  @Override
  public void close() {
    file.close();
  }
}
