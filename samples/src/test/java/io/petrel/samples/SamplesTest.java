package io.petrel.samples;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each sample is run as the command runs it, and what it says it did is looked at. */
final class SamplesTest {
  private static List<String> run(String name) throws Exception {
    Sample sample =
        Samples.all().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      sample.program().run(out);
    }
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static Matcher matched(String pattern, String line) {
    Matcher matcher = Pattern.compile(pattern).matcher(line);
    assertTrue(matcher.matches(), line);
    return matcher;
  }

  @Test
  void namesAreDistinctAndLinesAreShort() {
    List<String> names = Samples.all().stream().map(Sample::name).distinct().toList();
    assertEquals(Samples.all().size(), names.size(), names.toString());
    assertAll(
        Samples.all().stream()
            .map(sample -> () -> assertTrue(sample.line().length() < 80, sample.line())));
  }

  @Test
  void pingPongMeasuresItsRoundTrips() throws Exception {
    Matcher said =
        matched(
            "500 round trips in order: p50 ([0-9.]+) us, p99 ([0-9.]+) us",
            run("ping-pong").getFirst());
    double p50 = Double.parseDouble(said.group(1));
    assertTrue(p50 > 0 && p50 <= Double.parseDouble(said.group(2)), said.group());
  }

  @Test
  void subscriberHasAllOfBothPublishers() throws Exception {
    assertEquals(
        List.of(
            "40000 messages in all",
            "Bergen: 20000 messages in order, then CLOSED_BY_PEER",
            "Lisbon: 20000 messages in order, then CLOSED_BY_PEER"),
        run("publish-subscribe").stream().sorted().toList());
  }

  @Test
  void zeroCopyDecodesWhatItEncoded() throws Exception {
    // A trade after each ten quotes, at the ask of the next quote: 100.01 + 0.1 k for k = 1..10,
    // the last of them again at 100.01, a thousand times over.
    double turnover = 1_000 * (10 * 100.01 + 0.1 * 45);
    matched(
        "100000 quotes and 10000 trades, no gap, last bid 100.99, turnover "
            + Math.round(turnover)
            + ": [0-9.]+ million a second",
        run("zero-copy").getFirst());
  }

  @Test
  void sameProgramRunsOverEveryTransport() throws Exception {
    List<String> lines = run("any-transport");
    assertEquals(4, lines.size(), lines.toString());
    for (int i = 0; i < lines.size(); i++) {
      String scheme = List.of("rudp ", "tcp  ", "ipc  ", "aeron").get(i);
      matched(
          scheme + " 50000 messages of 64 bytes in order, [0-9.]+ million a second", lines.get(i));
    }
  }

  @Test
  void gatewayLosesAndRepeatsNothingThoughSessionsBreak() throws Exception {
    List<String> lines = run("order-gateway");
    assertEquals(4, lines.size(), lines.toString());
    for (int i = 0; i < 3; i++) {
      Matcher client =
          matched(
              "client "
                  + (i + 1)
                  + ": 2000 orders sent, 2000 reports, in order; (\\d+) sessions lost,"
                  + " (\\d+) orders sent again, \\d+ reports dropped",
              lines.get(i));
      assertTrue(Integer.parseInt(client.group(1)) >= 2, client.group());
      assertTrue(Integer.parseInt(client.group(2)) > 0, client.group());
    }
    matched(
        "gateway: 6000 orders taken, each once and in order; \\d+ came twice and were dropped",
        lines.get(3));
  }

  @Test
  void fileArrivesIntactThroughLoss() throws Exception {
    Matcher said =
        matched(
            "1048576 bytes arrived intact \\(SHA-256 [0-9a-f]{8}\\.\\.\\.\\);"
                + " the path lost (\\d+) of (\\d+) datagrams",
            run("file-transfer").getFirst());
    assertTrue(Integer.parseInt(said.group(1)) > 0, said.group());
    assertTrue(Integer.parseInt(said.group(2)) > 1_048_576 / 1_408, said.group());
  }

  @Test
  void pinnedThreadIsKeptOnTheCoreAskedFor() throws Exception {
    Matcher said =
        matched(
            "2000 messages in order; asked for core (\\d+), the engine's thread may use: (.+)",
            run("pinned-thread").getFirst());
    if (!said.group(2).startsWith("any (")) {
      assertEquals(said.group(1), said.group(2));
    }
  }

  @Test
  void invokedEngineStartsNoThread() throws Exception {
    assertEquals(
        "10000 messages in order within a loop that did its own work as well; threads started:"
            + " none",
        run("no-thread").getFirst());
  }

  @Test
  void ownCongestionControllerIsAskedAndSeesTheLoss() throws Exception {
    Matcher said =
        matched(
            "1000 messages in order under cc=patient:"
                + " it saw (\\d+) acknowledgements and (\\d+) losses, window \\d+",
            run("own-congestion-control").getFirst());
    assertTrue(Integer.parseInt(said.group(1)) > 0, said.group());
    assertTrue(Integer.parseInt(said.group(2)) > 0, said.group());
  }

  @Test
  void aJournalIsJoinedLateAndReadAfterwards() throws Exception {
    assertEquals(
        List.of(
            "joined after 10000 messages, and has all 20000 in order",
            "the journal holds 20000 messages"),
        run("record-replay"));
  }
}
