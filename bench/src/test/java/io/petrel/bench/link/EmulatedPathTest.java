package io.petrel.bench.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.bench.cli.LinkQuantities;
import io.petrel.bench.link.EmulatedPath.Side;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The emulator without its devices: the time is told, so every figure is exact. */
class EmulatedPathTest {
  private static final int PACKET_BYTES = 1_250; // 10,000 bits: 100 us at 100 mbit
  private static final long TRANSMISSION_NS = 100_000;
  private static final long DELAY_NS = 10_000_000;

  private final LinkOptions options = new LinkOptions();
  private final UnsafeBuffer packet = new UnsafeBuffer(new byte[PACKET_BYTES]);
  private final List<Long> arrivals = new ArrayList<>();
  private final List<Long> sequences = new ArrayList<>();
  private long nowNs;

  EmulatedPathTest() {
    options.loss = 0;
  }

  private void collect(DirectBuffer buffer, int offset, int length) {
    assertEquals(PACKET_BYTES, length);
    arrivals.add(nowNs);
    sequences.add(buffer.getLong(offset));
  }

  /** Sends so many packets in at one side, and takes everything out at the other when due. */
  private EmulatedPath carry(Side from, int packets, long intervalNs) {
    EmulatedPath path = new EmulatedPath(options, 7);
    Side to = from == Side.FIRST ? Side.SECOND : Side.FIRST;
    for (int i = 0; i < packets; i++) {
      runUntil(path, to, i * intervalNs);
      packet.putLong(0, i);
      path.accept(from, packet, 0, PACKET_BYTES);
    }
    runUntil(path, to, Long.MAX_VALUE);
    return path;
  }

  private void runUntil(EmulatedPath path, Side to, long untilNs) {
    while (path.nextEventNs() <= untilNs && path.nextEventNs() != Long.MAX_VALUE) {
      nowNs = path.nextEventNs();
      path.advanceTo(nowNs);
      path.deliver(to, this::collect);
    }
    if (untilNs != Long.MAX_VALUE) {
      nowNs = untilNs;
      path.advanceTo(untilNs);
    }
  }

  private static void assertNear(long expected, long actual, long tolerance) {
    assertTrue(Math.abs(actual - expected) <= tolerance, actual + ", not about " + expected);
  }

  @Test
  void takesTheTransmissionAndHalfTheRoundTrip() {
    carry(Side.FIRST, 1, 0);
    assertEquals(List.of(TRANSMISSION_NS + DELAY_NS), arrivals);
  }

  @Test
  void chargesAPacketItsOwnLengthAndNoHeadersOnTop() {
    carry(Side.SECOND, 1_000, 0);
    assertEquals(1_000, arrivals.size());
    assertEquals(1_000 * TRANSMISSION_NS + DELAY_NS, arrivals.getLast());
  }

  @Test
  void dropsWhatWouldWaitLongerThanTheQueueHolds() {
    options.queue = new LinkQuantities.Queue(Integer.MAX_VALUE, 10 * TRANSMISSION_NS);
    LinkAccounts accounts = carry(Side.FIRST, 100, 0).accounts();
    assertEquals(11, accounts.forward().delivered());
    assertEquals(89, accounts.forward().queueDrops());
    assertEquals(10 * TRANSMISSION_NS, accounts.forward().maxQueueDelayNs());
  }

  @Test
  void losesTheShareItWasToldEachWayWithDrawsOfItsOwn() {
    options.loss = 0.01;
    options.lossBack = 0.1;
    int packets = 100_000;
    LinkAccounts there = carry(Side.FIRST, packets, TRANSMISSION_NS).accounts();
    LinkAccounts back = carry(Side.SECOND, packets, TRANSMISSION_NS).accounts();
    // Three standard deviations are 94 and 285.
    assertNear(1_000, there.forward().lost(), 100);
    assertNear(10_000, back.back().lost(), 300);
    assertEquals(there.forward().lost(), there.injectedDrops());
    assertEquals(back.back().lost(), back.injectedDrops());
  }

  @Test
  void losesInBurstsWithoutLosingMore() {
    options.loss = 0.05;
    options.meanBurst = 5;
    int packets = 100_000;
    long lost = carry(Side.FIRST, packets, TRANSMISSION_NS).accounts().forward().lost();
    long bursts = 0;
    for (int i = 1; i < sequences.size(); i++) {
      bursts += sequences.get(i) - sequences.get(i - 1) > 1 ? 1 : 0;
    }
    assertEquals(0.05, (double) lost / packets, 0.005);
    assertEquals(5, (double) lost / bursts, 0.5);
  }

  @Test
  void holdsBackAndRepeatsTheSharesItWasTold() {
    options.reordering = new LinkQuantities.Reordering(0.02, 1_000_000);
    options.duplicate = 0.03;
    LinkAccounts.Direction forward =
        carry(Side.FIRST, 10_000, TRANSMISSION_NS).accounts().forward();
    long overtaken = 0;
    long repeated = 0;
    for (int i = 1; i < sequences.size(); i++) {
      overtaken += sequences.get(i) < sequences.get(i - 1) ? 1 : 0;
      repeated += sequences.get(i).equals(sequences.get(i - 1)) ? 1 : 0;
    }
    assertNear(200, forward.reordered(), 45);
    assertNear(300, forward.duplicated(), 55);
    assertEquals(10_000 + forward.duplicated(), sequences.size());
    assertTrue(overtaken > forward.reordered() / 2, overtaken + " of " + forward.reordered());
    assertTrue(repeated > forward.duplicated() / 2, repeated + " of " + forward.duplicated());
  }

  @Test
  void accountsForEveryPacketAtAnyTime() {
    options.loss = 0.05;
    options.duplicate = 0.05;
    options.reordering = new LinkQuantities.Reordering(0.05, 3_000_000);
    options.queue = new LinkQuantities.Queue(20, Long.MAX_VALUE);
    EmulatedPath path = new EmulatedPath(options, 3);
    long mostInFlight = 0;
    for (int i = 0; i < 5_000; i++) {
      runUntil(path, Side.SECOND, i * TRANSMISSION_NS * 9 / 10);
      packet.putLong(0, i);
      path.accept(Side.FIRST, packet, 0, PACKET_BYTES);
      LinkAccounts accounts = path.accounts();
      mostInFlight = Math.max(mostInFlight, accounts.inFlight());
      assertTrue(accounts.isBalanced(), accounts.toString());
    }
    runUntil(path, Side.SECOND, Long.MAX_VALUE);
    LinkAccounts accounts = path.accounts();
    LinkAccounts.Direction forward = accounts.forward();
    assertTrue(mostInFlight > 100, mostInFlight + " in flight at most");
    assertTrue(forward.queueDrops() > 100, accounts.toString());
    assertTrue(forward.lost() > 100, accounts.toString());
    assertEquals(0, accounts.inFlight());
    assertEquals(forward.delivered(), sequences.size());
    assertEquals(
        forward.entered() + forward.duplicated(),
        forward.delivered() + forward.lost() + forward.queueDrops());
  }

  @Test
  void anUnbalancedAccountIsSaidToBeOne() {
    LinkAccounts.Direction none = new LinkAccounts.Direction(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    LinkAccounts.Direction vanished = new LinkAccounts.Direction(5, 0, 3, 0, 1, 0, 0, 0, 0, 0);
    assertEquals(false, new LinkAccounts(vanished, none, 0).isBalanced());
    assertEquals(true, new LinkAccounts(vanished, none, 1).isBalanced());
  }
}
