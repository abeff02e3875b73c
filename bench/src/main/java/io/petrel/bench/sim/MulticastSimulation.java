package io.petrel.bench.sim;

import io.petrel.codecs.DatagramHeader;
import io.petrel.codecs.FrameHeader;
import io.petrel.codecs.wire.FanOutDataFrameDecoder;
import io.petrel.codecs.wire.NakFrameDecoder;
import io.petrel.multicast.flow.FlowMode;
import io.petrel.multicast.receiver.ReceiverSettings;
import io.petrel.multicast.source.SourceSettings;
import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.ring.RecordLayout;
import io.petrel.transport.ring.RingMemory;
import io.petrel.transport.ring.SendRing;
import io.petrel.transport.simulation.MessagePattern;
import io.petrel.transport.simulation.SeededRandom;
import io.petrel.transport.simulation.SimulatedHost;
import io.petrel.transport.simulation.SimulatedLink;
import io.petrel.transport.simulation.SimulatedNetwork;
import io.petrel.transport.simulation.SimulatedPort;
import io.petrel.transport.simulation.Simulation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One source and its receivers on a simulated network.
 *
 * <pre>
 *             shared loss, line loss,                 loss, reordering,
 *             repair loss                             duplicates
 *   source --[egress, a line each]--&gt; the group --[ingress, each its own]--&gt; receiver 0..n
 *          &lt;------------------------- NAKs, statuses ---[egress: NAK loss]--
 * </pre>
 *
 * Each link has a quarter of the round trip.
 */
final class MulticastSimulation {
  private static final int DATA_PORT = 9_000;
  private static final int GROUP = 0xEF01_0001; // 239.1.0.1, administratively scoped
  private static final long MEMORY_LIMIT = 3L << 30;

  /** By then data is under way. */
  private static final long START_NS = 250_000_000;

  private static final long GRACE_NS = 3_000_000_000L;
  private static final int LEAST_RING = 64 * 1024;
  private static final long MOST_RINGS = 1L << 30;

  private final MulticastOptions options;
  private final SimulatedNetwork network;
  private final SeededRandom random;
  private final List<SimulatedLink> sourceLinks = new ArrayList<>();
  private final List<SimulatedLink> receiverLinks = new ArrayList<>();
  private final List<EndpointAddress> groups = new ArrayList<>();
  private final MulticastRecord record;
  private final List<MulticastReader> readers = new ArrayList<>();
  private final MessagePattern pattern;
  private final MulticastSender sender;
  private final Simulation simulation;
  private long doneNs;

  MulticastSimulation(MulticastOptions options) {
    this.options = options;
    network = new SimulatedNetwork(options.seed);
    random = new SeededRandom(options.seed).fork("multicast");
    simulation = new Simulation(network);
    record = new MulticastRecord(options, sourceLinks);
    pattern =
        new MessagePattern(options.seed, (int) options.messageBytes, (int) options.messageBytes);
    try {
      sender = makeSender();
      record.sender(sender);
      RingMemory memory = new RingMemory(MEMORY_LIMIT);
      for (int i = 0; i < options.receivers + options.joiners; i++) {
        readers.add(makeReader(i, memory));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    network.observe(record);
  }

  /** The network, for faults that no option has. */
  SimulatedNetwork network() {
    return network;
  }

  /** A source's link, for faults that no option has. */
  SimulatedLink sourceLink(int line) {
    return sourceLinks.get(line);
  }

  /** A receiver's ingress, for faults that no option has. */
  SimulatedLink receiverLink(int receiver) {
    return receiverLinks.get(receiver);
  }

  MulticastSender sender() {
    return sender;
  }

  List<MulticastReader> readers() {
    return readers;
  }

  MulticastResult run() {
    simulation.runUntil(this::isDone, options.limitNs);
    return new MulticastResult(options, network, sender, readers, record);
  }

  private boolean isDone() {
    if (sender.offered() < options.messages) {
      return false;
    }
    long end = sender.ring().writtenPosition();
    for (int i = 0; i < readers.size(); i++) {
      if (!readers.get(i).hasRead(end)) {
        return isGivenUp();
      }
    }
    return true;
  }

  /** The source waits for nobody any more; whoever is left has had time to be told what it lost. */
  private boolean isGivenUp() {
    long nowNs = network.clock().nowNs();
    if (!sender.isDone()) {
      doneNs = nowNs;
    }
    return nowNs - doneNs > GRACE_NS;
  }

  private MulticastSender makeSender() throws IOException {
    List<DatagramPort> ports = new ArrayList<>();
    List<SimulatedHost> hosts = new ArrayList<>();
    for (int line = 0; line < options.lines; line++) {
      SimulatedLink egress = link("source out " + line);
      egress.rate(options.rateBitsPerSecond);
      egress.loss(1 - (1 - options.sharedLoss) * (1 - options.lineLoss));
      egress.filteredLoss(MulticastSimulation::isRepair, options.repairLoss);
      sourceLinks.add(egress);
      SimulatedHost host = network.host().egress(egress).ingress(link("source in " + line));
      hosts.add(host);
      groups.add(new EndpointAddress().setIpv4(GROUP + line, DATA_PORT));
      ports.add(host.open(DATA_PORT, options()));
    }
    DatagramPort control = null;
    if (options.peersHear()) {
      control = joined(hosts.getFirst(), controlGroup());
    }
    SourceSettings settings =
        new SourceSettings()
            .datagramLength(options.datagramBytes)
            .rateBytesPerSecond(options.rateBitsPerSecond / 8)
            .repairShare(options.repairBudget)
            .peersHear(options.peersHear())
            .groupSize(options.groupSizeEstimate)
            .flow(options.flow);
    SendRing ring = SendRing.exclusive(ringCapacity());
    List<DatagramPort> heard = new ArrayList<>(ports);
    if (control != null) {
      heard.add(control);
    }
    MulticastSender made =
        new MulticastSender(options, settings, pattern, ring, ports, heard, groups, sessionId());
    for (SimulatedHost host : hosts) {
      simulation.add(host, made);
    }
    return made;
  }

  private long sessionId() {
    return random.fork("session").nextLong();
  }

  private MulticastReader makeReader(int index, RingMemory memory) throws IOException {
    SimulatedLink ingress = link("receiver in " + index);
    boolean isCrybaby = index < options.crybaby.receivers();
    double kept = (1 - options.loss) * (isCrybaby ? 1 - options.crybaby.loss() : 1);
    ingress
        .loss(1 - kept)
        .reorder(options.reordering.probability(), options.reordering.extraNs())
        .duplicate(options.duplicate)
        .corrupt(options.corrupt);
    receiverLinks.add(ingress);
    SimulatedLink egress = link("receiver out " + index);
    egress.filteredLoss(MulticastSimulation::isNak, options.nakLoss);
    SimulatedHost host = network.host().ingress(ingress).egress(egress);
    List<DatagramPort> data = new ArrayList<>();
    for (EndpointAddress group : groups) {
      data.add(joined(host, group));
    }
    ReceiverSettings settings =
        new ReceiverSettings()
            .datagramLength(options.datagramBytes)
            .lines(options.lines)
            .law(options.law);
    MulticastReader reader =
        new MulticastReader(
            index,
            settings,
            pattern,
            record,
            memory,
            data,
            options.peersHear() ? joined(host, controlGroup()) : null,
            options.peersHear() ? controlGroup() : null,
            host.open(0, options()),
            random.fork("receiver", index).nextLong());
    MulticastKeeper keeper = sender.keeper();
    if (keeper != null && (isCrybaby || index >= options.receivers)) {
      reader.readsJournal(keeper.newPipe(), index < options.receivers ? 0 : joinNs(index));
    }
    simulation.add(host, reader);
    return reader;
  }

  /** Some time while messages are sent. */
  private long joinNs(int index) {
    double share = 0.1 + 0.8 * random.fork("join", index).nextDouble();
    return START_NS + (long) (share * options.messages * options.intervalNs());
  }

  private SimulatedLink link(String name) {
    return network.link(name).delay(options.roundTripNs / 4);
  }

  private static DatagramPort joined(SimulatedHost host, EndpointAddress group) throws IOException {
    DatagramPort port = host.open(options().localAddress(group));
    port.join(group, null, SimulatedPort.INTERFACE_NAME);
    return port;
  }

  private static DatagramPortOptions options() {
    return new DatagramPortOptions().multicastLoopback(false);
  }

  private EndpointAddress controlGroup() {
    return groups.getFirst().copy().port(DATA_PORT + 1);
  }

  /** Enough for the repairs of some hundred round trips, and for statuses if they hold data up. */
  private int ringCapacity() {
    if (options.ringBytes > 0) {
      return (int) options.ringBytes;
    }
    double bytesPerNs =
        RecordLayout.requiredLength((int) options.messageBytes) / options.intervalNs();
    double spanNs = 100_000_000 + 200.0 * options.roundTripNs;
    if (options.flow != FlowMode.FASTEST) {
      spanNs += 5 * options.receivers * 100_000.0;
    }
    long wanted = Math.max((long) (2 * bytesPerNs * spanNs), 32L * options.messageBytes);
    long most = MOST_RINGS / (options.receivers + 2L * options.joiners + 1);
    long bytes = Math.clamp(wanted, LEAST_RING, Math.max(most, LEAST_RING));
    return Integer.highestOneBit((int) bytes - 1) << 1;
  }

  static boolean isNak(DirectBuffer buffer, int offset, int length) {
    return templateId(buffer, offset) == NakFrameDecoder.TEMPLATE_ID;
  }

  static boolean isRepair(DirectBuffer buffer, int offset, int length) {
    int flags =
        DatagramHeader.LENGTH + FrameHeader.LENGTH + FanOutDataFrameDecoder.flagsEncodingOffset();
    return templateId(buffer, offset) == FanOutDataFrameDecoder.TEMPLATE_ID
        && (buffer.getByte(offset + flags) & 1) != 0;
  }

  private static int templateId(DirectBuffer buffer, int offset) {
    return FrameHeader.templateId(FrameHeader.read(buffer, offset + DatagramHeader.LENGTH));
  }

  /** What went wrong at any reader, in a sentence; null when nothing did. */
  static @Nullable String failure(List<MulticastReader> readers) {
    for (MulticastReader reader : readers) {
      if (reader.failure() != null) {
        return reader.failure();
      }
    }
    return null;
  }
}
