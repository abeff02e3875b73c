package io.petrel.bench.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.petrel.transport.Header;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.ring.ReceiveRing;
import io.petrel.transport.ring.RecordLayout;
import io.petrel.transport.ring.RingMemory;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** What the engine and the reading thread share of a receive ring. */
public final class ReceiveRingStress {
  private static final int CAPACITY = 4096;
  private static final int RECORD = 16;

  private ReceiveRingStress() {}

  private static UnsafeBuffer record(final long value) {
    final UnsafeBuffer record = new UnsafeBuffer(new byte[RECORD]);
    record.putLong(0, RecordLayout.header(RECORD, RecordLayout.TYPE_MESSAGE));
    record.putLong(RecordLayout.HEADER_LENGTH, value);
    return record;
  }

  /** Sums what it reads and what it loses. */
  static final class Reader implements ReceiveRing.Listener {
    long read;
    long lost;

    @Override
    public void onHandlerError(final Throwable error) {
      read = -1;
    }

    @Override
    public void onLoss(final long fromPosition, final long toPosition) {
      lost = lost * 1000 + fromPosition * 100 + toPosition + read;
    }
  }

  /** A ring and its reader. */
  abstract static class Shared {
    final Reader reader = new Reader();
    final ReceiveRing ring =
        new ReceiveRing(
            CAPACITY,
            0,
            4,
            RingMemory.unlimited(),
            new Header(new SessionInfo(1, 0, null)),
            reader);

    void poll() {
      final int result =
          ring.poll(
              (buffer, offset, length, header) ->
                  reader.read = reader.read * 10 + buffer.getLong(offset),
              10);
      reader.read = result < 0 ? result : reader.read;
    }
  }

  /** What fills the hole makes the bytes above visible too, put there long before. */
  @JCStressTest
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "nothing yet")
  @Outcome(id = "12, 32", expect = ACCEPTABLE, desc = "both, whole and in order")
  @Outcome(expect = FORBIDDEN, desc = "torn, early or out of order")
  @State
  public static class HoleFilled extends Shared {
    @Actor
    public void engine() {
      ring.insert(RECORD, record(2), 0, RECORD);
      ring.insert(4, record(1), 4, RECORD - 4);
      ring.insert(0, record(1), 0, 4);
    }

    @Actor
    public void reader(final JJ_Result r) {
      poll();
      r.r1 = reader.read;
      r.r2 = ring.readPosition();
    }
  }

  /** The reader meets a skip at its place between what came before and what comes after. */
  @JCStressTest
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "nothing yet")
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "up to the hole")
  @Outcome(id = "13, 1633", expect = ACCEPTABLE, desc = "over the loss from 16 to 32")
  @Outcome(expect = FORBIDDEN, desc = "a loss out of order, or bytes of it")
  @State
  public static class HoleSkipped extends Shared {
    @Actor
    public void engine() {
      ring.insert(0, record(1), 0, RECORD);
      ring.insert(2 * RECORD, record(3), 0, RECORD);
      ring.skipTo(2 * RECORD);
    }

    @Actor
    public void reader(final JJ_Result r) {
      poll();
      r.r1 = reader.read;
      r.r2 = reader.lost;
    }
  }

  /** Memory that the reader gave back is written again, and never before. */
  @JCStressTest
  @Outcome(id = "-18, 1", expect = ACCEPTABLE, desc = "outside the window still")
  @Outcome(id = "16, 1", expect = ACCEPTABLE, desc = "read first")
  @Outcome(expect = FORBIDDEN, desc = "overwritten before it was read")
  @State
  public static class WindowMoves extends Shared {
    public WindowMoves() {
      ring.insert(0, record(1), 0, RECORD);
    }

    @Actor
    public void engine(final JJ_Result r) {
      r.r1 = ring.insert(CAPACITY, record(9), 0, RECORD);
    }

    @Actor
    public void reader(final JJ_Result r) {
      poll();
      r.r2 = reader.read;
    }
  }
}
