package io.petrel.bench.grid;

import io.petrel.bench.cli.JsonLine;
import io.petrel.bench.grid.Outcome.State;
import io.petrel.bench.measure.Percentiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Results as benches write them, without running any. */
final class Canned {
  static final Environment MACHINE = new Environment(facts());

  private Canned() {}

  private static Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("commit", "abc1234");
    facts.put("cores", "2");
    facts.put("processor", "A & B <processor>");
    facts.put("system", "Linux 6.18");
    return facts;
  }

  static ReportFiles report(String name, List<Outcome> outcomes) {
    return new ReportFiles(name, "2026-11-20T12:00", "normal", MACHINE, outcomes);
  }

  static Outcome done(String id, List<String> lines) {
    GridRun run = GridRun.of(id, 10, "bench " + id);
    String text =
        """
        jvm: -Xmx1g
        INFO: petrel launched
        rudp a: Nov 20, 2026 4:14:41 PM io.petrel.x <init>
        rudp: Petrel, defaults

        median ...
        """;
    return new Outcome(run, State.DONE, 12, "", lines, text);
  }

  /** Two rounds each; rudp's p50 is the second argument, the others' fixed. */
  static Outcome roundTrips(double factor) {
    List<String> lines = new ArrayList<>();
    for (int round = 0; round < 2; round++) {
      lines.add(roundTrip("udp", 5_000, round));
      lines.add(roundTrip("rudp", factor * 6_000, round));
      lines.add(roundTrip("tcp", 10_000, round));
      lines.add(roundTrip("aeron", 7_000, round));
    }
    lines.add(skipped("rtt", "ipc", "not here").put("size", 64).toString());
    return done("rtt-64", lines);
  }

  private static String roundTrip(String peer, double medianNs, int round) {
    Histogram histogram = new Histogram(3);
    for (int i = 0; i < 1_000; i++) {
      histogram.recordValue((long) (medianNs * (0.5 + i / 1_000.0) + round * medianNs / 100));
    }
    JsonLine line = new JsonLine().put("bench", "rtt").put("peer", peer).put("size", 64);
    Percentiles.describe(line, histogram);
    return line.put("allocated_bytes", 0)
        .put("round", round)
        .put("histogram", Percentiles.encoded(histogram))
        .toString();
  }

  static Outcome throughput(int size, double rudp, double aeron) {
    List<String> lines = new ArrayList<>();
    for (int round = 0; round < 2; round++) {
      lines.add(throughput(size, "rudp", rudp + round));
      lines.add(throughput(size, "aeron", aeron + round));
    }
    return done("throughput-" + size, lines);
  }

  private static String throughput(int size, String peer, double rate) {
    return new JsonLine()
        .put("bench", "throughput")
        .put("peer", peer)
        .put("size", size)
        .put("msgs_per_s", rate, 0)
        .put("bytes_per_s", rate * size, 0)
        .put("allocated_bytes", 0)
        .toString();
  }

  static JsonLine skipped(String bench, String peer, String why) {
    return new JsonLine().put("bench", bench).put("peer", peer).put("skipped", why);
  }

  /** On a schedule: rudp/bbr has the lowest p99.9 at 20 ms, tcp/cubic at 1 ms. */
  static List<Outcome> lossy() {
    List<Outcome> outcomes = new ArrayList<>();
    for (int roundTrip : new int[] {1, 20}) {
      double best = roundTrip == 20 ? 30 : 90;
      outcomes.add(
          done(
              "lossy-1-" + roundTrip + "ms",
              List.of(
                  lossy("rudp", "bbr", roundTrip, false, best),
                  lossy("rudp", "cubic", roundTrip, false, 70),
                  lossy("tcp", "cubic", roundTrip, false, 60),
                  skipped("lossy", "quic", "no library").put("bulk", false).toString())));
      outcomes.add(
          done(
              "lossy-1-" + roundTrip + "ms-bulk",
              List.of(
                  lossy("rudp", "bbr", roundTrip, true, 90),
                  lossy("aeron", "", roundTrip, true, 20))));
    }
    return outcomes;
  }

  private static String lossy(
      String peer, String controller, int roundTrip, boolean bulk, double figure) {
    Histogram histogram = new Histogram(3);
    histogram.recordValueWithCount((long) (figure * 1e6), 100);
    JsonLine line =
        new JsonLine()
            .put("bench", "lossy")
            .put("peer", peer)
            .put("cc", controller)
            .put("loss", 0.01, 6)
            .put("size", 256)
            .put("rtt_ms", roundTrip, 3)
            .put("rate_mbit", 100.0, 3)
            .put("bulk", bulk)
            .put("goodput_mbit", figure, 3)
            .put("messages", 20_000);
    for (String key : List.of("p50_ms", "p99_ms", "p999_ms", "max_ms")) {
      line.put(key, bulk ? Double.NaN : figure, 3);
    }
    if (!bulk) {
      line.put("histogram", Percentiles.encoded(histogram));
    }
    return line.toString();
  }

  /** Two flows through one link. */
  static Outcome shared(double share) {
    String line = lossy("rudp", "cubic", 20, true, 90 * share);
    String rest =
        new JsonLine()
            .put("beside", "tcp/cubic")
            .put("beside_mbit", 90 * (1 - share), 3)
            .put("share", share, 4)
            .toString();
    return done(
        "lossy-fairness", List.of(line.substring(0, line.length() - 1) + "," + rest.substring(1)));
  }

  /** Five in a hundred lost, and so much went through. */
  static Outcome bulk(double goodputMbit) {
    String line = lossy("rudp", "bbr", 20, true, goodputMbit);
    return done("lossy-5-20ms-bulk", List.of(line.replace("\"loss\":0.01", "\"loss\":0.05")));
  }

  static Outcome others() {
    return done(
        "metrics",
        List.of(
            "{\"bench\":\"metrics\",\"what\":\"counter\",\"threads\":1,\"ns_per_update\":0.85,"
                + "\"updates_per_s\":1176000000,\"min_ns_per_update\":0.8,"
                + "\"max_ns_per_update\":0.9,\"allocated_bytes\":0}"));
  }

  static Outcome fanOut() {
    return done(
        "fanout-8",
        List.of(
            fanOut("mcast", 418e6),
            fanOut("aeron-mcast", 152e6),
            skipped("fanout", "tcp", "no room").put("size", 288).toString()));
  }

  private static String fanOut(String peer, double rate) {
    return new JsonLine()
        .put("bench", "fanout")
        .put("peer", peer)
        .put("size", 288)
        .put("receivers", 8)
        .put("bytes_per_s", rate, 0)
        .put("complete_receivers", 8)
        .put("p50_ns", 1_000)
        .put("p99_ns", 2_000)
        .toString();
  }

  static Outcome simulation() {
    return done(
        "sim-rudp-10mbit",
        List.of("{\"sim\":\"rudp\",\"seed\":1,\"completed\":true,\"seconds\":8.73,\"list\":[1]}"));
  }

  static List<Outcome> all() {
    List<Outcome> outcomes = new ArrayList<>();
    outcomes.add(roundTrips(1));
    outcomes.add(throughput(32, 48e6, 5e6));
    outcomes.add(throughput(1344, 3e6, 1e6));
    outcomes.add(fanOut());
    outcomes.addAll(lossy());
    outcomes.add(others());
    outcomes.add(simulation());
    return outcomes;
  }
}
