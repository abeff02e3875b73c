package io.petrel.bench.sim;

import io.petrel.bench.cli.JsonLine;
import io.petrel.transport.simulation.DropCause;
import io.petrel.transport.simulation.SimulatedNetwork;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What came of a simulated fan-out. */
final class MulticastResult {
  private static final double NS_A_MICROSECOND = 1e3;

  private final MulticastOptions options;
  private final SimulatedNetwork network;
  private final MulticastSender sender;
  private final List<MulticastReader> readers;
  private final MulticastRecord record;
  private final @Nullable String failure;
  private final double seconds;

  MulticastResult(
      MulticastOptions options,
      SimulatedNetwork network,
      MulticastSender sender,
      List<MulticastReader> readers,
      MulticastRecord record) {
    this.options = options;
    this.network = network;
    this.sender = sender;
    this.readers = readers;
    this.record = record;
    failure = MulticastSimulation.failure(readers);
    seconds = record.lastDeliveryNs() / 1e9;
  }

  /** What went wrong, in a sentence; null when nothing did. */
  @Nullable String failure() {
    return failure;
  }

  int completeReceivers() {
    return complete(0, options.receivers);
  }

  /** Of those that came late. */
  int completeJoiners() {
    return complete(options.receivers, readers.size());
  }

  private int complete(int from, int to) {
    return (int)
        readers.subList(from, to).stream().filter(r -> r.isComplete(options.messages)).count();
  }

  long replayedBytes() {
    MulticastKeeper keeper = sender.keeper();
    return keeper == null ? 0 : keeper.servedBytes();
  }

  /** Whether what each receiver got is what was sent, but for losses it was told of. */
  boolean isIntact() {
    return failure == null;
  }

  long injectedDrops() {
    long drops = 0;
    for (DropCause cause : DropCause.values()) {
      drops += cause.isInjected() ? network.drops(cause) : 0;
    }
    return drops;
  }

  double repairOverhead() {
    long sent = sender.source().counters().dataBytes();
    return sent == 0 ? 0 : (double) sender.source().counters().repairBytes() / sent;
  }

  long unrecoverable() {
    return readers.stream().mapToLong(MulticastReader::losses).sum();
  }

  long excluded() {
    return sender.excluded().size();
  }

  MulticastRecord record() {
    return record;
  }

  MulticastSender sender() {
    return sender;
  }

  List<MulticastReader> readers() {
    return readers;
  }

  double seconds() {
    return seconds;
  }

  double naksPerReceiverAndRoundTrip() {
    return (double) record.naks() / options.receivers / (seconds * 1e9 / options.roundTripNs);
  }

  static double micros(Histogram histogram, double percentile) {
    return histogram.getTotalCount() == 0
        ? 0
        : histogram.getValueAtPercentile(percentile) / NS_A_MICROSECOND;
  }

  /** The result as one object for programs. */
  JsonLine json() {
    JsonLine line =
        new JsonLine()
            .put("sim", "multicast")
            .put("seed", options.seed)
            .put("receivers", options.receivers)
            .put("complete_receivers", completeReceivers())
            .put("intact", isIntact())
            .put("injected_drops", injectedDrops())
            .put("loss_events", record.lossEvents())
            .put("naks", record.naks())
            .put("naks_per_shared_event", record.naksPerSharedEvent(), 3)
            .put("repairs", sender.source().counters().repairDatagrams())
            .put("repair_overhead", repairOverhead(), 4)
            .put("unrecoverable", unrecoverable())
            .put("duplicates_delivered", readers.stream().mapToLong(r -> r.duplicates()).sum())
            .put("out_of_order", readers.stream().mapToLong(r -> r.disorders()).sum())
            .put("recovery_p50_us", micros(record.recoveries(), 50), 1)
            .put("recovery_p99_us", micros(record.recoveries(), 99), 1)
            .put("first_nak_p50_us", micros(record.firstNaks(), 50), 1)
            .put("seconds", seconds, 6)
            .put("p50_us", micros(record.latencies(), 50), 1)
            .put("p99_us", micros(record.latencies(), 99), 1)
            .put("p999_us", micros(record.latencies(), 99.9), 1)
            .put("shared_events", record.sharedEvents())
            .put("excluded_receivers", excluded())
            .put("repair_share_max", record.mostRepairShare(), 4)
            .put("naks_per_receiver_and_rtt", naksPerReceiverAndRoundTrip(), 5)
            .put("statuses", sender.source().counters().statuses())
            .put("messages_offered", sender.offered());
    if (options.hasJournal()) {
      line.put("joiners", options.joiners)
          .put("complete_joiners", completeJoiners())
          .put("replayed_bytes", replayedBytes());
    }
    if (failure != null) {
      line.put("failure", failure);
    }
    return line;
  }
}
