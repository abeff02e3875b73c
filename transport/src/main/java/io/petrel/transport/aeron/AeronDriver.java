package io.petrel.transport.aeron;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.petrel.transport.Options;
import io.petrel.transport.PetrelException;
import io.petrel.transport.metrics.ProcessIdentity;
import io.petrel.transport.spi.EngineHandle;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.agrona.IoUtil;
import org.agrona.concurrent.AgentInvoker;
import org.jspecify.annotations.Nullable;

/**
 * The media driver and the client of one engine. An embedded driver has no thread on the data path:
 * the engine's turns run its sender, its receiver and its conductor.
 */
final class AeronDriver {
  private static final String PREFIX = "aeron-";
  private static final Pattern NAME =
      Pattern.compile(PREFIX + "([0-9]{1,18})-([0-9]{1,18})-[0-9]+");
  private static final AtomicInteger NUMBER = new AtomicInteger();

  /** Longer than an application stays away from its turns, or sits in a debugger. */
  private static final long PATIENT_MS = TimeUnit.MINUTES.toMillis(60);

  /** A driver elsewhere shows itself more often than that. */
  private static final long ALIVE_MS = 10_000;

  /** A close goes by these steps; Aeron's own is a second, and a close took three. */
  private static final long TIMER_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final long CLOSE_LINGER_NS = TimeUnit.MILLISECONDS.toNanos(1);

  private final @Nullable MediaDriver driver;
  private final @Nullable AgentInvoker driverInvoker;
  private final Aeron aeron;
  private final AgentInvoker clientInvoker;

  private AeronDriver(@Nullable MediaDriver driver, Aeron.Context context) {
    this.driver = driver;
    driverInvoker = driver == null ? null : driver.sharedAgentInvoker();
    aeron =
        Aeron.connect(
            context
                .useConductorAgentInvoker(true)
                .closeLingerDurationNs(CLOSE_LINGER_NS)
                .driverAgentInvoker(driverInvoker));
    clientInvoker = aeron.conductorAgentInvoker();
  }

  /** One that is the engine's own, in a directory of its own. */
  static AeronDriver embedded(EngineHandle engine) {
    Path parent = Path.of(engine.context().value(Options.DIR));
    removeStale(parent);
    ProcessIdentity own = ProcessIdentity.own();
    String name = PREFIX + own.pid() + "-" + own.start() + "-" + NUMBER.incrementAndGet();
    String directory = parent.resolve(name).toString();
    MediaDriver driver =
        MediaDriver.launch(
            new MediaDriver.Context()
                .aeronDirectoryName(directory)
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .threadingMode(ThreadingMode.INVOKER)
                .errorHandler(engine::onError)
                .timerIntervalNs(TIMER_INTERVAL_NS)
                .driverTimeoutMs(PATIENT_MS)
                .clientLivenessTimeoutNs(TimeUnit.MILLISECONDS.toNanos(PATIENT_MS))
                .publicationUnblockTimeoutNs(TimeUnit.MILLISECONDS.toNanos(PATIENT_MS + 1_000)));
    Aeron.Context client = new Aeron.Context();
    client.driverTimeoutMs(PATIENT_MS);
    return new AeronDriver(
        driver, client.aeronDirectoryName(directory).errorHandler(engine::onError));
  }

  /** One that runs elsewhere. */
  static AeronDriver external(EngineHandle engine, String directory) {
    if (!CommonContext.isDriverActive(new File(directory), ALIVE_MS, line -> {})) {
      throw new PetrelException(
          "option "
              + AeronOptions.DIRECTORY
              + ": no media driver runs in '"
              + directory
              + "'; start one there (java -Daeron.dir="
              + directory
              + " -cp aeron-all.jar io.aeron.driver.MediaDriver), or leave the option out for an"
              + " embedded one");
    }
    return new AeronDriver(
        null, new Aeron.Context().aeronDirectoryName(directory).errorHandler(engine::onError));
  }

  Aeron aeron() {
    return aeron;
  }

  boolean isEmbedded() {
    return driver != null;
  }

  /** Sends and receives, where the driver is embedded. */
  int invokeDriver() {
    AgentInvoker invoker = driverInvoker;
    return invoker == null ? 0 : invoker.invoke();
  }

  /** What comes and goes; nothing of it is on the data path. */
  int invokeClient() {
    return clientInvoker.invoke();
  }

  void close() {
    aeron.close();
    MediaDriver own = driver;
    if (own != null) {
      own.close();
    }
  }

  /** Directories of embedded drivers whose process was killed. */
  private static void removeStale(Path parent) {
    if (!Files.isDirectory(parent)) {
      return;
    }
    List<Path> stale;
    try (Stream<Path> all = Files.list(parent)) {
      stale = all.filter(AeronDriver::isStale).toList();
    } catch (IOException e) {
      throw new PetrelException("cannot list the directory '" + parent + "': " + e, e);
    }
    for (Path directory : stale) {
      IoUtil.delete(directory.toFile(), true);
    }
  }

  /** Its process is gone. */
  private static boolean isStale(Path directory) {
    Matcher name = NAME.matcher(directory.getFileName().toString());
    return name.matches()
        && !new ProcessIdentity(Long.parseLong(name.group(1)), Long.parseLong(name.group(2)))
            .isAlive();
  }
}
