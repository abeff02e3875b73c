package io.petrel.multicast.receiver;

import io.petrel.multicast.frames.FanOutWriter;
import io.petrel.multicast.lines.Lines;
import io.petrel.multicast.repair.BackOffLaw;
import io.petrel.multicast.repair.MissingRanges;
import io.petrel.transport.datagram.DatagramSink;
import io.petrel.transport.ring.HoleSet;
import io.petrel.transport.ring.RangeSet;
import io.petrel.transport.ring.ReceiveRing;
import io.petrel.transport.ring.RingResult;
import io.petrel.transport.time.Deadline;
import java.util.SplittableRandom;
import org.agrona.collections.LongHashSet;

/**
 * Sees what is missing, asks for it by the source's law of back-off, and gives it up when the
 * source holds it no more: the reader then goes on at the next record.
 *
 * <pre>
 *      contiguous                     known              claimed by the source
 *   -------+----......####.....########+.....................+---&gt; position
 *               missing                  beyond the ring's window: looked at later
 * </pre>
 */
final class Repair {
  static final long NO_RECORD = -1;

  /** What becomes of missing bytes. */
  interface Listener extends MissingRanges.Listener {
    /** Bytes will not come; the reader skips to the record that begins at the second position. */
    void onLost(long from, long to);
  }

  /** After a question, the answer has two round trips: one to come, one for its turn. */
  static final int HOLD_ROUND_TRIPS = 2;

  private static final int MOST_DOUBLINGS = 2;
  private static final int MOST_SUPPRESSIONS = 3;
  private static final long FIRST_ROUND_TRIP_NS = 1_000_000;

  private final long receiverId;
  private final ReceiveRing ring;
  private final Lines lines;
  private final ReceiverCounters counters;
  private final Listener listener;
  private final MissingRanges missing;
  private final RangeSet asking;
  private final BackOffLaw law;
  private final SplittableRandom random;
  private final LongHashSet excludedPeers = new LongHashSet();

  private long roundTripNs = FIRST_ROUND_TRIP_NS;
  private int backoffFactor = 4;
  private int groupSize = 1;
  private long known;
  private long claimedHigh;
  private long low;
  private long uncountedBelow;
  private long nextNakNs;
  private boolean excluded;
  private boolean untracked;
  private boolean skipPending;

  Repair(
      ReceiverSettings settings,
      long receiverId,
      ReceiveRing ring,
      Lines lines,
      ReceiverCounters counters,
      Listener listener,
      long seed) {
    this.receiverId = receiverId;
    this.ring = ring;
    this.lines = lines;
    this.counters = counters;
    this.listener = listener;
    law = settings.newLaw();
    random = new SplittableRandom(seed);
    // Suppression cuts holes into parts that each have their own state.
    missing = new MissingRanges(2 * settings.holeLimit(), this::onFilled);
    asking = new RangeSet(2 * settings.holeLimit());
    known = ring.contiguousPosition();
    claimedHigh = known;
  }

  private void onFilled(long from, long to, long missedNs, boolean asked) {
    counters.repairedBytes += to - from;
    listener.onFilled(from, to, missedNs, asked);
  }

  void law(long aRoundTripNs, int aBackoffFactor, int aGroupSize) {
    roundTripNs = Math.max(aRoundTripNs, 1);
    backoffFactor = Math.max(aBackoffFactor, 1);
    groupSize = Math.max(aGroupSize, 1);
  }

  /** A uniform draw, for spreading what need not happen at once. */
  long drawNs(long mostNs) {
    return (long) (random.nextDouble() * mostNs);
  }

  boolean isExcluded() {
    return excluded;
  }

  boolean isMissing() {
    return missing.count() > 0;
  }

  void exclude() {
    if (!excluded) {
      excluded = true;
      missing.bury(known);
      resynchronise();
    }
  }

  void excludePeer(long receiverId) {
    excludedPeers.add(receiverId);
  }

  boolean isExcludedPeer(long receiverId) {
    return !excludedPeers.isEmpty() && excludedPeers.contains(receiverId);
  }

  void catchesUpTo(long position) {
    uncountedBelow = position;
  }

  long claimedHigh() {
    return claimedHigh;
  }

  /** New bytes are in the ring. */
  void onBytes(long nowNs, long from, long to, long record) {
    if (from > known) {
      miss(nowNs, known, from);
    }
    if (missing.count() > 0) {
      if (from < known) {
        missing.fill(from, Math.min(to, known));
      }
      if (record != NO_RECORD) {
        missing.recordAt(record, from);
      }
      resynchronise();
    }
    known = Math.max(known, to);
  }

  /** The source holds {@code [low, high)}; bytes may come in another order than they were sent. */
  void onWindow(long nowNs, long windowLow, long windowHigh) {
    claimedHigh = Math.max(claimedHigh, windowHigh);
    if (windowLow > low) {
      low = windowLow;
      if (low > known) {
        miss(nowNs, known, low);
        known = low;
      }
      if (missing.count() > 0 && missing.start(0) < low) {
        missing.bury(low);
        resynchronise();
      }
    }
    if (claimedHigh > known) {
      lookAhead(nowNs);
    }
  }

  /** What the source has sent and the ring has room for is missing; what lies beyond must wait. */
  private void lookAhead(long nowNs) {
    long to = Math.min(claimedHigh, ring.windowEnd());
    if (to > known) {
      miss(nowNs, known, to);
      known = to;
    }
  }

  /**
   * Bytes came that the ring has no room for. If the reader is just slow they are asked for later;
   * if it waits for what will not come, it goes on from here.
   */
  void onBeyondWindow(long nowNs, long position, long record) {
    if (record != NO_RECORD && isStuck()) {
      giveUpBelow(nowNs, position);
      missing.recordAt(record, position);
      resynchronise();
    }
  }

  /**
   * A record ends and another will begin at the position, up to which all was sent: whoever misses
   * the tail for good goes on from there.
   */
  void onRecordEnd(long nowNs, long position) {
    if (missing.count() > 0 && position <= claimedHigh) {
      if (position > ring.windowEnd() && isStuck()) {
        giveUpBelow(nowNs, position);
      }
      if (position <= known) {
        missing.recordAt(position, position);
        resynchronise();
      }
    }
  }

  /** Whether the reader waits for what will not come. */
  private boolean isStuck() {
    return missing.count() > 0
        && missing.state(0) == MissingRanges.DEAD
        && missing.start(0) == ring.contiguousPosition();
  }

  private void giveUpBelow(long nowNs, long position) {
    if (position > known) {
      miss(nowNs, known, position);
      known = position;
    }
    missing.bury(position);
  }

  /** A line has come farther: what waited for it waits no more. */
  void onLineAdvanced(long nowNs) {
    for (int i = 0; i < missing.count(); i++) {
      if (missing.state(i) == MissingRanges.ARBITRATED && lines.havePassed(missing.end(i))) {
        count(i);
        missing.state(i, MissingRanges.WAITING, nowNs + backOffNs());
      }
    }
  }

  private void count(int index) {
    count(missing.start(index), missing.end(index));
  }

  private void count(long from, long to) {
    counters.gaps++;
    counters.missedBytes += Math.max(to - Math.max(from, uncountedBelow), 0);
  }

  private void miss(long nowNs, long from, long to) {
    byte state = MissingRanges.WAITING;
    long deadlineNs;
    if (excluded) {
      state = MissingRanges.DEAD;
      deadlineNs = Deadline.NONE;
    } else if (lines.count() > 1 && !lines.havePassed(to)) {
      state = MissingRanges.ARBITRATED;
      deadlineNs = lines.deadlineNs(nowNs);
    } else {
      deadlineNs = nowNs + backOffNs();
    }
    if (!missing.append(from, to, nowNs, state, deadlineNs)) {
      untracked = true;
    } else if (state != MissingRanges.ARBITRATED) {
      count(from, to);
    }
  }

  private long backOffNs() {
    return law.delayNs(random.nextDouble(), backoffFactor * roundTripNs, groupSize);
  }

  /** Somebody asked for bytes, or they are promised: they need not be asked for here. */
  void onAsked(long nowNs, long from, long to) {
    if (missing.count() > 0) {
      long deadlineNs = nowNs + HOLD_ROUND_TRIPS * roundTripNs;
      if (missing.suppress(from, to, deadlineNs, MOST_SUPPRESSIONS)) {
        counters.suppressions++;
      }
    }
  }

  /** The latest that missing bytes are looked at again. */
  long nextDeadlineNs() {
    long earliestNs = missing.earliestNs();
    if (earliestNs == Deadline.NONE) {
      return Deadline.NONE;
    }
    return earliestNs - nextNakNs < 0 ? nextNakNs : earliestNs;
  }

  int poll(long nowNs, DatagramSink sink, FanOutWriter writer) {
    if (claimedHigh > known) {
      lookAhead(nowNs);
    }
    if (missing.count() == 0) {
      if (untracked) {
        trackAgain(nowNs);
      }
      return 0;
    }
    if (skipPending) {
      resynchronise();
    }
    if (nowNs - nextNakNs < 0 || !Deadline.isDue(nowNs, missing.earliestNs())) {
      return 0;
    }
    if (!wake(nowNs) || !writer.begin(sink)) {
      return 0;
    }
    ask(nowNs, writer);
    return 1;
  }

  /** What is held too long or was arbitrated in vain backs off; whether anything is to be asked. */
  private boolean wake(long nowNs) {
    boolean any = false;
    for (int i = 0; i < missing.count(); i++) {
      if (missing.state(i) != MissingRanges.DEAD && missing.deadlineNs(i) - nowNs <= 0) {
        if (missing.state(i) == MissingRanges.WAITING) {
          any = true;
        } else {
          if (missing.state(i) == MissingRanges.ARBITRATED) {
            count(i);
          }
          missing.state(i, MissingRanges.WAITING, nowNs + backOffNs());
        }
      }
    }
    return any;
  }

  private void ask(long nowNs, FanOutWriter writer) {
    asking.clear();
    for (int i = 0; i < missing.count() && asking.count() < writer.mostRanges(); i++) {
      if (missing.state(i) == MissingRanges.WAITING && missing.deadlineNs(i) - nowNs <= 0) {
        asking.add(missing.start(i), missing.end(i));
        int doublings = Math.min(missing.attempts(i), MOST_DOUBLINGS);
        missing.asked(i, nowNs + ((HOLD_ROUND_TRIPS * roundTripNs) << doublings));
      }
    }
    writer.nak(receiverId, asking, 0, asking.count());
    writer.finish();
    counters.naksSent++;
    nextNakNs = nowNs + roundTripNs / 2;
  }

  /** Holes that found no place among the missing are looked up in the ring. */
  private void trackAgain(long nowNs) {
    untracked = false;
    HoleSet holes = ring.holes();
    for (int i = 0; i < holes.count(); i++) {
      untracked |=
          !missing.append(
              holes.start(i), holes.end(i), nowNs, MissingRanges.WAITING, nowNs + backOffNs());
    }
  }

  /** Goes on at the next record if what the reader waits for will not come. */
  private void resynchronise() {
    skipPending = false;
    while (missing.count() > 0 && missing.state(0) == MissingRanges.DEAD) {
      long record = missing.record(0);
      if (record == MissingRanges.UNKNOWN) {
        return;
      }
      for (int i = 1; i < missing.count() && missing.start(i) < record; i++) {
        if (missing.state(i) != MissingRanges.DEAD) {
          return; // It may come and a record may begin in it.
        }
      }
      long from = ring.contiguousPosition();
      int result = ring.skipTo(record);
      if (result == RingResult.SKIP_PENDING) {
        skipPending = true;
        return;
      }
      missing.removeBelow(record);
      known = Math.max(known, record);
      if (result == 0) {
        counters.losses++;
        counters.lostBytes += record - from;
        listener.onLost(from, record);
      }
    }
  }
}
