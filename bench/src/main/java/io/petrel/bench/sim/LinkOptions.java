package io.petrel.bench.sim;

import io.petrel.bench.cli.LinkQuantities;
import io.petrel.bench.cli.Quantities;
import io.petrel.transport.simulation.SimulatedLink;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The link between the two sides of a simulation, as the command line or a sweep describes it. */
final class LinkOptions {
  @Option(
      names = "--rate",
      defaultValue = "100mbit",
      converter = Quantities.BitsPerSecond.class,
      paramLabel = "RATE",
      description = "What the link carries each way, headers included.")
  long rateBitsPerSecond = 100_000_000;

  @Option(
      names = "--delay",
      defaultValue = "10ms",
      converter = Quantities.Nanoseconds.class,
      paramLabel = "TIME",
      description = "Propagation delay, one way.")
  long delayNs = 10_000_000;

  @Option(
      names = "--jitter",
      defaultValue = "0ms",
      converter = Quantities.Nanoseconds.class,
      paramLabel = "TIME",
      description = "Up to this much more delay, evenly spread; the order is kept.")
  long jitterNs;

  @Option(
      names = "--queue",
      defaultValue = "100ms",
      converter = LinkQuantities.QueueConverter.class,
      paramLabel = "PACKETSp|TIME",
      description = "Room before the link: packets that may wait (25p), or for how long (30ms).")
  LinkQuantities.Queue queue = LinkQuantities.Queue.UNLIMITED;

  @Option(
      names = "--loss",
      defaultValue = "0%",
      converter = Quantities.Fraction.class,
      paramLabel = "SHARE",
      description = "Random loss in the direction of the data.")
  double loss;

  @Option(
      names = "--loss-back",
      defaultValue = "0%",
      converter = Quantities.Fraction.class,
      paramLabel = "SHARE",
      description = "Random loss in the other direction.")
  double lossBack;

  @Option(
      names = "--burst",
      defaultValue = "1",
      paramLabel = "N",
      description = "Mean number of packets lost in a row.")
  double meanBurst = 1;

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

  @Option(
      names = "--corrupt",
      defaultValue = "0%",
      converter = Quantities.Fraction.class,
      paramLabel = "SHARE",
      description = "Packets of which one byte is changed, each way.")
  double corrupt;

  @Option(
      names = "--blackhole",
      split = ",",
      converter = LinkQuantities.WindowConverter.class,
      paramLabel = "FROM-UNTIL",
      description = "When nothing passes, either way: 5s-7s[,...].")
  List<LinkQuantities.Window> blackholes = new ArrayList<>();

  @Option(
      names = "--path-mtu",
      split = ",",
      converter = LinkQuantities.SizeLimitConverter.class,
      paramLabel = "TIME:BYTES",
      description = "Longer datagrams vanish from then on, each way: 2s:1280[,...].")
  List<LinkQuantities.SizeLimit> sizeLimits = new ArrayList<>();

  /** Made by the command-line parser, or in code for a perfect link of 100 mbit and 10 ms. */
  LinkOptions() {}

  /** Sets both directions up; loss differs, everything else is the same. */
  void apply(SimulatedLink forward, SimulatedLink back) {
    apply(forward, loss);
    apply(back, lossBack);
  }

  private void apply(SimulatedLink link, double lossProbability) {
    link.rate(rateBitsPerSecond)
        .delay(delayNs)
        .jitter(jitterNs)
        .queuePackets(queue.packets())
        .queueTime(queue.ns())
        .meanBurst(meanBurst)
        .loss(lossProbability)
        .reorder(reordering.probability(), reordering.extraNs())
        .duplicate(duplicate)
        .corrupt(corrupt);
    for (LinkQuantities.Window window : blackholes) {
      link.blackhole(window.fromNs(), window.untilNs());
    }
  }

  /** Whether anything can pass at a time. */
  boolean isUp(long nowNs) {
    for (int i = 0; i < blackholes.size(); i++) {
      if (nowNs >= blackholes.get(i).fromNs() && nowNs < blackholes.get(i).untilNs()) {
        return false;
      }
    }
    return true;
  }

  /** The longest that a packet can take to the other side and its answer back, queues filled. */
  long longestRoundTripNs() {
    long waitNs = queue.ns();
    if (queue.packets() != Integer.MAX_VALUE) {
      long bits = (queue.packets() + 1L) * 1_500 * 8;
      waitNs = rateBitsPerSecond == 0 ? 0 : bits * 1_000_000_000 / rateBitsPerSecond;
    }
    long bounded = waitNs == Long.MAX_VALUE ? 1_000_000_000 : waitNs;
    return 2 * (delayNs + jitterNs + bounded + reordering.extraNs());
  }
}
