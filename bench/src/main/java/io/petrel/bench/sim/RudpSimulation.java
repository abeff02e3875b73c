package io.petrel.bench.sim;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.cli.LinkQuantities;
import io.petrel.codecs.wire.Integrity;
import io.petrel.rudp.acknowledgement.AckPolicy;
import io.petrel.rudp.congestion.CongestionControllerFactory;
import io.petrel.rudp.congestion.CongestionControllers;
import io.petrel.rudp.congestion.CongestionSettings;
import io.petrel.rudp.endpoint.EndpointSettings;
import io.petrel.rudp.handshake.Offer;
import io.petrel.rudp.session.Session;
import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.ring.RingMemory;
import io.petrel.transport.simulation.RunGuard;
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
import org.jspecify.annotations.Nullable;

/**
 * Reliable UDP over a simulated link: any number of flows, each a client that sends and a server
 * that reads, all sharing the link each way.
 *
 * <pre>
 *   sender 0 --+                          +--&gt; receiver 0
 *   sender 1 --+--&gt; forward: rate, queue -+--&gt; receiver 1
 *      ...     |        delay, faults     |       ...
 *          &lt;---+---------- back ----------+---
 * </pre>
 *
 * <p>What is delivered is held against what was sent, always; so is the account of every datagram.
 */
final class RudpSimulation {
  private static final int PORT = 9000;
  private static final int FIRST_REBOUND_ADDRESS = (172 << 24) | (16 << 16); // 172.16.0.0/12
  private static final int LEAST_RING = Offer.SMALLEST_RING;
  private static final int LEAST_SHARED_RING = 256 << 10;
  private static final int DEFAULT_RING = EndpointSettings.DEFAULT_RING;
  private static final int MOST_AUTOMATIC_RING = 128 << 20;
  private static final long TABLE_BYTES_A_PACKET = 256;
  private static final long TABLE_BYTES_A_SESSION = 200_000;
  private static final long LINGER_NS_AN_IDLE_MS = 700_000; // 0.7 of the idle timeout
  private static final int PORT_BUFFER_BYTES = 16 << 20;

  private final RudpOptions options;
  private final LinkOptions link;
  private final SimulatedNetwork network;
  private final Simulation simulation;
  private final SimulatedLink forward;
  private final SimulatedLink back;
  private final RingMemory memory = RingMemory.unlimited();
  private final List<RudpFlow> flows = new ArrayList<>();
  private final List<RudpSender> senders = new ArrayList<>();
  private final List<RudpReceiver> receivers = new ArrayList<>();
  private final EndpointSettings settings;
  private final RunGuard guard;
  private final int ringCapacity;
  private int rebinds;

  RudpSimulation(RudpOptions options, LinkOptions link) {
    this.options = options;
    this.link = link;
    ringCapacity = ringCapacity();
    settings = settings();
    network = new SimulatedNetwork(options.seed);
    simulation = new Simulation(network);
    forward = network.link("forward");
    back = network.link("back");
    link.apply(forward, back);
    for (LinkQuantities.SizeLimit limit : link.sizeLimits) {
      network.at(
          limit.atNs(),
          () -> {
            forward.datagramLimit(limit.bytes());
            back.datagramLimit(limit.bytes());
          });
    }
    SeededRandom random = new SeededRandom(options.seed).fork("rudp");
    for (int i = 0; i < options.flows; i++) {
      addFlow(i, random.fork("flow", i));
    }
    long patienceNs = options.patienceNs == 0 ? Long.MAX_VALUE : options.patienceNs;
    long tables = settings.sentPacketLimit() * TABLE_BYTES_A_PACKET + TABLE_BYTES_A_SESSION;
    long memoryLimit = 2L * options.flows * (options.streams * (long) ringCapacity + tables);
    guard = new RunGuard(patienceNs, this::delivered, memoryLimit, this::memoryBytes);
  }

  private void addFlow(int index, SeededRandom random) {
    SimulatedHost senderHost = network.host().egress(forward);
    SimulatedHost receiverHost = network.host().egress(back);
    DatagramPortOptions portOptions =
        new DatagramPortOptions().receiveBufferBytes(PORT_BUFFER_BYTES);
    RudpFlow flow = new RudpFlow(index, options, random);
    try {
      SimulatedPort receiverPort = receiverHost.open(PORT, portOptions);
      EndpointAddress server = receiverHost.address().port(PORT);
      SimulatedPort senderPort = senderHost.open(0, portOptions.copy().remoteAddress(server));
      receivers.add(
          new RudpReceiver(
              flow, options, receiverHost, receiverPort, settings, memory, random.fork("server")));
      senders.add(
          new RudpSender(
              flow,
              options,
              senderHost,
              senderPort,
              server,
              settings,
              memory,
              random.fork("client")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    flows.add(flow);
    simulation.add(receiverHost, receivers.getLast());
    simulation.add(senderHost, senders.getLast());
    for (long atNs : options.rebindsNs) {
      network.at(atNs, () -> senderHost.changeAddress(newAddress()));
    }
    for (RudpOptions.ClockJump jump : options.clockJumps) {
      network.at(jump.atNs(), () -> jumpClock(index, jump, senderHost, receiverHost));
    }
  }

  private EndpointAddress newAddress() {
    return new EndpointAddress().setIpv4(FIRST_REBOUND_ADDRESS + ++rebinds, 0);
  }

  private void jumpClock(
      int index, RudpOptions.ClockJump jump, SimulatedHost senderHost, SimulatedHost receiverHost) {
    if (jump.ofSender()) {
      senders.get(index).onClockJump(jump.byNs());
      senderHost.jumpClock(jump.byNs());
    } else {
      receivers.get(index).onClockJump(jump.byNs());
      receiverHost.jumpClock(jump.byNs());
    }
  }

  /**
   * Four times what the link and its queue hold, so that a hole can be mended on the way; where
   * many streams share the link, twice each one's share of that.
   */
  private int ringCapacity() {
    long wanted = options.ringBytes;
    if (wanted == 0) {
      double holdsBytes = link.rateBitsPerSecond / 8.0 * (link.longestRoundTripNs() / 1e9);
      int sharers = Math.max(1, options.flows * options.streams / 2);
      long floor = Math.max(LEAST_SHARED_RING, DEFAULT_RING / sharers);
      long least = Math.max(floor, 8 * options.messageBytes);
      wanted =
          Math.clamp(
              (long) (4 * holdsBytes / sharers), least, Math.max(least, MOST_AUTOMATIC_RING));
    }
    wanted = Math.max(wanted, LEAST_RING);
    long capacity = Long.highestOneBit(2 * wanted - 1);
    if (capacity > 1 << 30) {
      throw new CommandFailure(
          "a ring of " + wanted + " bytes is more than the 1 GiB there can be");
    }
    if (options.messageBytes > capacity / 8) {
      throw new CommandFailure(
          "messages of "
              + options.messageBytes
              + " bytes do not fit a ring of "
              + capacity
              + ", which takes an eighth of it: make --ring larger");
    }
    return (int) capacity;
  }

  private EndpointSettings settings() {
    CongestionControllerFactory controller;
    try {
      controller = CongestionControllers.find(options.congestionControl);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
    Offer offer =
        new Offer(
            ringCapacity,
            options.datagramBytes,
            EndpointSettings.MOST_STREAMS,
            Integrity.CRC32C,
            options.idleTimeoutMs,
            AckPolicy.LONGEST_DELAY_NS);
    EndpointSettings defaults = EndpointSettings.defaults(options.congestionControl);
    // A peer that lost the last word of a close gives up on its own before it is given up.
    long lingerNs = Math.min(options.endNs(), options.idleTimeoutMs * LINGER_NS_AN_IDLE_MS);
    return defaults
        .withOffer(offer)
        .withCongestion(
            controller,
            CongestionSettings.defaults(options.datagramBytes)
                .withLossThreshold(options.lossThreshold))
        .withTimes(defaults.keepaliveNs(), lingerNs, options.endNs());
  }

  /** Runs until everything is delivered, something went wrong or time is up. */
  RudpResult run() {
    Simulation.Outcome outcome = simulation.runUntil(this::isOver, options.endNs());
    if (outcome == Simulation.Outcome.DONE && isComplete() && failure() == null) {
      closeAll();
    }
    String failure = failure();
    boolean endless = options.messageCount() == Long.MAX_VALUE;
    boolean complete = endless ? failure == null : isComplete();
    return new RudpResult(options, network, forward, back, flows, senders, receivers, guard)
        .finish(complete, breach(), failure);
  }

  private boolean isOver() {
    long nowNs = network.clock().nowNs();
    boolean expected = link.isUp(nowNs) && !isComplete();
    return !guard.check(nowNs, expected)
        || trouble() != null
        || isComplete()
        || network.sent() >= options.packetLimit;
  }

  /** Ends the sessions as an application would, so that the end is part of what is simulated. */
  private void closeAll() {
    for (int i = 0; i < senders.size(); i++) {
      senders.get(i).close();
      simulation.wake(senders.get(i));
    }
    long graceNs = network.clock().nowNs() + options.limitNs;
    simulation.runUntil(() -> breach() != null || allClosed(), graceNs);
    if (!allClosed()) {
      flows.getFirst().onTrouble("a graceful close did not come to its end");
    }
  }

  private boolean allClosed() {
    for (int i = 0; i < senders.size(); i++) {
      if (senders.get(i).end() == null || receivers.get(i).end() == null) {
        return false;
      }
    }
    return true;
  }

  /** Rings and what the sessions keep beside them. */
  private long memoryBytes() {
    long sum = memory.bytesInUse();
    for (int i = 0; i < flows.size(); i++) {
      sum += bytesOf(senders.get(i).session()) + bytesOf(receivers.get(i).session());
    }
    return sum;
  }

  private static long bytesOf(@Nullable Session session) {
    return session == null ? 0 : session.memoryBytes();
  }

  private long delivered() {
    long sum = 0;
    for (int i = 0; i < flows.size(); i++) {
      sum += flows.get(i).delivered();
    }
    return sum;
  }

  private boolean isComplete() {
    for (int i = 0; i < flows.size(); i++) {
      if (!flows.get(i).isComplete()) {
        return false;
      }
    }
    return true;
  }

  private @Nullable String breach() {
    for (RudpFlow flow : flows) {
      if (flow.breach() != null) {
        return flow.breach();
      }
    }
    return null;
  }

  private @Nullable String trouble() {
    for (int i = 0; i < flows.size(); i++) {
      if (flows.get(i).trouble() != null) {
        return flows.get(i).trouble();
      }
    }
    return null;
  }

  private @Nullable String failure() {
    if (breach() != null) {
      return breach();
    }
    if (!network.isBalanced()) {
      return "the simulator lost count of its datagrams: " + network;
    }
    return trouble() != null ? trouble() : guard.failure();
  }
}
