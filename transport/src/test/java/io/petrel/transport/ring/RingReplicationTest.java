package io.petrel.transport.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.ControlledMessageHandler.Action;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One ring replicated into another through a network that reorders, repeats, cuts and loses,
 * against a plain list of what was offered. Everything follows from the seed.
 */
class RingReplicationTest {
  private static final int CAPACITY = 4096;
  private static final int STEPS = 20_000;

  private record Range(long position, int length) {}

  static List<Integer> seeds() {
    final List<Integer> seeds = new ArrayList<>();
    for (int seed = 1; seed <= 24; seed++) {
      seeds.add(seed);
    }
    return seeds;
  }

  private Random random = new Random();
  private SendRing sender = SendRing.exclusive(CAPACITY);
  private ReceiveRing receiver = RingFixtures.receiveRing(CAPACITY, new RingFixtures.Events());
  private String what = "";
  private int nextNumber;
  private int nextRead;
  private int backPressured;
  private int wraps;
  private int refused;
  private final List<Range> network = new ArrayList<>();
  private final ArrayDeque<int[]> offered = new ArrayDeque<>();
  private final TreeMap<Long, Integer> recordStarts = new TreeMap<>();
  private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[CAPACITY]);

  @ParameterizedTest
  @MethodSource("seeds")
  void whatIsReadIsWhatWasOfferedInOrderExactlyOnce(final int seed) {
    random = new Random(seed);
    final long initial = (long) random.nextInt(1 << 20) * 8;
    final long unsentLimit = seed % 3 == 0 ? 700 : SendRing.UNLIMITED;
    sender =
        seed % 2 == 0
            ? SendRing.exclusive(CAPACITY, initial, unsentLimit, RingMemory.unlimited())
            : SendRing.shared(CAPACITY, initial, unsentLimit, RingMemory.unlimited());
    final RingFixtures.Events events = new RingFixtures.Events();
    receiver =
        new ReceiveRing(
            CAPACITY, initial, 5, RingMemory.unlimited(), RingFixtures.header(), events);

    for (int step = 0; step < STEPS; step++) {
      what = "seed " + seed + " step " + step;
      switch (random.nextInt(8)) {
        case 0, 1 -> offer();
        case 2 -> claim();
        case 3, 4 -> send();
        case 5 -> receive();
        case 6 -> read();
        default -> acknowledge();
      }
    }
    finish();

    assertEquals(nextNumber, nextRead, what);
    assertEquals(List.of(), events.lines, what);
    assertTrue(nextNumber > 1000 && wraps > 50, what + ": " + nextNumber + ", " + wraps);
    assertTrue(backPressured > 0 && refused > 0, what + ": " + backPressured + ", " + refused);
  }

  private int randomLength() {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(16);
      case 1 -> CAPACITY / 8 - random.nextInt(16);
      default -> random.nextInt(200);
    };
  }

  private void fill(final UnsafeBuffer target, final int index, final int length) {
    for (int i = 0; i < length; i++) {
      target.putByte(index + i, (byte) (nextNumber * 7 + i));
    }
  }

  private void offer() {
    final int length = randomLength();
    fill(bytes, 3, length);
    final long claimed = sender.claimedPosition();
    final long end =
        random.nextBoolean()
            ? sender.offer(bytes, 3, length)
            : sender.offer(bytes, 3, length / 3, bytes, 3 + length / 3, length - length / 3);
    accepted(claimed, end, length, true);
  }

  private void claim() {
    final int length = randomLength();
    final long claimed = sender.claimedPosition();
    final long position = sender.tryClaim(length);
    if (position < 0) {
      accepted(claimed, position, length, false);
      return;
    }
    fill(sender.buffer(), sender.payloadIndex(position), length);
    final boolean commit = random.nextInt(3) > 0;
    final long end = commit ? sender.commit(position) : sender.abort(position);
    if (commit || sender.claimedPosition() > claimed) {
      accepted(claimed, end, length, commit);
    }
  }

  private void accepted(
      final long claimed, final long end, final int length, final boolean message) {
    if (end < 0) {
      assertEquals("BACK_PRESSURED", RingResult.name(end), what);
      backPressured++;
      return;
    }
    final long start = end - RecordLayout.requiredLength(length);
    if (start != claimed) {
      recordStarts.put(claimed, 0);
      wraps++;
    }
    recordStarts.put(start, 0);
    if (message) {
      offered.add(new int[] {nextNumber, length});
      nextNumber++;
    }
    assertEquals(end, sender.writtenPosition(), what);
  }

  private void send() {
    final long sent = sender.sentPosition();
    final long acknowledged = sender.acknowledgedPosition();
    final long written = sender.writtenPosition();
    final long from =
        switch (random.nextInt(6)) {
          case 0 -> acknowledged;
          case 1 -> acknowledged + random.nextInt((int) (sent - acknowledged) + 1);
          default -> sent;
        };
    final int length = (int) Math.min(written - from, 1 + random.nextInt(400));
    if (length > 0) {
      checkFirstRecordOffset(from, length);
      network.add(new Range(from, length));
      sender.sentPosition(Math.max(sent, from + length));
    }
  }

  private void checkFirstRecordOffset(final long position, final int length) {
    final Long first = recordStarts.ceilingKey(position);
    final int expected = first != null && first < position + length ? (int) (first - position) : -1;
    assertEquals(expected, sender.firstRecordOffset(position, length), what);
  }

  private void receive() {
    for (int i = random.nextInt(6); i > 0 && !network.isEmpty(); i--) {
      final int at = random.nextInt(Math.min(6, network.size()));
      final Range range = network.get(at);
      // The bytes of a range freed meanwhile are gone: only what is there can be sent again.
      final boolean there = range.position >= sender.acknowledgedPosition();
      if (!there || random.nextInt(5) > 0) {
        network.remove(at); // Else it comes again.
      }
      if (there && random.nextInt(10) > 0) {
        if (RingFixtures.replicate(sender, receiver, range.position, range.length) < 0) {
          refused++;
        }
      }
    }
  }

  private void read() {
    final int limit = 1 + random.nextInt(20);
    if (random.nextBoolean()) {
      receiver.poll((buffer, offset, length, header) -> check(buffer, offset, length), limit);
    } else {
      receiver.controlledPoll(
          (buffer, offset, length, header) -> {
            if (random.nextInt(6) == 0) {
              return Action.ABORT;
            }
            check(buffer, offset, length);
            return random.nextInt(6) == 0 ? Action.BREAK : Action.COMMIT;
          },
          limit);
    }
    assertEquals(0, receiver.breach(), what);
  }

  private void check(final DirectBuffer buffer, final int offset, final int length) {
    final int[] expected = offered.remove();
    assertEquals(nextRead, expected[0], what);
    assertEquals(expected[1], length, what);
    for (int i = 0; i < length; i++) {
      if (buffer.getByte(offset + i) != (byte) (nextRead * 7 + i)) {
        assertEquals((byte) (nextRead * 7 + i), buffer.getByte(offset + i), what + " byte " + i);
      }
    }
    nextRead++;
  }

  private void acknowledge() {
    assertTrue(sender.acknowledge(receiver.contiguousPosition()), what);
    recordStarts.headMap(Math.max(0, sender.acknowledgedPosition() - CAPACITY)).clear();
  }

  private void finish() {
    while (receiver.readPosition() < sender.writtenPosition()) {
      final long from = receiver.contiguousPosition();
      final int length = (int) Math.min(512, sender.writtenPosition() - from);
      if (length > 0) {
        assertEquals(
            true, RingFixtures.replicate(sender, receiver, from, length) > 0, what + " at the end");
        sender.sentPosition(Math.max(sender.sentPosition(), from + length));
      }
      receiver.poll((buffer, offset, n, header) -> check(buffer, offset, n), 1000);
    }
  }
}
