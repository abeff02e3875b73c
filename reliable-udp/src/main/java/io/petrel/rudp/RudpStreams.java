package io.petrel.rudp;

import io.petrel.rudp.session.Session;
import io.petrel.transport.EndReason;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.ring.ReceiveRing;
import io.petrel.transport.ring.SendRing;
import io.petrel.transport.spi.EngineHandle;
import io.petrel.transport.spi.RingPublication;
import io.petrel.transport.spi.RingSource;
import io.petrel.transport.spi.SendSide;
import io.petrel.transport.spi.SubscriptionPort;
import java.net.SocketAddress;
import java.util.function.IntFunction;
import org.agrona.collections.ArrayUtil;
import org.agrona.collections.Int2IntHashMap;
import org.jspecify.annotations.Nullable;

/** The publications and subscriptions of a session, which outlive its connections. */
final class RudpStreams {
  /** Holes that a receive ring keeps; half of what a sender can tell apart. */
  static final int HOLE_LIMIT = 512;

  private static final Sender[] NO_SENDERS = {};
  private static final Receiver[] NO_RECEIVERS = {};

  /** A publication's stream. */
  static final class Sender {
    final int number;
    final RingPublication publication;
    final long unsentLimit;
    @Nullable SendRing ring;
    int generation;
    boolean closing;
    long closeDeadlineNs;
    long reopenNs;

    Sender(int number, RingPublication publication, long unsentLimit) {
      this.number = number;
      this.publication = publication;
      this.unsentLimit = unsentLimit;
    }

    int id() {
      return Session.streamId(number, generation);
    }

    void release() {
      SendRing gone = ring;
      if (gone != null) {
        gone.close();
        gone.giveBack();
        ring = null;
      }
    }
  }

  /** A stream that the peer publishes, or that somebody waits for. */
  private static final class Receiver {
    final int number;
    @Nullable SubscriptionPort port;

    /** Whether the port is the session's own, not the listener's, which outlives it. */
    boolean portOwned;

    /** What the peer fills; null before it opens the stream and after its end. */
    @Nullable RingSource source;

    /** Filled and ended before anyone subscribed. */
    @Nullable RingSource unclaimed;

    int id;
    boolean stopPending;

    Receiver(int number) {
      this.number = number;
    }

    boolean isIdle() {
      return source == null && unclaimed == null && port == null && !stopPending;
    }
  }

  private final EngineHandle engine;
  private final SendSide side;
  private final IntFunction<@Nullable SubscriptionPort> ports;
  private Sender[] senders = NO_SENDERS;
  private Receiver[] receivers = NO_RECEIVERS;
  private @Nullable Session session;
  private long sessionId;
  private @Nullable SocketAddress remoteAddress;
  private boolean stopsPending;

  /** The next generation of each number whose publication was closed in this session. */
  private @Nullable Int2IntHashMap generations;

  RudpStreams(EngineHandle engine, SendSide side, IntFunction<@Nullable SubscriptionPort> ports) {
    this.engine = engine;
    this.side = side;
    this.ports = ports;
  }

  // ---- The session's life ----

  /** A session is there: every publication gets its ring. */
  void begin(Session fresh, long id, SocketAddress remote) {
    session = fresh;
    sessionId = id;
    remoteAddress = remote;
    generations = null;
    for (Sender sender : senders) {
      sender.generation = 0;
      open(sender);
    }
  }

  /** The session has ended. */
  void end(EndReason reason) {
    session = null;
    for (Sender sender : senders) {
      sender.publication.disconnected(reason);
      sender.release();
      if (sender.closing) {
        senders = ArrayUtil.remove(senders, sender);
      }
    }
    for (Receiver receiver : receivers) {
      receiver.stopPending = false;
      endSource(receiver, reason);
    }
  }

  /** Every publication is closed; what it accepted is still delivered. */
  void closePublications(long deadlineNs) {
    for (Sender sender : senders) {
      sender.publication.closeByTransport();
      closeSender(sender, deadlineNs);
    }
  }

  /** Nobody reads any more; the peer is told. */
  void closeSubscriptions() {
    for (Receiver receiver : receivers) {
      SubscriptionPort port = receiver.port;
      if (port != null && receiver.portOwned) {
        port.closed();
      }
      unsubscribe(receiver.number);
    }
  }

  // ---- Publications ----

  @Nullable Sender sender(int number) {
    for (Sender sender : senders) {
      if (sender.number == number) {
        return sender;
      }
    }
    return null;
  }

  boolean hasSenders() {
    return senders.length > 0;
  }

  void add(Sender sender) {
    if (generations != null) {
      sender.generation = generations.get(sender.number);
    }
    senders = ArrayUtil.add(senders, sender);
    open(sender);
  }

  private void open(Sender sender) {
    Session current = session;
    if (current == null || !current.isOpen()) {
      return;
    }
    int capacity = current.parameters().ringCapacity();
    long limit = sender.unsentLimit >= capacity ? SendRing.UNLIMITED : sender.unsentLimit;
    SendRing ring =
        sender.publication.isExclusive()
            ? SendRing.exclusive(capacity, 0, limit, engine.ringMemory())
            : SendRing.shared(capacity, 0, limit, engine.ringMemory());
    if (current.addSend(sender.id(), ring)) {
      sender.ring = ring;
      sender.publication.connected(ring, side, sessionId);
    }
  }

  void close(RingPublication publication, long deadlineNs) {
    for (Sender sender : senders) {
      if (sender.publication.equals(publication)) {
        closeSender(sender, deadlineNs);
      }
    }
  }

  private void closeSender(Sender sender, long deadlineNs) {
    if (sender.closing) {
      return;
    }
    sender.closing = true;
    sender.closeDeadlineNs = deadlineNs;
    Session current = session;
    if (sender.ring == null || current == null) {
      senders = ArrayUtil.remove(senders, sender);
    } else {
      current.endSend(sender.id());
    }
  }

  /** A stream to the peer has ended. */
  void onSendEnd(int id, boolean delivered, long nowNs, long reconnectNs) {
    Sender sender = sender(Session.streamNumber(id));
    if (sender == null || sender.ring == null || sender.id() != id) {
      return;
    }
    if (!delivered) {
      sender.publication.disconnected(EndReason.CLOSED_BY_PEER);
    }
    sender.release();
    sender.generation++;
    sender.reopenNs = nowNs + reconnectNs;
    if (sender.closing) {
      senders = ArrayUtil.remove(senders, sender);
      if (generations == null) {
        generations = new Int2IntHashMap(0);
      }
      generations.put(sender.number, sender.generation);
    }
  }

  // ---- Subscriptions ----

  boolean isSubscribed(int number) {
    Receiver receiver = receiver(number);
    return receiver != null && receiver.port != null;
  }

  void subscribe(int number, SubscriptionPort port) {
    Receiver receiver = receiver(number);
    if (receiver == null) {
      receiver = new Receiver(number);
      receivers = ArrayUtil.add(receivers, receiver);
    }
    receiver.port = port;
    receiver.portOwned = true;
    RingSource waiting = receiver.unclaimed != null ? receiver.unclaimed : receiver.source;
    receiver.unclaimed = null;
    if (waiting != null && !port.attach(waiting)) {
      stop(receiver, EndReason.REFUSED);
    }
  }

  void unsubscribe(int number) {
    Receiver receiver = receiver(number);
    if (receiver != null) {
      receiver.port = null;
      receiver.unclaimed = null;
      stop(receiver, EndReason.CLOSED_HERE);
      forgetIfIdle(receiver);
    }
  }

  /** The peer opens a stream: the ring for its bytes. */
  @Nullable ReceiveRing openReceive(Session of, int id) {
    int number = Session.streamNumber(id);
    Receiver receiver = receiver(number);
    if (receiver == null) {
      receiver = new Receiver(number);
      receiver.port = ports.apply(number);
      receivers = ArrayUtil.add(receivers, receiver);
    }
    if (receiver.unclaimed != null) {
      return null; // nobody has read the one before: the new one must wait
    }
    SessionInfo info = new SessionInfo(sessionId, number, remoteAddress);
    RingSource source =
        new RingSource(
            engine, info, of.parameters().ringCapacity(), HOLE_LIMIT, engine.ringMemory());
    receiver.source = source;
    receiver.id = id;
    SubscriptionPort port = receiver.port;
    if (port != null && !port.attach(source)) {
      stop(receiver, EndReason.REFUSED);
    }
    return source.ring();
  }

  /** All of a stream is in its ring. */
  void onReceiveEnd(int id) {
    Receiver receiver = receiver(Session.streamNumber(id));
    if (receiver != null && receiver.id == id) {
      endSource(receiver, EndReason.CLOSED_BY_PEER);
    }
  }

  private void endSource(Receiver receiver, EndReason reason) {
    RingSource current = receiver.source;
    if (current != null) {
      current.end(reason);
      receiver.source = null;
      if (receiver.port == null) {
        receiver.unclaimed = current;
      }
    }
    forgetIfIdle(receiver);
  }

  private void stop(Receiver receiver, EndReason reason) {
    RingSource current = receiver.source;
    if (current != null) {
      current.end(reason);
      receiver.source = null;
      receiver.stopPending = session != null;
      stopsPending = true;
    }
  }

  private @Nullable Receiver receiver(int number) {
    for (Receiver receiver : receivers) {
      if (receiver.number == number) {
        return receiver;
      }
    }
    return null;
  }

  private void forgetIfIdle(Receiver receiver) {
    if (receiver.isIdle()) {
      receivers = ArrayUtil.remove(receivers, receiver);
    }
  }

  // ---- Turns ----

  /** Tells the session of streams that nobody reads; whether there were any. */
  boolean passOnStops() {
    Session current = session;
    if (!stopsPending || current == null) {
      return false;
    }
    stopsPending = false;
    for (Receiver receiver : receivers) {
      if (receiver.stopPending) {
        receiver.stopPending = false;
        current.stopReceive(receiver.id);
        forgetIfIdle(receiver);
      }
    }
    return true;
  }

  /** The slower clockwork: abandoned claims, streams that the peer stopped and may want again. */
  void onTick(long nowNs, long claimTimeoutNs) {
    for (Sender sender : senders) {
      SendRing ring = sender.ring;
      if (ring != null) {
        ring.unblock(nowNs, claimTimeoutNs);
      } else if (!sender.closing && sender.generation > 0 && nowNs - sender.reopenNs >= 0) {
        open(sender);
      }
    }
  }

  /** Whether nothing needs the slower clockwork until somebody writes. */
  boolean mayRest() {
    for (Sender sender : senders) {
      SendRing ring = sender.ring;
      if (ring == null || sender.closing || ring.claimedPosition() != ring.writtenPosition()) {
        return false;
      }
    }
    return !stopsPending;
  }

  /** Whether a publication that was closed could not deliver in its time. */
  boolean isOverdue(long nowNs) {
    for (Sender sender : senders) {
      if (sender.closing && nowNs - sender.closeDeadlineNs >= 0) {
        return true;
      }
    }
    return false;
  }
}
