package io.petrel.bench.measure;

import io.petrel.bench.cli.CommandFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the machine under a measurement is and does besides. */
public final class Machine {
  private static final Path STAT = Path.of("/proc/stat");
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final Pattern FREE = Pattern.compile("MemFree:\\s+([0-9]+) kB");

  /** Of /proc/stat's first line: user nice system idle iowait irq softirq steal. */
  private static final int STEAL_FIELD = 7;

  /** A heap smaller than this is not worth the start of a JVM. */
  private static final long LEAST_WARMED_MIB = 256;

  private Machine() {}

  /**
   * Time on all cores since boot.
   *
   * @param total in ticks
   * @param stolen of that, what the host gave to others
   */
  public record CpuTime(long total, long stolen) {
    /**
     * How much of the time since then was stolen.
     *
     * @param earlier an earlier reading
     * @return a share from 0 to 1
     */
    public double stolenShareSince(CpuTime earlier) {
      long passed = total - earlier.total;
      return passed <= 0 ? 0 : (double) (stolen - earlier.stolen) / passed;
    }
  }

  /**
   * Reads the kernel's accounts.
   *
   * @return zeros where there are none
   */
  public static CpuTime cpuTime() {
    if (!Files.isReadable(STAT)) {
      return new CpuTime(0, 0);
    }
    try {
      List<String> lines = Files.readAllLines(STAT, StandardCharsets.US_ASCII);
      return parse(lines.getFirst());
    } catch (IOException e) {
      return new CpuTime(0, 0);
    }
  }

  static CpuTime parse(String cpuLine) {
    String[] fields = cpuLine.replaceFirst("^cpu +", "").split(" ", -1);
    long total = 0;
    for (int i = 0; i <= STEAL_FIELD; i++) {
      total += Long.parseLong(fields[i]);
    }
    return new CpuTime(total, Long.parseLong(fields[STEAL_FIELD]));
  }

  /**
   * Touches most of the free memory once and gives it back: what a virtual machine never touched
   * costs its host 5-10 us a page at first use, and socket buffers would pay that. To be called
   * before throughput is measured; takes up to a minute the first time.
   *
   * @return how many MiB were touched
   */
  public static long warmMemory() {
    long mebibytes = freeMebibytes() * 8 / 10;
    if (mebibytes < LEAST_WARMED_MIB) {
      return 0;
    }
    // A JVM that touches its heap and ends: no page of it stays with this process.
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xms" + mebibytes + "m",
            "-Xmx" + mebibytes + "m",
            "-XX:+UseSerialGC",
            "-XX:+AlwaysPreTouch",
            "-version");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0 ? mebibytes : 0;
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted", e);
    }
  }

  private static long freeMebibytes() {
    try {
      Matcher matcher = FREE.matcher(Files.isReadable(MEMORY) ? Files.readString(MEMORY) : "");
      return matcher.find() ? Long.parseLong(matcher.group(1)) / 1024 : 0;
    } catch (IOException e) {
      return 0;
    }
  }
}
