package io.petrel.bench.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.petrel.transport.ring.RecordLayout;
import io.petrel.transport.ring.RingResult;
import io.petrel.transport.ring.SendRing;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;
import org.openjdk.jcstress.infra.results.ZJ_Result;

/** What producers and the engine share of a send ring. */
public final class SendRingStress {
  private static final int CAPACITY = 4096;
  private static final int RECORD = 16;

  private SendRingStress() {}

  private static long offer(final SendRing ring, final long value) {
    final UnsafeBuffer message = new UnsafeBuffer(new byte[8]);
    message.putLong(0, value);
    return ring.offer(message, 0, 8);
  }

  private static long payload(final SendRing ring, final long position) {
    final UnsafeBuffer copy = new UnsafeBuffer(new byte[RECORD]);
    ring.copyTo(position, RECORD, copy, 0);
    return copy.getLong(RecordLayout.HEADER_LENGTH);
  }

  private static SendRing touched(final SendRing ring) {
    ring.allocate();
    return ring;
  }

  /** The written position of one producer makes the record below it visible. */
  @JCStressTest
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "not yet written")
  @Outcome(id = "16, 7", expect = ACCEPTABLE, desc = "written and whole")
  @Outcome(expect = FORBIDDEN, desc = "a position without its bytes")
  @State
  public static class ExclusivePublication {
    final SendRing ring = touched(SendRing.exclusive(CAPACITY));

    @Actor
    public void producer() {
      offer(ring, 7);
    }

    @Actor
    public void engine(final JJ_Result r) {
      r.r1 = ring.writtenPosition();
      r.r2 = r.r1 == 0 ? 0 : payload(ring, 0);
    }
  }

  /** Two producers never share a place, and the first one to allocate brings the memory to both. */
  @JCStressTest
  @Outcome(id = "16, 32, 12", expect = ACCEPTABLE, desc = "the first, then the second")
  @Outcome(id = "32, 16, 21", expect = ACCEPTABLE, desc = "the second, then the first")
  @Outcome(expect = FORBIDDEN, desc = "lost or torn")
  @State
  public static class SharedClaims {
    final SendRing ring = SendRing.shared(CAPACITY);

    @Actor
    public void first(final JJJ_Result r) {
      r.r1 = offer(ring, 1);
    }

    @Actor
    public void second(final JJJ_Result r) {
      r.r2 = offer(ring, 2);
    }

    @Arbiter
    public void both(final JJJ_Result r) {
      r.r3 =
          ring.writtenPosition() == 2 * RECORD ? payload(ring, 0) * 10 + payload(ring, RECORD) : -1;
    }
  }

  /** Of a late commit and the engine's patience, exactly one wins, and both know which. */
  @JCStressTest
  @Outcome(id = "16, 0, 1", expect = ACCEPTABLE, desc = "committed")
  @Outcome(id = "-16, 1, -2", expect = ACCEPTABLE, desc = "skipped; the producer is told")
  @Outcome(expect = FORBIDDEN, desc = "both or none")
  @State
  public static class CommitAgainstUnblock {
    final SendRing ring = touched(SendRing.shared(CAPACITY));
    final long claim = ring.tryClaim(8);

    public CommitAgainstUnblock() {
      ring.unblock(0, 1);
    }

    @Actor
    public void producer(final JJJ_Result r) {
      r.r1 = ring.commit(claim);
    }

    @Actor
    public void engine(final JJJ_Result r) {
      r.r2 = ring.unblock(1, 1) ? 1 : 0;
    }

    @Arbiter
    public void record(final JJJ_Result r) {
      final UnsafeBuffer header = new UnsafeBuffer(new byte[8]);
      ring.copyTo(0, 8, header, 0);
      r.r3 = ring.writtenPosition() == RECORD ? header.getInt(4) : 0;
    }
  }

  /** No claim slips in behind the close of a shared ring. */
  @JCStressTest
  @Outcome(id = "-3, 0", expect = ACCEPTABLE, desc = "closed first")
  @Outcome(id = "16, 16", expect = ACCEPTABLE, desc = "claimed first, and the closer sees it")
  @Outcome(expect = FORBIDDEN, desc = "accepted and not seen")
  @State
  public static class CloseAgainstOffer {
    final SendRing ring = touched(SendRing.shared(CAPACITY));

    @Actor
    public void producer(final JJ_Result r) {
      r.r1 = offer(ring, 1);
    }

    @Actor
    public void closer(final JJ_Result r) {
      ring.close();
      r.r2 = ring.claimedPosition();
    }
  }

  /** A producer that gets freed memory gets it cleared: no old record is taken for a new one. */
  @JCStressTest
  @Outcome(id = "true, 4096", expect = ACCEPTABLE, desc = "still full")
  @Outcome(id = "true, 4112", expect = ACCEPTABLE, desc = "one more, at once")
  @Outcome(expect = FORBIDDEN, desc = "an old record counted as committed")
  @State
  public static class ClearAgainstClaim {
    final SendRing ring = touched(SendRing.shared(CAPACITY));

    public ClearAgainstClaim() {
      for (int i = 0; i < CAPACITY / RECORD; i++) {
        offer(ring, i);
      }
      ring.sentPosition(ring.writtenPosition());
    }

    @Actor
    public void producer(final ZJ_Result r) {
      final long result = offer(ring, -1);
      r.r1 = result == CAPACITY + RECORD || result == RingResult.BACK_PRESSURED;
    }

    @Actor
    public void engine() {
      ring.acknowledge(1024);
    }

    @Arbiter
    public void scan(final ZJ_Result r) {
      r.r2 = ring.writtenPosition();
    }
  }
}
