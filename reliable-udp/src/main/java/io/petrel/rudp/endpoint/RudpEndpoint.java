package io.petrel.rudp.endpoint;

import io.petrel.codecs.DatagramHeader;
import io.petrel.codecs.DatagramValidator;
import io.petrel.codecs.FrameHeader;
import io.petrel.codecs.Rejection;
import io.petrel.codecs.wire.HelloFrameDecoder;
import io.petrel.codecs.wire.Integrity;
import io.petrel.codecs.wire.RefuseFrameDecoder;
import io.petrel.rudp.handshake.Agreement;
import io.petrel.rudp.handshake.Hello;
import io.petrel.rudp.session.Session;
import io.petrel.rudp.session.SessionParameters;
import io.petrel.transport.EndReason;
import io.petrel.transport.datagram.DatagramHandler;
import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.datagram.DatagramResult;
import io.petrel.transport.datagram.DatagramTrain;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.time.Deadline;
import io.petrel.transport.time.SteadyTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint of reliable UDP: the sessions of one datagram port, accepted or asked for.
 *
 * <p>The owner calls {@link #work} in turns, at {@link #nextDeadlineNs} at the latest, and {@link
 * #flush} when it wants what it wrote into a session's ring to leave at once. Everything happens
 * within these calls, on one thread.
 */
public final class RudpEndpoint implements DatagramHandler, AutoCloseable {
  /** Datagrams taken from a port in a turn. */
  private static final int DATAGRAMS_A_TURN = 256;

  /** The listener is polled this seldom while a promoted session is busy. */
  private static final int LISTENER_TURNS = 16;

  /** And this seldom where turns are rarer than the busy ones of an engine that spins. */
  private static final long LISTENER_WAIT_NS = 20_000;

  /** Keepalives come up to this share of their period early, so that they do not come at once. */
  private static final int KEEPALIVE_SPREAD = 4;

  private static final int LOWEST_HANDSHAKE_TEMPLATE = HelloFrameDecoder.TEMPLATE_ID;
  private static final int HIGHEST_HANDSHAKE_TEMPLATE = RefuseFrameDecoder.TEMPLATE_ID;

  private final DatagramPort port;
  private final EndpointSettings settings;
  private final EndpointListener listener;
  private final LongSupplier random;
  private final EndpointCounters counters = new EndpointCounters();
  private final SteadyTime time = new SteadyTime();
  private final DatagramValidator validator = new DatagramValidator();
  private final DatagramTrain train;
  private final Handshakes handshakes;
  private final Long2ObjectHashMap<EndpointSession> byLocalId = new Long2ObjectHashMap<>();
  private final Long2ObjectHashMap<EndpointSession> byRemoteId = new Long2ObjectHashMap<>();
  private final Long2ObjectHashMap<EndpointSession> byPlace = new Long2ObjectHashMap<>();
  private final List<EndpointSession> sessions = new ArrayList<>();
  private final List<EndpointSession> touched = new ArrayList<>();
  private final Paths paths;
  private final DeadlineHeap deadlines = new DeadlineHeap();
  private final SessionTotals totals = new SessionTotals();
  private final Watch watch;
  private @Nullable EndpointSession newest;
  private long nowNs;
  private int turnsUntilListener;
  private long listenedNs;
  private boolean received; // in this turn, and not answered yet
  private boolean answersQuickly;
  private boolean closed;

  /**
   * An endpoint.
   *
   * @param port to send and receive by, connected (a client of one peer) or not.
   * @param accepting whether it takes sessions from others.
   * @param incarnation drawn when the engine started.
   * @param random a source that nobody else can foresee.
   */
  public RudpEndpoint(
      long nowNs,
      DatagramPort port,
      EndpointSettings settings,
      boolean accepting,
      long incarnation,
      LongSupplier random,
      EndpointListener listener) {
    this.port = port;
    this.settings = settings;
    this.listener = listener;
    this.random = random;
    this.nowNs = time.steady(nowNs, Deadline.NONE);
    this.train = new DatagramTrain(port, port.remoteAddress());
    this.paths = new Paths(port, listener, counters, random, settings.maximumPromoted());
    this.watch = new Watch(this.nowNs, this);
    this.handshakes = new Handshakes(this.nowNs, this, accepting, incarnation, random);
  }

  /** Takes a turn: receives, looks at the time, sends; returns how much there was to do. */
  public int work(long clockNs) {
    nowNs = time.steady(clockNs, earliestNs());
    received = false;
    int done = touched.isEmpty() ? 0 : sendTouched(false); // what the turn before left
    done += receive();
    done += onDeadlines();
    watch.look(nowNs);
    return done + (touched.isEmpty() ? 0 : sendTouched(true));
  }

  /**
   * Sends what may go of one session now. Reading a clock costs as much as writing a packet: what
   * answers a datagram of this turn leaves first, at the turn's time, and the clock is read then.
   * Where it shows that the application takes its time, the next answers wait for the clock.
   */
  public void flush(LongSupplier clock, EndpointSession session) {
    long turnNs = nowNs;
    boolean answering = received;
    received = false;
    if (answering && answersQuickly && !session.moving && train.isEmpty()) {
      redirect(session);
      session.session.answer(turnNs, train);
    }
    nowNs = time.steady(clock.getAsLong(), Deadline.NONE);
    answersQuickly = !answering || nowNs - turnNs <= Session.LATEST_ANSWER_NS;
    watch.wake(nowNs, session);
    send(session);
  }

  /** Something is about to happen to a session that may be at rest. */
  public void watch(EndpointSession session) {
    watch.wake(nowNs, session);
  }

  /** When the next turn is due at the latest, or {@link Deadline#NONE}. */
  public long nextDeadlineNs() {
    return time.clock(earliestNs());
  }

  /** Asks a peer for a session; {@link EndpointListener} is told what becomes of it. */
  public Connecting connect(long clockNs, EndpointAddress remote, int streamId) {
    nowNs = time.steady(clockNs, Deadline.NONE);
    return handshakes.connect(nowNs, remote.copy(), streamId);
  }

  /** Stops asking anybody. */
  public void stopConnecting() {
    handshakes.stopConnecting();
  }

  /** Answers hellos no more; the sessions there are go on. */
  public void stopAccepting() {
    handshakes.stopAccepting();
  }

  /** Closes a session gracefully. */
  public void close(long clockNs, EndpointSession session) {
    nowNs = time.steady(clockNs, Deadline.NONE);
    session.session.close(nowNs);
    send(session);
  }

  /** Ends a session at once. */
  public void abort(long clockNs, EndpointSession session) {
    nowNs = time.steady(clockNs, Deadline.NONE);
    session.session.abort(nowNs);
    send(session);
  }

  /** What this endpoint is made with. */
  public EndpointSettings settings() {
    return settings;
  }

  /** What this endpoint has counted. */
  public EndpointCounters counters() {
    counters.timeJumps = time.jumps();
    return counters;
  }

  /** Adds up what this endpoint and its sessions, forgotten ones included, have counted. */
  public void addTo(Totals sum) {
    totals.addTo(sum);
    sum.add(counters());
    sum.add(Totals.Total.SESSIONS, sessions.size());
    sum.add(Totals.Total.PROMOTED, paths.promotedCount());
  }

  /** The port, or the listener's. */
  public DatagramPort port() {
    return port;
  }

  /** Sessions there are, those that linger included. */
  public int sessionCount() {
    return sessions.size();
  }

  /** One of them. */
  public EndpointSession session(int index) {
    return sessions.get(index);
  }

  /** Sessions that turns look at: those in use of late, and all whose owner wants it so. */
  public int watchedCount() {
    return watch.watchedCount();
  }

  /** How often turns have looked at a session. */
  public long looks() {
    return watch.looks();
  }

  /** Whether nothing is under way: no session, no handshake. */
  public boolean isIdle() {
    return sessions.isEmpty() && handshakes.isEmpty();
  }

  /** Gives the sockets back; sessions are dropped without a word. */
  @Override
  public void close() {
    closed = true;
    paths.close();
    port.close();
  }

  @Override
  public void onDatagram(
      MutableDirectBuffer buffer, int offset, int length, EndpointAddress source) {
    int rejection = validator.validate(buffer, offset, length);
    if (rejection != Rejection.NONE) {
      counters.rejected[Rejection.ordinal(rejection)]++;
      if (rejection == Rejection.VERSION) {
        handshakes.onOtherVersion(buffer, offset, length, source);
      }
      return;
    }
    long firstFrame = FrameHeader.read(buffer, offset + DatagramHeader.LENGTH);
    int template = FrameHeader.templateId(firstFrame);
    if (template >= LOWEST_HANDSHAKE_TEMPLATE && template <= HIGHEST_HANDSHAKE_TEMPLATE) {
      handshakes.onDatagram(nowNs, buffer, offset, length, source);
      return;
    }
    long id = DatagramHeader.sessionId(buffer, offset);
    EndpointSession session = newest;
    if (session == null || session.session.parameters().localId() != id) {
      session = byLocalId.get(id);
      if (session == null) {
        counters.unknownSessions++;
        handshakes.onUnknownSession(nowNs, id, length, source);
        return;
      }
      newest = session;
    }
    if (!session.remote.equals(source)) {
      onOtherAddress(session, buffer, offset, length, source);
      return;
    }
    if (session.moving) {
      session.session.onUnprovenBytes(length);
    }
    session.session.onDatagram(nowNs, buffer, offset, length);
    received = true;
    touch(session);
  }

  /** Late from where the peer was, or it has moved: only its newest packet shows that. */
  private void onOtherAddress(
      EndpointSession session,
      MutableDirectBuffer buffer,
      int offset,
      int length,
      EndpointAddress source) {
    counters.wrongAddress++;
    Session of = session.session;
    boolean newest = of.isNewest(DatagramHeader.packetNumber(buffer, offset));
    long taken = of.counters().datagramsReceived();
    of.onDatagram(nowNs, buffer, offset, length);
    if (newest && of.counters().datagramsReceived() > taken && of.isReachable()) {
      paths.move(nowNs, session, source, length);
    }
    touch(session);
  }

  // ---- For the handshakes ----

  EndpointCounters writableCounters() {
    return counters;
  }

  EndpointListener listener() {
    return listener;
  }

  @Nullable EndpointSession findByPlace(long place) {
    return byPlace.get(place);
  }

  Paths paths() {
    return paths;
  }

  @Nullable EndpointSession findByRemoteId(long remoteId) {
    EndpointSession session = byRemoteId.get(handshakes.place(remoteId));
    return session != null && session.session.parameters().remoteId() == remoteId ? session : null;
  }

  boolean isIdTaken(long id) {
    return byLocalId.containsKey(id);
  }

  void sendNow(DirectBuffer buffer, int length, EndpointAddress to) {
    int result =
        port.remoteAddress() == null
            ? port.send(buffer, 0, length, to)
            : port.send(buffer, 0, length);
    if (result < 0 && result != DatagramResult.WOULD_BLOCK) {
      counters.sendFailures++;
    }
  }

  EndpointSession addSession(
      long localId,
      Agreement agreement,
      Hello hello,
      boolean initiator,
      EndpointAddress remote,
      long place,
      long roundTripNs) {
    Session session =
        new Session(nowNs, parameters(localId, agreement, hello, initiator, roundTripNs), listener);
    EndpointSession added =
        new EndpointSession(
            nowNs,
            session,
            agreement,
            remote,
            place,
            port,
            !initiator && port.remoteAddress() == null);
    byLocalId.put(localId, added);
    byRemoteId.put(handshakes.place(session.parameters().remoteId()), added);
    if (!initiator) {
      byPlace.put(place, added);
    }
    added.listPlace = sessions.size();
    sessions.add(added);
    watch.wake(nowNs, added);
    listener.onSession(added);
    touch(added);
    return added;
  }

  void touch(EndpointSession session) {
    if (!session.touched) {
      session.touched = true;
      touched.add(session);
    }
  }

  private SessionParameters parameters(
      long localId, Agreement agreement, Hello hello, boolean initiator, long roundTripNs) {
    long seed = random.getAsLong();
    long keepaliveNs = settings.keepaliveNs();
    keepaliveNs -= Long.remainderUnsigned(seed, keepaliveNs / KEEPALIVE_SPREAD + 1);
    return new SessionParameters(
        localId,
        initiator ? agreement.serverSessionId() : hello.clientSessionId(),
        initiator ? agreement.incarnation() : hello.incarnation(),
        initiator,
        agreement.ringCapacity(),
        agreement.datagramLength(),
        EndpointSettings.MOST_STREAMS,
        agreement.integrity() == Integrity.CRC32C,
        agreement.idleTimeoutMs() * 1_000_000L,
        keepaliveNs,
        settings.lingerNs(),
        initiator ? agreement.serverAckDelayNs() : hello.offer().maximumAckDelayNs(),
        roundTripNs,
        settings.longestBackOffNs(),
        settings.sentPacketLimit(),
        settings.congestion(),
        settings.congestionSettings().withDatagramLength(agreement.datagramLength()),
        seed);
  }

  // ---- The turn ----

  private int receive() {
    int done = 0;
    for (int i = 0; i < paths.promotedCount(); i++) {
      EndpointSession session = paths.promoted(i);
      int received = session.port.receive(this, DATAGRAMS_A_TURN);
      if (received == DatagramResult.REFUSED) {
        onUnreachable(session);
      }
      done += Math.max(received, 0);
    }
    // While there are promoted sessions, the others wait a few turns: each look is a system call.
    if (paths.promotedCount() == 0
        || --turnsUntilListener <= 0
        || nowNs - listenedNs >= LISTENER_WAIT_NS) {
      turnsUntilListener = LISTENER_TURNS;
      listenedNs = nowNs;
      int received = port.receive(this, DATAGRAMS_A_TURN);
      if (received == DatagramResult.REFUSED && port.remoteAddress() != null) {
        for (int i = 0; i < sessions.size(); i++) {
          onUnreachable(sessions.get(i));
        }
      }
      done += Math.max(received, 0);
    }
    return done + paths.closeGivenUp(this);
  }

  private void onUnreachable(EndpointSession session) {
    counters.unreachable++;
    session.session.onUnreachable(nowNs);
    touch(session);
  }

  private int onDeadlines() {
    int done = handshakes.onTimer(nowNs);
    while (Deadline.isDue(nowNs, deadlines.earliestNs())) {
      EndpointSession session = deadlines.first();
      session.session.onTimer(nowNs);
      long nextNs = session.session.nextDeadlineNs();
      if (Deadline.isDue(nowNs, nextNs)) {
        nextNs = nowNs + 1; // due to send: that comes below, and the deadline is asked again then
      }
      deadlines.set(session, nextNs);
      touch(session);
      done++;
    }
    return done;
  }

  /**
   * Sends what touched sessions have to send.
   *
   * @param urgentOnly whether a session that owes nothing yet is left for the next turn: the
   *     application reads first what has come, and its answer takes the acknowledgement along.
   */
  private int sendTouched(boolean urgentOnly) {
    int done = 0;
    int count = touched.size();
    int left = 0;
    for (int i = 0; i < count; i++) {
      EndpointSession session = touched.get(i);
      if (urgentOnly && !session.session.isUrgent(nowNs)) {
        touched.set(left++, session);
      } else {
        session.touched = false;
        done += send(session);
      }
    }
    // What was touched meanwhile, by an application called back from within, is behind.
    for (int i = count - 1; i >= left; i--) {
      touched.remove(i);
    }
    return done;
  }

  private int send(EndpointSession session) {
    int sent = 0;
    if (session.moving) {
      paths.follow(session);
    }
    if (train.isEmpty() || train.flush() == 0) {
      redirect(session);
      sent = session.session.poll(nowNs, train);
      int result = train.flush();
      if (result == DatagramResult.REFUSED) {
        onUnreachable(session);
      } else if (result < 0 && result != DatagramResult.WOULD_BLOCK) {
        counters.sendFailures++;
        if (result == DatagramResult.TOO_LARGE) {
          session.session.onTooLong();
        }
      }
      if (sent >= Session.DATAGRAMS_A_TURN || result == DatagramResult.WOULD_BLOCK) {
        touch(session); // there is more
      }
    } else {
      touch(session);
    }
    if (session.session.isEnded()) {
      forget(session);
      return sent;
    }
    watch.onTurn(nowNs, session);
    totals.onTurn(session);
    long deadlineNs = session.session.nextDeadlineNs();
    // Later ones are left for when the earlier has come: a busy session's moves with each packet.
    if (session.heapPlace < 0
        || deadlineNs - session.deadlineNs < 0
        || session.deadlineNs - nowNs <= 1) {
      deadlines.set(session, deadlineNs);
    }
    if (session.promotable) {
      paths.promoteIfBusy(nowNs, session);
    }
    return sent;
  }

  private void redirect(EndpointSession session) {
    train.redirect(session.port, session.port.remoteAddress() == null ? session.remote : null);
  }

  private void forget(EndpointSession session) {
    if (session.listPlace < 0) {
      return;
    }
    totals.forget(session);
    watch.forget(session);
    deadlines.remove(session);
    byLocalId.remove(session.session.parameters().localId());
    byRemoteId.remove(handshakes.place(session.session.parameters().remoteId()));
    if (!session.session.parameters().initiator()) {
      byPlace.remove(session.place);
    }
    EndpointSession last = sessions.remove(sessions.size() - 1);
    if (last != session) {
      sessions.set(session.listPlace, last);
      last.listPlace = session.listPlace;
    }
    session.listPlace = -1;
    if (newest == session) {
      newest = null;
    }
    paths.forget(session);
    EndReason reason = session.session.endReason();
    listener.onGone(session, reason == null ? EndReason.CONNECTION_LOST : reason);
  }

  private long earliestNs() {
    if (!touched.isEmpty() && !closed) {
      return nowNs;
    }
    return Deadline.earlier(deadlines.earliestNs(), handshakes.nextDeadlineNs());
  }
}
