package io.petrel.bench.link;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.link.EmulatedPath.Side;
import io.petrel.transport.linux.RealTimePriority;
import io.petrel.transport.linux.TunDevice;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Carries packets between two TUN devices through an {@link EmulatedPath} in real time: one thread
 * that sleeps until a packet comes in or is due, and then runs before the ends under test, which
 * spin on all cores there are.
 */
public final class Emulator implements AutoCloseable {
  private static final int PACKET_CAPACITY = 64 * 1024;
  private static final int CACHE_LINE_BYTES = 64;

  /** Read from one side before the other gets its turn. */
  private static final int READ_LIMIT = 64;

  /** The thread looks this often whether it is wanted. */
  private static final long LONGEST_SLEEP_NS = TimeUnit.MILLISECONDS.toNanos(5);

  private static final int SIGNIFICANT_DIGITS = 2;
  private static final long ANSWER_TIMEOUT_SECONDS = 5;

  /** Above ordinary threads, below the kernel's own. */
  private static final int PRIORITY = 10;

  private final TunDevice first;
  private final TunDevice second;
  private final EmulatedPath path;
  private final TunDevice.Waiter waiter;
  private final UnsafeBuffer packet =
      new UnsafeBuffer(BufferUtil.allocateDirectAligned(PACKET_CAPACITY, CACHE_LINE_BYTES));
  private final EmulatedPath.PacketSink toFirst;
  private final EmulatedPath.PacketSink toSecond;
  private final Thread thread;
  private final long startNs = System.nanoTime();
  private final CompletableFuture<String> priorityRefused = new CompletableFuture<>();

  // Written by the emulator's thread.
  private final Histogram lateness = new Histogram(SIGNIFICANT_DIGITS);
  private long writeFailures;

  // Written by others, read by the emulator's thread.
  private volatile boolean closed;
  private volatile @Nullable CompletableFuture<LinkAccounts> wanted;

  /**
   * Starts to carry.
   *
   * @param first where the data comes from
   * @param second where it goes to
   * @param options what the link does
   * @param seed of all that is random
   */
  public Emulator(TunDevice first, TunDevice second, LinkOptions options, long seed) {
    this.first = first;
    this.second = second;
    path = new EmulatedPath(options, seed);
    waiter = new TunDevice.Waiter(first, second);
    toFirst = (buffer, offset, length) -> write(first, buffer, offset, length);
    toSecond = (buffer, offset, length) -> write(second, buffer, offset, length);
    thread = Thread.ofPlatform().daemon().name("link emulator").start(this::run);
  }

  private void run() {
    priorityRefused.complete(RealTimePriority.raiseCurrentThread(PRIORITY));
    while (!closed) {
      long nowNs = System.nanoTime() - startNs;
      long dueNs = path.nextEventNs();
      if (dueNs <= nowNs) {
        lateness.recordValue(nowNs - dueNs);
      }
      path.advanceTo(nowNs);
      path.deliver(Side.FIRST, toFirst);
      path.deliver(Side.SECOND, toSecond);
      answer();
      if (read(Side.FIRST, first) + read(Side.SECOND, second) == 0) {
        long leftNs = path.nextEventNs() - (System.nanoTime() - startNs);
        if (leftNs > 0) {
          waiter.await(Math.min(LONGEST_SLEEP_NS, leftNs));
        }
      }
    }
    answer();
  }

  private int read(Side side, TunDevice device) {
    int count = 0;
    while (count < READ_LIMIT) {
      int length = device.read(packet.addressOffset(), PACKET_CAPACITY);
      if (length <= 0) {
        break;
      }
      path.advanceTo(System.nanoTime() - startNs);
      path.accept(side, packet, 0, length);
      count++;
    }
    return count;
  }

  private void write(TunDevice device, DirectBuffer buffer, int offset, int length) {
    // The model keeps packets on the heap, where the kernel cannot reach them.
    packet.putBytes(0, buffer, offset, length);
    if (device.write(packet.addressOffset(), length) < 0) {
      writeFailures++;
    }
  }

  private void answer() {
    CompletableFuture<LinkAccounts> asked = wanted;
    if (asked != null) {
      wanted = null;
      asked.complete(path.accounts());
    }
  }

  /** What the link did so far. */
  public LinkAccounts accounts() {
    CompletableFuture<LinkAccounts> answer = new CompletableFuture<>();
    wanted = answer;
    return await(answer);
  }

  /** Why the emulator runs at ordinary priority and may be late; empty if it does not. */
  public String priorityRefused() {
    return await(priorityRefused);
  }

  private static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(ANSWER_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new CommandFailure("the link's emulator does not answer: " + e, e);
    }
  }

  /** Stops carrying; what is on its way is lost. The devices stay open. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted", e);
    }
  }

  /** By how much packets came out late, in nanoseconds; to be read after {@link #close}. */
  public Histogram lateness() {
    return lateness;
  }

  /** Packets that the kernel would not take; to be read after {@link #close}. */
  public long writeFailures() {
    return writeFailures;
  }
}
