package io.petrel.bench.demo;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.cli.JsonLine;
import io.petrel.bench.cli.JsonOption;
import io.petrel.bench.cli.Quantities;
import io.petrel.bench.demo.DemoResult.Repair;
import io.petrel.bench.demo.DemoResult.Track;
import io.petrel.bench.demo.Timeline.Phase;
import io.petrel.bench.measure.Percentiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code petrel demo}: everything at work in a few seconds, and a report of it. */
@Command(
    name = "demo",
    description = {
      "Market data by multicast and orders over reliable UDP, on the loopback of this machine:",
      "first on a clean network, then on one that loses datagrams. A subscriber joins late, from",
      "the publisher's journal. Every message is checked.",
      "Latencies count from when a message was due. Leaves an HTML report."
    })
public final class DemoCommand implements Runnable {
  /** Kept here, or its level is forgotten. */
  private static final Logger LIBRARY = Logger.getLogger("io.petrel");

  /** What the journal's library says of itself is of no use here. */
  private static final String JOURNAL_LOG = "org.slf4j.simpleLogger.log.net.openhft";

  private static final double NANOSECONDS_PER_SECOND = 1e9;
  private static final int MOST_SUBSCRIBERS = 100;
  private static final int LOSS_DECIMALS = 6;

  @Option(
      names = "--seconds",
      defaultValue = "10",
      description = "Measured time: one half on a clean network, one on a lossy one.")
  private double seconds;

  @Option(
      names = "--warm-up",
      defaultValue = "3s",
      converter = Quantities.Nanoseconds.class,
      paramLabel = "TIME",
      description = "Before that: the code is compiled; checked, not measured.")
  private long warmUpNs;

  @Option(names = "--subscribers", defaultValue = "3", description = "To the market data.")
  private int subscribers;

  @Option(
      names = "--rate",
      defaultValue = "10000",
      description = "Market data messages a second, to each subscriber.")
  private long rate;

  @Option(names = "--order-rate", defaultValue = "1000", description = "Orders a second.")
  private long orderRate;

  @Option(
      names = "--loss",
      defaultValue = "1%",
      converter = Quantities.Fraction.class,
      paramLabel = "SHARE",
      description = "Share of its datagrams that each end drops in the second half.")
  private double loss;

  @Option(
      names = "--interface",
      defaultValue = "lo",
      paramLabel = "NAME",
      description = "Network interface of the market data.")
  private String networkInterface = "lo";

  @Option(
      names = "--output",
      paramLabel = "FILE",
      showDefaultValue = Visibility.NEVER,
      description = "Where to write the report. Default: a new file where temporary files go.")
  private @Nullable Path output;

  @Mixin private JsonOption json = new JsonOption();

  /** Made by the command-line parser. */
  public DemoCommand() {}

  @Override
  public void run() {
    if (seconds < 0.2 || loss >= 0.5 || subscribers < 1 || subscribers > MOST_SUBSCRIBERS) {
      throw new CommandFailure(
          "--seconds must be 0.2 or more, --loss below 50%, --subscribers from 1 to "
              + MOST_SUBSCRIBERS);
    }
    if (rate < 1 || orderRate < 1 || Math.max(rate, orderRate) > NANOSECONDS_PER_SECOND) {
      throw new CommandFailure("--rate and --order-rate must be from 1 to 1000000000");
    }
    DemoPlan plan =
        new DemoPlan(
            networkInterface,
            subscribers,
            rate,
            orderRate,
            loss,
            warmUpNs,
            (long) (seconds / 2 * NANOSECONDS_PER_SECOND));
    LIBRARY.setLevel(Level.WARNING);
    System.setProperty(JOURNAL_LOG, "warn");
    try (JsonOption.Output results = json.open()) {
      PrintWriter text = results.text();
      DemoResult result = new Demo(plan, line -> tell(text, line)).run();
      Path file =
          write(
              DemoReport.of(
                  result,
                  LocalDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS)));
      text.println();
      text.print(DemoReport.table(result).text());
      text.println();
      DemoReport.findings(result).forEach(text::println);
      printJson(result, file, results);
      text.println("report: " + file);
    }
  }

  private static void tell(PrintWriter text, String line) {
    text.println(line);
    text.flush();
  }

  private Path write(String page) {
    try {
      Path file = output != null ? output : Files.createTempFile("petrel-demo-", ".html");
      Files.writeString(file, page);
      return file.toAbsolutePath();
    } catch (IOException e) {
      throw new CommandFailure("cannot write the report: " + e + "; choose by --output", e);
    }
  }

  private static void printJson(DemoResult result, Path file, JsonOption.Output results) {
    DemoPlan plan = result.plan();
    for (Track track : result.tracks()) {
      for (Phase phase : List.of(Phase.CLEAN, Phase.LOSSY)) {
        Histogram histogram = track.latencies().of(phase);
        JsonLine line =
            new JsonLine()
                .put("demo", "latency")
                .put("what", track.what())
                .put("where", track.where())
                .put("network", phase.name().toLowerCase(Locale.ROOT))
                .put("loss", phase == Phase.LOSSY ? plan.loss() : 0, LOSS_DECIMALS)
                .put("messages", histogram.getTotalCount());
        Percentiles.describe(line, histogram);
        results.line(line);
      }
    }
    Repair repair = result.repair();
    results.line(
        new JsonLine()
            .put("demo", "result")
            .put("subscribers", plan.subscribers())
            .put("delivered", result.messages())
            .put("lost", result.lost())
            .put("injected_drops", repair.drops())
            .put("missed_bytes", repair.missedBytes())
            .put("repaired_bytes", repair.repairedBytes())
            .put("naks", repair.asked())
            .put("sent_again", repair.sentAgain())
            .put("late_missed", result.late().missed())
            .put("late_delivered", result.late().messages())
            .put("report", file.toString()));
  }
}
