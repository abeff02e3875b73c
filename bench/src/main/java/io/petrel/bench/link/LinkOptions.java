package io.petrel.bench.link;

import io.petrel.bench.cli.LinkQuantities;
import io.petrel.bench.cli.Quantities;
import io.petrel.transport.simulation.SimulatedLink;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the link does, as the command line says it. */
public final class LinkOptions {
  @Option(
      names = "--loss",
      defaultValue = "1%",
      converter = Quantities.Fraction.class,
      paramLabel = "SHARE",
      description = "Random loss, each way.")
  double loss = 0.01;

  @Option(
      names = "--loss-back",
      converter = Quantities.Fraction.class,
      paramLabel = "SHARE",
      description = "Random loss against the direction of the data, if it differs.")
  @Nullable Double lossBack;

  @Option(
      names = "--burst",
      defaultValue = "1",
      paramLabel = "N",
      description = "Mean number of packets lost in a row.")
  double meanBurst = 1;

  @Option(
      names = "--rtt",
      defaultValue = "20ms",
      converter = Quantities.Nanoseconds.class,
      paramLabel = "TIME",
      description = "Propagation delay, there and back; half of it each way.")
  long roundTripNs = 20_000_000;

  @Option(
      names = "--jitter",
      defaultValue = "0ms",
      converter = Quantities.Nanoseconds.class,
      paramLabel = "TIME",
      description = "Up to this much more delay each way, evenly spread; the order is kept.")
  long jitterNs;

  @Option(
      names = "--rate",
      defaultValue = "100mbit",
      converter = Quantities.BitsPerSecond.class,
      paramLabel = "RATE",
      description = "What the link carries each way, IP headers included; 0bit for no limit.")
  long rateBitsPerSecond = 100_000_000;

  @Option(
      names = "--rate-back",
      converter = Quantities.BitsPerSecond.class,
      paramLabel = "RATE",
      description = "What it carries against the direction of the data, if that differs.")
  @Nullable Long rateBackBitsPerSecond;

  @Option(
      names = "--queue",
      defaultValue = "100ms",
      converter = LinkQuantities.QueueConverter.class,
      paramLabel = "PACKETSp|TIME",
      description = "Room before the link: packets that may wait (25p), or for how long (30ms).")
  LinkQuantities.Queue queue = new LinkQuantities.Queue(Integer.MAX_VALUE, 100_000_000);

  @Option(
      names = "--reorder",
      defaultValue = "0",
      converter = LinkQuantities.ReorderingConverter.class,
      paramLabel = "SHARE:TIME",
      description = "Holds this share of packets back for so long, each way: 1%%:5ms.")
  LinkQuantities.Reordering reordering = LinkQuantities.Reordering.NONE;

  @Option(
      names = "--duplicate",
      defaultValue = "0%",
      converter = Quantities.Fraction.class,
      paramLabel = "SHARE",
      description = "Packets delivered twice, each way.")
  double duplicate;

  /** Made by the command-line parser, or in code for 1 % each way, 20 ms and 100 mbit. */
  public LinkOptions() {}

  /** Sets up both directions of the model. */
  void apply(SimulatedLink forward, SimulatedLink back) {
    apply(forward, rateBitsPerSecond, loss);
    apply(
        back,
        rateBackBitsPerSecond == null ? rateBitsPerSecond : rateBackBitsPerSecond,
        lossBack == null ? loss : lossBack);
  }

  private void apply(SimulatedLink link, long rate, double lossProbability) {
    link.rate(rate)
        .delay(roundTripNs / 2)
        .jitter(jitterNs)
        .queuePackets(queue.packets())
        .queueTime(queue.ns())
        .meanBurst(meanBurst)
        .loss(lossProbability)
        .reorder(reordering.probability(), reordering.extraNs())
        .duplicate(duplicate);
  }

  /** Share of packets lost in the direction of the data. */
  public double loss() {
    return loss;
  }

  /** Propagation delay there and back. */
  public long roundTripNs() {
    return roundTripNs;
  }

  /** What the link carries in the direction of the data; 0 for no limit. */
  public long rateBitsPerSecond() {
    return rateBitsPerSecond;
  }

  private String queueText() {
    return queue.ns() == Long.MAX_VALUE ? queue.toString() : queue.ns() / 1e6 + " ms";
  }

  /** In words. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(rateBitsPerSecond / 1e6).append(" mbit");
    if (rateBackBitsPerSecond != null) {
      text.append(" (back ").append(rateBackBitsPerSecond / 1e6).append(')');
    }
    text.append(", ").append(roundTripNs / 1e6).append(" ms there and back");
    if (jitterNs > 0) {
      text.append(" and up to ").append(jitterNs / 1e6).append(" ms of jitter each way");
    }
    text.append(", queue ").append(queueText()).append(", loss ").append(100 * loss).append(" %");
    if (lossBack != null) {
      text.append(" (back ").append(100 * lossBack).append(" %)");
    }
    if (meanBurst > 1) {
      text.append(" in bursts of ").append(meanBurst);
    }
    if (reordering.probability() > 0) {
      text.append(", ").append(100 * reordering.probability()).append(" % held back for ");
      text.append(reordering.extraNs() / 1e6).append(" ms");
    }
    if (duplicate > 0) {
      text.append(", ").append(100 * duplicate).append(" % twice");
    }
    return text.toString();
  }
}
