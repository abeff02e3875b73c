package io.petrel.transport.simulation;

import io.petrel.codecs.DatagramHeader;
import io.petrel.transport.datagram.DatagramFraming;
import io.petrel.transport.datagram.DatagramHandler;
import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.datagram.DatagramResult;
import io.petrel.transport.datagram.DatagramStatistics;
import io.petrel.transport.datagram.EndpointAddress;
import java.io.IOException;
import java.net.BindException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A datagram port on a simulated host. Trains are cut into datagrams before they meet the link. The
 * receive buffer has the size asked for and drops what finds no room, as a kernel does.
 */
public final class SimulatedPort implements DatagramPort {
  /** The kind of port this is. */
  public static final String KIND = "simulated";

  /** The name of the only interface of every simulated host. */
  public static final String INTERFACE_NAME = "sim0";

  private static final int DEFAULT_BUFFER_BYTES = 4 << 20;

  private final SimulatedNetwork network;
  private final SimulatedHost host;
  private final DatagramPortOptions options;
  private final EndpointAddress local;
  private final @Nullable EndpointAddress remote;
  private final DatagramStatistics statistics = new DatagramStatistics();
  private final List<Membership> memberships = new ArrayList<>();

  /** How others see this port: one address for each family it serves. */
  private final List<EndpointAddress> visibleAs = new ArrayList<>();

  private final ArrayDeque<SimulatedDatagram> received = new ArrayDeque<>();
  private final UnsafeBuffer ownCopy = new UnsafeBuffer(new byte[0]);
  private int receivedBytes;
  private long overruns;
  private boolean refusedByPeer;
  private boolean closed;

  private record Membership(EndpointAddress group, @Nullable EndpointAddress source) {}

  SimulatedPort(
      SimulatedNetwork network,
      SimulatedHost host,
      DatagramPortOptions options,
      EndpointAddress local) {
    this.network = network;
    this.host = host;
    this.options = options;
    this.local = local;
    remote = options.remoteAddress();
    for (EndpointAddress address : host.addresses()) {
      if (serves(address)) {
        visibleAs.add(address.copy().port(local.port()));
      }
    }
  }

  private boolean serves(EndpointAddress address) {
    if (local.isMulticast()) {
      return address.family() == local.family();
    }
    if (!local.isWildcard()) {
      return address.copy().port(local.port()).equals(local);
    }
    boolean dualStack = local.family() == EndpointAddress.IPV6 && !options.onlyIpv6();
    return address.family() == local.family() || dualStack;
  }

  /** Registers the port on the network under every address it serves. */
  void bind() throws IOException {
    if (visibleAs.isEmpty()) {
      throw new BindException("cannot bind " + local + ": not an address of " + host);
    }
    if (local.isMulticast()) {
      return; // nothing is sent to it but through the group
    }
    for (EndpointAddress address : visibleAs) {
      if (network.addressAt(address).isTakenFor(remote) && !options.addressShared()) {
        throw new BindException("cannot bind " + local + ": address already in use");
      }
    }
    for (EndpointAddress address : visibleAs) {
      network.addressAt(address).add(this);
    }
  }

  /** The host's address of one family is another from now on. */
  void moveTo(EndpointAddress address) {
    for (EndpointAddress seen : visibleAs) {
      if (seen.family() == address.family()) {
        replaceVisible(seen, address.copy().port(seen.port()));
      }
    }
  }

  /**
   * Is seen under another port number from now on, as behind a NAT that forgot its mapping. What is
   * sent to the former one finds nobody.
   */
  public void changeVisiblePort(int portNumber) {
    for (EndpointAddress seen : visibleAs) {
      replaceVisible(seen, seen.copy().port(portNumber));
    }
    network.countRebind();
  }

  private void replaceVisible(EndpointAddress seen, EndpointAddress next) {
    if (!local.isMulticast()) {
      network.addressAt(seen).remove(this);
      network.addressAt(next).add(this);
    }
    seen.set(next);
  }

  SimulatedHost host() {
    return host;
  }

  DatagramPortOptions options() {
    return options;
  }

  /** How others see this port as the sender of a datagram; null when it cannot send to there. */
  @Nullable EndpointAddress visibleTo(EndpointAddress destination) {
    for (int i = 0; i < visibleAs.size(); i++) {
      if (visibleAs.get(i).family() == destination.family()) {
        return visibleAs.get(i);
      }
    }
    return null;
  }

  @Override
  public EndpointAddress localAddress() {
    return local;
  }

  @Override
  public @Nullable EndpointAddress remoteAddress() {
    return remote;
  }

  @Override
  public int send(DirectBuffer buffer, int offset, int length) {
    return sendAll(buffer, offset, length, length, null);
  }

  @Override
  public int send(DirectBuffer buffer, int offset, int length, EndpointAddress to) {
    return sendAll(buffer, offset, length, length, to);
  }

  @Override
  public int sendTrain(
      DirectBuffer buffer,
      int offset,
      int length,
      int segmentLength,
      @Nullable EndpointAddress to) {
    return sendAll(buffer, offset, length, segmentLength, to);
  }

  private int sendAll(
      DirectBuffer buffer,
      int offset,
      int length,
      int segmentLength,
      @Nullable EndpointAddress to) {
    EndpointAddress destination = remote == null ? to : remote;
    if (closed) {
      return DatagramResult.CLOSED;
    }
    if (destination == null || (remote != null && to != null)) {
      return DatagramResult.WRONG_ADDRESSING;
    }
    if (segmentLength < 1 && length > 0) {
      return DatagramResult.FAILED;
    }
    if (refusedByPeer) {
      return reportRefused();
    }
    int sent = 0;
    int datagrams = 0;
    int result;
    do {
      int segment = Math.min(segmentLength, length - sent);
      result = sendOne(buffer, offset + sent, segment, destination);
      if (result < 0) {
        break;
      }
      sent += segment;
      datagrams++;
    } while (sent < length);
    if (datagrams == 0) {
      return result;
    }
    statistics.sendCalls++;
    statistics.trainsSent += datagrams > 1 ? 1 : 0;
    return sent;
  }

  private int sendOne(DirectBuffer buffer, int offset, int length, EndpointAddress destination) {
    int result =
        length > MAX_DATAGRAM_LENGTH
            ? DatagramResult.TOO_LARGE
            : network.send(this, buffer, offset, length, destination);
    if (result >= 0) {
      statistics.datagramsSent++;
      statistics.bytesSent += length;
    } else if (result == DatagramResult.TOO_LARGE) {
      statistics.sendTooLarge++;
    } else {
      statistics.sendFailed++;
    }
    return result;
  }

  private int reportRefused() {
    refusedByPeer = false;
    statistics.refused++;
    return DatagramResult.REFUSED;
  }

  @Override
  public int receive(DatagramHandler handler, int datagramLimit) {
    if (closed) {
      return DatagramResult.CLOSED;
    }
    int taken = 0;
    while (taken < datagramLimit && !closed) {
      SimulatedDatagram datagram = received.poll();
      if (datagram == null) {
        break;
      }
      taken++;
      receivedBytes -= datagram.length;
      try {
        hand(datagram, handler);
      } finally {
        network.release(datagram);
      }
    }
    if (taken > 0) {
      statistics.receiveCalls++;
    }
    return taken == 0 && refusedByPeer ? reportRefused() : taken;
  }

  private void hand(SimulatedDatagram datagram, DatagramHandler handler) {
    int length = datagram.length;
    if (options.framing() == DatagramFraming.PETREL && !isFramed(datagram)) {
      return;
    }
    statistics.datagramsReceived++;
    statistics.bytesReceived += length;
    if (datagram.isShared()) { // the handler may write into what it gets
      if (ownCopy.capacity() < length) {
        ownCopy.wrap(new byte[Integer.highestOneBit(length) << 1]);
      }
      ownCopy.putBytes(0, datagram.buffer, 0, length);
      handler.onDatagram(ownCopy, 0, length, datagram.source);
    } else {
      handler.onDatagram(datagram.buffer, 0, length, datagram.source);
    }
  }

  private boolean isFramed(SimulatedDatagram datagram) {
    int length = datagram.length;
    if (length == 0) {
      statistics.emptyReceived++;
      return false;
    }
    if (length >= DatagramHeader.LENGTH
        && DatagramHeader.datagramLength(datagram.buffer, 0) == length) {
      return true;
    }
    statistics.malformedReceived++;
    statistics.malformedBytes += length;
    return false;
  }

  /** Takes a datagram off the network, or drops it when there is no room. */
  void enqueue(SimulatedDatagram datagram) {
    if (receivedBytes + datagram.length > receiveBufferBytes()) {
      overruns++;
      network.countOverrun(datagram);
      return;
    }
    datagram.hold();
    receivedBytes += datagram.length;
    received.add(datagram);
    network.countDelivery(datagram);
    host.wake();
  }

  /** The peer's host answered that nobody is there. */
  void refused() {
    refusedByPeer = true;
    host.wake();
  }

  @Override
  public DatagramPort promote(EndpointAddress peer) throws IOException {
    if (closed) {
      throw new IOException("cannot promote at " + local + ": it is closed");
    }
    if (remote != null) {
      throw new IOException("cannot promote " + local + ": it is connected to " + remote);
    }
    return host.promote(this, peer);
  }

  @Override
  public void join(
      EndpointAddress group, @Nullable EndpointAddress source, @Nullable String networkInterface)
      throws IOException {
    checkInterface(group, networkInterface);
    Membership membership = membership(group, source);
    if (memberships.contains(membership)) {
      throw new IOException("already joined " + group);
    }
    memberships.add(membership);
    network.group(membership.group).add(this);
  }

  @Override
  public void leave(
      EndpointAddress group, @Nullable EndpointAddress source, @Nullable String networkInterface)
      throws IOException {
    checkInterface(group, networkInterface);
    Membership membership = membership(group, source);
    if (!memberships.remove(membership)) {
      throw new IOException("cannot leave " + group + ": it was not joined");
    }
    if (memberships.stream().noneMatch(other -> other.group.equals(membership.group))) {
      network.group(membership.group).remove(this);
    }
  }

  private Membership membership(EndpointAddress group, @Nullable EndpointAddress source) {
    return new Membership(
        group.copy().port(local.port()), source == null ? null : source.copy().port(0));
  }

  private void checkInterface(EndpointAddress group, @Nullable String given) throws IOException {
    if (closed) {
      throw new IOException("the port is closed");
    }
    if (!group.isMulticast()) {
      throw new IOException(group + " is not a multicast group");
    }
    String wanted = given == null ? options.multicastInterface() : given;
    if (wanted == null) {
      throw new IOException("no interface given to join " + group + " at");
    }
    if (!host.hasInterface(wanted)) {
      throw new IOException("no interface '" + wanted + "' on " + host);
    }
  }

  /** Whether a datagram sent to a group is for this port. */
  boolean isMember(SimulatedDatagram datagram) {
    if (local.isMulticast() && !local.equals(datagram.destination)) {
      return false;
    }
    if (remote != null && !remote.equals(datagram.source)) {
      return false;
    }
    for (int i = 0; i < memberships.size(); i++) {
      Membership membership = memberships.get(i);
      if (membership.group.equals(datagram.destination)
          && (membership.source == null || isSameHost(membership.source, datagram.source))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSameHost(EndpointAddress one, EndpointAddress other) {
    return one.low() == other.low() && one.high() == other.high() && one.family() == other.family();
  }

  @Override
  public DatagramStatistics statistics() {
    return statistics;
  }

  @Override
  public long kernelDrops() {
    return overruns;
  }

  @Override
  public int receiveBufferBytes() {
    int asked = options.receiveBufferBytes();
    return asked == DatagramPortOptions.SYSTEM_DEFAULT ? DEFAULT_BUFFER_BYTES : asked;
  }

  @Override
  public int sendBufferBytes() {
    int asked = options.sendBufferBytes();
    return asked == DatagramPortOptions.SYSTEM_DEFAULT ? DEFAULT_BUFFER_BYTES : asked;
  }

  @Override
  public boolean segmentationOffload() {
    return options.segmentationOffload();
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (EndpointAddress address : visibleAs) {
      network.addressAt(address).remove(this);
    }
    for (Membership membership : memberships) {
      network.group(membership.group).remove(this);
    }
    host.forget(this);
    for (SimulatedDatagram datagram : received) {
      network.release(datagram);
    }
    received.clear();
    receivedBytes = 0;
  }
}
