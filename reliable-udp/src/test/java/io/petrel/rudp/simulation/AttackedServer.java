package io.petrel.rudp.simulation;

import io.petrel.codecs.wire.RefuseReason;
import io.petrel.rudp.endpoint.Connecting;
import io.petrel.rudp.endpoint.EndpointListener;
import io.petrel.rudp.endpoint.EndpointSession;
import io.petrel.rudp.endpoint.EndpointSettings;
import io.petrel.rudp.endpoint.RudpEndpoint;
import io.petrel.rudp.endpoint.Totals;
import io.petrel.rudp.handshake.Refusal;
import io.petrel.rudp.session.Session;
import io.petrel.transport.EndReason;
import io.petrel.transport.Header;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.ring.ReceiveRing;
import io.petrel.transport.ring.RingMemory;
import io.petrel.transport.ring.SendRing;
import io.petrel.transport.simulation.SimulatedEndpoint;
import io.petrel.transport.simulation.SimulatedPort;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongArrayList;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A server with two kinds of clients: a good one, whose messages carry the time they were written
 * at, and a hostile one, to which it has much to send and of which it counts what comes.
 */
final class AttackedServer implements SimulatedEndpoint, EndpointListener, ReceiveRing.Listener {
  static final int GOOD_STREAM = Scenario.STREAM;
  private static final int HOLE_LIMIT = 512;
  private static final int MESSAGES_A_TURN = 1 << 10;
  private static final int BYTES_TO_SEND = 1 << 20;

  final RudpEndpoint endpoint;
  final RingMemory memory = RingMemory.unlimited();
  final List<String> errors = new ArrayList<>();
  final Map<Session, EndReason> ended = new HashMap<>();
  final LongArrayList latenciesNs = new LongArrayList();
  boolean readsHostile = true;
  @Nullable EndpointSession hostile;
  long goodRead;
  long hostileRead;
  final StringBuilder hostileText = new StringBuilder();
  long mostMemoryBytes;
  private final LongSupplier trueTime;
  private final Map<ReceiveRing, Session> rings = new HashMap<>();
  private @Nullable SendRing toHostile;
  private long written;

  AttackedServer(long nowNs, SimulatedPort port, EndpointSettings settings, LongSupplier time) {
    SplittableRandom random = new SplittableRandom(1);
    this.trueTime = time;
    this.endpoint =
        new RudpEndpoint(nowNs, port, settings, true, random.nextLong(), random::nextLong, this);
  }

  @Override
  public int work(long nowNs) {
    int done = endpoint.work(nowNs);
    for (Map.Entry<ReceiveRing, Session> each : rings.entrySet()) {
      boolean good = hostile == null || each.getValue() != hostile.session();
      if (good || readsHostile) {
        done +=
            Math.max(each.getKey().poll(good ? this::onGood : this::onHostile, MESSAGES_A_TURN), 0);
      }
    }
    SendRing ring = toHostile;
    UnsafeBuffer message = new UnsafeBuffer(new byte[1_000]);
    while (ring != null && written < BYTES_TO_SEND && ring.offer(message, 0, 1_000) > 0) {
      written += 1_000;
    }
    mostMemoryBytes = Math.max(mostMemoryBytes, memoryBytes());
    return done;
  }

  private void onGood(DirectBuffer buffer, int offset, int length, Header header) {
    if (buffer.getLong(offset) != goodRead) {
      errors.add("message " + buffer.getLong(offset) + " where " + goodRead + " is due");
    }
    goodRead++;
    latenciesNs.addLong(trueTime.getAsLong() - buffer.getLong(offset + 8));
  }

  private void onHostile(DirectBuffer buffer, int offset, int length, Header header) {
    hostileRead++;
    hostileText.append(buffer.getStringWithoutLengthAscii(offset, length));
  }

  /** Rings and tables of all sessions. */
  private long memoryBytes() {
    long bytes = memory.bytesInUse();
    for (int i = 0; i < endpoint.sessionCount(); i++) {
      bytes += endpoint.session(i).session().memoryBytes();
    }
    return bytes;
  }

  /** The good client's messages, one way. */
  long latencyNs(double percentile) {
    long[] sorted = latenciesNs.toLongArray();
    Arrays.sort(sorted);
    return sorted[Math.max((int) Math.ceil(percentile / 100 * sorted.length) - 1, 0)];
  }

  long total(Totals.Total total) {
    Totals totals = new Totals();
    endpoint.addTo(totals);
    return totals.get(total);
  }

  @Override
  public long nextDeadlineNs() {
    return endpoint.nextDeadlineNs();
  }

  @Override
  public @Nullable RefuseReason onHello(EndpointAddress from, int streamId) {
    return null;
  }

  @Override
  public void onSession(EndpointSession session) {}

  /** The hostile one's session, as soon as there is one; it is then written to. */
  void markHostile(long sessionId) {
    for (int i = 0; i < endpoint.sessionCount(); i++) {
      EndpointSession session = endpoint.session(i);
      if (session.session().parameters().localId() == sessionId) {
        hostile = session;
        toHostile =
            SendRing.exclusive(session.agreement().ringCapacity(), 0, SendRing.UNLIMITED, memory);
        session.session().addSend(0, toHostile);
      }
    }
  }

  @Override
  public @Nullable ReceiveRing openReceive(Session of, int streamId) {
    ReceiveRing ring =
        new ReceiveRing(
            of.parameters().ringCapacity(),
            0,
            HOLE_LIMIT,
            memory,
            new Header(new SessionInfo(1, streamId, null)),
            this);
    rings.put(ring, of);
    return ring;
  }

  @Override
  public void onEnd(Session of, EndReason reason) {
    ended.put(of, reason);
  }

  @Override
  public void onGone(EndpointSession session, EndReason reason) {
    rings
        .entrySet()
        .removeIf(each -> {
          if (each.getValue() != session.session()) {
            return false;
          }
          each.getKey().giveBack();
          return true;
        });
    if (session == hostile && toHostile != null) {
      toHostile.giveBack();
      toHostile = null;
    }
  }

  @Override
  public void onReceiveEnd(Session of, int streamId) {}

  @Override
  public void onSendEnd(Session of, int streamId, boolean delivered) {}

  @Override
  public void onNotConnected(Connecting connecting, @Nullable Refusal refusal) {}

  @Override
  public void onHandlerError(Throwable error) {
    errors.add("handler: " + error);
  }

  @Override
  public void onLoss(long fromPosition, long toPosition) {
    errors.add("loss from " + fromPosition + " to " + toPosition);
  }
}
