package io.petrel.bench.grid;

import io.petrel.bench.cli.JsonLine;
import io.petrel.bench.grid.Outcome.State;
import io.petrel.bench.report.HtmlPage;
import io.petrel.bench.report.Table;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * Writes a report's folder:
 *
 * <pre>
 *   report.html          all in one file
 *   report.md            the same, with charts/*.svg beside it
 *   results.jsonl        what the benches wrote, each line with its command's id
 *   env.json             machine, settings, commands and how they ended
 *   histograms/          RUN-PEER.hgrm and RUN.hlog, for HdrHistogram's tools
 *   output/              what the benches printed, peers' settings among it
 * </pre>
 */
final class ReportFiles {
  private static final String CHARTS = "charts";

  /** What engines log of themselves, two lines each time. */
  private static final Pattern LOG =
      Pattern.compile("^(.*: )?(INFO: |[A-Z][a-z]{2} [0-9]+, [0-9]{4} .* io\\.petrel\\.)");

  private static final int TICKS_PER_HALF = 5;
  private static final double NS_A_US = 1000.0;

  private final String name;
  private final String date;
  private final String extent;
  private final Environment environment;
  private final List<Outcome> outcomes;
  private final Results results;

  /**
   * Of what is there.
   *
   * @param name of the report and its folder
   * @param date and time, for people
   * @param extent how much of the grid it has
   * @param environment it was made in
   * @param outcomes of its commands
   */
  ReportFiles(
      String name, String date, String extent, Environment environment, List<Outcome> outcomes) {
    this.name = name;
    this.extent = extent;
    this.date = date;
    this.environment = environment;
    this.outcomes = outcomes;
    results = Results.of(outcomes);
  }

  void write(Path directory) throws IOException {
    Files.createDirectories(directory);
    List<Section> sections = sections();
    Files.writeString(directory.resolve("report.html"), html(sections));
    Files.writeString(directory.resolve("report.md"), markdown(sections));
    Files.writeString(directory.resolve("env.json"), env() + "\n");
    Files.write(directory.resolve("results.jsonl"), Results.lines(outcomes));
    Path charts = Files.createDirectories(directory.resolve(CHARTS));
    for (Section section : sections) {
      for (Map.Entry<String, String> chart : section.charts().entrySet()) {
        Files.writeString(charts.resolve(chart.getKey()), chart.getValue());
      }
    }
    writeHistograms(directory.resolve("histograms"));
  }

  /** What is not there, and why; empty when all is. */
  List<String> gaps() {
    return outcomes.stream()
        .filter(outcome -> outcome.state() != State.DONE)
        .map(outcome -> outcome.run().id() + ": " + outcome.why())
        .toList();
  }

  /** What tells it from others. */
  JsonLine headline() {
    return new JsonLine()
        .put("report", name)
        .put("date", date)
        .put("commit", environment.commit())
        .put("extent", extent)
        .put("complete", gaps().isEmpty());
  }

  Results results() {
    return results;
  }

  private List<Section> sections() {
    List<Section> sections = new ArrayList<>();
    if (!gaps().isEmpty()) {
      Section missing = new Section("What is missing");
      gaps().forEach(missing::paragraph);
      sections.add(missing);
    }
    Goals goals = new Goals(results);
    if (!goals.isEmpty()) {
      sections.add(goals.section());
    }
    sections.addAll(new Sections(results).all());
    sections.add(commands());
    sections.add(settings());
    return sections;
  }

  private Section commands() {
    Table table = new Table("command", "took", "ended");
    for (Outcome outcome : outcomes) {
      table.row(
          outcome.run().command(),
          GridRunner.minutes(outcome.seconds()),
          outcome.state() == State.DONE ? "well" : outcome.why());
    }
    return new Section("Commands").table(table);
  }

  /** What each bench says of its peers' settings, once each. */
  private Section settings() {
    StringBuilder text = new StringBuilder();
    for (Outcome outcome : outcomes) {
      List<String> lines =
          outcome
              .text()
              .lines()
              .takeWhile(line -> !line.isBlank())
              .filter(line -> !LOG.matcher(line).find())
              .distinct()
              .toList();
      if (!lines.isEmpty() && outcome.run().arguments().getFirst().equals("bench")) {
        text.append(outcome.run().command()).append('\n');
        lines.forEach(line -> text.append("  ").append(line).append('\n'));
      }
    }
    return new Section("Settings of the peers").verbatim(text.toString());
  }

  private String lead() {
    return "Made on %s at commit %s, on %s cores of %s, %s. %s"
        .formatted(
            date,
            environment.commit(),
            environment.facts().getOrDefault("cores", "?"),
            environment.facts().getOrDefault("processor", "a processor unknown"),
            environment.facts().getOrDefault("system", "a system unknown"),
            gaps().isEmpty() ? "All benches ended well." : "It is not complete: see below.");
  }

  private String html(List<Section> sections) {
    HtmlPage page = new HtmlPage("Petrel performance, " + name, lead());
    sections.forEach(section -> section.addTo(page));
    return page.heading("The machine").facts(environment.rows()).toString();
  }

  private String markdown(List<Section> sections) {
    StringBuilder text = new StringBuilder("# Petrel performance, " + name + "\n\n");
    text.append(lead()).append("\n\n");
    sections.forEach(section -> text.append(section.markdown(CHARTS)));
    Table machine = new Table("the machine", "");
    environment.rows().forEach(row -> machine.row(row.getFirst(), row.getLast()));
    return text.append("## The machine\n\n").append(machine.markdown()).toString();
  }

  private JsonLine env() {
    JsonLine commands = new JsonLine();
    for (Outcome outcome : outcomes) {
      commands.put(
          outcome.run().id(),
          new JsonLine()
              .put("command", outcome.run().command())
              .put("state", outcome.state().name().toLowerCase(Locale.ROOT))
              .put("seconds", outcome.seconds(), 1)
              .put("why", outcome.why()));
    }
    return new JsonLine()
        .put("report", name)
        .put("date", date)
        .put("extent", extent)
        .put("machine", environment.json())
        .put("complete", gaps().isEmpty())
        .put("commands", commands);
  }

  private void writeHistograms(Path directory) throws IOException {
    for (String run : results.runs()) {
      Results one = results.ofRun(run);
      HistogramLog log = new HistogramLog();
      for (String peer : one.peers()) {
        Results of = one.ofPeer(peer);
        Histogram total = of.histogram();
        if (total.getTotalCount() > 0) {
          Files.createDirectories(directory);
          Path file = directory.resolve(run + "-" + peer.replace('/', '-') + ".hgrm");
          Files.write(file, percentiles(total));
          of.histograms().forEach(histogram -> log.add(peer, histogram));
        }
      }
      if (!log.isEmpty()) {
        Files.write(directory.resolve(run + ".hlog"), log.bytes());
      }
    }
  }

  /** In microseconds, as HdrHistogram's plotter takes it. */
  private static byte[] percentiles(Histogram histogram) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      histogram.outputPercentileDistribution(out, TICKS_PER_HALF, NS_A_US);
    }
    return bytes.toByteArray();
  }

  /** Rounds as intervals, peers as tags. */
  private static final class HistogramLog {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final HistogramLogWriter writer =
        new HistogramLogWriter(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    private int intervals;

    void add(String peer, Histogram histogram) {
      if (intervals == 0) {
        writer.outputLogFormatVersion();
        writer.outputLegend();
      }
      Histogram tagged = histogram.copy();
      tagged.setTag(peer.replace(',', '_').replace(' ', '_'));
      writer.outputIntervalHistogram(intervals, intervals + 1, tagged);
      intervals++;
    }

    boolean isEmpty() {
      return intervals == 0;
    }

    byte[] bytes() {
      return bytes.toByteArray();
    }
  }
}
