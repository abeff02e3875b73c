package io.petrel.transport.ipc;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.petrel.transport.metrics.ProcessIdentity;
import io.petrel.transport.ring.RingResult;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** What publishers share of a mapped ring: the tail, the lease, the close. */
public final class IpcRingStress {
  private static final int CAPACITY = 4096;
  private static final ProcessIdentity SELF = ProcessIdentity.own();
  private static final UnsafeBuffer MESSAGE = new UnsafeBuffer(new byte[24]);

  private IpcRingStress() {}

  private static IpcRing ring() {
    final UnsafeBuffer buffer =
        new UnsafeBuffer(ByteBuffer.allocateDirect(IpcLayout.DATA_OFFSET + CAPACITY));
    IpcRing.format(buffer, CAPACITY, 0x1234_5678_9ABC_DEF0L, 1);
    return new IpcRing(buffer);
  }

  private static IpcWriter join(final IpcRing ring, final boolean exclusive) {
    final IpcMembership membership = new IpcMembership(ring);
    return new IpcWriter(
        ring, membership.publisherOwner(membership.joinPublisher(SELF, exclusive)));
  }

  private static long claimAndCommit(final IpcWriter writer, final int type) {
    long position;
    do {
      position = writer.claimAmongOthers(24, type, IpcLayout.OFFERED);
    } while (position == RingResult.BACK_PRESSURED);
    if (position >= 0) {
      writer.commitOffer(position, 24);
    }
    return position;
  }

  /** No message is accepted behind a publisher's last record. */
  @JCStressTest
  @Outcome(id = "0, 64", expect = ACCEPTABLE, desc = "accepted before the end")
  @Outcome(id = "-3, 0", expect = ACCEPTABLE, desc = "refused, perhaps by a skip behind the end")
  @Outcome(id = "-3, 64", expect = ACCEPTABLE, desc = "refused by a skip before the end")
  @Outcome(expect = FORBIDDEN, desc = "accepted behind the end")
  @State
  public static class CloseAgainstOffer {
    final IpcWriter writer = join(ring(), false);

    @Actor
    public void producer(final JJ_Result r) {
      r.r1 = claimAndCommit(writer, IpcLayout.TYPE_MESSAGE);
    }

    @Actor
    public void closer(final JJ_Result r) {
      writer.close();
      r.r2 = claimAndCommit(writer, IpcLayout.TYPE_DOWN);
    }
  }

  /** Whoever has the lease and whoever takes it away never share a place. */
  @JCStressTest
  @Outcome(id = "3, 256", expect = ACCEPTABLE, desc = "one record behind the other")
  @Outcome(expect = FORBIDDEN, desc = "records lost or torn")
  @State
  public static class RevocationAgainstOffer {
    final IpcRing ring = ring();
    final IpcWriter holder = join(ring, true);

    public RevocationAgainstOffer() {
      holder.commitOffer(holder.claim(0, IpcLayout.TYPE_UP, IpcLayout.OFFERED), 0);
    }

    @Actor
    public void holder() {
      for (int i = 0; i < 2; i++) {
        long end = IpcWriter.LEASE_LOST;
        if (holder.isAlone()) {
          end = holder.offerAlone(MESSAGE, 0, 24);
        }
        if (end == IpcWriter.LEASE_LOST) {
          claimAndCommit(holder, IpcLayout.TYPE_MESSAGE);
        }
      }
    }

    @Actor
    public void comer() {
      claimAndCommit(join(ring, false), IpcLayout.TYPE_MESSAGE);
    }

    @Arbiter
    public void records(final JJ_Result r) {
      final long tail = ring.tail();
      for (long position = IpcLayout.ALIGNMENT; position < tail; position += 64) {
        final int index = ring.index(position);
        if (ring.buffer.getLongVolatile(index) == ring.word(position)
            && (int) ring.buffer.getLong(index + IpcLayout.ABOUT) == 40) {
          r.r1++;
        }
      }
      r.r2 = tail;
    }
  }

  /** A commit word makes its record visible. */
  @JCStressTest
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "not yet written")
  @Outcome(id = "40, 7", expect = ACCEPTABLE, desc = "written and whole")
  @Outcome(expect = FORBIDDEN, desc = "a commit without its bytes")
  @State
  public static class CommitAgainstPoll {
    final IpcRing ring = ring();
    final IpcWriter writer = join(ring, true);
    final UnsafeBuffer message = new UnsafeBuffer(new byte[24]);

    public CommitAgainstPoll() {
      writer.commitOffer(writer.claim(0, IpcLayout.TYPE_UP, IpcLayout.OFFERED), 0);
    }

    @Actor
    public void producer() {
      message.putLong(16, 7);
      writer.offerAlone(message, 0, 24);
    }

    @Actor
    public void reader(final JJ_Result r) {
      final int index = ring.index(IpcLayout.ALIGNMENT);
      // Acquire: as a reader.
      if (ring.buffer.getLongAcquire(index) == ring.word(IpcLayout.ALIGNMENT)) {
        r.r1 = (int) ring.buffer.getLong(index + IpcLayout.ABOUT);
        r.r2 = ring.buffer.getLong(index + IpcLayout.HEADER_LENGTH + 16);
      }
    }
  }
}
