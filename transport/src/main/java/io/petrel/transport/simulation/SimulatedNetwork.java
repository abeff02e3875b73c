package io.petrel.transport.simulation;

import io.petrel.transport.datagram.DatagramPortFactory;
import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.datagram.DatagramResult;
import io.petrel.transport.datagram.EndpointAddress;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Hosts, the links between them, and every datagram on its way, in virtual time.
 *
 * <pre>
 *   host a --egress--+                 +--ingress--&gt; host x
 *                    +--&gt; the core ---+             any link may be shared: a bottleneck
 *   host b --egress--+   (perfect)     +--ingress--&gt; host y    for several flows
 * </pre>
 *
 * <p>What is sent to a group crosses the sender's egress once and each receiving host's ingress
 * once: faults of the first are shared by all receivers, those of the second are a receiver's own.
 *
 * <p>Every datagram is accounted for: {@code sent + copied = delivered + dropped + in flight}, see
 * {@link #isBalanced}.
 */
public final class SimulatedNetwork {
  /** Bytes of IPv4 and UDP headers. */
  public static final int IPV4_HEADERS = 20 + 8;

  /** Bytes of IPv6 and UDP headers. */
  public static final int IPV6_HEADERS = 40 + 8;

  private static final int FIRST_HOST_IPV4 = 10 << 24; // 10.0.0.0/8, private use

  private final VirtualClock clock = new VirtualClock();
  private final EventQueue events = new EventQueue();
  private final SeededRandom random;
  private final SimulatedDatagram.Pool pool = new SimulatedDatagram.Pool();
  private Transit[] freeTransits = new Transit[16];
  private int freeTransitCount;

  private final Map<EndpointAddress, SimulatedHost> hosts = new HashMap<>();
  private final Map<EndpointAddress, Destination.Address> addresses = new HashMap<>();
  private final Map<EndpointAddress, SimulatedGroup> groups = new HashMap<>();
  private final EndpointAddress hostKey = new EndpointAddress();
  private @Nullable NetworkObserver observer;
  private int hostsMade;
  private boolean carriesWholePackets;

  private final DropCounts drops = new DropCounts();
  private long sent;
  private long copied;
  private long delivered;
  private long inFlight;
  private long rebinds;

  /**
   * An empty network.
   *
   * @param seed decides every random fault
   */
  public SimulatedNetwork(long seed) {
    random = new SeededRandom(seed).fork("network");
  }

  /** The virtual time. */
  public VirtualClock clock() {
    return clock;
  }

  /**
   * From now on what ports send are IP packets with all their headers: links charge their length
   * and nothing on top.
   */
  public SimulatedNetwork carryWholePackets() {
    carriesWholePackets = true;
    return this;
  }

  /** A host with an IPv4 address of its own, 10.0.0.1 for the first. */
  public SimulatedHost host() {
    return host(new EndpointAddress().setIpv4(FIRST_HOST_IPV4 + ++hostsMade, 0));
  }

  /**
   * A host.
   *
   * @param addresses one for each family it has; the port is left out
   */
  public SimulatedHost host(EndpointAddress... addresses) {
    SimulatedHost host = new SimulatedHost(this, addresses);
    for (EndpointAddress address : host.addresses()) {
      if (hosts.putIfAbsent(address, host) != null) {
        throw new IllegalArgumentException("two hosts with the address " + address);
      }
    }
    return host;
  }

  /**
   * Opens ports on the host whose address they bind to.
   *
   * @param unnamed the host of ports that name none: bound to the wildcard or to a group
   */
  public DatagramPortFactory factory(SimulatedHost unnamed) {
    return new DatagramPortFactory() {
      @Override
      public String name() {
        return SimulatedPort.KIND;
      }

      @Override
      public SimulatedPort open(DatagramPortOptions options) throws IOException {
        SimulatedHost host = hosts.get(options.localAddress().copy().port(0));
        return (host == null ? unnamed : host).open(options);
      }
    };
  }

  /**
   * A link, perfect until it is told otherwise.
   *
   * @param name its faults' random sequences depend on the network's seed and this name
   */
  public SimulatedLink link(String name) {
    return new SimulatedLink(name, this, random.fork(name));
  }

  /** Shows every datagram's fate to an observer. */
  public void observe(@Nullable NetworkObserver observer) {
    this.observer = observer;
  }

  /**
   * Does something at a virtual time, before datagrams that arrive then and were sent later.
   *
   * @param timeNs now or later
   * @param action may change anything about the network
   */
  public void at(long timeNs, Runnable action) {
    schedule(
        timeNs,
        new SimulatedEvent() {
          @Override
          void occur(long nowNs) {
            action.run();
          }
        });
  }

  /** Moves time on to the given point; everything due until then happens. */
  public void advanceTo(long timeNs) {
    while (events.nextTimeNs() <= timeNs) {
      occurNext();
    }
    clock.advanceTo(timeNs);
  }

  /** Moves time on by the given amount; everything due until then happens. */
  public void advanceBy(long ns) {
    advanceTo(clock.nowNs() + ns);
  }

  /** When something happens next, or {@link Long#MAX_VALUE}. */
  public long nextEventNs() {
    return events.nextTimeNs();
  }

  private void occurNext() {
    long timeNs = events.nextTimeNs();
    clock.advanceTo(timeNs);
    Objects.requireNonNull(events.take()).occur(timeNs);
  }

  void schedule(long timeNs, SimulatedEvent event) {
    if (timeNs < clock.nowNs()) {
      throw new IllegalArgumentException(
          "cannot happen at " + timeNs + " ns: it is " + clock.nowNs() + " ns already");
    }
    events.add(timeNs, event);
  }

  int send(
      SimulatedPort port,
      DirectBuffer buffer,
      int offset,
      int length,
      EndpointAddress destination) {
    EndpointAddress source = port.visibleTo(destination);
    SimulatedLink egress = port.host().egress();
    if (source == null) {
      return DatagramResult.UNREACHABLE;
    }
    if (egress != null && egress.refuses(length)) {
      return DatagramResult.TOO_LARGE;
    }
    SimulatedDatagram datagram = pool.take(length);
    datagram.buffer.putBytes(0, buffer, offset, length);
    datagram.source.set(source);
    datagram.destination.set(destination);
    datagram.wireLength = length + headersOf(source.family());
    datagram.sentNs = clock.nowNs();
    datagram.sender = port.host();
    sent++;
    if (observer != null) {
      observer.onSent(clock.nowNs(), datagram);
    }
    dispatch(port, transit(datagram, null), egress);
    return length;
  }

  private int headersOf(int family) {
    if (carriesWholePackets) {
      return 0;
    }
    return family == EndpointAddress.IPV4 ? IPV4_HEADERS : IPV6_HEADERS;
  }

  private void dispatch(SimulatedPort port, Transit transit, @Nullable SimulatedLink egress) {
    Destination local = onOwnHost(port, transit.datagram().destination);
    boolean leavesHost =
        transit.datagram().destination.isMulticast()
            ? port.options().multicastTimeToLive() != 0
            : local == null;
    if (local != null && leavesHost) {
      copied++;
      transit.datagram().hold();
      deliver(transit(transit.datagram(), null), local);
    }
    if (!leavesHost) {
      if (local == null) {
        drop(transit, DropCause.UNREACHABLE);
      } else {
        deliver(transit, local);
      }
    } else if (egress == null) {
      arrived(transit, clock.nowNs());
    } else {
      egress.carry(transit, clock.nowNs());
    }
  }

  /** What needs no link: ports on the sender's own host, if any. */
  private @Nullable Destination onOwnHost(SimulatedPort port, EndpointAddress destination) {
    if (destination.isMulticast()) {
      SimulatedGroup group = groups.get(destination);
      return group != null && port.options().multicastLoopback() ? group.on(port.host()) : null;
    }
    Destination.Address address = addresses.get(destination);
    boolean own = address != null && address.host == port.host() && !address.isEmpty();
    return own ? address : null;
  }

  /** A datagram came out of a link: into the core, or to the host it is for. */
  void arrived(Transit transit, long nowNs) {
    if (transit.destination != null) {
      deliver(transit, transit.destination);
    } else if (transit.datagram().destination.isMulticast()) {
      fanOut(transit, nowNs);
    } else {
      Destination.Address address = addresses.get(transit.datagram().destination);
      if (address == null || address.host == null || address.isEmpty()) {
        unreachable(transit);
      } else {
        toHost(transit, address, address.host, nowNs);
      }
    }
  }

  private void fanOut(Transit transit, long nowNs) {
    SimulatedDatagram datagram = transit.datagram();
    SimulatedGroup group = groups.get(datagram.destination);
    int hostsReached = 0;
    for (int i = 0; group != null && i < group.hosts(); i++) {
      Destination.Members members = group.onHost(i);
      SimulatedHost host = members.host;
      if (host != null && host != datagram.sender) {
        hostsReached++;
        datagram.hold();
        toHost(transit(datagram, null), members, host, nowNs);
      }
    }
    if (hostsReached == 0) {
      drop(transit, DropCause.UNREACHABLE);
    } else {
      copied += hostsReached - 1;
      finish(transit);
    }
  }

  private void toHost(Transit transit, Destination destination, SimulatedHost host, long nowNs) {
    transit.destination = destination;
    if (host.ingress() == null) {
      deliver(transit, destination);
    } else {
      host.ingress().carry(transit, nowNs);
    }
  }

  private void deliver(Transit transit, Destination destination) {
    int ports = destination.deliver(transit.datagram());
    if (ports == 0) {
      unreachable(transit);
    } else {
      copied += ports - 1;
      finish(transit);
    }
  }

  /**
   * Nobody is there; the sender's kernel hears of it as soon after as the datagram took to come.
   */
  private void unreachable(Transit transit) {
    SimulatedDatagram datagram = transit.datagram();
    boolean hostExists = hosts.containsKey(hostKey.set(datagram.destination).port(0));
    Destination.Address sender = addresses.get(datagram.source);
    if (hostExists && sender != null) {
      SimulatedPort port = sender.connectedTo(datagram.destination);
      if (port != null) {
        long travelNs = clock.nowNs() - datagram.sentNs;
        at(clock.nowNs() + travelNs, port::refused);
      }
    }
    drop(transit, DropCause.UNREACHABLE);
  }

  void drop(Transit transit, DropCause cause) {
    drops.count(cause);
    if (observer != null) {
      observer.onDropped(clock.nowNs(), transit.datagram(), cause);
    }
    finish(transit);
  }

  void countDelivery(SimulatedDatagram datagram) {
    delivered++;
    if (observer != null) {
      observer.onDelivered(clock.nowNs(), datagram);
    }
  }

  void countOverrun(SimulatedDatagram datagram) {
    drops.count(DropCause.RECEIVER_FULL);
    if (observer != null) {
      observer.onDropped(clock.nowNs(), datagram, DropCause.RECEIVER_FULL);
    }
  }

  void countRebind() {
    rebinds++;
  }

  private Transit transit(SimulatedDatagram datagram, @Nullable Destination destination) {
    Transit transit = freeTransitCount == 0 ? new Transit(this) : freeTransits[--freeTransitCount];
    transit.load(datagram, destination);
    inFlight++;
    return transit;
  }

  private void finish(Transit transit) {
    pool.release(transit.datagram());
    transit.load(null, null);
    inFlight--;
    if (freeTransitCount == freeTransits.length) {
      freeTransits = Arrays.copyOf(freeTransits, 2 * freeTransitCount);
    }
    freeTransits[freeTransitCount++] = transit;
  }

  /** A second copy of a datagram, at the same place. */
  Transit copyOf(Transit transit) {
    copied++;
    transit.datagram().hold();
    return transit(transit.datagram(), transit.destination);
  }

  /** The transit's datagram, made its own if others share it: to be changed. */
  SimulatedDatagram ownDatagram(Transit transit) {
    SimulatedDatagram datagram = transit.datagram();
    if (datagram.isShared()) {
      SimulatedDatagram own = pool.copy(datagram);
      pool.release(datagram);
      transit.load(own, transit.destination);
      return own;
    }
    return datagram;
  }

  void release(SimulatedDatagram datagram) {
    pool.release(datagram);
  }

  Destination.Address addressAt(EndpointAddress address) {
    Destination.Address found = addresses.get(address);
    if (found == null) {
      found = new Destination.Address();
      addresses.put(address.copy(), found);
    }
    return found;
  }

  SimulatedGroup group(EndpointAddress group) {
    return groups.computeIfAbsent(group.copy(), absent -> new SimulatedGroup());
  }

  /** A host's address becomes another. */
  void move(EndpointAddress from, EndpointAddress to, SimulatedHost host) {
    SimulatedHost owner = hosts.putIfAbsent(to, host);
    if (owner != null && owner != host) {
      throw new IllegalArgumentException(to + " belongs to another host");
    }
    if (!from.equals(to)) {
      hosts.remove(from);
    }
  }

  /** Datagrams that ports sent. */
  public long sent() {
    return sent;
  }

  /** Further copies the network made: for members of a group, and as duplicates. */
  public long copied() {
    return copied;
  }

  /** Datagrams that reached the buffer of a port. */
  public long delivered() {
    return delivered;
  }

  /** Datagrams on their way. */
  public long inFlight() {
    return inFlight;
  }

  /**
   * Datagrams that were not delivered for a reason.
   *
   * @param cause the reason
   */
  public long drops(DropCause cause) {
    return drops.of(cause);
  }

  /** Datagrams that were not delivered for any reason. */
  public long drops() {
    return drops.all();
  }

  /** Changes of address. */
  public long rebinds() {
    return rebinds;
  }

  /** Whether every datagram is accounted for. False is a defect of the simulator. */
  public boolean isBalanced() {
    return sent + copied == delivered + drops() + inFlight;
  }

  /** The accounts, for messages to people. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(sent).append(" sent + ").append(copied).append(" copied = ");
    text.append(delivered).append(" delivered + ");
    text.append(drops()).append(" dropped + ").append(inFlight).append(" in flight");
    for (DropCause cause : DropCause.values()) {
      if (drops(cause) > 0) {
        text.append("; ").append(cause).append(' ').append(drops(cause));
      }
    }
    return text.toString();
  }
}
