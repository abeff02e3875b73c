package io.petrel.bench.sim;

import io.petrel.bench.cli.JsonLine;
import io.petrel.rudp.session.Session;
import io.petrel.transport.simulation.DropCause;
import io.petrel.transport.simulation.LinkCounters;
import io.petrel.transport.simulation.RunGuard;
import io.petrel.transport.simulation.SimulatedLink;
import io.petrel.transport.simulation.SimulatedNetwork;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What came of a simulated run. */
final class RudpResult {
  private static final double NS_A_SECOND = 1e9;
  private static final double NS_A_MILLISECOND = 1e6;

  private final RudpOptions options;
  private final SimulatedNetwork network;
  private final LinkCounters forward;
  private final LinkCounters back;
  private final List<RudpFlow> flows;
  private final List<RudpSender> senders;
  private final List<RudpReceiver> receivers;
  private final RunGuard guard;
  private final Histogram latencies = new Histogram(3);
  private boolean completed;
  private boolean intact;
  private @Nullable String failure;

  RudpResult(
      RudpOptions options,
      SimulatedNetwork network,
      SimulatedLink forward,
      SimulatedLink back,
      List<RudpFlow> flows,
      List<RudpSender> senders,
      List<RudpReceiver> receivers,
      RunGuard guard) {
    this.options = options;
    this.network = network;
    this.forward = forward.counters();
    this.back = back.counters();
    this.flows = flows;
    this.senders = senders;
    this.receivers = receivers;
    this.guard = guard;
    for (RudpFlow flow : flows) {
      latencies.add(flow.latencies());
    }
  }

  RudpResult finish(boolean isComplete, @Nullable String breach, @Nullable String why) {
    completed = isComplete;
    intact = breach == null;
    failure = why;
    return this;
  }

  /** Whether all was delivered within the limit. */
  boolean isCompleted() {
    return completed;
  }

  /** Whether what was delivered is what was sent. */
  boolean isIntact() {
    return intact;
  }

  /** What went wrong, in a sentence; null when nothing did. */
  @Nullable String failure() {
    return failure;
  }

  /** Virtual time from the start to the last delivery, or of the whole run if it was given one. */
  double seconds() {
    return endNs() / NS_A_SECOND;
  }

  private long endNs() {
    if (options.durationNs != null && !isComplete()) {
      return options.durationNs;
    }
    long lastNs = 0;
    for (RudpFlow flow : flows) {
      lastNs = Math.max(lastNs, flow.lastDeliveryNs());
    }
    return lastNs;
  }

  private boolean isComplete() {
    return flows.stream().allMatch(RudpFlow::isComplete);
  }

  /** The application's bytes delivered, in all flows. */
  long bytes() {
    return flows.stream().mapToLong(RudpFlow::bytes).sum();
  }

  double goodputMbit() {
    return endNs() == 0 ? 0 : bytes() * 8 / (endNs() / NS_A_SECOND) / 1e6;
  }

  /** Rate of each flow over the last half of the run. */
  double[] flowGoodputsMbit() {
    double[] rates = new double[flows.size()];
    long halfNs = endNs() / 2;
    for (int i = 0; i < rates.length && halfNs > 0; i++) {
      double seconds = (endNs() - halfNs) / NS_A_SECOND;
      rates[i] = flows.get(i).bytesSince(halfNs) * 8 / seconds / 1e6;
    }
    return rates;
  }

  /** Jain's index of those rates: 1 when all are equal, 1/n when one has it all. */
  double fairness() {
    double sum = 0;
    double squares = 0;
    for (double rate : flowGoodputsMbit()) {
      sum += rate;
      squares += rate * rate;
    }
    return squares == 0 ? 1 : sum * sum / (flows.size() * squares);
  }

  long packetsSent() {
    return network.sent();
  }

  long injectedDrops() {
    return forward.injectedDrops() + back.injectedDrops();
  }

  long injectedReorders() {
    return forward.reordered() + back.reordered();
  }

  long injectedDuplicates() {
    return forward.duplicated() + back.duplicated();
  }

  long injectedCorruptions() {
    return forward.corrupted() + back.corrupted();
  }

  long queueDrops() {
    return forward.drops() + back.drops() - injectedDrops() - sizeDrops();
  }

  /** Datagrams longer than the path carried. */
  long sizeDrops() {
    return forward.drops(DropCause.TOO_LARGE) + back.drops(DropCause.TOO_LARGE);
  }

  /** The longest that the first sender's session sent at the end; 0 when there was none. */
  int datagramBytes() {
    Session session = senders.getFirst().session();
    return session == null ? 0 : session.datagramBytes();
  }

  long retransmitted() {
    return sum(session -> session.counters().retransmittedDatagrams());
  }

  long spurious() {
    return sum(session -> session.recovery().spuriousPackets());
  }

  long ringStalls() {
    return sum(session -> session.counters().windowStalls());
  }

  /** Changes of address that happened. */
  long rebinds() {
    return network.rebinds();
  }

  /** Changes of address that the receivers' sessions followed and that were proven. */
  long validations() {
    long sum = 0;
    for (RudpReceiver receiver : receivers) {
      sum += receiver.endpoint().counters().pathValidations();
    }
    return sum;
  }

  long latencyNs(double percentile) {
    return latencies.getTotalCount() == 0 ? 0 : latencies.getValueAtPercentile(percentile);
  }

  long maxMemoryBytes() {
    return guard.maxMemoryBytes();
  }

  SimulatedNetwork network() {
    return network;
  }

  private interface Count {
    long of(Session session);
  }

  private long sum(Count count) {
    long sum = 0;
    for (RudpSender sender : senders) {
      sum += sender.session() == null ? 0 : count.of(sender.session());
    }
    for (RudpReceiver receiver : receivers) {
      sum += receiver.session() == null ? 0 : count.of(receiver.session());
    }
    return sum;
  }

  /** The result as one object for programs. */
  JsonLine json() {
    JsonLine line =
        new JsonLine()
            .put("sim", "rudp")
            .put("seed", options.seed)
            .put("cc", options.congestionControl)
            .put("completed", completed)
            .put("intact", intact)
            .put("seconds", seconds(), 6)
            .put("goodput_mbit", goodputMbit(), 3)
            .put("packets_sent", packetsSent())
            .put("injected_drops", injectedDrops())
            .put("injected_reorders", injectedReorders())
            .put("injected_duplicates", injectedDuplicates())
            .put("injected_corruptions", injectedCorruptions())
            .put("retransmitted", retransmitted())
            .put("spurious", spurious())
            .put("rebinds", rebinds())
            .put("validations", validations())
            .put(
                "max_queue_ms",
                Math.max(forward.maxQueueDelayNs(), back.maxQueueDelayNs()) / NS_A_MILLISECOND,
                3)
            .put("max_memory_bytes", maxMemoryBytes())
            .put("ring_stalls", ringStalls())
            .put("p50_ms", latencyNs(50) / NS_A_MILLISECOND, 3)
            .put("p99_ms", latencyNs(99) / NS_A_MILLISECOND, 3)
            .put("p999_ms", latencyNs(99.9) / NS_A_MILLISECOND, 3)
            .put("flow_goodputs_mbit", flowGoodputsMbit(), 3)
            .put("queue_drops", queueDrops())
            .put("size_drops", sizeDrops())
            .put("datagram_bytes", datagramBytes())
            .put("bytes", bytes());
    if (flows.size() > 1) {
      line.put("fairness", fairness(), 4);
    }
    if (failure != null) {
      line.put("failure", failure);
    }
    return line;
  }
}
