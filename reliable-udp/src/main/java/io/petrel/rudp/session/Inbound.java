package io.petrel.rudp.session;

import io.petrel.codecs.DatagramHeader;
import io.petrel.codecs.FrameCursor;
import io.petrel.codecs.wire.AckFrameDecoder;
import io.petrel.codecs.wire.BlockedFrameDecoder;
import io.petrel.codecs.wire.CloseFrameDecoder;
import io.petrel.codecs.wire.CloseMode;
import io.petrel.codecs.wire.CloseReason;
import io.petrel.codecs.wire.PaddingFrameDecoder;
import io.petrel.codecs.wire.PathChallengeFrameDecoder;
import io.petrel.codecs.wire.PathResponseFrameDecoder;
import io.petrel.codecs.wire.StreamEndFrameDecoder;
import io.petrel.codecs.wire.StreamFrameDecoder;
import io.petrel.codecs.wire.StreamOpenFrameDecoder;
import io.petrel.codecs.wire.StreamResetFrameDecoder;
import io.petrel.codecs.wire.StreamStopFrameDecoder;
import io.petrel.codecs.wire.WindowFrameDecoder;
import io.petrel.rudp.acknowledgement.ReceivedPackets;
import io.petrel.rudp.flow.ReceiveStream;
import io.petrel.rudp.flow.SendStream;
import io.petrel.transport.ring.ReceiveRing;
import io.petrel.transport.ring.RingResult;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/** What a session makes of a datagram that was found valid and is addressed to it. */
final class Inbound {
  private final SessionCore core;
  private final Session session;
  private final SessionListener listener;
  private final FrameCursor cursor = new FrameCursor();
  private final StreamFrameDecoder stream = new StreamFrameDecoder();
  private final AckFrameDecoder ack = new AckFrameDecoder();
  private final WindowFrameDecoder window = new WindowFrameDecoder();
  private final BlockedFrameDecoder blocked = new BlockedFrameDecoder();
  private final CloseFrameDecoder close = new CloseFrameDecoder();
  private final StreamOpenFrameDecoder open = new StreamOpenFrameDecoder();
  private final StreamEndFrameDecoder end = new StreamEndFrameDecoder();
  private final StreamResetFrameDecoder reset = new StreamResetFrameDecoder();
  private final StreamStopFrameDecoder stop = new StreamStopFrameDecoder();
  private final PathChallengeFrameDecoder question = new PathChallengeFrameDecoder();
  private final PathResponseFrameDecoder answer = new PathResponseFrameDecoder();

  // The datagram being read.
  private boolean asks;
  private boolean again;
  private boolean refused;
  private @Nullable CloseReason breach;

  // The acknowledgement that is kept until the answer has left.
  private boolean kept;
  private long keptFirst;
  private long keptLast;
  private long keptNs;

  Inbound(SessionCore core, Session session, SessionListener listener) {
    this.core = core;
    this.session = session;
    this.listener = listener;
  }

  /** Acts on a datagram; returns what the peer did wrong, or null. */
  @Nullable CloseReason onDatagram(long nowNs, DirectBuffer buffer, int offset, int length) {
    if (core.parameters.checksum()
        && (DatagramHeader.flags(buffer, offset) & DatagramHeader.FLAG_CHECKSUM) == 0) {
      core.counters.rejectedDatagrams++;
      return null;
    }
    core.counters.datagramsReceived++;
    core.counters.bytesReceived += length;
    core.lastHeardNs = nowNs;
    core.confirmed = true;
    asks = false;
    again = false;
    refused = false;
    breach = learn(nowNs);
    cursor.wrap(buffer, offset, length);
    while (breach == null && cursor.next()) {
      onFrame(nowNs, buffer);
    }
    if (breach == null && !refused) {
      take(nowNs, buffer, offset);
    }
    return breach;
  }

  private void take(long nowNs, DirectBuffer buffer, int offset) {
    long number = DatagramHeader.packetNumber(buffer, offset);
    int outcome = core.received.add(number);
    core.received.forgetBelow(DatagramHeader.lowestAwaited(buffer, offset));
    if (outcome == ReceivedPackets.DUPLICATE) {
      core.counters.duplicates++;
      return;
    }
    if (core.received.count() > 0 && core.received.largest() == number) {
      core.largestReceivedNs = nowNs;
    }
    if (asks) {
      core.acks.onReceived(nowNs, outcome == ReceivedPackets.IN_ORDER, core.ackDelayNs());
      if (again) {
        core.acks.demand(); // the peer took for lost what was here: it must hear
      }
    }
  }

  private void onFrame(long nowNs, DirectBuffer buffer) {
    switch (cursor.templateId()) {
      case StreamFrameDecoder.TEMPLATE_ID -> onStream(buffer);
      case AckFrameDecoder.TEMPLATE_ID -> onAck(nowNs, buffer);
      case WindowFrameDecoder.TEMPLATE_ID -> onWindow(buffer);
      case BlockedFrameDecoder.TEMPLATE_ID -> onBlocked(buffer);
      case CloseFrameDecoder.TEMPLATE_ID -> onClose(nowNs, buffer);
      case StreamOpenFrameDecoder.TEMPLATE_ID -> onOpen(buffer);
      case StreamEndFrameDecoder.TEMPLATE_ID -> onEnd(buffer);
      case StreamResetFrameDecoder.TEMPLATE_ID -> onReset(buffer);
      case StreamStopFrameDecoder.TEMPLATE_ID -> onStop(buffer);
      case PathChallengeFrameDecoder.TEMPLATE_ID -> onQuestion(buffer);
      case PathResponseFrameDecoder.TEMPLATE_ID -> onAnswer(nowNs, buffer);
      case PaddingFrameDecoder.TEMPLATE_ID -> {}
      default -> asks = true; // a ping, or what a newer version may have meant
    }
  }

  private void onStream(DirectBuffer buffer) {
    asks = true;
    stream.wrap(buffer, cursor.body(), cursor.blockLength(), cursor.version());
    int id = (int) stream.streamId();
    ReceiveStream target = receiver(id);
    if (target == null) {
      return;
    }
    long position = stream.position();
    int length = cursor.payloadLength();
    if (position > target.finalPosition() - length) {
      breach = CloseReason.STREAM_STATE;
      return;
    }
    int inserted = target.insert(position, buffer, cursor.payload(), length);
    if (inserted >= 0) {
      again |= inserted == 0;
      core.lastStreamId = id;
      core.lastStreamContiguous = target.contiguous();
      finishIfComplete(target);
    } else {
      onRefusedBytes(inserted);
    }
  }

  private void onRefusedBytes(int result) {
    switch (result) {
      case RingResult.OUTSIDE_WINDOW -> {
        core.counters.outsideWindow++;
        breach = CloseReason.FLOW_CONTROL;
      }
      case RingResult.BAD_RANGE -> breach = CloseReason.MALFORMED;
      default -> {
        core.counters.tooManyHoles++;
        refused = true; // as if the packet had not come: the peer sends the bytes again
      }
    }
  }

  /** The stream of this id, opened if need be; null when what came for it is to be passed over. */
  private @Nullable ReceiveStream receiver(int id) {
    ReceiveStream there = core.streams.findReceive(id);
    if (there != null) {
      return there;
    }
    ReceiveStream former = core.streams.findReceiveNumber(id);
    if (former == null && core.streams.isReceiveFull()) {
      breach = CloseReason.STREAM_LIMIT;
      return null;
    }
    if (former != null && !Streams.isLater(id, former.id())) {
      core.counters.strayFrames++;
      return null; // late bytes of a stream that has long ended
    }
    if (former != null && !former.isFinished()) {
      refused = true; // the end of the one before is still on its way
      return null;
    }
    if (session.isClosedByPeer()) {
      core.counters.strayFrames++;
      return null; // overtaken by the close, which said that it ends where it began
    }
    ReceiveRing ring = listener.openReceive(session, id);
    if (ring == null) {
      core.counters.strayFrames++;
      refused = true;
      return null;
    }
    ReceiveStream opened = new ReceiveStream(id, ring);
    if (former == null) {
      core.streams.add(opened);
    } else {
      core.streams.replace(former, opened);
    }
    return opened;
  }

  private void finishIfComplete(ReceiveStream target) {
    if (target.finalPosition() != ReceiveStream.OPEN
        && !target.isFinished()
        && target.isComplete()) {
      target.finish();
      listener.onReceiveEnd(session, target.id());
    }
  }

  private void onOpen(DirectBuffer buffer) {
    asks = true;
    open.wrap(buffer, cursor.body(), cursor.blockLength(), cursor.version());
    if (open.ringCapacity() != core.parameters.ringCapacity()) {
      breach = CloseReason.STREAM_STATE;
      return;
    }
    receiver((int) open.streamId());
  }

  private void onEnd(DirectBuffer buffer) {
    asks = true;
    end.wrap(buffer, cursor.body(), cursor.blockLength(), cursor.version());
    onFinalPosition(receiver((int) end.streamId()), end.finalPosition());
  }

  private void onReset(DirectBuffer buffer) {
    asks = true;
    reset.wrap(buffer, cursor.body(), cursor.blockLength(), cursor.version());
    ReceiveStream target = receiver((int) reset.streamId());
    if (target != null && !target.isFinished()) {
      target.finish();
      listener.onReceiveEnd(session, target.id());
    }
  }

  private void onStop(DirectBuffer buffer) {
    asks = true;
    stop.wrap(buffer, cursor.body(), cursor.blockLength(), cursor.version());
    SendStream target = core.streams.findSend((int) stop.streamId());
    if (target != null && !target.isStopped()) {
      target.stop();
      listener.onSendEnd(session, target.id(), false);
    }
  }

  /**
   * One without holes that rides on bytes is only taken note of. The bytes may be a request, whose
   * answer need not wait until round trip and rates are worked out.
   */
  private void onAck(long nowNs, DirectBuffer buffer) {
    ack.wrap(buffer, cursor.body(), cursor.blockLength(), cursor.version());
    SendStream target = core.streams.findSend((int) ack.streamId());
    if (target != null && !target.onContiguous(ack.contiguousPosition())) {
      breach = CloseReason.ACKNOWLEDGEMENT;
      return;
    }
    long last = ack.largest();
    long first = last - ack.firstRange();
    AckFrameDecoder.RangesDecoder ranges = ack.ranges();
    if (!ranges.hasNext() && cursor.hasNext() && !kept) {
      kept = true;
      keptFirst = first;
      keptLast = last;
      keptNs = nowNs;
      return;
    }
    core.recovery.beginAck();
    boolean honest = core.recovery.onAckRange(nowNs, first, last);
    while (honest && ranges.hasNext()) {
      ranges.next();
      last = first - 1 - ranges.missing();
      first = last + 1 - ranges.received();
      honest = core.recovery.onAckRange(nowNs, first, last);
    }
    if (!honest) {
      breach = CloseReason.ACKNOWLEDGEMENT;
      return;
    }
    core.recovery.endAck(nowNs);
    core.afterRecovery(nowNs);
  }

  /** Acts on the acknowledgement that was kept, if one was; returns what is wrong with it. */
  @Nullable CloseReason learn(long nowNs) {
    if (!kept) {
      return null;
    }
    kept = false;
    core.recovery.beginAck();
    if (!core.recovery.onAckRange(keptNs, keptFirst, keptLast)) {
      return CloseReason.ACKNOWLEDGEMENT;
    }
    core.recovery.endAck(keptNs);
    core.afterRecovery(nowNs);
    return null;
  }

  private void onWindow(DirectBuffer buffer) {
    window.wrap(buffer, cursor.body(), cursor.blockLength(), cursor.version());
    SendStream target = core.streams.findSend((int) window.streamId());
    if (target == null) {
      core.counters.strayFrames++;
    } else if (!target.onContiguous(window.contiguousPosition())
        || !target.onWindow(window.readPosition(), window.windowBytes())) {
      breach = CloseReason.FLOW_CONTROL;
    }
  }

  private void onBlocked(DirectBuffer buffer) {
    asks = true;
    blocked.wrap(buffer, cursor.body(), cursor.blockLength(), cursor.version());
    ReceiveStream target = core.streams.findReceive((int) blocked.streamId());
    if (target == null) {
      core.counters.strayFrames++;
    } else {
      target.ask();
      core.acks.demand();
    }
  }

  private void onClose(long nowNs, DirectBuffer buffer) {
    close.wrap(buffer, cursor.body(), cursor.blockLength(), cursor.version());
    CloseReason reason = close.reason();
    if (close.mode() != CloseMode.GRACEFUL) {
      session.onPeerAbort(nowNs, reason);
      return;
    }
    asks = true;
    core.acks.demand();
    CloseFrameDecoder.StreamsDecoder ends = close.streams();
    while (ends.hasNext()) {
      ends.next();
      int id = (int) ends.streamId();
      if (ends.finalPosition() > 0 || core.streams.findReceive(id) != null) {
        onFinalPosition(receiver(id), ends.finalPosition());
      }
      if (refused || breach != null) {
        return;
      }
    }
    session.onPeerClose(nowNs);
  }

  private void onQuestion(DirectBuffer buffer) {
    asks = true;
    question.wrap(buffer, cursor.body(), cursor.blockLength(), cursor.version());
    core.path.owe(question.data());
    core.counters.pathQuestions++;
  }

  private void onAnswer(long nowNs, DirectBuffer buffer) {
    answer.wrap(buffer, cursor.body(), cursor.blockLength(), cursor.version());
    if (!core.path.onAnswer(answer.data())) {
      core.counters.strayFrames++;
    } else if (core.path.isOtherHost()) {
      core.beginPath(nowNs);
    }
  }

  private void onFinalPosition(@Nullable ReceiveStream target, long position) {
    if (target == null || target.isFinished()) {
      return;
    }
    if (!target.end(position)) {
      breach = CloseReason.STREAM_STATE;
      return;
    }
    finishIfComplete(target);
  }
}
