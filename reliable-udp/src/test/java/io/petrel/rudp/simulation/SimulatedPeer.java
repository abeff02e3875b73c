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
import io.petrel.transport.MessageHandler;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.ring.ReceiveRing;
import io.petrel.transport.ring.RingMemory;
import io.petrel.transport.ring.SendRing;
import io.petrel.transport.simulation.SimulatedEndpoint;
import io.petrel.transport.simulation.SimulatedPort;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One side of a simulated session with an application on it, which writes its workload and checks
 * what it reads: each message exactly once, in order, whole.
 */
final class SimulatedPeer implements SimulatedEndpoint, EndpointListener, ReceiveRing.Listener {
  static final int HOLE_LIMIT = 256;

  private final String name;

  /** The network's time, which no jump of the host's clock disturbs: the application's own. */
  private final LongSupplier trueTime;

  private final RudpEndpoint endpoint;
  private final @Nullable EndpointAddress server;
  private final Workload workload;
  private final UnsafeBuffer message;
  private final MessageHandler handler = this::onMessage;
  private final int stream;

  @Nullable EndpointSession session;
  @Nullable SendRing sendRing;
  @Nullable ReceiveRing receiveRing;
  @Nullable EndReason endReason;
  @Nullable Refusal refusal;
  boolean notConnected;
  boolean gone;
  boolean streamEnded;
  boolean streamDelivered;
  boolean streamStopped;
  boolean dead;
  boolean closeWhenWritten;
  long readEveryNs;

  /** Messages written at most beyond those read: 1 makes a client wait for each answer. */
  long writeAhead = Long.MAX_VALUE / 2;

  int readLimit = Integer.MAX_VALUE;
  long written;
  long read;
  long readBytes;
  long firstReadNs;
  long lastReadNs;
  long startNs;
  List<String> errors = new ArrayList<>();
  long[] latenciesNs = new long[1024];
  long[] readAtNs = new long[1024];
  private long nextWriteNs;
  private long nextReadNs;
  private long nowNs;
  private long hostNowNs;
  private boolean connecting;
  private boolean closed;
  private boolean pressedBack;

  SimulatedPeer(
      String name,
      long nowNs,
      SimulatedPort port,
      EndpointSettings settings,
      @Nullable EndpointAddress server,
      int stream,
      Workload workload,
      long seed,
      LongSupplier trueTime) {
    SplittableRandom random = new SplittableRandom(seed);
    this.name = name;
    this.trueTime = trueTime;
    this.server = server;
    this.stream = stream;
    this.workload = workload;
    this.message = new UnsafeBuffer(new byte[Math.max(workload.size(), 16)]);
    this.startNs = nowNs;
    this.nowNs = trueTime.getAsLong();
    this.endpoint =
        new RudpEndpoint(
            nowNs, port, settings, server == null, random.nextLong(), random::nextLong, this);
  }

  RudpEndpoint endpoint() {
    return endpoint;
  }

  boolean hasWrittenAll() {
    return written == workload.messages();
  }

  boolean isDrained() {
    SendRing ring = sendRing;
    return hasWrittenAll()
        && (ring == null || ring.acknowledgedPosition() == ring.writtenPosition());
  }

  @Override
  public int work(long now) {
    if (dead) {
      return 0;
    }
    hostNowNs = now;
    nowNs = trueTime.getAsLong();
    if (server != null && !connecting) {
      connecting = true;
      endpoint.connect(now, server, stream);
    }
    int done = endpoint.work(now);
    done += read(nowNs);
    int wrote = write(nowNs);
    if (wrote > 0 && session != null) {
      endpoint.flush(() -> now, session);
    }
    done += wrote;
    if (closeWhenWritten && hasWrittenAll() && !closed && session != null) {
      closed = true;
      endpoint.close(now, session);
      done++;
    }
    return done;
  }

  @Override
  public long nextDeadlineNs() {
    if (dead) {
      return NO_DEADLINE;
    }
    long applicationNs = NO_DEADLINE;
    if (sendRing != null && !hasWrittenAll() && workload.intervalNs() > 0 && !pressedBack) {
      applicationNs = nextWriteNs;
    }
    if (receiveRing != null
        && readEveryNs > 0
        && receiveRing.contiguousPosition() > receiveRing.readPosition()) {
      applicationNs = Math.min(applicationNs, nextReadNs);
    }
    long deadlineNs = endpoint.nextDeadlineNs();
    if (applicationNs == NO_DEADLINE) {
      return deadlineNs;
    }
    long hostNs = hostNowNs + Math.max(applicationNs - nowNs, 0);
    return deadlineNs == NO_DEADLINE || hostNs - deadlineNs < 0 ? hostNs : deadlineNs;
  }

  private int write(long now) {
    SendRing ring = sendRing;
    int done = 0;
    while (ring != null && !hasWrittenAll() && !ring.isClosed() && written < read + writeAhead) {
      if (workload.intervalNs() > 0 && now - nextWriteNs < 0) {
        break;
      }
      message.putLong(0, written);
      message.putLong(8, now);
      for (int i = 16; i < workload.size(); i++) {
        message.putByte(i, (byte) (written + i));
      }
      pressedBack = ring.offer(message, 0, workload.size()) < 0;
      if (pressedBack) {
        break;
      }
      written++;
      done++;
      nextWriteNs += workload.intervalNs();
    }
    return done;
  }

  /** Opens the stream's number for another time and writes the workload into it once more. */
  void writeAgain(int generation) {
    EndpointSession on = java.util.Objects.requireNonNull(session);
    SendRing ring = SendRing.exclusive(on.agreement().ringCapacity());
    if (!on.session().addSend(Session.streamId(stream, generation), ring)) {
      errors.add(name + ": no place for the stream");
    }
    sendRing = ring;
    written = 0;
  }

  private int read(long now) {
    ReceiveRing ring = receiveRing;
    if (ring == null || (readEveryNs > 0 && now - nextReadNs < 0)) {
      return 0;
    }
    nextReadNs = now + readEveryNs;
    int done = ring.poll(handler, readLimit);
    if (done < 0) {
      errors.add(name + ": ring breach " + done);
      receiveRing = null;
    }
    return Math.max(done, 0);
  }

  private void onMessage(DirectBuffer buffer, int offset, int length, Header header) {
    long number = buffer.getLong(offset);
    if (number != read) {
      errors.add(name + ": message " + number + " where " + read + " is due");
    }
    for (int i = 16; i < length; i++) {
      if (buffer.getByte(offset + i) != (byte) (number + i)) {
        errors.add(name + ": message " + number + " is damaged at " + i);
        break;
      }
    }
    if (read == 0) {
      firstReadNs = nowNs;
    }
    if (read == latenciesNs.length) {
      latenciesNs = java.util.Arrays.copyOf(latenciesNs, latenciesNs.length * 2);
      readAtNs = java.util.Arrays.copyOf(readAtNs, readAtNs.length * 2);
    }
    readAtNs[(int) read] = nowNs;
    latenciesNs[(int) read] = nowNs - buffer.getLong(offset + 8);
    read++;
    readBytes += length;
    lastReadNs = nowNs;
  }

  @Override
  public @Nullable RefuseReason onHello(EndpointAddress from, int streamId) {
    return streamId == stream ? null : RefuseReason.STREAM;
  }

  @Override
  public void onSession(EndpointSession added) {
    session = added;
    if (workload.messages() > 0) {
      SendRing ring = SendRing.exclusive(added.agreement().ringCapacity());
      sendRing = ring;
      nextWriteNs = trueTime.getAsLong();
      added.session().addSend(stream, ring);
    }
  }

  @Override
  public void onNotConnected(Connecting connecting, @Nullable Refusal why) {
    notConnected = true;
    refusal = why;
  }

  @Override
  public @Nullable ReceiveRing openReceive(Session of, int streamId) {
    if (Session.streamNumber(streamId) != stream) {
      errors.add(name + ": unknown stream " + streamId);
      return null;
    }
    receiveRing =
        new ReceiveRing(
            of.parameters().ringCapacity(),
            0,
            HOLE_LIMIT,
            RingMemory.unlimited(),
            new Header(new SessionInfo(1, stream, null)),
            this);
    return receiveRing;
  }

  @Override
  public void onReceiveEnd(Session of, int streamId) {
    streamEnded = true;
  }

  @Override
  public void onSendEnd(Session of, int streamId, boolean delivered) {
    streamDelivered = delivered;
    streamStopped = !delivered;
  }

  @Override
  public void onEnd(Session of, EndReason reason) {
    endReason = reason;
  }

  @Override
  public void onGone(EndpointSession of, EndReason reason) {
    gone = true;
  }

  @Override
  public void onHandlerError(Throwable error) {
    errors.add(name + ": " + error);
  }

  @Override
  public void onLoss(long fromPosition, long toPosition) {
    errors.add(name + ": loss from " + fromPosition + " to " + toPosition);
  }
}
