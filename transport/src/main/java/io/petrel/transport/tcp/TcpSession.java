package io.petrel.transport.tcp;

import io.petrel.transport.Channel;
import io.petrel.transport.EndReason;
import io.petrel.transport.Session;
import io.petrel.transport.ring.RingMemory;
import io.petrel.transport.spi.EngineHandle;
import io.petrel.transport.spi.RingPublication;
import io.petrel.transport.spi.SendSide;
import io.petrel.transport.spi.SubscriptionPort;
import java.net.SocketAddress;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A session: what of it outlives a connection. The application holds a {@link TcpSessionHandle};
 * where connections come from is {@link TcpDialer}'s or {@link TcpListener}'s business.
 *
 * <pre>
 *   ABSENT --connection--> GREETING --hello--> OPEN --all delivered--> LEAVING --> ENDED
 *      ^                       |                 |                                   ^
 *      +---- dialled, again ---+-----------------+------- accepted, or not again ----+
 * </pre>
 */
final class TcpSession implements SendSide, TcpReadiness.Waiting {
  private enum State {
    ABSENT,
    GREETING,
    OPEN,
    LEAVING,
    ENDED
  }

  /** How late an acknowledgement may be that nothing else takes along. */
  private static final long TICK_NS = 500_000;

  /** Whoever said goodbye waits until the peer has been silent for so long, or has left. */
  private static final long LEAVE_QUIET_NS = 50_000_000;

  private static final int READS_PER_TURN = 4;
  private static final int SENDS_PER_FLUSH = 16;
  private static final int IDLE_SHARE = 4;
  private static final long NS_PER_MS = 1_000_000;

  private final EngineHandle engine;
  private final TcpBuffers buffers;
  private final Channel channel;
  private final TcpOptions options;
  private final TcpStreams streams;
  private final TcpSessionHandle handle;
  private final @Nullable TcpDialer dialer;
  private final @Nullable TcpListener listener;
  private final boolean pooled;

  private State state = State.ABSENT;
  private @Nullable TcpConnection connection;
  private TcpTerms terms;
  private long nextTickNs;
  private long lastReadNs;
  private long lastWriteNs;
  private boolean wrote;
  private @Nullable TcpReadiness readiness;
  private boolean ready;
  private boolean closing;
  private long closeDeadlineNs;

  // Read by any thread.
  private volatile boolean connected;
  private volatile boolean ended;
  private volatile @Nullable EndReason endReason;
  private volatile @Nullable SocketAddress remoteAddress;

  /** One that is dialled; pooled ones end with their last publication. */
  TcpSession(
      EngineHandle engine,
      TcpBuffers buffers,
      Channel channel,
      TcpOptions options,
      TcpDialer dialer,
      boolean pooled) {
    this(engine, buffers, channel, options, dialer, null, pooled, stream -> null);
  }

  /** One that is accepted. */
  TcpSession(
      EngineHandle engine,
      TcpBuffers buffers,
      TcpOptions options,
      TcpListener listener,
      IntFunction<@Nullable SubscriptionPort> ports) {
    this(engine, buffers, listener.channel(), options, null, listener, false, ports);
  }

  private TcpSession(
      EngineHandle engine,
      TcpBuffers buffers,
      Channel channel,
      TcpOptions options,
      @Nullable TcpDialer dialer,
      @Nullable TcpListener listener,
      boolean pooled,
      IntFunction<@Nullable SubscriptionPort> ports) {
    this.engine = engine;
    this.buffers = buffers;
    this.channel = channel;
    this.options = options;
    this.dialer = dialer;
    this.listener = listener;
    this.pooled = pooled;
    terms = options.terms(0);
    streams = new TcpStreams(engine, this, ports);
    handle = new TcpSessionHandle(engine, channel, this);
  }

  int work(long nowNs) {
    if (state == State.ABSENT) {
      dial(nowNs);
      return 0;
    }
    if (state == State.ENDED) {
      return 0;
    }
    int done = ready || readiness == null ? receive(nowNs) : 0;
    if (state == State.OPEN) {
      flush(false);
    }
    if (nowNs - nextTickNs >= 0 && connection != null) {
      nextTickNs = nowNs + TICK_NS;
      onTick(nowNs);
    }
    return done;
  }

  private void dial(long nowNs) {
    if (dialer == null || closing) {
      finish(EndReason.CLOSED_HERE);
      return;
    }
    TcpConnection dialled = dialer.work(nowNs, buffers);
    if (dialled != null) {
      attach(dialled, nowNs, options.terms(TcpTransport.newSessionId()));
      stageHello(TcpFrames.HELLO, 0);
      flushStaged();
    }
  }

  /** A connection that does not know its peer yet. */
  void attach(TcpConnection fresh, long nowNs, TcpTerms asked) {
    connection = fresh;
    terms = asked;
    state = State.GREETING;
    lastReadNs = nowNs;
    lastWriteNs = nowNs;
    nextTickNs = nowNs + TICK_NS;
    remoteAddress = fresh.remoteAddress();
  }

  /** Reads only after {@link #onReady}: one of many, for whom the kernel is asked together. */
  void readWhenReady(TcpReadiness by) {
    readiness = by;
  }

  @Override
  public void onReady() {
    ready = true;
  }

  private int receive(long nowNs) {
    ready = false; // what is left after this will be told again
    TcpConnection from = connection;
    int total = 0;
    for (int i = 0; i < READS_PER_TURN && from != null && from.equals(connection); i++) {
      int length = from.read();
      if (length == 0) {
        break;
      }
      if (length == TcpConnection.ENDED) {
        lost(state == State.LEAVING ? EndReason.CLOSED_HERE : EndReason.CONNECTION_LOST, nowNs);
        break;
      }
      total += length;
      lastReadNs = nowNs;
      int taken = state == State.GREETING ? greet(length, nowNs) : 0;
      if (state == State.OPEN || state == State.LEAVING) {
        taken += streams.take(buffers.in, taken, length);
      }
      EndReason ending = streams.ending();
      if (!from.equals(connection)) {
        break;
      }
      if (ending != null && state != State.GREETING) {
        lost(ending, nowNs);
      } else if (taken < length) {
        from.carryOver(buffers.in, taken, length - taken);
      }
      if (length < TcpBuffers.CAPACITY) {
        break;
      }
    }
    return total;
  }

  /** Reads the peer's hello or the answer to ours; returns how many bytes that took. */
  private int greet(int length, long nowNs) {
    if (length < TcpFrames.HELLO_LENGTH) {
      return 0;
    }
    TcpTerms said = TcpFrames.terms(buffers.in, 0);
    int kind = TcpFrames.kind(buffers.in, 0);
    if (!TcpFrames.isHello(buffers.in, 0)) {
      lost(EndReason.PROTOCOL_BREACH, nowNs);
    } else if (listener != null) {
      answer(kind, said, nowNs);
    } else if (kind == TcpFrames.REFUSAL) {
      TcpDialer by = dialer;
      if (by != null) {
        by.onRefused(TcpFrames.reason(buffers.in, 0), TcpFrames.version(buffers.in, 0));
      }
      lost(EndReason.REFUSED, nowNs);
    } else if (kind == TcpFrames.WELCOME && said.isValid() && said.isWithin(terms)) {
      open(said);
    } else {
      lost(EndReason.PROTOCOL_BREACH, nowNs);
    }
    return TcpFrames.HELLO_LENGTH;
  }

  private void answer(int kind, TcpTerms asked, long nowNs) {
    int reason = 0;
    if (kind != TcpFrames.HELLO) {
      lost(EndReason.PROTOCOL_BREACH, nowNs);
      return;
    }
    if (TcpFrames.version(buffers.in, 0) != TcpFrames.VERSION) {
      reason = TcpFrames.REFUSED_VERSION;
    } else if (!asked.isValid()) {
      reason = TcpFrames.REFUSED_VALUES;
    }
    if (reason != 0) {
      stageHello(TcpFrames.REFUSAL, reason);
      flushStaged();
      lost(EndReason.REFUSED, nowNs);
      return;
    }
    terms = asked.cappedBy(options.terms(asked.sessionId()));
    stageHello(TcpFrames.WELCOME, 0);
    flushStaged();
    open(terms);
    TcpListener by = listener;
    if (by != null && state == State.OPEN && !by.onOpened(this)) {
      abortNow();
    }
  }

  private void open(TcpTerms agreed) {
    if (connection == null) {
      return; // it broke under the greeting
    }
    terms = agreed;
    state = State.OPEN;
    connected = true;
    streams.begin(agreed, remoteAddress);
    if (dialer != null) {
      dialer.onConnected();
    }
  }

  @Override
  public void flush() {
    if (state == State.OPEN) {
      flush(false);
    }
  }

  private void flush(boolean withAcks) {
    TcpConnection to = connection;
    for (int i = 0; i < SENDS_PER_FLUSH && to != null; i++) {
      if (to.isPending() && (!to.sendPending() || to.isPending())) {
        return; // full, or broken, which the next read will tell
      }
      boolean more = streams.stage(buffers, withAcks);
      if (buffers.outLength == 0) {
        return;
      }
      flushStaged();
      if (!more) {
        return;
      }
    }
  }

  private void flushStaged() {
    TcpConnection to = connection;
    if (to == null) {
      buffers.outLength = 0;
    } else if (!to.send()) {
      to.abort(); // the next read ends the session
    }
    wrote = true;
  }

  private void stageHello(int kind, int reason) {
    TcpFrames.putHello(buffers.out, buffers.outLength, kind, reason, terms);
    buffers.outLength += TcpFrames.HELLO_LENGTH;
  }

  private void onTick(long nowNs) {
    lastWriteNs = wrote ? nowNs : lastWriteNs;
    wrote = false;
    if (state == State.GREETING) {
      if (nowNs - lastReadNs > options.connectTimeoutNs() || closing) {
        lost(EndReason.TIMED_OUT, nowNs);
      }
      return;
    }
    if (state == State.LEAVING) {
      if (nowNs - lastReadNs > LEAVE_QUIET_NS || nowNs - closeDeadlineNs >= 0) {
        lost(EndReason.CLOSED_HERE, nowNs);
      }
      return;
    }
    TcpConnection to = connection;
    if (to == null || (to.isPending() && !to.sendPending())) {
      return;
    }
    if (!to.isPending()) {
      streams.onTick(nowNs, buffers, options);
      flush(true);
    }
    EndReason ending = streams.ending();
    long idleNs = terms.idleTimeoutMs() * NS_PER_MS;
    if (ending != null) {
      lost(ending, nowNs);
    } else if (nowNs - lastReadNs > idleNs) {
      lost(EndReason.TIMED_OUT, nowNs);
    } else if (nowNs - lastWriteNs > idleNs / IDLE_SHARE && !to.isPending()) {
      buffers.stage(TcpFrames.ALIVE, 0, 0, 0, 0);
      flushStaged();
    }
    leaveWhenDone(nowNs);
  }

  private void leaveWhenDone(long nowNs) {
    TcpConnection to = connection;
    if (pooled && !streams.hasSenders() && !closing) {
      closing = true;
      closeDeadlineNs = nowNs + options.lingerNs();
    }
    if (!closing || streams.hasSenders() || to == null) {
      return;
    }
    if (to.isPending()) {
      if (nowNs - closeDeadlineNs >= 0) {
        lost(EndReason.CLOSED_HERE, nowNs); // the peer takes nothing: it will see the break
      }
      return;
    }
    buffers.stage(TcpFrames.GOODBYE, 0, 0, 0, 0);
    flushStaged();
    if (!to.isPending()) {
      to.shutdownOutput();
    }
    lastReadNs = nowNs;
    streams.end(EndReason.CLOSED_HERE);
    state = State.LEAVING;
    connected = false;
  }

  /** The connection is over: a dialled session tries again, if it may. */
  private void lost(EndReason reason, long nowNs) {
    TcpConnection gone = connection;
    if (gone != null) {
      gone.close();
      connection = null;
    }
    boolean wasOpen = state == State.OPEN;
    connected = false;
    endReason = reason;
    streams.end(reason);
    boolean again = dialer != null && !closing && dialer.onLost(nowNs, wasOpen);
    if (again) {
      state = State.ABSENT;
    } else {
      finish(reason);
    }
  }

  private void finish(EndReason reason) {
    if (state != State.ENDED) {
      state = State.ENDED;
      endReason = endReason == null ? reason : endReason;
      streams.closePublications(0);
      if (dialer != null) {
        dialer.close();
      }
      ended = true;
      if (readiness != null) {
        readiness.removeSession();
        readiness.release();
      }
    }
  }

  boolean isEnded() {
    return state == State.ENDED;
  }

  /** Whether another publication could join: dialled, not closing, the stream not taken. */
  boolean admits(Channel pool, int stream) {
    return pooled
        && !closing
        && state != State.ENDED
        && channel.equals(pool)
        && streams.sender(stream) == null;
  }

  RingMemory ringMemory() {
    return engine.ringMemory();
  }

  /** Nobody reads a stream any more; within turns. */
  void unsubscribe(int stream) {
    streams.unsubscribe(stream);
  }

  /** Begins a graceful end; within turns. */
  void beginClose(long nowNs) {
    if (closing || state == State.ENDED) {
      return;
    }
    closing = true;
    closeDeadlineNs = nowNs + options.lingerNs();
    streams.closePublications(closeDeadlineNs);
    streams.closeSubscriptions();
    nextTickNs = nowNs;
    if (state == State.ABSENT) {
      finish(EndReason.CLOSED_HERE);
    }
  }

  /** Ends at once; within turns. */
  void abortNow() {
    TcpConnection gone = connection;
    if (gone != null) {
      gone.abort();
      connection = null;
    }
    connected = false;
    streams.end(EndReason.CLOSED_HERE);
    finish(EndReason.CLOSED_HERE);
  }

  // ---- The application, within turns ----

  RingPublication newPublication(Channel opened, int stream, boolean exclusive, long unsentLimit) {
    RingPublication publication =
        new RingPublication(
            engine, opened, exclusive, options.ringCapacity(), this::onPublicationClosed);
    streams.add(new SendStream(stream, publication, unsentLimit));
    return publication;
  }

  private void onPublicationClosed(RingPublication publication) {
    streams.close(publication, System.nanoTime() + options.lingerNs());
    if (pooled && !streams.hasSenders() && state == State.ABSENT) {
      finish(EndReason.CLOSED_HERE);
    }
  }

  /** What the application holds. */
  Session handle() {
    return handle;
  }

  TcpStreams streams() {
    return streams;
  }

  void requireAlive() {
    if (closing || state == State.ENDED) {
      throw new IllegalStateException("this session is closed");
    }
  }

  boolean isConnected() {
    return connected;
  }

  boolean isClosed() {
    return ended;
  }

  @Nullable EndReason endReason() {
    return endReason;
  }

  @Nullable SocketAddress remoteAddress() {
    return remoteAddress;
  }
}
