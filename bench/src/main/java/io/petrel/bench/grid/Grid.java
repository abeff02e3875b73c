package io.petrel.bench.grid;

import java.util.ArrayList;
import java.util.List;

/** Which benches make a report, and how long each is given. */
public final class Grid {
  /** How much of it. */
  public enum Extent {
    /** Two minutes: whether all is as it was. */
    QUICK,
    /** Some minutes: every bench once. */
    NORMAL,
    /** Hours: every cell, with rounds enough to publish. */
    FULL
  }

  private static final String PAIR = " --peers udp,rudp,tcp,aeron --histograms";
  private static final String LINK = " --rate 100mbit --queue 100ms --histograms";
  private static final String[] LOSSES = {"0.1%", "1%", "5%", "10%"};
  private static final String[] ROUND_TRIPS = {"1ms", "20ms", "100ms"};
  private static final int[] SIZES = {32, 64, 288, 1344};

  private Grid() {}

  /**
   * The commands.
   *
   * @param extent how much of it
   * @return in the order to run them
   */
  public static List<GridRun> of(Extent extent) {
    return switch (extent) {
      case QUICK -> quick();
      case NORMAL -> normal();
      case FULL -> full();
    };
  }

  private static List<GridRun> quick() {
    List<GridRun> runs = new ArrayList<>();
    runs.add(GridRun.of("rtt-64", 25, "bench rtt --size 64 --messages 50000 --rounds 3" + PAIR));
    runs.add(throughput(288, 2, 24));
    runs.add(throughput(1344, 2, 24));
    runs.add(
        GridRun.of(
            "fanout-8",
            20,
            "bench fanout --receivers 8 --size 288 --seconds 1 --rounds 2"
                + " --peers mcast,aeron-mcast --histograms"));
    runs.add(metrics(3, 10));
    runs.addAll(simulations());
    return runs;
  }

  private static List<GridRun> normal() {
    List<GridRun> runs = new ArrayList<>();
    runs.add(GridRun.of("rtt-64", 45, "bench rtt --size 64 --messages 100000 --rounds 5" + PAIR));
    runs.add(
        GridRun.of(
            "rtt-ipc-64",
            15,
            "bench rtt --size 64 --messages 300000 --rounds 5 --peers ipc,cache-line,aeron-ipc"
                + " --histograms"));
    runs.add(
        GridRun.of(
            "rtt-loss-64",
            60,
            "bench rtt --size 64 --messages 50000 --rounds 2 --loss 1% --peers rudp,aeron"
                + " --histograms"));
    runs.add(
        GridRun.of(
            "rate-288", 40, "bench rate --size 288 --rate 50000 --seconds 2 --rounds 3" + PAIR));
    for (int size : SIZES) {
      runs.add(throughput(size, 3, 26));
    }
    runs.add(ipcThroughput(3, 15));
    runs.add(
        GridRun.of(
            "fanout-8",
            45,
            "bench fanout --receivers 8 --size 288 --seconds 1 --rounds 2 --histograms"));
    runs.add(
        GridRun.of(
            "lossy-1-20ms",
            75,
            "bench lossy --loss 1% --rtt 20ms --send-rate 2000 --seconds 3"
                + " --peers rudp,tcp,aeron,kcp,quic"
                + LINK));
    runs.add(
        GridRun.of(
            "lossy-5-20ms-bulk",
            60,
            "bench lossy --loss 5% --rtt 20ms --bulk --loss-threshold 20% --seconds 3"
                + " --peers rudp,tcp,aeron,kcp,quic"
                + LINK));
    runs.add(fairness(30));
    runs.add(metrics(3, 10));
    runs.addAll(simulations());
    return runs;
  }

  private static List<GridRun> full() {
    List<GridRun> runs = new ArrayList<>();
    for (int size : new int[] {64, 288, 1344}) {
      runs.add(
          GridRun.of(
              "rtt-" + size,
              200,
              "bench rtt --size " + size + " --messages 300000 --rounds 9" + PAIR));
    }
    runs.add(
        GridRun.of(
            "rtt-ipc-64",
            30,
            "bench rtt --size 64 --messages 300000 --rounds 9 --peers ipc,cache-line,aeron-ipc"
                + " --histograms"));
    runs.add(
        GridRun.of(
            "rtt-loss-64",
            180,
            "bench rtt --size 64 --messages 100000 --rounds 9 --loss 1% --peers rudp,aeron"
                + " --histograms"));
    runs.add(
        GridRun.of(
            "rate-288", 400, "bench rate --size 288 --rate 100000 --seconds 10 --rounds 9" + PAIR));
    for (int size : SIZES) {
      runs.add(throughput(size, 9, 60));
    }
    runs.add(ipcThroughput(9, 40));
    runs.add(
        GridRun.of(
            "fanout-8",
            300,
            "bench fanout --receivers 8 --size 288 --seconds 5 --rounds 9 --histograms"));
    runs.addAll(everyLink());
    runs.add(metrics(9, 30));
    runs.addAll(simulations());
    return runs;
  }

  private static List<GridRun> everyLink() {
    List<GridRun> runs = new ArrayList<>();
    for (String loss : LOSSES) {
      for (String roundTrip : ROUND_TRIPS) {
        String id = "lossy-" + loss.replace("%", "") + "-" + roundTrip;
        String link = "bench lossy --loss " + loss + " --rtt " + roundTrip;
        runs.add(GridRun.of(id, 400, link + " --send-rate 1000 --seconds 20" + LINK));
        runs.add(
            GridRun.of(
                id + "-bulk", 300, link + " --bulk --loss-threshold 20% --seconds 10" + LINK));
      }
    }
    runs.add(
        GridRun.of(
            "lossy-1-20ms-thin",
            2_600,
            "bench lossy --loss 1% --rtt 20ms --send-rate 100 --seconds 210" + LINK));
    runs.add(fairness(60));
    return runs;
  }

  private static GridRun fairness(int seconds) {
    return GridRun.of(
        "lossy-fairness",
        seconds + 20,
        "bench lossy --loss 0% --rtt 20ms --bulk --cc cubic --peers rudp --beside tcp/cubic"
            + " --seconds "
            + seconds
            + LINK);
  }

  private static GridRun throughput(int size, int rounds, int seconds) {
    return GridRun.of(
        "throughput-" + size,
        seconds,
        "bench throughput --size %d --mtu 1408 --seconds 1 --rounds %d --peers rudp,aeron,tcp"
            .formatted(size, rounds));
  }

  private static GridRun ipcThroughput(int rounds, int seconds) {
    return GridRun.of(
        "throughput-ipc-32",
        seconds,
        "bench throughput --size 32 --seconds 1 --rounds " + rounds + " --peers ipc,aeron-ipc");
  }

  private static GridRun metrics(int rounds, int seconds) {
    return GridRun.of("metrics", seconds, "bench metrics --rounds " + rounds);
  }

  /** In virtual time: the same figures on every machine. */
  private static List<GridRun> simulations() {
    return List.of(
        GridRun.of(
            "sim-rudp-10mbit", 3, "sim rudp --bytes 10MB --rate 10mbit --delay 15ms --queue 30ms"),
        GridRun.of(
            "sim-rudp-lossy",
            4,
            "sim rudp --bytes 20MB --rate 100mbit --delay 10ms --queue 60ms --loss 5% --cc bbr"
                + " --loss-threshold 20%"),
        GridRun.of(
            "sim-multicast-100",
            10,
            "sim multicast --receivers 100 --messages 20000 --loss 1% --shared-loss 0.5%"));
  }
}
