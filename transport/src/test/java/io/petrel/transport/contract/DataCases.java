package io.petrel.transport.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.Claim;
import io.petrel.transport.ControlledMessageHandler.Action;
import io.petrel.transport.MessageHandler;
import io.petrel.transport.MessageParts;
import io.petrel.transport.Publication;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What was accepted arrives: all of it, in order, once, undamaged. */
abstract class DataCases extends ContractBase {
  private long expected;

  DataCases(TransportUnderTest transport, Threading threading) {
    super(transport, threading);
  }

  /** Lengths that differ from message to message, so that records begin at every place. */
  static int lengthOf(long number, int limit) {
    return (int) ((number * 7_919) % (limit + 1));
  }

  private MessageHandler expecting(int limit) {
    return (buffer, offset, length, header) -> {
      Messages.verify(buffer, offset, length, 0, expected, lengthOf(expected, limit));
      expected++;
    };
  }

  private void exchange(Subscription subscription, Publication publication, int count, int limit) {
    MessageHandler handler = expecting(limit);
    for (int i = 0; i < count; i++) {
      offer(publication, 0, i, lengthOf(i, limit), () -> subscription.poll(handler, 16));
      if (i % 8 == 0) {
        subscription.poll(handler, 16);
      }
    }
    await(
        "all messages",
        () -> {
          subscription.poll(handler, 64);
          return expected == count || !errors.isEmpty();
        });
    assertEquals(List.of(), errors);
    assertEquals(0, subscription.poll(handler, 64), "nothing comes twice");
  }

  @Test
  void deliversInOrderExactlyOnce() {
    Subscription subscription = subscribe("");
    exchange(subscription, publish(subscription, "", false), 50_000, 300);
  }

  @Test
  void deliversInOrderFromAnExclusivePublication() {
    Subscription subscription = subscribe(SMALL_RING);
    exchange(subscription, publish(subscription, SMALL_RING, true), 50_000, 300);
  }

  @Test
  void carriesEverySizeUpToTheLimitAndRefusesMore() {
    Subscription subscription = subscribe(SMALL_RING);
    Publication publication = publish(subscription, SMALL_RING, false);
    int limit = publication.messageLimit();
    assertEquals(transport().messageLimit(16 * 1024), limit, "an eighth of the ring");
    for (int length = 0; length <= limit; length++) {
      int sent = length;
      offer(publication, 0, length, length, () -> {});
      receive(
          subscription,
          (buffer, offset, received, header) ->
              Messages.verify(buffer, offset, received, 0, sent, sent),
          1);
    }
    assertEquals(List.of(), errors);
    long tooLarge = Publication.MESSAGE_TOO_LARGE;
    assertEquals(tooLarge, publication.offer(message, 0, limit + 1));
    assertEquals(tooLarge, publication.tryClaim(limit + 1, new Claim()));
    assertEquals(tooLarge, publication.offer(message, 0, limit, message, 0, 1));
    MessageParts parts = new MessageParts(2).add(message, 0, limit).add(message, 0, 1);
    assertEquals(tooLarge, publication.offer(parts));
  }

  @Test
  void wrapsWithEveryPadding() {
    Subscription subscription = subscribe("ring=4KiB");
    Publication publication = publish(subscription, "ring=4KiB", false);
    int limit = publication.messageLimit();
    // Whatever the place before the wrap, the largest message does not fit: every padding occurs.
    long number = 0;
    for (int place = 0; place <= limit; place += 8) {
      for (int i = 0; i < 12; i++) {
        int length = i == 0 ? place : limit;
        long current = number++;
        offer(publication, 0, current, length, () -> {});
        receive(
            subscription,
            (buffer, offset, received, header) ->
                Messages.verify(buffer, offset, received, 0, current, length),
            1);
      }
    }
    assertEquals(List.of(), errors);
  }

  @Test
  void keepsTheOrderOfEachOfManyProducers() throws Exception {
    int producers = 4;
    int count = 5_000;
    Subscription subscription = subscribe("ring=64KiB");
    Publication publication = publish(subscription, "ring=64KiB", false);
    long[] next = new long[producers];
    try (Workers workers = new Workers()) {
      for (int producer = 0; producer < producers; producer++) {
        int sender = producer;
        workers.start(() -> produce(publication, sender, count));
      }
      receive(
          subscription,
          (buffer, offset, length, header) -> {
            int sender = Messages.sender(buffer, offset);
            Messages.verify(buffer, offset, length, sender, next[sender]++, 48);
          },
          (long) producers * count);
    }
    assertEquals(List.of(), errors);
    for (long messages : next) {
      assertEquals(count, messages);
    }
  }

  /** Claims every other message and aborts one claim in eight. */
  private static void produce(Publication publication, int sender, int count) {
    UnsafeBuffer own = new UnsafeBuffer(new byte[48]);
    Claim claim = new Claim();
    long startNs = System.nanoTime();
    for (int i = 0; i < count; ) {
      long result;
      if (i % 2 == 0) {
        Messages.fill(own, sender, i, 48);
        result = publication.offer(own, 0, 48);
      } else {
        if (i % 8 == 1 && publication.tryClaim(24, claim) > 0) {
          claim.abort();
        }
        result = publication.tryClaim(48, claim);
        if (result > 0) {
          Messages.fill(own, sender, i, 48);
          claim.buffer().putBytes(0, own, 0, 48);
          claim.commit();
        }
      }
      if (result > 0) {
        i++;
      } else {
        assertEquals(Publication.BACK_PRESSURED, result, Publication.nameOf(result));
        assertTrue(System.nanoTime() - startNs < DEADLINE_NS, "stuck at message " + i);
        YIELD.idle();
      }
    }
  }

  @Test
  void pressesBackForASlowReaderAndResumes() {
    Subscription subscription = subscribe(SMALL_RING);
    Publication publication = publish(subscription, SMALL_RING, false);
    long accepted = 0;
    for (int round = 0; round < 20; round++) {
      long before = accepted;
      accepted += fill(publication, accepted);
      assertTrue(accepted - before <= 1_000, "a full ring accepts no more: " + (accepted - before));
      long expectedEnd = accepted;
      receive(subscription, expecting(200), expectedEnd - before);
      assertEquals(expectedEnd, expected);
    }
    if (transport().acknowledges()) {
      await("acknowledgement", () -> publication.drain(0, TimeUnit.SECONDS));
    }
    assertEquals(List.of(), errors);
  }

  /** Offers until the ring and everything behind it is full for good. */
  private long fill(Publication publication, long from) {
    long accepted = 0;
    int refusals = 0;
    while (refusals < 2_000 && accepted <= 1_000) {
      long number = from + accepted;
      Messages.fill(message, 0, number, lengthOf(number, 200));
      long result = publication.offer(message, 0, lengthOf(number, 200));
      if (result > 0) {
        accepted++;
        refusals = 0;
      } else {
        assertEquals(Publication.BACK_PRESSURED, result, Publication.nameOf(result));
        refusals++;
        left.work();
        right.work();
        YIELD.idle();
      }
    }
    return accepted;
  }

  @Test
  void gathersAMessageFromPieces() {
    Subscription subscription = subscribe("");
    Publication publication = publish(subscription, "", true);
    Messages.fill(message, 0, 1, 100);
    assertTrue(publication.offer(message, 0, 24, message, 24, 76) > 0);
    MessageParts parts = new MessageParts(1);
    parts.add(message, 0, 8).add(message, 8, 0).add(message, 8, 50).add(message, 58, 42);
    assertTrue(publication.offer(parts) > 0);
    receive(
        subscription,
        (buffer, offset, length, header) -> Messages.verify(buffer, offset, length, 0, 1, 100),
        2);
    assertEquals(List.of(), errors);
  }

  @Test
  void showsClaimsOnlyWhenCommitted() {
    Subscription subscription = subscribe("");
    Publication publication = publish(subscription, "", true);
    Claim claim = new Claim();
    assertTrue(publication.tryClaim(16, claim) > 0);
    claim.buffer().putLong(0, 1);
    claim.abort();
    assertThrows(IllegalStateException.class, claim::commit, "one end for each claim");
    long position = publication.tryClaim(16, claim);
    assertEquals(16, claim.length());
    claim.buffer().putLong(0, 2);
    claim.buffer().putLong(8, 3);
    claim.commit();
    List<Long> received = new ArrayList<>();
    receive(
        subscription,
        (buffer, offset, length, header) -> {
          received.add(buffer.getLong(offset));
          received.add(buffer.getLong(offset + 8));
          received.add(header.position());
        },
        1);
    assertEquals(List.of(2L, 3L, position), received);
  }

  @Test
  void obeysTheHandlerOfAControlledPoll() {
    Subscription subscription = subscribe("");
    Publication publication = publish(subscription, "", false);
    for (int i = 0; i < 6; i++) {
      offer(publication, 0, i, 8, () -> {});
    }
    List<Long> seen = new ArrayList<>();
    long[] refusals = {2};
    await(
        "six messages under control",
        () -> {
          subscription.controlledPoll(
              (buffer, offset, length, header) -> {
                long number = Messages.number(buffer, offset);
                if (number == 3 && refusals[0]-- > 0) {
                  return Action.ABORT;
                }
                seen.add(number);
                return number == 1 ? Action.BREAK : number == 4 ? Action.COMMIT : Action.CONTINUE;
              },
              10);
          return seen.size() >= 6;
        });
    assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L), seen, "an aborted message comes again");
    assertEquals(-1, refusals[0], "message 3 was refused twice");
  }

  @Test
  void countsAMessageWhoseHandlerThrewAsConsumed() {
    Subscription subscription = subscribe("");
    Publication publication = publish(subscription, "", false);
    for (int i = 0; i < 3; i++) {
      offer(publication, 0, i, 8, () -> {});
    }
    List<Long> seen = new ArrayList<>();
    receive(
        subscription,
        (buffer, offset, length, header) -> {
          seen.add(Messages.number(buffer, offset));
          if (seen.size() == 2) {
            throw new IllegalStateException("thrown by the handler of the test");
          }
        },
        3);
    assertEquals(List.of(0L, 1L, 2L), seen);
    assertEquals(1, errors.size(), errors.toString());
    assertEquals("thrown by the handler of the test", errors.getFirst().getMessage());
  }

  @Test
  void tellsWhatThePeerHas() {
    Subscription subscription = subscribe("");
    Publication publication = publish(subscription, "", false);
    long before = publication.position();
    long position = offer(publication, 0, 0, 100, () -> {});
    assertTrue(position > before);
    assertEquals(position, publication.position());
    receive(subscription, (buffer, offset, length, header) -> {}, 1);
    await("acknowledgement", () -> publication.acknowledgedPosition() == position);
    assertTrue(publication.drain(0, TimeUnit.SECONDS), "there is nothing to wait for");
  }

  @Test
  void tearsNothingAtFullSpeed() {
    int count = 100_000;
    Subscription subscription = subscribe("ring=64KiB");
    Publication publication = publish(subscription, "ring=64KiB", true);
    try (Workers workers = new Workers()) {
      workers.start(() -> {
        UnsafeBuffer own = new UnsafeBuffer(new byte[1024]);
        for (int i = 0; i < count; i++) {
          int length = lengthOf(i, 1_000);
          long startNs = System.nanoTime();
          Messages.fill(own, 0, i, length);
          while (publication.offer(own, 0, length) < 0) {
            assertTrue(System.nanoTime() - startNs < DEADLINE_NS, "stuck at message " + i);
            Thread.onSpinWait();
          }
        }
      });
      MessageHandler handler = expecting(1_000);
      long startNs = System.nanoTime();
      while (expected < count && errors.isEmpty()) {
        if (subscription.poll(handler, 64) > 0) {
          startNs = System.nanoTime();
        } else {
          pass("message " + expected, startNs);
        }
      }
    }
    assertEquals(List.of(), errors);
  }
}
