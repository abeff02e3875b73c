package io.petrel.bench.sim;

import io.petrel.multicast.join.PositionIndex;
import io.petrel.multicast.join.ReplayFeed;
import io.petrel.multicast.source.Source;
import io.petrel.rudp.congestion.Pacer;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.journal.RecorderEvents;
import io.petrel.transport.journal.RingRecorder;
import io.petrel.transport.ring.SendRing;
import io.petrel.transport.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Records a simulated source and serves who comes late, all on one budget. */
final class MulticastKeeper {
  private static final int SHARE_BYTES = 64 << 10;

  /** Said in set-ups; the simulation knows the way. */
  private static final EndpointAddress SOMEWHERE = new EndpointAddress().setIpv4(0x7F00_0001, 9);

  private final long halfRoundTripNs;
  private final Source source;
  private final MemoryJournal journal = new MemoryJournal();
  private final PositionIndex index = new PositionIndex();
  private final RingRecorder recorder;
  private final Pacer pacer;
  private final List<ReplayPipe> pipes = new ArrayList<>();
  private long nowNs;
  private int turn;
  private long servedBytes;

  MulticastKeeper(MulticastOptions options, Source source, SendRing ring) {
    this.source = source;
    halfRoundTripNs = options.roundTripNs / 2;
    recorder =
        new RingRecorder(
            journal,
            ring,
            source.sessionId(),
            0,
            true,
            () -> nowNs,
            () -> ring.recordStart(ring.sentPosition()),
            new RecorderEvents() {});
    pacer = new Pacer(0, SHARE_BYTES);
    pacer.rate(0, options.replayBitsPerSecond / Byte.SIZE);
    source.replayedFrom(SOMEWHERE);
    source.hold(recorder.position());
  }

  /** A way for one receiver. */
  ReplayPipe newPipe() {
    ReplayPipe pipe =
        new ReplayPipe(
            halfRoundTripNs,
            new ReplayFeed(journal.newReader(), Map.of(source.sessionId(), index)));
    pipes.add(pipe);
    return pipe;
  }

  int work(long now) {
    nowNs = now;
    int done = 0;
    while (recorder.work() > 0) {
      index.add(recorder.lastPosition(), recorder.lastIndex());
      done++;
    }
    source.hold(recorder.position());
    for (int i = 0; i < pipes.size(); i++) {
      int budget = Math.clamp(pacer.sendableBytes(now), 0, SHARE_BYTES);
      int sent = pipes.get(turn++ % pipes.size()).serve(now, budget);
      if (sent > 0) {
        pacer.onSent(now, sent);
        servedBytes += sent;
        done++;
      }
    }
    return done;
  }

  long nextDeadlineNs() {
    long deadlineNs = Deadline.NONE;
    for (ReplayPipe pipe : pipes) {
      deadlineNs = Deadline.earlier(deadlineNs, pipe.keeperDeadlineNs(nowNs));
    }
    return deadlineNs;
  }

  /** Bytes that late receivers were sent. */
  long servedBytes() {
    return servedBytes;
  }
}
