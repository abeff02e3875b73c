package io.petrel.bench.link;

import io.petrel.transport.datagram.DatagramFraming;
import io.petrel.transport.datagram.DatagramHandler;
import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.datagram.DatagramResult;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.simulation.DropCause;
import io.petrel.transport.simulation.LinkCounters;
import io.petrel.transport.simulation.SimulatedHost;
import io.petrel.transport.simulation.SimulatedLink;
import io.petrel.transport.simulation.SimulatedNetwork;
import io.petrel.transport.simulation.SimulatedPort;
import java.io.IOException;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Both directions of an impaired link, told the time: what is accepted at one side is delivered at
 * the other, when and if the link model says so.
 *
 * <pre>
 *   accept(FIRST)  --->  forward: queue, rate, loss, delay  --->  deliver(SECOND)
 *   deliver(FIRST) <---  back:    the same, drawn apart     <---  accept(SECOND)
 * </pre>
 *
 * Call {@link #advanceTo} before both, and again by {@link #nextEventNs}.
 */
final class EmulatedPath {
  /** Where packets go in and out. */
  enum Side {
    FIRST,
    SECOND
  }

  /** Takes a packet that came through; the buffer is valid during the call only. */
  @FunctionalInterface
  interface PacketSink {
    void onPacket(DirectBuffer buffer, int offset, int length);
  }

  private static final int PORT = 1;

  /** Emptied after each move of time, so that it never overflows. */
  private static final int BUFFER_BYTES = 1 << 28;

  private final SimulatedNetwork network;
  private final Direction forward;
  private final Direction back;

  EmulatedPath(LinkOptions options, long seed) {
    network = new SimulatedNetwork(seed).carryWholePackets();
    SimulatedHost first = network.host();
    SimulatedHost second = network.host();
    SimulatedLink toSecond = network.link("forward");
    SimulatedLink toFirst = network.link("back");
    options.apply(toSecond, toFirst);
    first.egress(toSecond);
    second.egress(toFirst);
    DatagramPortOptions port =
        new DatagramPortOptions().framing(DatagramFraming.NONE).receiveBufferBytes(BUFFER_BYTES);
    try {
      SimulatedPort atFirst = first.open(PORT, port);
      SimulatedPort atSecond = second.open(PORT, port);
      forward = new Direction(atFirst, atSecond, toSecond);
      back = new Direction(atSecond, atFirst, toFirst);
    } catch (IOException e) {
      throw new IllegalStateException("a new host has every port free", e);
    }
  }

  /** One way through. */
  private static final class Direction implements DatagramHandler {
    private final SimulatedPort in;
    private final SimulatedPort out;
    private final EndpointAddress destination;
    private final LinkCounters counters;
    private PacketSink sink = (buffer, offset, length) -> {};
    private long enteredBytes;
    private long delivered;
    private long deliveredBytes;

    Direction(SimulatedPort in, SimulatedPort out, SimulatedLink link) {
      this.in = in;
      this.out = out;
      destination = out.localAddress();
      counters = link.counters();
    }

    void accept(DirectBuffer buffer, int offset, int length) {
      int sent = in.send(buffer, offset, length, destination);
      if (sent == DatagramResult.TOO_LARGE) {
        throw new IllegalArgumentException("a packet of " + length + " bytes is none of IPv4");
      }
      enteredBytes += length;
    }

    int deliver(PacketSink to) {
      sink = to;
      return out.receive(this, Integer.MAX_VALUE);
    }

    @Override
    public void onDatagram(
        MutableDirectBuffer buffer, int offset, int length, EndpointAddress source) {
      delivered++;
      deliveredBytes += length;
      sink.onPacket(buffer, offset, length);
    }

    LinkAccounts.Direction accounts() {
      return new LinkAccounts.Direction(
          counters.entered(),
          enteredBytes,
          delivered,
          deliveredBytes,
          counters.injectedDrops(),
          counters.drops(DropCause.QUEUE),
          counters.reordered(),
          counters.duplicated(),
          counters.corrupted(),
          counters.maxQueueDelayNs());
    }
  }

  /** Moves time on. */
  void advanceTo(long timeNs) {
    network.advanceTo(timeNs);
  }

  /** Sends a packet in at one side, now. */
  void accept(Side side, DirectBuffer buffer, int offset, int length) {
    (side == Side.FIRST ? forward : back).accept(buffer, offset, length);
  }

  /** Hands over what has come out at one side; returns how many packets. */
  int deliver(Side side, PacketSink sink) {
    return (side == Side.FIRST ? back : forward).deliver(sink);
  }

  /** When the next packet comes out, or {@link Long#MAX_VALUE}. */
  long nextEventNs() {
    return network.nextEventNs();
  }

  /** What happened so far. */
  LinkAccounts accounts() {
    return new LinkAccounts(forward.accounts(), back.accounts(), network.inFlight());
  }
}
