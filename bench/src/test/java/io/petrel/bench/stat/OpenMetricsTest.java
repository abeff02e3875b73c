package io.petrel.bench.stat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.metrics.CountersFile;
import io.petrel.transport.metrics.MetricsCapacity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OpenMetricsTest {
  private static final MetricsCapacity CAPACITY = new MetricsCapacity(64, 4, 1 << 20, 16 << 10);
  private static final Pattern SAMPLE =
      Pattern.compile("[a-z_][a-z0-9_]*\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*\\} -?[0-9.]+");

  @TempDir private Path dir;

  @Test
  void labelsBecomeNames() {
    assertEquals("petrel_rudp_packets_lost", OpenMetrics.nameOf("rudp packets lost"));
    assertEquals("petrel_petrel_turns_seconds", OpenMetrics.nameOf("petrel turns, ns"));
    assertEquals("petrel_stalls_above_100_nanos", OpenMetrics.nameOf("stalls above 100 ns"));
    assertEquals("petrel_a_b", OpenMetrics.nameOf(" (A) b!"));
  }

  @Test
  void servesTheFamiliesOfAllEnginesEachTogether() throws Exception {
    try (CountersFile one = CountersFile.createIn(dir, CAPACITY);
        CountersFile other = CountersFile.createIn(dir, CAPACITY)) {
      one.counters().add("orders taken", 1000).add(5);
      other.counters().add("orders taken", 1000).add(6);
      one.counters().addGauge("sessions", 1001, 0).set(2);
      one.counters().addHistogram("latency, ns", 1002, 0, 1_000_000, 3).record(70);
      HttpResponse<String> response;
      try (MetricsServer server = new MetricsServer(0, () -> OpenMetrics.text(EngineView.in(dir)));
          HttpClient client = HttpClient.newHttpClient()) {
        response = client.send(request(server), HttpResponse.BodyHandlers.ofString());
      }
      assertEquals(200, response.statusCode());
      assertEquals(
          OpenMetrics.CONTENT_TYPE, response.headers().firstValue("Content-Type").orElse(""));
      List<String> lines = response.body().lines().toList();
      int family = lines.indexOf("# TYPE petrel_orders_taken counter");
      Set<String> values = new HashSet<>();
      for (String line : lines.subList(family + 2, family + 4)) {
        assertTrue(line.startsWith("petrel_orders_taken_total{"), response.body());
        values.add(line.substring(line.lastIndexOf(' ') + 1));
      }
      assertEquals(Set.of("5", "6"), values); // engines come in the order of their files' names
      assertTrue(lines.contains("# TYPE petrel_sessions gauge"), response.body());
      int summary = lines.indexOf("# TYPE petrel_latency_seconds_distribution summary");
      assertTrue(lines.get(summary + 2).endsWith("quantile=\"0.5\"} 0.00000007"), response.body());
      assertEquals("# EOF", lines.getLast());
      for (String line : lines) {
        assertTrue(line.startsWith("# ") || SAMPLE.matcher(line).matches(), line);
      }
    }
  }

  /** Debian has it in its package prometheus. */
  @Test
  void isWhatPromtoolTakes() throws Exception {
    Path output = dir.resolve("promtool.txt");
    Path input = dir.resolve("metrics.txt");
    ProcessBuilder promtool =
        new ProcessBuilder(System.getProperty("promtool", "promtool"), "check", "metrics")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    try (CountersFile one = CountersFile.createIn(dir, CAPACITY)) {
      one.counters().add("orders taken", 1000).add(5);
      one.counters().addGauge("sessions", 1001, 0).set(2);
      one.counters().addHistogram("latency, ns", 1002, 0, 1_000_000, 3).record(70);
      Files.writeString(input, inTheOlderFormat(OpenMetrics.text(EngineView.in(dir))));
    }
    Process process = null;
    try {
      process = promtool.redirectInput(input.toFile()).start();
    } catch (IOException e) {
      Assumptions.abort("there is no promtool (Debian: apt-get install prometheus): " + e);
    }
    if (process != null) {
      assertEquals(0, process.waitFor(), () -> read(output) + read(input));
    }
  }

  /** Promtool checks the format before OpenMetrics, where a counter's family ends in total, too. */
  private static String inTheOlderFormat(String text) {
    return Pattern.compile("# TYPE (\\S+) counter\n# HELP \\S+ ")
        .matcher(text)
        .replaceAll("# TYPE $1_total counter\n# HELP $1_total ");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void saysSoWhenNoEngineRuns() throws Exception {
    try (MetricsServer server = new MetricsServer(0, () -> OpenMetrics.text(EngineView.in(dir)));
        HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          client.send(request(server), HttpResponse.BodyHandlers.ofString());
      assertEquals(503, response.statusCode());
      assertTrue(response.body().contains("no Petrel runs"), response.body());
    }
  }

  private static HttpRequest request(MetricsServer server) {
    return HttpRequest.newBuilder(URI.create(server.uri())).build();
  }
}
