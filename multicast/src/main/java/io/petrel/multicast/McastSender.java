package io.petrel.multicast;

import io.petrel.multicast.flow.GroupListener;
import io.petrel.multicast.lines.LinesSink;
import io.petrel.multicast.source.Source;
import io.petrel.transport.Channel;
import io.petrel.transport.Options;
import io.petrel.transport.PetrelException;
import io.petrel.transport.datagram.DatagramHandler;
import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.datagram.DatagramSink;
import io.petrel.transport.datagram.DatagramTrain;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.datagram.PortGauges;
import io.petrel.transport.flight.FlightEvents;
import io.petrel.transport.ring.SendRing;
import io.petrel.transport.spi.EngineHandle;
import io.petrel.transport.spi.Remedies;
import io.petrel.transport.spi.RingPublication;
import io.petrel.transport.time.SteadyTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A publication: its ring, its source, and the ports that the source sends and hears by. */
final class McastSender implements RingPublication.Owner, GroupListener {
  private static final System.Logger LOGGER = System.getLogger(McastSender.class.getName());
  private static final int RECEIVE_LIMIT = 64;

  private final EngineHandle engine;
  private final Channel channel;
  private final RingPublication publication;
  private final SendRing ring;
  private final Source source;
  private final DatagramPort[] ports;
  private final DatagramTrain[] trains;
  private final DatagramSink sink;
  private final DatagramHandler handler;
  private final @Nullable McastRecorder recorder;
  private final SteadyTime time = new SteadyTime();
  private final long claimTimeoutNs;
  private final long lingerNs;
  private long steadyNs;
  private long evictionsRecorded;
  private boolean closing;
  private long closedNs;
  private boolean over;

  McastSender(McastTransport transport, Channel channel, EndpointAddress group, boolean exclusive) {
    engine = transport.engine();
    this.channel = channel;
    McastOptions options = new McastOptions(engine.context(), channel);
    McastLine[] lines = options.lines(group);
    int capacity = options.value(Options.RING).intValue();
    claimTimeoutNs = options.value(Options.CLAIM_TIMEOUT);
    lingerNs = options.value(Options.LINGER);
    ports = open(transport, options, lines);
    trains = new DatagramTrain[lines.length];
    for (int i = 0; i < lines.length; i++) {
      trains[i] = new DatagramTrain(ports[i], lines[i].group());
    }
    sink = trains.length == 1 ? trains[0] : new LinesSink(trains);
    long unsentLimit = options.value(Options.UNSENT_LIMIT);
    ring =
        exclusive
            ? SendRing.exclusive(capacity, 0, unsentLimit, engine.ringMemory())
            : SendRing.shared(capacity, 0, unsentLimit, engine.ringMemory());
    steadyNs = time.steady(System.nanoTime(), Long.MAX_VALUE);
    source =
        new Source(
            options.source(lines[0].isLoopback()), transport.nextRandom(), ring, this, steadyNs);
    handler = (buffer, offset, length, from) -> source.onDatagram(steadyNs, buffer, offset, length);
    recorder = options.isRecorded() ? record(options, lines[0]) : null;
    publication = new RingPublication(engine, channel, exclusive, capacity, this);
    publication.connected(ring, this::flush, source.sessionId() == 0 ? 1 : source.sessionId());
    LOGGER.log(
        System.Logger.Level.INFO,
        () -> channel + " sends by interface " + lines[0].interfaceName());
  }

  private McastRecorder record(McastOptions options, McastLine line) {
    try {
      McastRecorder made =
          new McastRecorder(
              engine, options, line, ring, source.sessionId(), options.value(Options.STREAM));
      source.replayedFrom(made.address());
      return made;
    } catch (RuntimeException e) {
      for (DatagramPort port : ports) {
        port.close();
      }
      throw e;
    }
  }

  /** Tells the flight recorder of receivers that were evicted since it was told last. */
  void recordEvictions() {
    long now = source.group().evictions();
    if (now > evictionsRecorded) {
      FlightEvents.eviction(source.sessionId(), now - evictionsRecorded);
      evictionsRecorded = now;
    }
  }

  void showPorts(PortGauges gauges) {
    for (int i = 0; i < ports.length; i++) {
      gauges.show(ports[i]);
    }
  }

  /** A port for each line, and one more where receivers hear each other. */
  private DatagramPort[] open(McastTransport transport, McastOptions options, McastLine[] lines) {
    List<DatagramPort> opened = new ArrayList<>();
    try {
      for (McastLine line : lines) {
        opened.add(transport.ports().open(options.port(line)));
      }
      if (options.peersHear()) {
        EndpointAddress control = lines[0].control();
        DatagramPort port =
            transport
                .ports()
                .open(options.port(lines[0]).localAddress(control).addressShared(true));
        opened.add(port);
        port.join(control, null, lines[0].interfaceName());
      }
      return opened.toArray(new DatagramPort[0]);
    } catch (IOException e) {
      opened.forEach(DatagramPort::close);
      throw new PetrelException(
          channel
              + " cannot be opened on interface "
              + lines[0].interfaceName()
              + ": "
              + e.getMessage()
              + Remedies.forInterface(lines[0].interfaceName()),
          e);
    }
  }

  RingPublication publication() {
    return publication;
  }

  Source source() {
    return source;
  }

  /** What records this; it may have work left when this is over. */
  @Nullable McastRecorder recorder() {
    return recorder;
  }

  int work(long nowNs) {
    steadyNs = time.steady(nowNs, source.nextDeadlineNs());
    int done = 0;
    for (int i = 0; i < ports.length; i++) {
      done += Math.max(ports[i].receive(handler, RECEIVE_LIMIT), 0);
    }
    ring.unblock(steadyNs, claimTimeoutNs);
    done += send();
    if (closing && !over) {
      over = source.isDone(steadyNs) || steadyNs - closedNs >= lingerNs;
      if (over) {
        release();
      }
    }
    return done;
  }

  /** What can be sent now, sent; by the application's thread where the engine is invoked. */
  private void flush() {
    if (!over) {
      steadyNs = time.steady(System.nanoTime(), source.nextDeadlineNs());
      send();
    }
  }

  private int send() {
    if (recorder != null) {
      source.hold(recorder.freeBelow());
    }
    int sent = source.poll(steadyNs, sink);
    for (int i = 0; i < trains.length; i++) {
      trains[i].flush();
    }
    return sent;
  }

  @Override
  public void onPublicationClosed(RingPublication closed) {
    beginClose();
  }

  /** Accepts no more; what was accepted is still delivered. */
  void beginClose() {
    if (!closing) {
      closing = true;
      closedNs = steadyNs;
      publication.closeByTransport();
      source.close();
    }
  }

  boolean isOver() {
    return over;
  }

  void release() {
    over = true;
    if (recorder != null) {
      recorder.stop();
    }
    ring.close();
    ring.giveBack();
    for (DatagramPort port : ports) {
      port.close();
    }
  }

  @Override
  public void onEvicted(long receiverId, long contiguousPosition) {
    LOGGER.log(
        System.Logger.Level.WARNING,
        () ->
            channel
                + " waits no more for receiver "
                + Long.toUnsignedString(receiverId)
                + ", which has been at "
                + contiguousPosition
                + " for the whole patience");
  }

  @Override
  public void onExcluded(long receiverId, double missedShare) {
    LOGGER.log(
        System.Logger.Level.WARNING,
        () ->
            channel
                + " repairs receiver "
                + Long.toUnsignedString(receiverId)
                + " no more, which misses "
                + Math.round(100 * missedShare)
                + "% and far more than others");
  }
}
