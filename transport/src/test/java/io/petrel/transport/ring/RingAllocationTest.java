package io.petrel.transport.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.petrel.transport.ControlledMessageHandler;
import io.petrel.transport.ControlledMessageHandler.Action;
import io.petrel.transport.MessageHandler;
import java.lang.management.ManagementFactory;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RingAllocationTest {
  private static final int CAPACITY = 64 * 1024;
  private static final int TURNS_A_WINDOW = 4_000;
  private static final int WINDOWS = 12;
  private static final int MEASURED_WINDOWS = 3;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final UnsafeBuffer message = new UnsafeBuffer(new byte[512]);
  private final UnsafeBuffer datagram = new UnsafeBuffer(new byte[4096]);
  private final ReceiveRing receiver =
      RingFixtures.receiveRing(CAPACITY, new RingFixtures.Events());
  private long bytesRead;
  private final MessageHandler handler =
      (buffer, offset, length, header) -> bytesRead += length + header.position();
  private final ControlledMessageHandler controlled =
      (buffer, offset, length, header) -> {
        bytesRead += length;
        return Action.COMMIT;
      };

  /** Offers, claims, sends with every second datagram late, receives, reads, acknowledges. */
  private void turn(final SendRing sender, final int turn) {
    sender.offer(message, 0, 32);
    sender.offer(message, 0, 100, message, 100, turn & 255);
    final long claim = sender.tryClaim(300);
    sender.commit(claim);
    sender.abort(sender.tryClaim(8));
    sender.unblock(turn, 1_000);
    final long from = sender.sentPosition();
    final int length = (int) (sender.writtenPosition() - from);
    final int half = length / 2;
    sender.firstRecordOffset(from + half, length - half);
    sender.copyTo(from + half, length - half, datagram, 0);
    receiver.insert(from + half, datagram, 0, length - half);
    receiver.poll(handler, 10);
    sender.copyTo(from, half, datagram, 0);
    receiver.insert(from, datagram, 0, half);
    receiver.insert(from, datagram, 0, half);
    receiver.poll(handler, 2);
    receiver.controlledPoll(controlled, 10);
    sender.sentPosition(from + length);
    sender.acknowledge(receiver.contiguousPosition());
  }

  @ParameterizedTest
  @EnumSource(SendRingTest.Kind.class)
  void allocatesNothing(final SendRingTest.Kind kind) {
    final SendRing sender =
        kind == SendRingTest.Kind.EXCLUSIVE
            ? SendRing.exclusive(CAPACITY)
            : SendRing.shared(CAPACITY);
    long allocated = 0;
    for (int window = 0; window < WINDOWS; window++) {
      final long before = threads.getCurrentThreadAllocatedBytes();
      for (int turn = 0; turn < TURNS_A_WINDOW; turn++) {
        turn(sender, turn);
      }
      final long bytes = threads.getCurrentThreadAllocatedBytes() - before;
      allocated += window >= WINDOWS - MEASURED_WINDOWS ? bytes : 0;
    }

    assertEquals(sender.writtenPosition(), receiver.readPosition(), "all was read");
    assertEquals(0, allocated, "bytes in " + MEASURED_WINDOWS * TURNS_A_WINDOW + " turns");
  }
}
