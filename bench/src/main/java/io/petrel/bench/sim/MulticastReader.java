package io.petrel.bench.sim;

import io.petrel.multicast.join.JoinPoint;
import io.petrel.multicast.join.JoinedStream;
import io.petrel.multicast.receiver.JoinOffer;
import io.petrel.multicast.receiver.Receiver;
import io.petrel.multicast.receiver.ReceiverSettings;
import io.petrel.multicast.receiver.Receivers;
import io.petrel.multicast.receiver.SourceListener;
import io.petrel.transport.Header;
import io.petrel.transport.MessageHandler;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.datagram.DatagramHandler;
import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.datagram.DatagramTrain;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.ring.ReceiveRing;
import io.petrel.transport.ring.RecordLayout;
import io.petrel.transport.ring.RingMemory;
import io.petrel.transport.simulation.MessagePattern;
import io.petrel.transport.simulation.SimulatedEndpoint;
import io.petrel.transport.time.Deadline;
import java.util.List;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One receiver of a simulated fan-out and the application that reads and checks its messages: each
 * once, in order, as it was written; and where messages are lost for good, announced with the exact
 * range.
 */
final class MulticastReader
    implements SimulatedEndpoint, SourceListener, ReceiveRing.Listener, JoinedStream.Listener {
  private static final int RECEIVE_LIMIT = 64;
  private static final int READ_LIMIT = 64;
  private static final long PATIENCE_NS = 10_000_000_000L;

  private final int index;
  private final MessagePattern pattern;
  private final MulticastRecord record;
  private final List<DatagramPort> dataPorts;
  private final @Nullable DatagramPort controlPort;
  private final DatagramPort ownPort;
  private final DatagramTrain naks;
  private final DatagramTrain statuses;
  private final @Nullable EndpointAddress controlGroup;
  private final Receivers receivers;
  private final RingMemory memory;
  private final int holeLimit;
  private final DatagramHandler[] onData;
  private final DatagramHandler onControl;
  private final MessageHandler onMessage;
  private final DatagramHandler dismiss = (buffer, offset, length, from) -> {};
  private @Nullable ReceiveRing ring;
  private @Nullable ReplayPipe pipe;
  private @Nullable JoinedStream joined;
  private long joinNs;
  private long nowNs;
  private long next;
  private long delivered;
  private long duplicates;
  private long disorders;
  private long losses;
  private long lossesTold;
  private long endOfLast;
  private long lossFrom = -1;
  private long lossTo;
  private @Nullable String failure;

  MulticastReader(
      int index,
      ReceiverSettings settings,
      MessagePattern pattern,
      MulticastRecord record,
      RingMemory memory,
      List<DatagramPort> dataPorts,
      @Nullable DatagramPort controlPort,
      @Nullable EndpointAddress controlGroup,
      DatagramPort ownPort,
      long seed) {
    this.index = index;
    this.pattern = pattern;
    this.record = record;
    this.memory = memory;
    this.dataPorts = dataPorts;
    this.controlPort = controlPort;
    this.controlGroup = controlGroup;
    this.ownPort = ownPort;
    holeLimit = settings.holeLimit();
    receivers = new Receivers(settings, this, seed, 0);
    naks = new DatagramTrain(ownPort, controlGroup);
    statuses = new DatagramTrain(ownPort, null);
    onData = new DatagramHandler[dataPorts.size()];
    for (int line = 0; line < onData.length; line++) {
      int which = line;
      onData[line] =
          (buffer, offset, length, from) ->
              receivers.onDatagram(nowNs, which, buffer, offset, length, from);
    }
    onControl =
        (buffer, offset, length, from) -> receivers.onPeerDatagram(nowNs, buffer, offset, length);
    onMessage =
        (buffer, offset, length, header) -> check(buffer, offset, length, header.position());
  }

  /** It comes late, or loses much: what it misses it has from a journal. */
  void readsJournal(ReplayPipe way, long atNs) {
    pipe = way;
    joinNs = atNs;
  }

  @Override
  public int work(long now) {
    nowNs = now;
    return now < joinNs ? wait(controlPort) : join(now);
  }

  /** It is not there yet. */
  private int wait(@Nullable DatagramPort control) {
    int done = control == null ? 0 : Math.max(control.receive(dismiss, RECEIVE_LIMIT), 0);
    for (DatagramPort port : dataPorts) {
      done += Math.max(port.receive(dismiss, RECEIVE_LIMIT), 0);
    }
    return done;
  }

  private int join(long now) {
    int done = 0;
    for (int line = 0; line < onData.length; line++) {
      done += Math.max(dataPorts.get(line).receive(onData[line], RECEIVE_LIMIT), 0);
    }
    if (controlPort != null) {
      done += Math.max(controlPort.receive(onControl, RECEIVE_LIMIT), 0);
    }
    done += read(now);
    for (int i = 0; i < receivers.count(); i++) {
      Receiver receiver = receivers.receiver(i);
      naks.redirect(
          ownPort,
          receiver.peersHear() && controlGroup != null ? controlGroup : receivers.address(i));
      statuses.redirect(ownPort, receivers.address(i));
      done += receiver.pollNaks(now, naks) + receiver.pollStatus(now, statuses);
      naks.flush();
      statuses.flush();
    }
    receivers.sweep(now);
    return done;
  }

  private int read(long now) {
    JoinedStream stream = joined;
    if (stream != null && pipe != null) {
      stream.work(now);
      return pipe.receive(now, stream) + stream.poll(onMessage, READ_LIMIT);
    }
    return ring == null ? 0 : Math.max(ring.poll(onMessage, READ_LIMIT), 0);
  }

  @Override
  public long nextDeadlineNs() {
    if (nowNs < joinNs) {
      return joinNs;
    }
    long deadlineNs = receivers.nextSweepNs();
    if (pipe != null) {
      deadlineNs = Deadline.earlier(deadlineNs, pipe.receiverDeadlineNs(nowNs));
    }
    for (int i = 0; i < receivers.count(); i++) {
      deadlineNs = Deadline.earlier(deadlineNs, receivers.receiver(i).nextDeadlineNs());
    }
    return deadlineNs;
  }

  private void check(DirectBuffer buffer, int offset, int length, long endPosition) {
    long claimed = MessagePattern.claimedNumber(buffer, offset, length);
    boolean genuine = claimed >= 0 && pattern.matches(claimed, buffer, offset, length);
    if (!genuine) {
      fail("bytes that are no message came where " + next + " was expected");
      return;
    }
    if (claimed < next) {
      duplicates++;
      fail("message " + claimed + " came again or late, " + next + " was expected");
      return;
    }
    long start = endPosition - RecordLayout.requiredLength(length);
    if (lossFrom >= 0) {
      // It goes on at the range's end, or behind a padding record there: at the ring's beginning.
      boolean atEnd = start == lossTo || (ring != null && start % ring.capacity() == 0);
      if (!atEnd || start < lossTo || lossFrom < endOfLast) {
        fail("a loss of " + lossFrom + " to " + lossTo + " was announced before " + claimed);
      }
      lossFrom = -1;
    } else if (claimed > next) {
      disorders++;
      fail("message " + next + " was expected, " + claimed + " came");
    }
    next = claimed + 1;
    delivered++;
    endOfLast = endPosition;
    record.onMessage(index, nowNs, claimed);
  }

  private void fail(String what) {
    if (failure == null) {
      failure = "receiver " + index + ": " + what;
    }
  }

  @Override
  public boolean isWanted(long now, JoinOffer offer) {
    if (pipe == null) {
      return true;
    }
    if (joined == null) {
      joined =
          new JoinedStream(
              new Header(new SessionInfo(offer.sessionId(), 0, null)),
              offer.ringCapacity(),
              holeLimit,
              memory,
              this,
              JoinPoint.BEGINNING,
              PATIENCE_NS,
              now);
    }
    return joined.isNear(now, offer.livePosition(), offer.canReplay());
  }

  @Override
  public ReceiveRing onSource(
      long sessionId, EndpointAddress source, int ringCapacity, long position) {
    if (joined != null) {
      ring = joined.join(nowNs, position);
      return ring;
    }
    if (ring != null) {
      fail("a second source was heard");
    }
    ring =
        new ReceiveRing(
            ringCapacity,
            position,
            holeLimit,
            memory,
            new Header(new SessionInfo(sessionId, 0, null)),
            this);
    return ring;
  }

  @Override
  public void onEnd(Receiver receiver, End end) {
    if (end != End.FINISHED && end != End.SILENT) {
      fail("the source ended: " + end);
    }
  }

  @Override
  public void onFilled(Receiver receiver, long from, long to, long missedNs, boolean asked) {
    record.onFilled(index, nowNs, from, to);
  }

  @Override
  public void onLost(Receiver receiver, long from, long to) {
    losses++;
  }

  @Override
  public void onHandlerError(Throwable error) {
    fail("reading failed: " + error);
  }

  @Override
  public void onLoss(long fromPosition, long toPosition) {
    lossesTold++;
    if (lossFrom < 0) {
      lossFrom = fromPosition;
    }
    lossTo = toPosition;
  }

  /** Whether it has read up to a position, which is the end. */
  boolean hasRead(long position) {
    return joined != null
        ? joined.readPosition() >= position
        : ring != null && ring.readPosition() >= position;
  }

  /** Whether every message was delivered. */
  boolean isComplete(long messages) {
    return failure == null && delivered == messages;
  }

  long delivered() {
    return delivered;
  }

  long duplicates() {
    return duplicates;
  }

  long disorders() {
    return disorders;
  }

  /** Ranges given up. */
  long losses() {
    return pipe == null ? Math.max(losses, lossesTold) : lossesTold;
  }

  long receiverId() {
    return receivers.receiverId();
  }

  Receivers receivers() {
    return receivers;
  }

  /** What went wrong first, in a sentence. */
  @Nullable String failure() {
    return failure;
  }

  @Override
  public String toString() {
    return "receiver " + index;
  }
}
