package io.petrel.transport.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A process that is not mistaken for a later one with the same number.
 *
 * @param pid the process number
 * @param start when it started: on Linux the clock ticks since boot that the kernel keeps, which no
 *     change of the wall clock moves; elsewhere epoch milliseconds
 */
public record ProcessIdentity(long pid, long start) {
  private static final Path PROCESSES = Path.of("/proc");

  /** Fields of /proc/PID/stat counted from the state, the first after the name: proc(5). */
  private static final int START_FIELD = 19;

  /** Elsewhere the start is derived from the wall clock, which may have been corrected since. */
  private static final long TOLERANCE_MS = 2_000;

  private static final long GONE = -1;

  /**
   * The process that asks.
   *
   * @return its identity
   */
  public static ProcessIdentity own() {
    long pid = ProcessHandle.current().pid();
    return new ProcessIdentity(pid, startOf(pid));
  }

  /**
   * Whether this very process still runs; another one with its number does not count.
   *
   * @return false once it is gone, even while its parent has not yet taken notice
   */
  public boolean isAlive() {
    long found = startOf(pid);
    return found != GONE && (hasProcessFiles() ? found == start : near(found));
  }

  private boolean near(long found) {
    return Math.abs(found - start) <= TOLERANCE_MS;
  }

  private static boolean hasProcessFiles() {
    return Files.exists(PROCESSES.resolve("self/stat"));
  }

  private static long startOf(long pid) {
    if (hasProcessFiles()) {
      try {
        String stat = Files.readString(PROCESSES.resolve(pid + "/stat"));
        // The name, in brackets, may hold anything, brackets and spaces included.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        boolean zombie = fields[0].equals("Z") || fields[0].equals("X");
        return zombie ? GONE : Long.parseLong(fields[START_FIELD]);
      } catch (IOException e) {
        return GONE;
      }
    }
    Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
    return process
        .flatMap(found -> found.info().startInstant())
        .map(Instant::toEpochMilli)
        .orElse(process.isPresent() ? 0L : GONE);
  }
}
