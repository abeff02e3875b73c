package io.petrel.multicast.receiver;

import io.petrel.codecs.DatagramHeader;
import io.petrel.codecs.FrameCursor;
import io.petrel.codecs.WireLimits;
import io.petrel.codecs.wire.FanOutDataFrameDecoder;
import io.petrel.codecs.wire.FanOutHeartbeatFrameDecoder;
import io.petrel.codecs.wire.FanOutSetUpFrameDecoder;
import io.petrel.codecs.wire.NakConfirmationFrameDecoder;
import io.petrel.codecs.wire.NakFrameDecoder;
import io.petrel.multicast.frames.FanOutWriter;
import io.petrel.multicast.frames.Status;
import io.petrel.multicast.lines.Lines;
import io.petrel.transport.datagram.DatagramSink;
import io.petrel.transport.ring.ReceiveRing;
import io.petrel.transport.ring.RingResult;
import io.petrel.transport.time.Deadline;
import org.agrona.DirectBuffer;

/**
 * One source as one receiver hears it. What comes is put in its place in a ring of the source's
 * capacity; what is missing is {@link Repair}'s business; what the source must know is said in a
 * status now and then.
 *
 * <p>Inputs: {@link #onDatagram}. Outputs: {@link #pollNaks} and {@link #pollStatus}, to be called
 * after that and at {@link #nextDeadlineNs}; the first goes to all where receivers hear each other,
 * else to the source, the second to the source. Datagrams must have been validated.
 */
public final class Receiver {
  /** A status that says nothing new is a sign of life all the same. */
  private static final long STALE_NS = 100_000_000;

  private static final long LONGEST_STATUS_NS = 4_000_000_000L;

  private final ReceiverSettings settings;
  private final long sessionId;
  private final ReceiveRing ring;
  private final FanOutWriter writer;
  private final ReceiverCounters counters;
  private final Repair repair;
  private final Lines lines;
  private final Status status = new Status();
  private final FanOutDataFrameDecoder data = new FanOutDataFrameDecoder();
  private final FanOutHeartbeatFrameDecoder heartbeat = new FanOutHeartbeatFrameDecoder();
  private final FanOutSetUpFrameDecoder setUp = new FanOutSetUpFrameDecoder();
  private final NakFrameDecoder nak = new NakFrameDecoder();
  private final NakConfirmationFrameDecoder confirmation = new NakConfirmationFrameDecoder();

  private long heardNs;
  private long echoedTimeNs;
  private long echoArrivedNs;
  private long statusIntervalNs;
  private long statusNs = Deadline.NONE;
  private long lastStatusNs;
  private boolean peersHear;
  private boolean finished;
  private boolean leaving;
  private boolean tookLeave;

  Receiver(
      ReceiverSettings settings,
      long receiverId,
      long sessionId,
      ReceiveRing ring,
      Lines lines,
      Repair.Listener listener,
      long seed,
      long nowNs) {
    this.settings = settings;
    this.sessionId = sessionId;
    this.ring = ring;
    this.lines = lines;
    counters = new ReceiverCounters();
    repair = new Repair(settings, receiverId, ring, lines, counters, listener, seed);
    writer =
        new FanOutWriter(
            sessionId, settings.streamId(), settings.datagramLength(), settings.checksum());
    status.receiverId = receiverId;
    heardNs = nowNs;
  }

  /** The session's id, drawn by the source. */
  public long sessionId() {
    return sessionId;
  }

  /** Who this is. */
  public long receiverId() {
    return status.receiverId;
  }

  /** What came. */
  public ReceiveRing ring() {
    return ring;
  }

  /** What was counted. */
  public ReceiverCounters counters() {
    return counters;
  }

  /** The lines it comes on. */
  public Lines lines() {
    return lines;
  }

  /** Whether NAKs go to all, not to the source alone. */
  public boolean peersHear() {
    return peersHear;
  }

  /** When something was last heard from the source. */
  public long heardNs() {
    return heardNs;
  }

  /** Whether the source repairs this receiver no more. */
  public boolean isExcluded() {
    return repair.isExcluded();
  }

  /** Whether the source has said that it is done, and all of it is there or given up. */
  public boolean isComplete() {
    return finished && ring.contiguousPosition() >= repair.claimedHigh();
  }

  /** Whether something is to be asked for, unless others do. */
  public boolean isMissing() {
    return repair.isMissing();
  }

  /** Whether it is complete and the source has been told so. */
  boolean hasTakenLeave() {
    return tookLeave;
  }

  /** What was sent below the position before this was there does not count as missed. */
  void catchesUpTo(long position) {
    repair.catchesUpTo(position);
  }

  /** Asks for nothing more; the next status says so. */
  public void leave(long nowNs) {
    leaving = true;
    statusNs = nowNs;
  }

  /** A datagram of this session came on a line. */
  void onDatagram(
      long nowNs, int line, DirectBuffer buffer, int offset, int length, FrameCursor cursor) {
    counters.datagrams++;
    cursor.wrap(buffer, offset, length);
    while (cursor.next()) {
      switch (cursor.templateId()) {
        case FanOutDataFrameDecoder.TEMPLATE_ID -> {
          data.wrap(buffer, cursor.body(), cursor.blockLength(), cursor.version());
          if (data.streamId() == settings.streamId()) {
            heard(nowNs, line, buffer, offset);
            onData(nowNs, line, buffer, cursor.payload(), cursor.payloadLength());
          }
        }
        case FanOutHeartbeatFrameDecoder.TEMPLATE_ID -> {
          heartbeat.wrap(buffer, cursor.body(), cursor.blockLength(), cursor.version());
          if (heartbeat.streamId() == settings.streamId()) {
            heard(nowNs, line, buffer, offset);
            onHeartbeat(nowNs, line);
          }
        }
        case FanOutSetUpFrameDecoder.TEMPLATE_ID -> {
          setUp.wrap(buffer, cursor.body(), cursor.blockLength(), cursor.version());
          if (setUp.streamId() == settings.streamId()) {
            heard(nowNs, line, buffer, offset);
            onSetUp(nowNs, setUp);
          }
        }
        case NakConfirmationFrameDecoder.TEMPLATE_ID -> {
          confirmation.wrap(buffer, cursor.body(), cursor.blockLength(), cursor.version());
          onConfirmation(nowNs);
        }
        default -> {} // A frame for others, or of a newer version.
      }
    }
  }

  /** A datagram of another receiver of this session came: what it asks for is asked for. */
  void onPeerDatagram(long nowNs, DirectBuffer buffer, int offset, int length, FrameCursor cursor) {
    cursor.wrap(buffer, offset, length);
    while (cursor.next()) {
      if (cursor.templateId() == NakFrameDecoder.TEMPLATE_ID) {
        nak.wrap(buffer, cursor.body(), cursor.blockLength(), cursor.version());
        onNak(nowNs);
      }
    }
  }

  private void heard(long nowNs, int line, DirectBuffer buffer, int offset) {
    heardNs = nowNs;
    if (lines.count() > 1) {
      lines.onPacket(nowNs, line, DatagramHeader.packetNumber(buffer, offset));
    }
  }

  private void onData(long nowNs, int line, DirectBuffer buffer, int payload, int length) {
    long position = data.position();
    int firstRecord = data.firstRecord();
    long record = firstRecord == WireLimits.NO_RECORD ? Repair.NO_RECORD : position + firstRecord;
    boolean isRepair = data.flags().repair();
    int placed = ring.insert(position, buffer, payload, length);
    if (placed > 0) {
      counters.bytes += placed;
      repair.onBytes(nowNs, position, position + length, record);
    } else {
      notPlaced(placed, isRepair);
    }
    if (lines.count() > 1) {
      lines.onBytes(nowNs, line, position + length, placed > 0);
      repair.onLineAdvanced(nowNs);
    }
    onWindow(nowNs, position - data.lowDistance(), position + data.highDistance());
    if (placed == RingResult.OUTSIDE_WINDOW) {
      repair.onBeyondWindow(nowNs, position, record);
    }
  }

  private void notPlaced(int reason, boolean isRepair) {
    switch (reason) {
      case 0 -> {
        counters.duplicateDatagrams++;
        counters.unaskedRepairs += isRepair ? 1 : 0;
      }
      case RingResult.OUTSIDE_WINDOW -> counters.refusedWindow++;
      case RingResult.TOO_MANY_HOLES -> counters.refusedHoles++;
      default -> counters.refusedBad++;
    }
  }

  private void onHeartbeat(long nowNs, int line) {
    echo(nowNs, heartbeat.sourceTimeNs());
    if (lines.count() > 1) {
      lines.onBytes(nowNs, line, heartbeat.windowHigh(), false);
      repair.onLineAdvanced(nowNs);
    }
    onWindow(nowNs, heartbeat.windowLow(), heartbeat.windowHigh());
    repair.onRecordEnd(nowNs, heartbeat.windowHigh());
    if (heartbeat.flags().finished()) {
      if (!finished) {
        statusNs = Deadline.earlier(statusNs, nowNs + repair.drawNs(statusIntervalNs));
      }
      finished = true;
    }
  }

  /** The law and the beat of this fan-out; the first one comes with the session itself. */
  void onSetUp(long nowNs, FanOutSetUpFrameDecoder from) {
    echo(nowNs, from.sourceTimeNs());
    peersHear = from.features().peersHear();
    repair.law(from.roundTripNs(), from.backoffFactor(), (int) Math.min(from.groupSize(), 1 << 24));
    statusInterval(nowNs, Math.clamp(from.statusIntervalNs(), 1, LONGEST_STATUS_NS));
    boolean excluded = false;
    for (FanOutSetUpFrameDecoder.ExcludedDecoder entry : from.excluded()) {
      excluded |= entry.receiverId() == status.receiverId;
      repair.excludePeer(entry.receiverId());
    }
    if (excluded) {
      repair.exclude();
    }
    onWindow(nowNs, from.windowLow(), from.windowHigh());
  }

  private void onWindow(long nowNs, long low, long high) {
    if (high - low > ring.capacity()) {
      counters.refusedBad++; // No ring of this capacity holds so much.
    } else {
      repair.onWindow(nowNs, low, high);
    }
  }

  private void statusInterval(long nowNs, long intervalNs) {
    if (statusNs == Deadline.NONE) {
      statusNs = nowNs + repair.drawNs(intervalNs);
    } else if (statusIntervalNs > 0 && intervalNs != statusIntervalNs) {
      long leftNs = Math.clamp(statusNs - nowNs, 0, statusIntervalNs);
      statusNs = nowNs + (long) ((double) leftNs / statusIntervalNs * intervalNs);
    }
    statusIntervalNs = intervalNs;
  }

  private void echo(long nowNs, long sourceTimeNs) {
    echoedTimeNs = sourceTimeNs;
    echoArrivedNs = nowNs;
  }

  private void onNak(long nowNs) {
    long who = nak.receiverId();
    if (who == status.receiverId
        || nak.streamId() != settings.streamId()
        || repair.isExcludedPeer(who)) {
      return;
    }
    counters.naksHeard++;
    for (NakFrameDecoder.RangesDecoder range : nak.ranges()) {
      repair.onAsked(nowNs, range.position(), range.position() + range.length());
    }
  }

  private void onConfirmation(long nowNs) {
    if (confirmation.streamId() != settings.streamId()) {
      return;
    }
    counters.confirmationsHeard++;
    for (NakConfirmationFrameDecoder.RangesDecoder range : confirmation.ranges()) {
      repair.onAsked(nowNs, range.position(), range.position() + range.length());
    }
  }

  /**
   * Asks for what is missing and due.
   *
   * @return datagrams written, 0 or 1
   */
  public int pollNaks(long nowNs, DatagramSink sink) {
    return leaving ? 0 : repair.poll(nowNs, sink, writer);
  }

  /**
   * Says how far this is, if that is due.
   *
   * @return datagrams written, 0 or 1
   */
  public int pollStatus(long nowNs, DatagramSink sink) {
    if (!Deadline.isDue(nowNs, statusNs)) {
      return 0;
    }
    if (saysNothingNew(nowNs)) {
      statusNs = nowNs + statusIntervalNs;
      return 0;
    }
    if (!writer.begin(sink)) {
      return 0;
    }
    lastStatusNs = nowNs;
    status.readPosition = ring.readPosition();
    status.contiguousPosition = Math.max(ring.contiguousPosition(), status.readPosition);
    status.missedBytes = counters.missedBytes;
    status.echoedTimeNs = echoedTimeNs;
    status.heldNs = nowNs - echoArrivedNs;
    status.windowBytes = ring.capacity();
    status.leaving = leaving;
    writer.status(status);
    writer.finish();
    counters.statuses++;
    tookLeave |= isComplete();
    // Not all at the same beat for ever: three quarters to five quarters of the interval.
    statusNs =
        leaving
            ? Deadline.NONE
            : nowNs + statusIntervalNs * 3 / 4 + repair.drawNs(statusIntervalNs / 2);
    return 1;
  }

  private boolean saysNothingNew(long nowNs) {
    return !leaving
        && counters.statuses > 0
        && nowNs - lastStatusNs < STALE_NS
        && tookLeave == isComplete()
        && status.readPosition == ring.readPosition()
        && status.contiguousPosition == ring.contiguousPosition();
  }

  /** When one of the polls is to be called next although nothing came. */
  public long nextDeadlineNs() {
    return Deadline.earlier(statusNs, repair.nextDeadlineNs());
  }
}
