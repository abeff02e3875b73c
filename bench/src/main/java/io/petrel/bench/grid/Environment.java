package io.petrel.bench.grid;

import io.petrel.bench.cli.JsonLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a report was made on.
 *
 * @param facts names and what belongs to them, in order
 */
record Environment(Map<String, String> facts) {
  private static final String UNKNOWN = "unknown";
  private static final Path CPU = Path.of("/proc/cpuinfo");
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final List<String> KERNEL_SETTINGS =
      List.of(
          "net/core/rmem_max",
          "net/core/wmem_max",
          "net/core/netdev_max_backlog",
          "net/ipv4/tcp_congestion_control",
          "net/ipv4/tcp_available_congestion_control",
          "kernel/sched_autogroup_enabled");

  /** Of this machine, now. */
  static Environment here() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("commit", git("rev-parse", "--short", "HEAD"));
    String changes = git("status", "--porcelain", "--untracked-files=no");
    facts.put(
        "tree",
        changes.equals(UNKNOWN) ? UNKNOWN : changes.isEmpty() ? "as committed" : "changed since");
    facts.put(
        "system",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"));
    facts.put("processor", field(CPU, "model name"));
    facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put("memory", field(MEMORY, "MemTotal"));
    facts.put(
        "Java",
        System.getProperty("java.vendor")
            + " "
            + System.getProperty("java.vm.name")
            + " "
            + Runtime.version());
    facts.put("user", System.getProperty("user.name").equals("root") ? "root" : "not root");
    for (String setting : KERNEL_SETTINGS) {
      facts.put(setting.replace('/', '.'), firstLine(Path.of("/proc/sys").resolve(setting)));
    }
    facts.put(
        "transparent huge pages",
        firstLine(Path.of("/sys/kernel/mm/transparent_hugepage/enabled")));
    facts.put(
        "frequency governor",
        firstLine(Path.of("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")));
    facts.put(
        "clock source",
        firstLine(Path.of("/sys/devices/system/clocksource/clocksource0/current_clocksource")));
    facts.put("load before", firstLine(Path.of("/proc/loadavg")));
    return new Environment(facts);
  }

  /** What was done to the machine before. */
  void add(String name, String value) {
    facts.put(name, value);
  }

  String commit() {
    return facts.getOrDefault("commit", UNKNOWN);
  }

  JsonLine json() {
    JsonLine line = new JsonLine();
    facts.forEach(line::put);
    return line;
  }

  List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    facts.forEach((name, value) -> rows.add(List.of(name, value)));
    return rows;
  }

  private static String field(Path file, String name) {
    return lines(file).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(UNKNOWN);
  }

  private static String firstLine(Path file) {
    return lines(file).stream().findFirst().map(line -> line.replace('\t', ' ')).orElse(UNKNOWN);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      return List.of(); // a setting that this kernel does not show
    }
  }

  private static String git(String... arguments) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean ended = process.waitFor(10, TimeUnit.SECONDS);
      return ended && process.exitValue() == 0 ? out.strip() : UNKNOWN;
    } catch (IOException e) {
      return UNKNOWN; // no git here
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return UNKNOWN;
    }
  }
}
