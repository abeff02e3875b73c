package io.petrel.bench.demo;

import io.petrel.bench.demo.Timeline.Phase;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What was played.
 *
 * @param plan it was played by
 * @param tracks what was measured
 * @param repair what was dropped and mended
 * @param late what the late subscriber got
 */
record DemoResult(DemoPlan plan, List<Track> tracks, Repair repair, LateJoin late) {
  /** What is measured, in words for people. */
  static final String MARKET_DATA = "market data";

  /** One way. */
  static final String ORDER = "order to the venue";

  /** There and back. */
  static final String EXECUTION = "order until filled";

  /**
   * How late the messages of a kind were at one place.
   *
   * @param what kind
   * @param where it was measured; empty where there is only one place
   * @param latencies from when each was due
   * @param messages that came, the warm-up's included
   * @param due that were to come
   */
  record Track(String what, String where, PhaseLatencies latencies, long messages, long due) {
    String name() {
      return where.isEmpty() ? what : what + ", " + where;
    }
  }

  /**
   * What the network lost and Petrel mended.
   *
   * @param marketDrops datagrams with market data that were dropped
   * @param askDrops what subscribers sent and was dropped
   * @param orderDrops datagrams of orders, reports and their acknowledgements that were dropped
   * @param missedBytes of market data that subscribers missed at first, all together
   * @param repairedBytes of market data that the publisher sent again
   * @param asked how often subscribers asked for what they missed
   * @param sentAgain datagrams with orders or reports that were sent again
   */
  record Repair(
      long marketDrops,
      long askDrops,
      long orderDrops,
      long missedBytes,
      long repairedBytes,
      long asked,
      long sentAgain) {
    long drops() {
      return marketDrops + askDrops + orderDrops;
    }
  }

  /**
   * What a subscriber got that joined late.
   *
   * @param missed messages that were published before it joined
   * @param messages that it got, from the first on
   * @param due that it was to get
   */
  record LateJoin(long missed, long messages, long due) {}

  /** All places together. */
  Histogram total(String what, Phase phase) {
    Histogram total = new Histogram(3);
    for (Track track : tracks) {
      if (track.what().equals(what)) {
        total.add(track.latencies().of(phase));
      }
    }
    return total;
  }

  /** Messages that arrived, at all places together. */
  long messages() {
    return late.messages() + tracks.stream().mapToLong(Track::messages).sum();
  }

  /** Messages that did not, at all places together. */
  long lost() {
    return late.due()
        - late.messages()
        + tracks.stream().mapToLong(track -> track.due() - track.messages()).sum();
  }
}
