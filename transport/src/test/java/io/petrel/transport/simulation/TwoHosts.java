package io.petrel.transport.simulation;

import io.petrel.transport.datagram.DatagramFraming;
import io.petrel.transport.datagram.DatagramPortOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One sender, one receiver, a link each way, and a log of what arrived when.
 *
 * <pre>
 *   sender --forward--&gt; receiver
 *   sender &lt;---back---- receiver
 * </pre>
 */
final class TwoHosts {
  static final int PORT = 9000;

  final SimulatedNetwork network;
  final SimulatedLink forward;
  final SimulatedLink back;
  final SimulatedHost senderHost;
  final SimulatedHost receiverHost;
  final SimulatedPort sender;
  final SimulatedPort receiver;

  /** A datagram's number and the virtual time of its delivery. */
  record Arrival(int number, long atNs) {}

  private final List<Arrival> arrivals = new ArrayList<>();
  private int sent;

  TwoHosts(long seed) {
    network = new SimulatedNetwork(seed);
    forward = network.link("forward");
    back = network.link("back");
    senderHost = network.host().egress(forward);
    receiverHost = network.host().egress(back);
    try {
      DatagramPortOptions options =
          new DatagramPortOptions().framing(DatagramFraming.NONE).receiveBufferBytes(1 << 30);
      sender = senderHost.open(PORT, options);
      receiver = receiverHost.open(PORT, options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    network.observe(
        new NetworkObserver() {
          @Override
          public void onDelivered(long nowNs, DatagramView datagram) {
            arrivals.add(new Arrival(datagram.buffer().getInt(0), nowNs));
          }
        });
  }

  /** Sends datagrams of the given payload at the present time, numbered on from 0. */
  void send(int count, int length) {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[length]);
    for (int i = 0; i < count; i++) {
      buffer.putInt(0, sent++);
      int result = sender.send(buffer, 0, length, receiver.localAddress());
      if (result != length) {
        throw new AssertionError("send said " + result);
      }
    }
  }

  /** Sends one datagram each so many nanoseconds. */
  void sendPaced(int count, int length, long intervalNs) {
    for (int i = 0; i < count; i++) {
      send(1, length);
      network.advanceBy(intervalNs);
    }
  }

  /** Runs until nothing is on its way. */
  List<Arrival> arrivals() {
    while (network.nextEventNs() != Long.MAX_VALUE) {
      network.advanceTo(network.nextEventNs());
    }
    return arrivals;
  }

  List<Integer> numbers() {
    return arrivals().stream().map(Arrival::number).toList();
  }

  List<Long> times() {
    return arrivals().stream().map(Arrival::atNs).toList();
  }
}
