package io.petrel.multicast.receiver;

import io.petrel.codecs.DatagramHeader;
import io.petrel.codecs.DatagramValidator;
import io.petrel.codecs.FrameCursor;
import io.petrel.codecs.Rejection;
import io.petrel.codecs.wire.FanOutJoinFrameDecoder;
import io.petrel.codecs.wire.FanOutSetUpFrameDecoder;
import io.petrel.multicast.lines.Lines;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.ring.ReceiveRing;
import io.petrel.transport.ring.RecordLayout;
import io.petrel.transport.time.Deadline;
import java.util.ArrayList;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The sources that one subscription hears, each by its session id: told apart if several send to
 * one group, begun anew when one restarts, forgotten when one falls silent. At most so many.
 *
 * <p>Only a set-up makes a source known; a datagram of a session must come from where that came
 * from. Everything else that is sent to the group is dropped and counted.
 */
public final class Receivers {
  private static final long SWEEP_NS = 10_000_000;

  /** Sessions that are over and are not begun again by a late set-up. */
  private static final int ENDED_LIMIT = 64;

  private final ReceiverSettings settings;
  private final SourceListener listener;
  private final SplittableRandom random;
  private final long receiverId;
  private final ArrayList<Seat> seats = new ArrayList<>();
  private final DatagramValidator validator = new DatagramValidator();
  private final FrameCursor cursor = new FrameCursor();
  private final FanOutSetUpFrameDecoder setUp = new FanOutSetUpFrameDecoder();
  private final FanOutJoinFrameDecoder join = new FanOutJoinFrameDecoder();
  private final JoinOffer offer = new JoinOffer();
  private final long[] rejections = new long[Rejection.COUNT];
  private final long[] ended = new long[ENDED_LIMIT];
  private long endings;
  private long strangers;
  private long refusedSources;
  private long sweepNs;

  /** A source and where it sends from, line by line. */
  private static final class Seat {
    final Receiver receiver;
    final @Nullable EndpointAddress[] addresses;

    Seat(Receiver receiver, int lines) {
      this.receiver = receiver;
      addresses = new @Nullable EndpointAddress[lines];
    }

    boolean admits(int line, EndpointAddress from) {
      EndpointAddress known = addresses[line];
      if (known == null) {
        addresses[line] = from.copy();
        return true;
      }
      return known.equals(from);
    }
  }

  /** Passes on what becomes of missing bytes, with the receiver's name on it. */
  private static final class Named implements Repair.Listener, Lines.Listener {
    private final SourceListener listener;
    private @Nullable Receiver receiver;

    Named(SourceListener listener) {
      this.listener = listener;
    }

    @Override
    public void onFilled(long from, long to, long missedNs, boolean asked) {
      if (receiver != null) {
        listener.onFilled(receiver, from, to, missedNs, asked);
      }
    }

    @Override
    public void onLost(long from, long to) {
      if (receiver != null) {
        listener.onLost(receiver, from, to);
      }
    }

    @Override
    public void onLine(int line, boolean alive) {
      if (receiver != null) {
        listener.onLine(receiver, line, alive);
      }
    }
  }

  /**
   * Nothing heard yet.
   *
   * @param settings how receivers work
   * @param listener told of sources
   * @param seed decides what is drawn: unpredictable in production
   * @param nowNs the time
   */
  public Receivers(ReceiverSettings settings, SourceListener listener, long seed, long nowNs) {
    this.settings = settings;
    this.listener = listener;
    random = new SplittableRandom(seed);
    long drawn = random.nextLong();
    receiverId = settings.receiverId() == 0 ? drawn : settings.receiverId();
    sweepNs = nowNs + SWEEP_NS;
  }

  /** Who this is, to every source. */
  public long receiverId() {
    return receiverId;
  }

  /** Sources heard. */
  public int count() {
    return seats.size();
  }

  /** The receiver of one of them. */
  public Receiver receiver(int index) {
    return seats.get(index).receiver;
  }

  /** Where one of them sends from, on the first line it was heard on. */
  public EndpointAddress address(int index) {
    for (EndpointAddress address : seats.get(index).addresses) {
      if (address != null) {
        return address;
      }
    }
    throw new IllegalStateException("a source that was heard on no line");
  }

  /** Datagrams not acted on, by {@link Rejection#ordinal}. */
  public long rejected(int ordinal) {
    return rejections[ordinal];
  }

  /** Datagrams of no session known, or not from where it is. */
  public long strangers() {
    return strangers;
  }

  /** Set-ups that make no sense, or for which there is no place. */
  public long refusedSources() {
    return refusedSources;
  }

  /**
   * A datagram came by the group.
   *
   * @param line which of the groups that carry the same
   * @param from where it was sent
   */
  public void onDatagram(
      long nowNs, int line, DirectBuffer buffer, int offset, int length, EndpointAddress from) {
    int rejection = validator.validate(buffer, offset, length);
    if (rejection != Rejection.NONE) {
      rejections[Rejection.ordinal(rejection)]++;
      return;
    }
    Seat seat = seat(DatagramHeader.sessionId(buffer, offset));
    if (seat == null) {
      seat = admit(nowNs, line, buffer, offset, length, from);
    }
    if (seat == null || !seat.admits(line, from)) {
      strangers++;
      return;
    }
    boolean excluded = seat.receiver.isExcluded();
    seat.receiver.onDatagram(nowNs, line, buffer, offset, length, cursor);
    if (!excluded && seat.receiver.isExcluded()) {
      listener.onExcluded(seat.receiver);
    }
  }

  /** A datagram came from another receiver: by the control group, to all. */
  public void onPeerDatagram(long nowNs, DirectBuffer buffer, int offset, int length) {
    int rejection = validator.validate(buffer, offset, length);
    if (rejection != Rejection.NONE) {
      rejections[Rejection.ordinal(rejection)]++;
      return;
    }
    Seat seat = seat(DatagramHeader.sessionId(buffer, offset));
    if (seat == null) {
      strangers++;
    } else {
      seat.receiver.onPeerDatagram(nowNs, buffer, offset, length, cursor);
    }
  }

  /** Forgets sources that are done, silent, or lie; to be called at {@link #nextSweepNs}. */
  public void sweep(long nowNs) {
    if (!Deadline.isDue(nowNs, sweepNs)) {
      return;
    }
    sweepNs = nowNs + SWEEP_NS;
    for (int i = seats.size() - 1; i >= 0; i--) {
      Receiver receiver = seats.get(i).receiver;
      if (receiver.ring().breach() != 0) {
        end(i, SourceListener.End.MALFORMED);
      } else if (receiver.hasTakenLeave()) {
        end(i, SourceListener.End.FINISHED);
      } else if (nowNs - receiver.heardNs() > settings.idleNs()) {
        end(i, SourceListener.End.SILENT);
      }
    }
  }

  /** When to sweep next. */
  public long nextSweepNs() {
    return sweepNs;
  }

  /** Forgets a source. */
  public void end(int index, SourceListener.End end) {
    Receiver receiver = seats.remove(index).receiver;
    if (end != SourceListener.End.SILENT) {
      ended[(int) (endings++ % ENDED_LIMIT)] = receiver.sessionId();
    }
    listener.onEnd(receiver, end);
  }

  private @Nullable Seat seat(long sessionId) {
    for (int i = 0; i < seats.size(); i++) {
      Seat seat = seats.get(i);
      if (seat.receiver.sessionId() == sessionId) {
        return seat;
      }
    }
    return null;
  }

  private @Nullable Seat admit(
      long nowNs, int line, DirectBuffer buffer, int offset, int length, EndpointAddress from) {
    long sessionId = DatagramHeader.sessionId(buffer, offset);
    if (hasEnded(sessionId) || !findSetUp(buffer, offset, length)) {
      return null;
    }
    boolean sane = isSane();
    if (sane) {
      forgetFormer(line, from);
      makeOffer(sessionId, buffer, offset, length, from);
      if (!listener.isWanted(nowNs, offer)) {
        return null;
      }
    }
    ReceiveRing ring =
        sane && seats.size() < settings.sourceLimit()
            ? listener.onSource(sessionId, from, offer.ringCapacity, beginning())
            : null;
    if (ring == null) {
      refusedSources++;
      return null;
    }
    Named named = new Named(listener);
    Lines lines =
        new Lines(settings.lines(), settings.arbitrationNs(), settings.deadLineNs(), named);
    Receiver receiver =
        new Receiver(settings, receiverId, sessionId, ring, lines, named, random.nextLong(), nowNs);
    named.receiver = receiver;
    receiver.catchesUpTo(setUp.windowHigh());
    Seat seat = new Seat(receiver, settings.lines());
    seats.add(seat);
    listener.onReceiver(receiver);
    return seat;
  }

  private boolean isSane() {
    long capacity = setUp.ringCapacity();
    return capacity >= RecordLayout.MIN_CAPACITY
        && capacity <= Math.min(settings.largestRing(), RecordLayout.MAX_CAPACITY)
        && Long.bitCount(capacity) == 1
        && setUp.joinPosition() % RecordLayout.ALIGNMENT == 0
        && setUp.windowHigh() <= RecordLayout.MAX_POSITION
        && setUp.windowHigh() - setUp.windowLow() <= capacity;
  }

  /** From the set-up that was found, and from the frame beside it if there is one. */
  private void makeOffer(
      long sessionId, DirectBuffer buffer, int offset, int length, EndpointAddress from) {
    offer.sessionId = sessionId;
    offer.ringCapacity = (int) setUp.ringCapacity();
    offer.livePosition = setUp.joinPosition();
    offer.windowPosition = setUp.joinPosition();
    offer.source.set(from);
    offer.replay.port(0);
    cursor.wrap(buffer, offset, length);
    while (cursor.next()) {
      if (cursor.templateId() == FanOutJoinFrameDecoder.TEMPLATE_ID) {
        join.wrap(buffer, cursor.body(), cursor.blockLength(), cursor.version());
        if (join.streamId() == settings.streamId()) {
          takeJoin();
        }
      }
    }
  }

  private void takeJoin() {
    long record = join.windowRecord();
    if (record >= setUp.windowLow()
        && record <= setUp.windowHigh()
        && record % RecordLayout.ALIGNMENT == 0) {
      offer.windowPosition = record;
    }
    switch (join.replayFamily()) {
      case EndpointAddress.IPV4 -> offer.replay.setIpv4((int) join.replayLow(), join.replayPort());
      case EndpointAddress.IPV6 ->
          offer.replay.setIpv6(join.replayHigh(), join.replayLow(), join.replayPort(), 0);
      default -> {} // none, or of a family that is not known here
    }
  }

  private long beginning() {
    return settings.joinsWindow() ? offer.windowPosition : offer.livePosition;
  }

  private boolean hasEnded(long sessionId) {
    for (int i = 0; i < Math.min(endings, ENDED_LIMIT); i++) {
      if (ended[i] == sessionId) {
        return true;
      }
    }
    return false;
  }

  private boolean findSetUp(DirectBuffer buffer, int offset, int length) {
    cursor.wrap(buffer, offset, length);
    while (cursor.next()) {
      if (cursor.templateId() == FanOutSetUpFrameDecoder.TEMPLATE_ID) {
        setUp.wrap(buffer, cursor.body(), cursor.blockLength(), cursor.version());
        if (setUp.streamId() == settings.streamId()) {
          return true;
        }
      }
    }
    return false;
  }

  /** Two sessions from one port: the source has begun anew. */
  private void forgetFormer(int line, EndpointAddress from) {
    for (int i = seats.size() - 1; i >= 0; i--) {
      EndpointAddress known = seats.get(i).addresses[line];
      if (known != null && known.equals(from)) {
        end(i, SourceListener.End.RESTARTED);
      }
    }
  }
}
