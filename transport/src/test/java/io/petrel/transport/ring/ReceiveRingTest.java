package io.petrel.transport.ring;

import static io.petrel.transport.ring.RingFixtures.receiveRing;
import static io.petrel.transport.ring.RingFixtures.record;
import static io.petrel.transport.ring.RingFixtures.replicate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.ControlledMessageHandler.Action;
import io.petrel.transport.ring.RingFixtures.Events;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReceiveRingTest {
  private static final int CAPACITY = 4096;

  private final Events events = new Events();
  private final SendRing sender = SendRing.exclusive(CAPACITY);
  private final ReceiveRing ring = receiveRing(CAPACITY, events);

  private long send(final String text) {
    final UnsafeBuffer source = new UnsafeBuffer(new byte[Math.max(1, text.length())]);
    source.putStringWithoutLengthAscii(0, text);
    return sender.offer(source, 0, text.length());
  }

  @Test
  void readsWhatCameInOrder() {
    send("one");
    final long end = send("two");
    assertEquals(32, replicate(sender, ring, 0, (int) end));

    assertEquals(2, ring.poll(events.handler(), 10));

    assertEquals(List.of("one@16", "two@32"), events.lines);
    assertEquals(32, ring.readPosition());
    assertEquals(0, ring.poll(events.handler(), 10));
  }

  @Test
  void showsNothingAboveTheFirstHole() {
    send("one");
    send("two");
    send("three");
    assertEquals(16, replicate(sender, ring, 16, 16));
    assertEquals(0, ring.poll(events.handler(), 10));
    assertEquals(0, ring.contiguousPosition());
    assertEquals(1, ring.holes().count());

    assertEquals(4, replicate(sender, ring, 0, 4));
    assertEquals(0, ring.poll(events.handler(), 10));
    assertEquals(12, replicate(sender, ring, 4, 12));
    assertEquals(32, ring.contiguousPosition());

    assertEquals(2, ring.poll(events.handler(), 10));
    assertEquals(List.of("one@16", "two@32"), events.lines);
  }

  @Test
  void deliversARecordOnlyWhenWhole() {
    final long end = send("a message of some length");
    for (int position = 0; position < end; position++) {
      assertEquals(0, ring.poll(events.handler(), 10), "before byte " + position);
      assertEquals(1, replicate(sender, ring, position, 1));
    }
    assertEquals(1, ring.poll(events.handler(), 10));
    assertEquals(List.of("a message of some length@32"), events.lines);
  }

  @Test
  void neverOverwritesWhatWasReceived() {
    send("first");
    send("other");
    replicate(sender, ring, 16, 16);
    replicate(sender, ring, 0, 10);
    final UnsafeBuffer lies = new UnsafeBuffer(new byte[32]);
    lies.setMemory(0, 32, (byte) 'x');

    assertEquals(6, ring.insert(0, lies, 0, 32), "only the hole from 10 to 16");
    assertEquals(0, ring.insert(0, lies, 0, 32));
    assertEquals(0, ring.insert(8, lies, 0, 8));

    assertEquals(2, ring.poll(events.handler(), 10));
    assertEquals(List.of("fixxx@16", "other@32"), events.lines);
  }

  @Test
  void refusesByNameWhatLiesOutsideTheWindow() {
    final UnsafeBuffer bytes = new UnsafeBuffer(new byte[CAPACITY + 8]);

    assertEquals(RingResult.OUTSIDE_WINDOW, ring.insert(CAPACITY, bytes, 0, 1));
    assertEquals(RingResult.OUTSIDE_WINDOW, ring.insert(1, bytes, 0, CAPACITY));
    assertEquals(RingResult.OUTSIDE_WINDOW, ring.insert(0, bytes, 0, CAPACITY + 1));
    assertEquals(RingResult.OUTSIDE_WINDOW, ring.insert(1L << 61, bytes, 0, 8));
    assertEquals(RingResult.BAD_RANGE, ring.insert(-8, bytes, 0, 16));
    assertEquals(RingResult.BAD_RANGE, ring.insert(0, bytes, 0, -1));
    assertEquals(RingResult.BAD_RANGE, ring.insert(Long.MAX_VALUE, bytes, 0, 8));
    assertEquals(RingResult.BAD_RANGE, ring.insert(Long.MAX_VALUE - 7, bytes, 0, 8));
    assertEquals(0, ring.insert(0, bytes, 0, 0));
    assertEquals(0, ring.holes().highest());
    assertEquals(CAPACITY, ring.windowEnd());
  }

  @Test
  void theWindowMovesWithTheReaderOnly() {
    while (send("x".repeat(120)) > 0) {}
    replicate(sender, ring, 0, CAPACITY);
    final UnsafeBuffer next = new UnsafeBuffer(new byte[8]);
    assertEquals(RingResult.OUTSIDE_WINDOW, ring.insert(CAPACITY, next, 0, 8));

    assertEquals(1, ring.poll(events.handler(), 1));

    assertEquals(CAPACITY + 128, ring.windowEnd());
    assertEquals(8, ring.insert(CAPACITY, next, 0, 8));
    assertEquals(RingResult.OUTSIDE_WINDOW, ring.insert(CAPACITY + 121, next, 0, 8));
  }

  @Test
  void refusesOneHoleTooMany() {
    final UnsafeBuffer bytes = new UnsafeBuffer(new byte[256]);
    for (int i = 0; i < 64; i++) {
      assertEquals(1, ring.insert(1 + 2 * i, bytes, 0, 1));
    }
    assertEquals(RingResult.TOO_MANY_HOLES, ring.insert(300, bytes, 0, 1));
    assertEquals(64, ring.holes().count());
    assertEquals(64, ring.insert(0, bytes, 0, 128), "filling goes on");
    assertEquals(128, ring.contiguousPosition());
  }

  @Test
  void asksForMemoryAtTheFirstByteAndGivesItBack() {
    final RingMemory memory = new RingMemory(CAPACITY);
    final ReceiveRing idle = new ReceiveRing(CAPACITY, 0, 4, memory, RingFixtures.header(), events);
    final ReceiveRing busy = new ReceiveRing(CAPACITY, 0, 4, memory, RingFixtures.header(), events);
    final UnsafeBuffer bytes = record(16, RecordLayout.TYPE_MESSAGE, 16);
    assertEquals(0, idle.poll(events.handler(), 1));
    assertEquals(0, memory.bytesInUse());

    assertEquals(16, busy.insert(0, bytes, 0, 16));
    assertEquals(CAPACITY, memory.bytesInUse());
    assertEquals(RingResult.NO_MEMORY, idle.insert(0, bytes, 0, 16));
    busy.giveBack();
    busy.giveBack();

    assertEquals(0, memory.bytesInUse());
    assertEquals(1, busy.poll(events.handler(), 1), "the reader still may");
    assertEquals(16, idle.insert(0, bytes, 0, 16));
  }

  @Test
  void aMessageWhoseHandlerThrewIsConsumed() {
    send("one");
    send("two");
    replicate(sender, ring, 0, 32);

    final int read =
        ring.poll(
            (buffer, offset, length, header) -> {
              throw new IllegalStateException("no " + header.position());
            },
            10);

    assertEquals(2, read);
    assertEquals(32, ring.readPosition());
    assertEquals(List.of("error no 16", "error no 32"), events.lines);
  }

  @Test
  void aControlledPollGoesOnAsTheHandlerSays() {
    for (final String text : List.of("a", "b", "c", "d", "e", "f")) {
      send(text);
    }
    replicate(sender, ring, 0, 96);
    final StringBuilder seen = new StringBuilder();

    assertEquals(
        2,
        ring.controlledPoll(
            (buffer, offset, length, header) -> {
              final char letter = (char) buffer.getByte(offset);
              seen.append(letter);
              assertEquals(0, ring.readPosition());
              return letter == 'c' ? Action.ABORT : Action.CONTINUE;
            },
            10));
    assertEquals(32, ring.readPosition(), "c comes again");
    assertEquals(
        2,
        ring.controlledPoll(
            (buffer, offset, length, header) -> {
              final char letter = (char) buffer.getByte(offset);
              seen.append(letter);
              assertEquals(letter == 'd' ? 48 : 32, ring.readPosition());
              return letter == 'c' ? Action.COMMIT : Action.BREAK;
            },
            10));
    assertEquals(64, ring.readPosition());
    assertEquals(
        1,
        ring.controlledPoll(
            (buffer, offset, length, header) -> {
              throw new IllegalStateException("e");
            },
            1));

    assertEquals("abccd", seen.toString());
    assertEquals(List.of("error e"), events.lines);
    assertEquals(80, ring.readPosition());
  }

  @Test
  void aPollFromWithinAHandlerReadsNothing() {
    send("one");
    send("two");
    replicate(sender, ring, 0, 32);

    assertEquals(
        2,
        ring.poll(
            (buffer, offset, length, header) -> {
              assertEquals(0, ring.poll(events.handler(), 10));
              assertEquals(0, ring.controlledPoll((b, o, l, h) -> Action.CONTINUE, 10));
            },
            10));
    assertEquals(List.of(), events.lines);
  }

  @Test
  void anErrorInTheListenerLeavesTheRingUsable() {
    send("one");
    send("two");
    final ReceiveRing fragile =
        new ReceiveRing(
            CAPACITY,
            0,
            4,
            RingMemory.unlimited(),
            RingFixtures.header(),
            new ReceiveRing.Listener() {
              @Override
              public void onHandlerError(final Throwable error) {
                throw new IllegalStateException(error);
              }

              @Override
              public void onLoss(final long fromPosition, final long toPosition) {}
            });
    replicate(sender, fragile, 0, 32);

    assertThrows(
        IllegalStateException.class,
        () ->
            fragile.poll(
                (buffer, offset, length, header) -> {
                  throw new IllegalArgumentException("x");
                },
                10));

    assertEquals(16, fragile.readPosition());
    assertEquals(1, fragile.poll(events.handler(), 10));
    assertEquals(List.of("two@32"), events.lines);
  }

  @Test
  void goesOnAtARecordBehindWhatCannotBeRepaired() {
    for (final String text : List.of("one", "two", "three", "four", "five")) {
      send(text);
    }
    replicate(sender, ring, 0, 20);
    replicate(sender, ring, 48, 16);
    assertEquals(0, ring.skipTo(48));
    assertEquals(64, ring.contiguousPosition());
    assertEquals(0, ring.holes().count());
    assertEquals(0, replicate(sender, ring, 20, 28), "given up");
    assertEquals(16, replicate(sender, ring, 64, 16));

    assertEquals(3, ring.poll(events.handler(), 10));

    assertEquals(List.of("one@16", "loss 16-48", "four@64", "five@80"), events.lines);
  }

  @Test
  void aControlledPollTellsTheLossToo() {
    send("one");
    send("two");
    send("three");
    replicate(sender, ring, 0, 16);
    replicate(sender, ring, 32, 16);
    assertEquals(0, ring.skipTo(32));

    assertEquals(1, ring.controlledPoll((b, o, l, h) -> Action.ABORT, 1) + 1);
    assertEquals(List.of(), events.lines);
    assertEquals(2, ring.controlledPoll((b, o, l, h) -> Action.CONTINUE, 5));
    assertEquals(List.of("loss 16-32"), events.lines);
  }

  @Test
  void oneSkipWaitsForTheReaderAndFarOnesMoveTheWindow() {
    send("one");
    replicate(sender, ring, 0, 16);
    final long far = 10L * CAPACITY;
    assertEquals(RingResult.BAD_RANGE, ring.skipTo(16), "nothing to skip");
    assertEquals(RingResult.BAD_RANGE, ring.skipTo(far + 4), "no record begins there");
    assertEquals(RingResult.BAD_RANGE, ring.skipTo(Long.MAX_VALUE));
    assertEquals(0, ring.skipTo(far));
    assertEquals(RingResult.SKIP_PENDING, ring.skipTo(far + 64));
    final UnsafeBuffer message = record(8, RecordLayout.TYPE_MESSAGE, 8);
    assertEquals(RingResult.OUTSIDE_WINDOW, ring.insert(far, message, 0, 8));

    assertEquals(1, ring.poll(events.handler(), 10));
    assertEquals(far, ring.readPosition());
    assertEquals(8, ring.insert(far, message, 0, 8));
    assertEquals(1, ring.poll(events.handler(), 10));
    assertEquals(0, ring.skipTo(far + 64));
    assertEquals(0, ring.poll(events.handler(), 10));

    assertEquals(
        List.of(
            "one@16", "loss 16-" + far, "@" + (far + 8), "loss " + (far + 8) + "-" + (far + 64)),
        events.lines);
  }

  @ParameterizedTest
  @CsvSource({
    // length, type, bytes before it, result
    "0, 1, 0, BAD_RECORD_LENGTH",
    "7, 1, 0, BAD_RECORD_LENGTH",
    "-1, 1, 0, BAD_RECORD_LENGTH",
    "-2147483648, 1, 0, BAD_RECORD_LENGTH",
    "2147483647, 1, 0, BAD_RECORD_LENGTH",
    "521, 1, 0, BAD_RECORD_LENGTH",
    "521, -2, 0, BAD_RECORD_LENGTH",
    "0, -1, 0, BAD_RECORD_LENGTH",
    "16, 0, 0, BAD_RECORD_TYPE",
    "16, 2, 0, BAD_RECORD_TYPE",
    "16, -3, 0, BAD_RECORD_TYPE",
    "16, 65537, 0, BAD_RECORD_TYPE",
    "16, -1, 0, BAD_PADDING",
    "128, -1, 3960, BAD_PADDING",
    "136, -1, 3952, BAD_PADDING",
    "160, -1, 3944, BAD_PADDING",
    "153, 1, 3944, RECORD_ACROSS_WRAP",
    "153, -2, 3944, RECORD_ACROSS_WRAP",
    "520, 1, 3944, RECORD_ACROSS_WRAP",
  })
  void theFirstBreachEndsTheReading(
      final int length, final int type, final long before, final String result) {
    final ReceiveRing hostile = receiveRing(CAPACITY, before, events);
    hostile.insert(before, record(length, type, 64), 0, 64);

    final int polled = hostile.poll(events.handler(), 10);

    assertEquals(result, RingResult.name(polled));
    assertEquals(result, RingResult.name(hostile.breach()));
    assertEquals(result, RingResult.name(hostile.poll(events.handler(), 10)));
    assertEquals(
        result, RingResult.name(hostile.controlledPoll((b, o, l, h) -> Action.CONTINUE, 10)));
    assertEquals(before, hostile.readPosition());
    assertEquals(List.of(), events.lines);
  }

  @Test
  void whatCameBeforeABreachIsDelivered() {
    ring.insert(0, record(16, RecordLayout.TYPE_MESSAGE, 16), 0, 16);
    ring.insert(16, record(5, RecordLayout.TYPE_MESSAGE, 8), 0, 8);

    assertEquals(1, ring.poll((buffer, offset, length, header) -> {}, 10));
    assertEquals(RingResult.BAD_RECORD_LENGTH, ring.breach());
    assertEquals(RingResult.BAD_RECORD_LENGTH, ring.poll(events.handler(), 10));
  }

  @Test
  void wellFormedEdgesAreNoBreach() {
    final ReceiveRing atEnd = receiveRing(CAPACITY, CAPACITY - 152, events);
    atEnd.insert(CAPACITY - 152, record(152, RecordLayout.TYPE_MESSAGE, 152), 0, 152);
    atEnd.insert(CAPACITY, record(520, RecordLayout.TYPE_SKIP, 520), 0, 520);
    atEnd.insert(CAPACITY + 520, record(8, RecordLayout.TYPE_MESSAGE, 8), 0, 8);
    assertEquals(2, atEnd.poll((buffer, offset, length, header) -> {}, 10));

    final ReceiveRing padded = receiveRing(CAPACITY, CAPACITY - 8, events);
    padded.insert(CAPACITY - 8, record(8, RecordLayout.TYPE_PADDING, 8), 0, 8);
    padded.insert(CAPACITY, record(520, RecordLayout.TYPE_MESSAGE, 520), 0, 520);
    assertEquals(1, padded.poll((buffer, offset, length, header) -> {}, 10));
    assertEquals(CAPACITY + 520, padded.readPosition());
    assertTrue(atEnd.breach() == 0 && padded.breach() == 0);
  }
}
