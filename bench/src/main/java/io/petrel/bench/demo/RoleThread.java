package io.petrel.bench.demo;

import io.petrel.bench.loss.DatagramLoss;
import io.petrel.bench.loss.LossyPortFactory;
import io.petrel.transport.Context;
import io.petrel.transport.Options;
import io.petrel.transport.Petrel;
import io.petrel.transport.Threading;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Runs a role: one thread, one Petrel that it works itself, one share of the datagrams it sends
 * lost. It sleeps when there is nothing to do, since there are more roles than cores.
 */
final class RoleThread implements AutoCloseable {
  private static final int SPINS = 10;
  private static final int YIELDS = 10;
  private static final long LEAST_PARK_NS = 1_000;
  private static final long LONGEST_PARK_NS = 20_000;
  private static final long CLOSE_LIMIT_SECONDS = 30;

  private final Role role;
  private final DatagramLoss loss;
  private final CompletableFuture<Void> opened = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  // Written by others than the thread.
  private volatile boolean stopped;
  private volatile double share; // set before the role begins

  // Written by the thread.
  private boolean losing;

  private RoleThread(Role role, DatagramLoss loss) {
    this.role = role;
    this.loss = loss;
  }

  /**
   * Starts it and waits until it is open.
   *
   * @throws CompletionException with what opening it threw
   */
  static RoleThread start(Role role, DatagramLoss loss) {
    RoleThread thread = new RoleThread(role, loss);
    Thread.ofPlatform().daemon().name(role.name()).start(thread::run);
    thread.opened.join();
    return thread;
  }

  private void run() {
    LossyPortFactory.injectInThread(loss);
    try (Petrel petrel = Petrel.launch(context())) {
      role.open(petrel);
      opened.complete(null);
      IdleStrategy idle = new BackoffIdleStrategy(SPINS, YIELDS, LEAST_PARK_NS, LONGEST_PARK_NS);
      while (!stopped) {
        lose();
        idle.idle(role.work());
      }
    } catch (RuntimeException | Error e) {
      opened.completeExceptionally(e);
      ended.completeExceptionally(e);
    }
    ended.complete(null);
  }

  private Context context() {
    return new Context()
        .threading(Threading.INVOKER)
        .set(Options.NAME, role.name())
        .set(Options.DATAGRAM_PORT, LossyPortFactory.NAME);
  }

  /** What is due in the lossy phase is sent on a lossy network, however late it is. */
  private void lose() {
    Timeline times = role.timeline();
    if (!losing && times != null && DemoClock.nowNs() >= times.lossFromNs()) {
      losing = true;
      loss.share(share);
    }
  }

  /** The time begins; called once, by the thread that asks. */
  void begin(Timeline timeline, double lossyShare) {
    share = lossyShare;
    role.begin(timeline);
  }

  /** All has come: what is left to say need not be lost. */
  void endLoss() {
    loss.share(0);
  }

  /** What has ended it before its time. */
  @Nullable Throwable failure() {
    return ended.isCompletedExceptionally() ? ended.exceptionNow() : null;
  }

  /** Lets it end without a wait. */
  void stop() {
    stopped = true;
  }

  /** Waits for the end. */
  @Override
  public void close() {
    stop();
    ended
        .completeOnTimeout(null, CLOSE_LIMIT_SECONDS, TimeUnit.SECONDS)
        .exceptionally(failure -> null) // told before
        .join();
  }
}
