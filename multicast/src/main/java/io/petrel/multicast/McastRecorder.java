package io.petrel.multicast;

import io.petrel.multicast.join.PositionIndex;
import io.petrel.multicast.join.ReplayFeed;
import io.petrel.rudp.congestion.Pacer;
import io.petrel.transport.Context;
import io.petrel.transport.Listener;
import io.petrel.transport.MessageHandler;
import io.petrel.transport.Options;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Session;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.journal.Journal;
import io.petrel.transport.journal.JournalReader;
import io.petrel.transport.journal.JournalSettings;
import io.petrel.transport.journal.RecorderEvents;
import io.petrel.transport.journal.RingRecorder;
import io.petrel.transport.ring.SendRing;
import io.petrel.transport.spi.EngineHandle;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The journal of a publication: records what was sent and replays it to late receivers, on a thread
 * and with an engine of its own, so that the publication feels neither.
 */
final class McastRecorder implements RecorderEvents {
  private static final System.Logger LOGGER = System.getLogger(McastRecorder.class.getName());
  private static final long IDLE_NS = TimeUnit.MICROSECONDS.toNanos(50);
  private static final int SPIN_TURNS = 100;
  private static final int RANGES_A_TURN = 16;
  private static final int REQUEST_LIMIT = 16;
  private static final int PACED_BYTES = 1_408;

  /** Bytes for one receiver in one turn, so that many are served alike. */
  private static final int SHARE_BYTES = 256 << 10;

  private static final String REPLAY_OPTIONS = "?ring=1MiB&sessions=";

  /** More receivers than that have to wait for their turn. */
  private static final int RECEIVERS = 256;

  private final EngineHandle engine;
  private final String name;
  private final Path directory;
  private final SendRing ring;
  private final long lingerNs;
  private final boolean required;
  private final Journal journal;
  private final RingRecorder recorder;
  private final PositionIndex index = new PositionIndex();
  private final Map<Long, PositionIndex> indexes;
  private final Petrel petrel;
  private final Listener listener;
  private final Pacer pacer;
  private final boolean paced;
  private final List<Late> receivers = new ArrayList<>();
  private final Thread thread;
  private int turn;
  private long indexed = -1;
  private volatile boolean stopping; // by the engine's thread, read each turn

  /** One receiver that is served. */
  private static final class Late {
    private final Session session;
    private final Publication chunks;
    private final Subscription requests;
    private final JournalReader reader;
    private final ReplayFeed feed;
    private final MessageHandler onRequest;

    Late(Session session, JournalReader reader, Map<Long, PositionIndex> indexes) {
      this.session = session;
      this.reader = reader;
      chunks = session.publish(0, true);
      requests = session.subscribe(0);
      feed = new ReplayFeed(reader, indexes);
      onRequest = (buffer, offset, length, header) -> feed.onRequest(buffer, offset, length);
    }

    boolean isServed() {
      return session.isClosed() || chunks.acknowledgedPosition() >= chunks.position();
    }
  }

  McastRecorder(
      EngineHandle engine,
      McastOptions options,
      McastLine line,
      SendRing ring,
      long sessionId,
      int stream) {
    this.engine = engine;
    this.ring = ring;
    name = options.channel().toString();
    directory = Path.of(options.value(McastOptions.RECORD));
    required = options.value(McastOptions.RECORD_REQUIRED);
    lingerNs = options.value(Options.LINGER);
    indexes = Map.of(sessionId, index);
    journal = Journal.open(new JournalSettings(directory));
    try {
      petrel = Petrel.launch(context(engine.context()));
    } catch (RuntimeException e) {
      journal.close();
      throw e;
    }
    recorder =
        new RingRecorder(
            journal, ring, sessionId, stream, required, epochClock(), this::restart, this);
    String host = EndpointAddress.of(line.local().toInetSocketAddress()).port(0).toString();
    listener = petrel.listen("rudp://" + host + REPLAY_OPTIONS + RECEIVERS, this::admit);
    long nowNs = System.nanoTime();
    long rate = options.value(McastOptions.REPLAY_RATE);
    paced = rate > 0;
    pacer = new Pacer(nowNs, PACED_BYTES);
    pacer.rate(nowNs, rate);
    thread = Thread.ofPlatform().name("petrel-journal").daemon().unstarted(this::run);
    thread.start();
  }

  private static Context context(Context of) {
    return new Context()
        .threading(Threading.INVOKER)
        .set(Options.NAME, of.value(Options.NAME) + "-journal")
        .set(Options.LINGER, "1s");
  }

  /** Nanoseconds since 1970, as fine as the machine has them. */
  private static LongSupplier epochClock() {
    long offsetNs = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - System.nanoTime();
    return () -> System.nanoTime() + offsetNs;
  }

  /** Where late receivers ask. */
  EndpointAddress address() {
    return EndpointAddress.of((InetSocketAddress) listener.localAddress());
  }

  /** Below this the ring may be freed. */
  long freeBelow() {
    return required ? recorder.position() : Long.MAX_VALUE;
  }

  /** Records what is still to be recorded, serves those who are being served, and ends. */
  void stop() {
    stopping = true;
  }

  boolean isEnded() {
    return !thread.isAlive();
  }

  /** A record that the ring holds: only the publication's engine can say. */
  private long restart() {
    return engine.call(() -> ring.recordStart(ring.sentPosition()));
  }

  private void admit(Session session) {
    receivers.add(new Late(session, Journal.openReader(directory), indexes));
  }

  private void run() {
    int idle = 0;
    long stoppedNs = 0;
    try {
      while (true) {
        long nowNs = System.nanoTime();
        boolean last = stopping;
        int done = record() + petrel.work() + serve(nowNs);
        idle = done > 0 ? 0 : idle + 1;
        if (idle > SPIN_TURNS) {
          LockSupport.parkNanos(IDLE_NS);
        }
        if (last && done == 0) {
          stoppedNs = stoppedNs == 0 ? nowNs : stoppedNs;
          if (nowNs - stoppedNs > lingerNs || areServed()) {
            return;
          }
        }
      }
    } catch (RuntimeException e) {
      engine.onError(e);
    } finally {
      receivers.forEach(each -> each.reader.close());
      petrel.close();
      journal.close();
    }
  }

  private boolean areServed() {
    for (Late each : receivers) {
      if (!each.isServed()) {
        return false;
      }
    }
    return true;
  }

  private int record() {
    int total = 0;
    for (int i = 0; i < RANGES_A_TURN; i++) {
      int some = recorder.work();
      total += some;
      if (recorder.lastIndex() != indexed) {
        indexed = recorder.lastIndex();
        index.add(recorder.lastPosition(), indexed);
      }
      if (some == 0) {
        break;
      }
    }
    return total;
  }

  /** Each in its turn, on the budget of all. */
  private int serve(long nowNs) {
    int done = 0;
    for (int i = 0; i < receivers.size(); i++) {
      Late each = receivers.get(turn++ % receivers.size());
      done += each.requests.poll(each.onRequest, REQUEST_LIMIT);
      long budget = paced ? Math.min(pacer.sendableBytes(nowNs), SHARE_BYTES) : SHARE_BYTES;
      if (budget > 0 && each.feed.isActive()) {
        int sent = each.feed.poll(each.chunks::offer, (int) budget);
        if (sent > 0) {
          pacer.onSent(nowNs, sent);
          done++;
        }
      }
      if (each.session.isClosed()) {
        each.reader.close();
        receivers.remove(each);
      }
    }
    return done;
  }

  @Override
  public void onDiskFull(boolean full) {
    LOGGER.log(
        System.Logger.Level.WARNING,
        () ->
            full
                ? name + ": the disk of '" + directory + "' is full; what follows is not recorded"
                : name + ": there is room again in '" + directory + "'");
  }

  @Override
  public void onNotRecorded(long sessionId, int stream, long fromPosition, long toPosition) {
    LOGGER.log(
        System.Logger.Level.WARNING,
        () -> name + ": positions " + fromPosition + " to " + toPosition + " are not recorded");
  }
}
