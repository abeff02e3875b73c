package io.petrel.rudp.simulation;

import io.petrel.codecs.wire.RefuseReason;
import io.petrel.rudp.endpoint.Connecting;
import io.petrel.rudp.endpoint.EndpointListener;
import io.petrel.rudp.endpoint.EndpointSession;
import io.petrel.rudp.endpoint.EndpointSettings;
import io.petrel.rudp.endpoint.RudpEndpoint;
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
import io.petrel.transport.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One side of a session with several streams: the client writes to all in turns, as fast as each
 * takes it or a message to each an interval, the server reads all that are not stalled.
 */
final class StreamsPeer implements SimulatedEndpoint, EndpointListener, ReceiveRing.Listener {
  private static final int HOLE_LIMIT = 256;
  private static final int HEADER = 16;

  final RudpEndpoint endpoint;
  final long[] written;
  final long[] read;
  final long[] slowestNs;
  final boolean[] stalled;
  final List<String> errors = new ArrayList<>();
  long messagesAStream;
  long intervalNs;
  private final @Nullable EndpointAddress server;
  private final List<SendRing> sends = new ArrayList<>();
  private final @Nullable ReceiveRing[] receives;
  private final UnsafeBuffer message;
  private boolean asked;
  private long nextWriteNs;
  private long nowNs;

  StreamsPeer(
      SimulatedPort port,
      EndpointSettings settings,
      @Nullable EndpointAddress server,
      int streams,
      int messageBytes) {
    SplittableRandom random = new SplittableRandom(server == null ? 1 : 2);
    this.server = server;
    this.message = new UnsafeBuffer(new byte[messageBytes]);
    this.written = new long[streams];
    this.read = new long[streams];
    this.slowestNs = new long[streams];
    this.stalled = new boolean[streams];
    this.receives = new ReceiveRing[streams];
    this.endpoint =
        new RudpEndpoint(
            0, port, settings, server == null, random.nextLong(), random::nextLong, this);
  }

  @Override
  public int work(long now) {
    nowNs = now;
    if (server != null && !asked) {
      asked = true;
      endpoint.connect(now, server, 0);
    }
    int done = endpoint.work(now);
    for (int stream = 0; stream < receives.length; stream++) {
      ReceiveRing ring = receives[stream];
      if (ring != null && !stalled[stream]) {
        int of = stream;
        done += ring.poll((buffer, offset, length, header) -> onMessage(of, buffer, offset), 1_000);
      }
    }
    return done + write();
  }

  private int write() {
    int done = 0;
    boolean due = intervalNs == 0 || nowNs - nextWriteNs >= 0;
    for (int stream = 0; stream < sends.size() && due; stream++) {
      while (written[stream] < messagesAStream) {
        message.putLong(0, written[stream]);
        message.putLong(8, nowNs);
        message.setMemory(HEADER, message.capacity() - HEADER, (byte) stream);
        if (sends.get(stream).offer(message, 0, message.capacity()) < 0) {
          break;
        }
        written[stream]++;
        done++;
        if (intervalNs > 0) {
          break;
        }
      }
      if (intervalNs > 0) {
        endpoint.flush(() -> nowNs, endpoint.session(0)); // a datagram for each stream
      }
    }
    nextWriteNs = due ? nowNs + intervalNs : nextWriteNs;
    return done;
  }

  private void onMessage(int stream, DirectBuffer buffer, int offset) {
    boolean right =
        buffer.getLong(offset) == read[stream]
            && buffer.getByte(offset + HEADER) == stream
            && buffer.getByte(offset + message.capacity() - 1) == stream;
    if (!right) {
      errors.add("stream " + stream + ": not message " + read[stream]);
    }
    read[stream]++;
    slowestNs[stream] = Math.max(slowestNs[stream], nowNs - buffer.getLong(offset + 8));
  }

  @Override
  public long nextDeadlineNs() {
    long deadlineNs = endpoint.nextDeadlineNs();
    boolean more = !sends.isEmpty() && written[written.length - 1] < messagesAStream;
    return intervalNs > 0 && more ? Deadline.earlier(deadlineNs, nextWriteNs) : deadlineNs;
  }

  @Override
  public void onSession(EndpointSession session) {
    for (int stream = 0; server != null && stream < written.length; stream++) {
      SendRing ring = SendRing.exclusive(session.agreement().ringCapacity());
      sends.add(ring);
      if (!session.session().addSend(stream, ring)) {
        errors.add("no place for stream " + stream);
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
            RingMemory.unlimited(),
            new Header(new SessionInfo(1, streamId, null)),
            this);
    receives[streamId] = ring;
    return ring;
  }

  @Override
  public @Nullable RefuseReason onHello(EndpointAddress from, int streamId) {
    return null;
  }

  @Override
  public void onNotConnected(Connecting connecting, @Nullable Refusal refusal) {
    errors.add("not connected");
  }

  @Override
  public void onEnd(Session of, EndReason reason) {
    errors.add("ended: " + reason);
  }

  @Override
  public void onReceiveEnd(Session of, int streamId) {}

  @Override
  public void onSendEnd(Session of, int streamId, boolean delivered) {}

  @Override
  public void onGone(EndpointSession session, EndReason reason) {}

  @Override
  public void onHandlerError(Throwable error) {
    errors.add(error.toString());
  }

  @Override
  public void onLoss(long fromPosition, long toPosition) {
    errors.add("loss");
  }
}
