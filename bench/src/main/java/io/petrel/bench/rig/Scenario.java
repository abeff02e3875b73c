package io.petrel.bench.rig;

import io.petrel.bench.cli.JsonLine;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What a rig does with a pair of ends in a round, and what it reads off the figures. */
interface Scenario {
  /** The bench's name. */
  String bench();

  /** Whether the peers are to be tuned for throughput, not for latency. */
  boolean bulk();

  /** Message size in bytes. */
  int size();

  /** The share of datagrams each end drops. */
  double loss();

  /** Brings both ends to their compiled state. */
  void warmUp(Pair pair);

  /** One measured round: the initiator's figures and the responder's. */
  List<Figures> round(Pair pair);

  /** Adds the figures of a round to its JSON object. */
  void describe(JsonLine line, List<Figures> figures);

  /** A round's latencies; null where none are taken. */
  default @Nullable Histogram histogram(List<Figures> figures) {
    return null;
  }

  /** The titles of the table's columns. */
  List<String> columns();

  /** A round's values for the table, one a column. */
  double[] values(List<Figures> figures);
}
