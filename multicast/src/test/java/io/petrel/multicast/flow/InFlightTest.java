package io.petrel.multicast.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.multicast.frames.Status;
import org.junit.jupiter.api.Test;

class InFlightTest {
  private static final long ROUND_TRIP_NS = 50_000;
  private static final long STATUS_NS = 200_000;
  private static final long REPAIR_NS = 8 * ROUND_TRIP_NS + STATUS_NS * 5 / 2;

  private static final int CAPACITY = 64 << 20;

  private final Group group =
      new Group(FlowMode.SLOWEST, 4, new long[0], 1, new GroupListener() {});
  private final InFlight inFlight = new InFlight(group, 0, CAPACITY);
  private final Status status = new Status();
  private long nowNs = 1_000_000_000L;
  private long sent;
  private long read;

  private void say() {
    status.receiverId = 1;
    status.readPosition = read;
    status.contiguousPosition = read;
    status.windowBytes = CAPACITY;
    group.onStatus(nowNs, status, ROUND_TRIP_NS, sent);
    inFlight.onStatus(nowNs, STATUS_NS);
  }

  /** A status every 100 us while the group reads at most so much, and the source has more. */
  private void run(long durationNs, double mostBytesPerNs) {
    long endNs = nowNs + durationNs;
    while (nowNs < endNs) {
      nowNs += 100_000;
      read += Math.min(sent - read, (long) (100_000 * mostBytesPerNs));
      say();
      sent = inFlight.sendLimit(sent, Long.MAX_VALUE, false);
    }
  }

  @Test
  void beginsWithTwoTrains() {
    assertEquals(InFlight.TWO_TRAINS_BYTES, inFlight.bytes());
  }

  @Test
  void growsToWhatIsReadInTheTimeOfARepairAndNoFurther() {
    run(50_000_000, 2.0);
    long wanted = 2 * REPAIR_NS;
    assertTrue(inFlight.bytes() > wanted * 9 / 10, () -> inFlight.bytes() + " of " + wanted);
    assertTrue(inFlight.bytes() <= wanted * 11 / 10, () -> inFlight.bytes() + " of " + wanted);
  }

  @Test
  void shrinksWhenTheGroupBecomesSlowAndNeverBelowTwoTrains() {
    run(50_000_000, 2.0);
    run(50_000_000, 0.5);
    long wanted = REPAIR_NS / 2;
    assertTrue(inFlight.bytes() <= wanted * 11 / 10, () -> inFlight.bytes() + " of " + wanted);
    run(100_000_000, 0.001);
    assertEquals(InFlight.TWO_TRAINS_BYTES, inFlight.bytes());
  }

  @Test
  void doesNotShrinkBecauseTheApplicationSendsLittle() {
    run(50_000_000, 2.0);
    long before = inFlight.bytes();
    for (int i = 0; i < 10_000; i++) {
      nowNs += 100_000;
      read = sent;
      sent += 10;
      say();
      assertTrue(inFlight.sendLimit(sent, sent, false) >= read + before);
    }
    assertTrue(inFlight.bytes() >= before);
  }

  @Test
  void waitsForRoomForWholeTrains() {
    sent = InFlight.TWO_TRAINS_BYTES;
    read = 40_000;
    say();
    assertEquals(sent, inFlight.sendLimit(sent, Long.MAX_VALUE, false));
    read = 70_000;
    say();
    assertEquals(sent + InFlight.TRAIN_BYTES, inFlight.sendLimit(sent, Long.MAX_VALUE, false));
  }

  @Test
  void aSmallRingDoesNotWaitForWholeTrains() {
    InFlight small = new InFlight(group, 0, 64 << 10);
    sent = 40_000;
    read = 20_000;
    say();
    assertEquals(sent + (16 << 10), small.sendLimit(sent, sent + 20_000, true));
  }

  @Test
  void sendsAtOnceWhatFitsUnlessTheRingIsFull() {
    sent = 50_000;
    read = 1000;
    say();
    long written = sent + 5_000;
    assertTrue(inFlight.sendLimit(sent, written, false) >= written);
    assertEquals(sent, inFlight.sendLimit(sent, written, true));
    read = sent; // nothing on its way: what there is goes, full or not
    say();
    assertTrue(inFlight.sendLimit(sent, written, true) >= written);
  }

  @Test
  void allowsAllWhileNobodyIsWaitedFor() {
    assertEquals(Group.NO_LIMIT, inFlight.sendLimit(0, Long.MAX_VALUE, false));
    inFlight.onStatus(nowNs, STATUS_NS);
    assertEquals(InFlight.TWO_TRAINS_BYTES, inFlight.bytes());
  }
}
