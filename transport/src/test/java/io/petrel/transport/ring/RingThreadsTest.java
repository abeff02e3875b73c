package io.petrel.transport.ring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.MessageHandler;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real threads on both ends of a small ring, so that it wraps and fills all the time: producers, an
 * engine that replicates, a reader that checks every byte and each producer's order. It ends when
 * all is read, whatever the machine's load.
 */
@SuppressWarnings("ThreadPriorityCheck") // Yields to the other end where cores are few.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingThreadsTest {
  private static final int CAPACITY = 8192;
  private static final int MESSAGES = 60_000;
  private static final int HEADER = 12;

  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final AtomicInteger producing = new AtomicInteger();
  private final ReceiveRing receiver =
      new ReceiveRing(
          CAPACITY,
          0,
          8,
          RingMemory.unlimited(),
          RingFixtures.header(),
          new ReceiveRing.Listener() {
            @Override
            public void onHandlerError(final Throwable error) {
              failure.compareAndSet(null, error);
            }

            @Override
            public void onLoss(final long fromPosition, final long toPosition) {
              failure.compareAndSet(null, new AssertionError("loss at " + fromPosition));
            }
          });

  private Thread start(final Runnable task) {
    return Thread.ofPlatform()
        .start(() -> {
          try {
            task.run();
          } catch (final Throwable error) {
            failure.compareAndSet(null, error);
          }
        });
  }

  private void produce(final SendRing ring, final int producer) {
    final Random random = new Random(producer);
    final UnsafeBuffer message = new UnsafeBuffer(new byte[600]);
    int sequence = 0;
    while (sequence < MESSAGES && failure.get() == null) {
      final int length = HEADER + random.nextInt(random.nextInt(8) == 0 ? 500 : 40);
      message.putInt(0, producer);
      message.putInt(4, sequence);
      message.putInt(8, producer * 31 + sequence + length);
      message.setMemory(HEADER, length - HEADER, (byte) sequence);
      final boolean claims = random.nextInt(3) == 0;
      final long result = claims ? ring.tryClaim(length) : ring.offer(message, 0, length);
      if (result < 0) {
        assertEquals(RingResult.BACK_PRESSURED, result);
        Thread.yield();
      } else if (!claims) {
        sequence++;
      } else if (random.nextInt(4) == 0) {
        ring.abort(result);
      } else {
        ring.buffer().putBytes(ring.payloadIndex(result), message, 0, length);
        assertTrue(ring.commit(result) > 0, "commit of a live producer");
        sequence++;
      }
    }
    producing.decrementAndGet();
  }

  private void replicate(final SendRing ring, final boolean abandons) {
    final Random random = new Random(99);
    final UnsafeBuffer datagram = new UnsafeBuffer(new byte[CAPACITY]);
    long turns = 0;
    while (failure.get() == null) {
      final boolean last = producing.get() == 0;
      final long from = ring.sentPosition();
      final int length = (int) (ring.writtenPosition() - from);
      if (length > 0) {
        final int half = random.nextInt(length);
        ring.copyTo(from + half, length - half, datagram, half);
        assertEquals(length - half, receiver.insert(from + half, datagram, half, length - half));
        ring.copyTo(from, half, datagram, 0);
        assertEquals(half, receiver.insert(from, datagram, 0, half));
        ring.sentPosition(from + length);
      } else if (last && ring.claimedPosition() == from) {
        return;
      } else {
        Thread.yield();
      }
      ring.acknowledge(receiver.readPosition());
      if (abandons) {
        // Its clock stands until every producer has ended: what is open then was left open.
        ring.unblock(last ? turns++ : 0, 3);
      }
    }
  }

  private int[] readAll(final SendRing ring, final int producers, final Thread engine) {
    final int[] next = new int[producers];
    final MessageHandler check =
        (buffer, offset, length, header) -> {
          final int producer = buffer.getInt(offset);
          final int sequence = buffer.getInt(offset + 4);
          assertEquals(next[producer], sequence, "sequence of producer " + producer);
          assertEquals(producer * 31 + sequence + length, buffer.getInt(offset + 8), "checksum");
          for (int i = HEADER; i < length; i++) {
            if (buffer.getByte(offset + i) != (byte) sequence) {
              throw new AssertionError("torn at " + i + " of " + length);
            }
          }
          next[producer]++;
        };
    while (failure.get() == null
        && (engine.isAlive() || receiver.readPosition() < ring.sentPosition())) {
      if (receiver.poll(check, 100) == 0) {
        Thread.yield();
      }
    }
    return next;
  }

  private void run(final SendRing ring, final int producers) throws InterruptedException {
    producing.set(producers);
    final Thread[] threads = new Thread[producers];
    for (int i = 0; i < producers; i++) {
      final int producer = i;
      threads[i] = start(() -> produce(ring, producer));
    }
    final Thread engine = start(() -> replicate(ring, false));
    final int[] read = readAll(ring, producers, engine);
    engine.join();
    for (final Thread thread : threads) {
      thread.join();
    }
    if (failure.get() != null) {
      throw new AssertionError("in another thread", failure.get());
    }
    assertEquals(0, receiver.breach());
    final int[] expected = new int[producers];
    Arrays.fill(expected, MESSAGES);
    assertArrayEquals(expected, read);
  }

  @Test
  void oneProducerOneReader() throws InterruptedException {
    run(SendRing.exclusive(CAPACITY), 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void manyProducersOneReader(final int producers) throws InterruptedException {
    run(SendRing.shared(CAPACITY), producers);
  }

  @Test
  void claimsLeftOpenAtTheEndAreSkipped() throws InterruptedException {
    final SendRing ring = SendRing.shared(CAPACITY);
    final long open = ring.tryClaim(100);
    final Thread dead = start(() -> assertTrue(ring.tryClaim(30) > 0));
    dead.join();
    producing.set(1);
    final Thread engine = start(() -> replicate(ring, true));
    final Thread producer =
        start(() -> {
          final UnsafeBuffer message = new UnsafeBuffer(new byte[HEADER]);
          message.putInt(8, HEADER);
          assertTrue(ring.offer(message, 0, HEADER) > 0);
          producing.decrementAndGet();
        });
    final int[] read = readAll(ring, 1, engine);
    producer.join();
    engine.join();

    assertEquals(null, failure.get());
    assertEquals(1, read[0]);
    assertEquals(2, ring.abandonedClaims());
    assertEquals(RingResult.CLAIM_LOST, ring.commit(open));
  }
}
