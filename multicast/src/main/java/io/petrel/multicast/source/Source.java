package io.petrel.multicast.source;

import io.petrel.codecs.DatagramHeader;
import io.petrel.codecs.DatagramValidator;
import io.petrel.codecs.FrameCursor;
import io.petrel.codecs.Rejection;
import io.petrel.codecs.wire.NakFrameDecoder;
import io.petrel.codecs.wire.ReceiverStatusFrameDecoder;
import io.petrel.multicast.flow.FlowMode;
import io.petrel.multicast.flow.Group;
import io.petrel.multicast.flow.GroupListener;
import io.petrel.multicast.flow.InFlight;
import io.petrel.multicast.frames.FanOutWriter;
import io.petrel.multicast.frames.SetUp;
import io.petrel.multicast.frames.Status;
import io.petrel.multicast.repair.RepairQueue;
import io.petrel.rudp.congestion.Pacer;
import io.petrel.transport.datagram.DatagramSink;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.ring.RangeSet;
import io.petrel.transport.ring.SendRing;
import io.petrel.transport.time.Deadline;
import org.agrona.DirectBuffer;

/**
 * The source of a fan-out: sends a ring's bytes to a group and repairs what receivers missed.
 *
 * <pre>
 *      low: freed below              sent             written
 *       |  may be repaired            |  to be sent     |
 *   ----+-----------------------------+-----------------+----> position
 * </pre>
 *
 * <p>Inputs: {@link #onDatagram} for what receivers say, the ring for what the application says.
 * Output: {@link #poll}, which is to be called after either and at {@link #nextDeadlineNs}. Times
 * must not go back.
 *
 * <p>Until round trip and group size are known it only introduces itself; then data starts. While
 * new data flows, repairs keep to their {@link RepairBudget} and are never two datagrams in a row
 * with data waiting; a source without new data repairs at its whole rate.
 */
public final class Source {
  /** Bytes of IPv4 and UDP headers, which the rate limit counts too. */
  static final long HEADERS = 28;

  private static final long FIRST_ROUND_TRIP_NS = 1_000_000;
  private static final long LONGEST_ROUND_TRIP_NS = 500_000_000;
  private static final long LONGEST_ECHO_NS = 10_000_000_000L;
  private static final long SET_UP_FIRST_NS = 10_000_000;
  private static final long SET_UP_LATER_NS = 100_000_000;
  private static final long YOUNG_NS = 1_000_000_000L;
  private static final long SWEEP_NS = 20_000_000;
  private static final int SILENT_STATUSES = 10;
  private static final long LEAST_SILENCE_NS = 1_000_000_000L;

  /** All receivers together, however many there are. */
  static final int STATUSES_PER_SECOND = 10_000;

  /** The same where the source waits for them, and they for room. */
  static final int AWAITED_STATUSES_PER_SECOND = 20_000;

  /** Where nobody is waited for, a status is not urgent. */
  private static final long LEAST_STATUS_NS = 1_000_000;

  private static final long LEAST_AWAITED_STATUS_NS = 100_000;

  /** So many receivers are taken to be there before they say so. */
  private static final int FIRST_GROUP_SIZE = 200;

  /** With less than this part of it left the ring is as good as full. */
  private static final int FULL_SHARE = 16;

  private static final int SAYING_GOODBYE = 3;

  private final SourceSettings settings;
  private final SendRing ring;
  private final long initialPosition;
  private final long sessionId;
  private final FanOutWriter writer;
  private final Group group;
  private final InFlight inFlight;
  private final RepairQueue repairs = new RepairQueue();
  private final Pacer limit;
  private final RepairBudget budget;
  private final HeartbeatTimer heartbeat;
  private final SourceCounters counters = new SourceCounters();
  private final DatagramValidator validator = new DatagramValidator();
  private final FrameCursor cursor = new FrameCursor();
  private final NakFrameDecoder nak = new NakFrameDecoder();
  private final ReceiverStatusFrameDecoder statusFrame = new ReceiverStatusFrameDecoder();
  private final SetUp setUp = new SetUp();
  private final Status status = new Status();
  private final EndpointAddress replay = new EndpointAddress();

  private final long bornNs;
  private long sent;
  private long low;
  private long written;
  private long limitPosition;
  private long idlePosition;
  private long held = Long.MAX_VALUE;
  private long roundTripNs = FIRST_ROUND_TRIP_NS;
  private long setUpNs;
  private long sweepNs;
  private long resumeNs = Deadline.NONE;
  private boolean started;
  private boolean closing;
  private boolean finished;
  private long finishedNs;

  /**
   * A source that has sent nothing yet.
   *
   * @param settings how it works
   * @param sessionId unpredictable, other than those of sources before
   * @param ring what the application writes
   * @param listener told of receivers
   * @param nowNs the time
   */
  public Source(
      SourceSettings settings, long sessionId, SendRing ring, GroupListener listener, long nowNs) {
    this.settings = settings;
    this.sessionId = sessionId;
    this.ring = ring;
    bornNs = nowNs;
    setUpNs = nowNs;
    sweepNs = nowNs + SWEEP_NS;
    sent = ring.sentPosition();
    low = ring.acknowledgedPosition();
    written = sent;
    initialPosition = sent;
    writer =
        new FanOutWriter(
            sessionId, settings.streamId(), settings.datagramLength(), settings.checksum());
    group =
        new Group(
            settings.flow(),
            settings.receiverLimit(),
            settings.named(),
            settings.excludedShare(),
            listener);
    inFlight = new InFlight(group, initialPosition, ring.capacity());
    heartbeat = new HeartbeatTimer(settings.heartbeatNs());
    limit = new Pacer(nowNs, settings.datagramLength());
    limit.rate(nowNs, settings.rateBytesPerSecond());
    budget =
        new RepairBudget(
            settings.rateBytesPerSecond() * settings.repairShare(), settings.datagramLength());
  }

  /** The session's id, in all datagrams of it, both ways. */
  public long sessionId() {
    return sessionId;
  }

  /** What was counted. */
  public SourceCounters counters() {
    return counters;
  }

  /** The receivers. */
  public Group group() {
    return group;
  }

  /** The longest round trip, as receivers are told. */
  public long roundTripNs() {
    return roundTripNs;
  }

  /** Whether data may flow. */
  public boolean isStarted() {
    return started;
  }

  /** Below it nothing is held any more. */
  public long low() {
    return low;
  }

  /** Up to where all was sent at least once. */
  public long sent() {
    return sent;
  }

  /** From now on late receivers are told that a journal is replayed from here. */
  public void replayedFrom(EndpointAddress address) {
    replay.set(address);
  }

  /** Nothing at or above the position is freed, whoever has it: somebody here still needs it. */
  public void hold(long position) {
    held = position;
  }

  /** The application writes nothing more. */
  public void close() {
    closing = true;
  }

  /** Whether all was sent and nobody is left to be repaired, or none in time. */
  public boolean isDone(long nowNs) {
    if (!finished || heartbeat.sent() < SAYING_GOODBYE) {
      return false;
    }
    return nowNs - finishedNs >= settings.lingerNs() || everybodyHasAll();
  }

  private boolean everybodyHasAll() {
    for (int i = 0; i < group.tracked(); i++) {
      if (!group.member(i).isExcluded() && group.member(i).contiguousPosition() < sent) {
        return false;
      }
    }
    return true;
  }

  /**
   * A datagram came.
   *
   * @return {@link Rejection#NONE}, or why it is not acted on
   */
  public int onDatagram(long nowNs, DirectBuffer buffer, int offset, int length) {
    int rejection = validator.validate(buffer, offset, length);
    if (rejection != Rejection.NONE || DatagramHeader.sessionId(buffer, offset) != sessionId) {
      counters.rejected++;
      return rejection;
    }
    cursor.wrap(buffer, offset, length);
    while (cursor.next()) {
      switch (cursor.templateId()) {
        case NakFrameDecoder.TEMPLATE_ID -> {
          nak.wrap(buffer, cursor.body(), cursor.blockLength(), cursor.version());
          onNak(nowNs);
        }
        case ReceiverStatusFrameDecoder.TEMPLATE_ID -> {
          statusFrame.wrap(buffer, cursor.body(), cursor.blockLength(), cursor.version());
          onStatus(nowNs);
        }
        default -> {} // A frame for receivers, or of a newer version.
      }
    }
    return Rejection.NONE;
  }

  private void onNak(long nowNs) {
    counters.naks++;
    if (nak.streamId() != settings.streamId()) {
      return;
    }
    if (group.isExcluded(nak.receiverId())) {
      counters.excludedNaks++;
      return;
    }
    // Who asked waits two round trips before it asks again: half of that is the longest that may
    // be ignored, or a repair that got lost would be asked for in vain.
    long ignoreNs = roundTripNs;
    for (NakFrameDecoder.RangesDecoder range : nak.ranges()) {
      long from = range.position();
      long to = from + range.length();
      counters.nakRanges++;
      if (to > sent) {
        counters.impossibleRanges++;
      } else if (to <= low) {
        counters.lateRanges++;
        heartbeat.hasten(nowNs, roundTripNs);
      } else if (!repairs.request(Math.max(from, low), to, nowNs, ignoreNs)) {
        counters.ignoredRanges++;
      }
    }
  }

  private void onStatus(long nowNs) {
    counters.statuses++;
    if (statusFrame.streamId() != settings.streamId()) {
      return;
    }
    status.receiverId = statusFrame.receiverId();
    status.readPosition = statusFrame.readPosition();
    status.contiguousPosition = statusFrame.contiguousPosition();
    status.missedBytes = statusFrame.missedBytes();
    status.windowBytes = statusFrame.windowBytes();
    status.leaving = statusFrame.flags().leaving();
    long elapsedNs = nowNs - statusFrame.echoedTimeNs();
    long sampleNs = elapsedNs - statusFrame.heldNs();
    boolean plausible = elapsedNs < LONGEST_ECHO_NS && sampleNs > 0;
    int excludedBefore = group.excludedCount();
    group.onStatus(nowNs, status, plausible ? sampleNs : 0, sent);
    inFlight.onStatus(nowNs, statusIntervalNs(nowNs));
    if (group.excludedCount() > excludedBefore) {
      setUpNs = nowNs;
    }
  }

  /**
   * Writes what is to be sent now.
   *
   * @return datagrams written
   */
  public int poll(long nowNs, DatagramSink sink) {
    long before = writer.packets();
    written = ring.writtenPosition();
    resumeNs = Deadline.NONE;
    if (Deadline.isDue(nowNs, sweepNs)) {
      sweepNs = nowNs + SWEEP_NS;
      long silenceNs = Math.max(SILENT_STATUSES * statusIntervalNs(nowNs), LEAST_SILENCE_NS);
      group.sweep(nowNs, silenceNs, settings.patienceNs(), sent);
    }
    if (!started) {
      start(nowNs);
    }
    if (Deadline.isDue(nowNs, setUpNs) && writer.begin(sink)) {
      setUp(nowNs);
    }
    if (started) {
      freeWindow();
      boolean full = written - low > ring.capacity() - ring.capacity() / FULL_SHARE;
      limitPosition = inFlight.sendLimit(sent, written, full);
      sendAll(nowNs, sink);
      confirm(nowNs, sink);
      finish(nowNs);
      if (Deadline.isDue(nowNs, heartbeat.deadlineNs()) && writer.begin(sink)) {
        heartbeat(nowNs);
      }
      freeWindow();
    }
    return (int) (writer.packets() - before);
  }

  /** When {@link #poll} is to be called next although nothing came and nothing was written. */
  public long nextDeadlineNs() {
    long deadlineNs = Deadline.earlier(setUpNs, sweepNs);
    deadlineNs = Deadline.earlier(deadlineNs, resumeNs);
    return started ? Deadline.earlier(deadlineNs, heartbeat.deadlineNs()) : deadlineNs;
  }

  /** Data starts when the group had time to answer and somebody did, or late. */
  private void start(long nowNs) {
    long ageNs = nowNs - bornNs;
    long answeredNs = statusNs(FIRST_GROUP_SIZE) + SET_UP_FIRST_NS;
    boolean known =
        group.tracked() > 0 && ageNs >= answeredNs + group.roundTripNs() && group.isNamedComplete();
    if (known || ageNs >= settings.startDelayNs()) {
      started = true;
      setUpNs = nowNs;
    }
  }

  private void setUp(long nowNs) {
    measure();
    setUp.windowLow = low;
    setUp.windowHigh = sent;
    setUp.joinPosition = joinPosition(nowNs);
    setUp.sourceTimeNs = nowNs;
    setUp.ringCapacity = ring.capacity();
    setUp.roundTripNs = roundTripNs;
    setUp.groupSize = groupSize(nowNs);
    setUp.statusIntervalNs = statusIntervalNs(nowNs);
    setUp.heartbeatNs = settings.heartbeatNs();
    setUp.backoffFactor = settings.backoffFactor();
    setUp.peersHear = settings.peersHear();
    writer.setUp(setUp, group.excluded(), group.excludedCount());
    writer.join(firstRecord(setUp.joinPosition), replay);
    counters.setUps++;
    end(nowNs);
    setUpNs = nowNs + (nowNs - bornNs < YOUNG_NS ? SET_UP_FIRST_NS : SET_UP_LATER_NS);
  }

  /** Its window ends where a record begins; in the midst of one a set-up says as much. */
  private void heartbeat(long nowNs) {
    heartbeat.onSent(nowNs);
    if (group.tracked() > 0 && sent == written && everybodyHasAll()) {
      idlePosition = sent;
      freeWindow();
    }
    if (ring.recordStart(sent) == sent) {
      writer.heartbeat(low, sent, nowNs, finished);
      counters.heartbeats++;
      end(nowNs);
    } else {
      setUp(nowNs);
    }
  }

  private void measure() {
    long measuredNs = group.roundTripNs();
    if (settings.roundTripNs() > 0) {
      roundTripNs = settings.roundTripNs();
    } else if (measuredNs > 0) {
      roundTripNs = Math.clamp(measuredNs, settings.leastRoundTripNs(), LONGEST_ROUND_TRIP_NS);
    }
  }

  /** Who comes while the stream is young gets all of it, who comes later what is sent from then. */
  private long joinPosition(long nowNs) {
    if (nowNs - bornNs < YOUNG_NS && low == initialPosition) {
      return initialPosition;
    }
    return ring.recordStart(sent);
  }

  private long firstRecord(long otherwise) {
    int offset = ring.firstRecordOffset(low, (int) (sent - low));
    return offset < 0 ? otherwise : low + offset;
  }

  private int groupSize(long nowNs) {
    if (settings.groupSize() > 0) {
      return settings.groupSize();
    }
    if (started) {
      return Math.max(group.size(), 1);
    }
    // Those that answered stand for those that have yet to.
    long spreadNs = statusNs(FIRST_GROUP_SIZE);
    long ageNs = Math.clamp(nowNs - bornNs, SET_UP_FIRST_NS, spreadNs);
    return (int) Math.max(group.size() * spreadNs / ageNs, FIRST_GROUP_SIZE);
  }

  private long statusIntervalNs(long nowNs) {
    int size = settings.groupSize() > 0 ? Math.max(group.size(), 1) : groupSize(nowNs);
    return statusNs(size);
  }

  private long statusNs(int groupSize) {
    boolean awaited = settings.flow() != FlowMode.FASTEST;
    long leastNs = awaited ? LEAST_AWAITED_STATUS_NS : LEAST_STATUS_NS;
    int perSecond = awaited && started ? AWAITED_STATUSES_PER_SECOND : STATUSES_PER_SECOND;
    return Math.max(groupSize * (1_000_000_000L / perSecond), leastNs);
  }

  private long sendable() {
    return Math.min(written, limitPosition) - sent;
  }

  private void sendAll(long nowNs, DatagramSink sink) {
    boolean repairedLast = false;
    while (true) {
      boolean dataWaits = sendable() > 0;
      boolean repairs = mayRepair(nowNs, dataWaits, repairedLast);
      if (!repairs && !dataWaits) {
        counters.flowStalls += written > sent ? 1 : 0;
        return;
      }
      if (limit.sendableBytes(nowNs) <= 0) {
        counters.rateStalls++;
        resumeNs = Deadline.earlier(resumeNs, limit.nextSendNs(nowNs));
        return;
      }
      if (!writer.begin(sink)) {
        return;
      }
      if (repairs) {
        repair(nowNs);
      } else {
        sendNew(nowNs);
      }
      repairedLast = repairs;
    }
  }

  private boolean mayRepair(long nowNs, boolean dataWaits, boolean repairedLast) {
    if (repairs.isEmpty() || (dataWaits && repairedLast)) {
      return false;
    }
    if (budget.allows(nowNs, roundTripNs, dataWaits)) {
      return true;
    }
    resumeNs = Deadline.earlier(resumeNs, budget.nextNs());
    return false;
  }

  private void sendNew(long nowNs) {
    int length = (int) Math.min(sendable(), writer.mostBytes());
    writer.data(ring, sent, length, low, sent + length, false);
    sent += length;
    ring.sentPosition(sent);
    counters.dataBytes += length;
    counters.dataDatagrams++;
    heartbeat.onData(nowNs);
    end(nowNs);
    budget.onData(nowNs, length);
  }

  private void repair(long nowNs) {
    int unused = writer.roomForBytes() - budget.bytes(writer.mostBytes());
    while (!repairs.isEmpty() && writer.roomForBytes() > unused) {
      long from = repairs.first();
      int length = (int) Math.min(repairs.firstEnd() - from, writer.roomForBytes() - unused);
      writer.data(ring, from, length, low, sent, true);
      repairs.sent(from, from + length, nowNs);
      counters.repairBytes += length;
    }
    counters.repairDatagrams++;
    budget.onSent(nowNs, end(nowNs));
  }

  /** Repairs that have to wait are announced, lest more receivers ask for them. */
  private void confirm(long nowNs, DatagramSink sink) {
    RangeSet ranges = repairs.unconfirmed();
    if (!ranges.isEmpty() && writer.begin(sink)) {
      int count = Math.min(ranges.count(), writer.mostRanges());
      writer.confirmation(ranges, 0, count);
      ranges.removeBelow(ranges.end(count - 1));
      counters.confirmations++;
      end(nowNs);
    }
  }

  private void finish(long nowNs) {
    if (closing && !finished && sent == written) {
      finished = true;
      finishedNs = nowNs;
      heartbeat.restart(nowNs);
    }
  }

  /**
   * Frees what all that are waited for have. Where nobody is, half of the ring is kept for repairs
   * until an idle source sees that everybody has everything.
   */
  private void freeWindow() {
    long received = group.receivedPosition();
    long free = received == Group.NO_LIMIT ? sent - ring.capacity() / 2 : received;
    free = Math.min(Math.max(free, idlePosition), held);
    if (free > low && ring.acknowledge(free)) {
      low = free;
      repairs.dropBelow(low);
    }
  }

  private long end(long nowNs) {
    long bytes = writer.finish() + HEADERS;
    counters.datagrams++;
    limit.onSent(nowNs, bytes);
    return bytes;
  }
}
