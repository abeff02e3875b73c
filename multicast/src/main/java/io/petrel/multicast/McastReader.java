package io.petrel.multicast;

import io.petrel.multicast.join.JoinPoint;
import io.petrel.multicast.receiver.JoinOffer;
import io.petrel.multicast.receiver.Receiver;
import io.petrel.multicast.receiver.ReceiverSettings;
import io.petrel.multicast.receiver.Receivers;
import io.petrel.multicast.receiver.SourceListener;
import io.petrel.transport.Channel;
import io.petrel.transport.EndReason;
import io.petrel.transport.PetrelException;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.Subscription;
import io.petrel.transport.datagram.DatagramHandler;
import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.datagram.DatagramTrain;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.datagram.PortGauges;
import io.petrel.transport.ring.ReceiveRing;
import io.petrel.transport.spi.EngineHandle;
import io.petrel.transport.spi.Remedies;
import io.petrel.transport.spi.RingSource;
import io.petrel.transport.spi.SessionConditions;
import io.petrel.transport.spi.SubscriptionPort;
import io.petrel.transport.time.Deadline;
import io.petrel.transport.time.SteadyTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/** A subscription: the groups it joined, and a ring for each source heard there. */
final class McastReader implements SourceListener {
  private static final System.Logger LOGGER = System.getLogger(McastReader.class.getName());
  private static final int RECEIVE_LIMIT = 64;
  private static final int CONTROL_TURNS = 32;

  private final EngineHandle engine;
  private final Channel channel;
  private final int stream;
  private final int holeLimit;
  private final Receivers receivers;
  private final SubscriptionPort port;
  private final DatagramPort[] data;
  private final DatagramHandler[] onData;
  private final @Nullable DatagramPort control;
  private final DatagramHandler onControl;
  private final EndpointAddress controlGroup;
  private final DatagramPort own;
  private final DatagramTrain naks;
  private final DatagramTrain statuses;
  private final SteadyTime time = new SteadyTime();
  private final Long2ObjectHashMap<RingSource> sources = new Long2ObjectHashMap<>();
  private final List<McastJoiner> joiners = new ArrayList<>();
  private final boolean joinsJournal;
  private final JoinPoint joinFrom;
  private final long catchUpNs;
  private final long idleNs;
  private final int sourceLimit;
  private long steadyNs;
  private int quietTurns;
  private boolean closing;
  private boolean over;
  private long losses;

  McastReader(
      McastTransport transport, Channel channel, EndpointAddress group, SessionEvents events) {
    engine = transport.engine();
    this.channel = channel;
    McastOptions options = new McastOptions(engine.context(), channel);
    McastLine[] lines = options.lines(group);
    ReceiverSettings settings = options.receiver(lines.length, lines[0].isLoopback());
    stream = settings.streamId();
    joinsJournal = options.value(McastOptions.JOIN) == McastOptions.Join.JOURNAL;
    joinFrom = options.value(McastOptions.JOIN_FROM);
    catchUpNs = options.value(McastOptions.CATCH_UP);
    idleNs = settings.idleNs();
    sourceLimit = settings.sourceLimit();
    holeLimit = settings.holeLimit();
    controlGroup = lines[0].control();
    data = new DatagramPort[lines.length];
    List<DatagramPort> opened = new ArrayList<>();
    try {
      for (int i = 0; i < lines.length; i++) {
        data[i] = joined(transport, options, lines[i], lines[i].group(), options.source(i), opened);
      }
      boolean peers = options.peersHear() && options.source(0).isEmpty();
      control = peers ? joined(transport, options, lines[0], controlGroup, "", opened) : null;
      own = transport.ports().open(options.port(lines[0]));
    } catch (IOException e) {
      opened.forEach(DatagramPort::close);
      throw new PetrelException(
          channel
              + " cannot be joined on interface "
              + lines[0].interfaceName()
              + ": "
              + e.getMessage()
              + Remedies.forInterface(lines[0].interfaceName()),
          e);
    }
    naks = new DatagramTrain(own, controlGroup);
    statuses = new DatagramTrain(own, controlGroup);
    steadyNs = time.steady(System.nanoTime(), Deadline.NONE);
    receivers = new Receivers(settings, this, transport.nextRandom(), steadyNs);
    onData = new DatagramHandler[lines.length];
    for (int i = 0; i < lines.length; i++) {
      int line = i;
      onData[i] =
          (buffer, offset, length, from) ->
              receivers.onDatagram(steadyNs, line, buffer, offset, length, from);
    }
    onControl =
        (buffer, offset, length, from) ->
            receivers.onPeerDatagram(steadyNs, buffer, offset, length);
    port =
        engine.newSubscription(
            channel, group.toInetSocketAddress(), events, settings.sourceLimit(), this::beginClose);
    LOGGER.log(
        System.Logger.Level.INFO,
        () -> channel + " joined on interface " + lines[0].interfaceName());
  }

  private static DatagramPort joined(
      McastTransport transport,
      McastOptions options,
      McastLine line,
      EndpointAddress group,
      String source,
      List<DatagramPort> opened)
      throws IOException {
    DatagramPort port =
        transport.ports().open(options.port(line).localAddress(group).addressShared(true));
    opened.add(port);
    port.join(group, source.isEmpty() ? null : EndpointAddress.of(source, 0), line.interfaceName());
    return port;
  }

  Subscription subscription() {
    return port.subscription();
  }

  void showPorts(PortGauges gauges) {
    for (int i = 0; i < data.length; i++) {
      gauges.show(data[i]);
    }
    if (control != null) {
      gauges.show(control);
    }
    gauges.show(own);
  }

  Receivers receivers() {
    return receivers;
  }

  /** Ranges given up, of all sources there ever were. */
  long losses() {
    return losses;
  }

  int work(long nowNs) {
    steadyNs = time.steady(nowNs, nextDeadlineNs());
    int done = 0;
    for (int i = 0; i < data.length; i++) {
      done += Math.max(data[i].receive(onData[i], RECEIVE_LIMIT), 0);
    }
    // What others ask for matters to who misses something; else it only must not pile up.
    if (control != null && (isMissing() || ++quietTurns == CONTROL_TURNS)) {
      quietTurns = 0;
      done += Math.max(control.receive(onControl, RECEIVE_LIMIT), 0);
    }
    for (int i = 0; i < receivers.count(); i++) {
      done += answer(receivers.receiver(i), receivers.address(i));
    }
    receivers.sweep(steadyNs);
    for (int i = joiners.size() - 1; i >= 0; i--) {
      done += work(joiners.get(i));
    }
    if (closing && !over) {
      release();
    }
    return done;
  }

  /** Whether anything is missing, so that it matters what others ask for. */
  private boolean isMissing() {
    for (int i = 0; i < receivers.count(); i++) {
      if (receivers.receiver(i).isMissing()) {
        return true;
      }
    }
    return false;
  }

  private int work(McastJoiner joiner) {
    int done = joiner.work(steadyNs);
    if (!joiner.stream().isJoined() && steadyNs - joiner.heardNs() > idleNs) {
      joiner.end(EndReason.TIMED_OUT);
    }
    if (joiner.isDismissed()) {
      joiners.remove(joiner);
      joiner.release();
    }
    return done;
  }

  private int answer(Receiver receiver, EndpointAddress source) {
    if (closing) {
      receiver.leave(steadyNs);
    }
    // Where this end does not hear its peers it does not bother them either.
    boolean toAll = control != null && receiver.peersHear();
    naks.redirect(own, toAll ? controlGroup : source);
    statuses.redirect(own, source);
    int done = receiver.pollNaks(steadyNs, naks) + receiver.pollStatus(steadyNs, statuses);
    if (done > 0) {
      naks.flush();
      statuses.flush();
    }
    return done;
  }

  private long nextDeadlineNs() {
    long deadlineNs = receivers.nextSweepNs();
    for (int i = 0; i < receivers.count(); i++) {
      deadlineNs = Deadline.earlier(deadlineNs, receivers.receiver(i).nextDeadlineNs());
    }
    return deadlineNs;
  }

  /** Reads no more; sources are told in the next turn. */
  void beginClose() {
    closing = true;
    port.closed();
  }

  boolean isOver() {
    return over;
  }

  void release() {
    over = true;
    for (int i = receivers.count() - 1; i >= 0; i--) {
      RingSource source = sources.remove(receivers.receiver(i).sessionId());
      if (source != null) {
        source.end(EndReason.CLOSED_HERE);
      }
    }
    for (McastJoiner joiner : joiners) {
      joiner.end(EndReason.CLOSED_HERE);
      joiner.release();
    }
    for (DatagramPort each : data) {
      each.close();
    }
    if (control != null) {
      control.close();
    }
    own.close();
  }

  @Override
  public boolean isWanted(long nowNs, JoinOffer offer) {
    if (!joinsJournal) {
      return true;
    }
    McastJoiner joiner = joiner(offer.sessionId());
    if (joiner == null && !closing && joiners.size() < sourceLimit) {
      SessionInfo session =
          new SessionInfo(offer.sessionId(), stream, offer.source().toInetSocketAddress());
      McastJoiner fresh =
          new McastJoiner(
              engine,
              session,
              channel,
              offer.ringCapacity(),
              holeLimit,
              joinFrom,
              catchUpNs,
              nowNs);
      if (port.attach(fresh)) {
        joiners.add(fresh);
        joiner = fresh;
      }
    }
    return joiner != null && joiner.isNear(nowNs, offer);
  }

  private @Nullable McastJoiner joiner(long sessionId) {
    for (int i = 0; i < joiners.size(); i++) {
      if (joiners.get(i).session().sessionId() == sessionId) {
        return joiners.get(i);
      }
    }
    return null;
  }

  @Override
  public @Nullable ReceiveRing onSource(
      long sessionId, EndpointAddress from, int ringCapacity, long position) {
    if (joinsJournal) {
      McastJoiner joiner = joiner(sessionId);
      return joiner == null ? null : joiner.join(steadyNs, position);
    }
    SessionInfo session = new SessionInfo(sessionId, stream, from.toInetSocketAddress());
    RingSource source =
        new RingSource(engine, session, ringCapacity, position, holeLimit, engine.ringMemory());
    if (closing || !port.attach(source)) {
      return null;
    }
    sources.put(sessionId, source);
    return source.ring();
  }

  @Override
  public void onEnd(Receiver receiver, End end) {
    EndReason reason =
        switch (end) {
          case FINISHED -> EndReason.CLOSED_BY_PEER;
          case SILENT -> EndReason.TIMED_OUT;
          case RESTARTED -> EndReason.PEER_RESTARTED;
          case MALFORMED -> EndReason.PROTOCOL_BREACH;
        };
    RingSource source = sources.remove(receiver.sessionId());
    if (source != null) {
      source.end(reason);
    }
    McastJoiner joiner = joiner(receiver.sessionId());
    if (joiner != null) {
      joiner.end(reason);
    }
  }

  @Override
  public void onLost(Receiver receiver, long from, long to) {
    losses++;
  }

  /** What its reader is told of a receiver; null when that has ended. */
  private @Nullable SessionConditions conditions(Receiver receiver) {
    RingSource source = sources.get(receiver.sessionId());
    if (source != null) {
      return source.conditions();
    }
    McastJoiner joiner = joiner(receiver.sessionId());
    return joiner == null ? null : joiner.conditions();
  }

  @Override
  public void onExcluded(Receiver receiver) {
    SessionConditions conditions = conditions(receiver);
    if (conditions != null) {
      conditions.exclude();
    }
    LOGGER.log(
        System.Logger.Level.WARNING,
        () -> channel + ": this receiver misses far more than others and is repaired no more");
  }

  @Override
  public void onLine(Receiver receiver, int line, boolean alive) {
    SessionConditions conditions = conditions(receiver);
    if (conditions != null) {
      conditions.line(line, alive);
    }
    LOGGER.log(
        System.Logger.Level.WARNING,
        () -> channel + ": line " + (line == 0 ? "A" : "B") + (alive ? " is back" : " is dead"));
  }
}
