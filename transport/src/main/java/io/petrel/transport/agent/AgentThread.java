package io.petrel.transport.agent;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Runs an agent on a thread of its own: named after it, optionally kept on a core, until it is
 * closed or ends itself by {@link AgentTerminationException}.
 *
 * <p>Nothing else that a turn throws ends it. Every throwable goes to the error handler and the
 * next turn follows, errors of the JVM included: whether a process should survive an {@link
 * OutOfMemoryError} is not for a library to say, but for {@code -XX:+ExitOnOutOfMemoryError}. After
 * a turn that threw, the thread idles as after one without work, so that a permanent fault does not
 * take the core.
 *
 * <p>Agrona's runner does most of this; this one also keeps to a core, tells the starter when that
 * fails, and may be closed by the agent itself.
 */
public final class AgentThread implements AutoCloseable {
  private static final Logger LOGGER = System.getLogger("io.petrel");
  private static final long CLOSE_LIMIT_NS = TimeUnit.SECONDS.toNanos(10);

  private final Agent agent;
  private final IdleStrategy idle;
  private final int core;
  private final ErrorHandler errors;
  private final Thread thread;
  private final CountDownLatch begun = new CountDownLatch(1);

  private volatile boolean running = true; // cleared by whoever closes, read each turn
  private @Nullable RuntimeException refusal; // written before the latch opens, read after

  private AgentThread(Agent agent, IdleStrategy idle, int core, ErrorHandler errors) {
    this.agent = agent;
    this.idle = idle;
    this.core = core;
    this.errors = errors;
    this.thread = Thread.ofPlatform().name(agent.roleName()).unstarted(this::run);
  }

  /**
   * Starts an agent and waits until it is on its core.
   *
   * @param agent what to run
   * @param idle what to do when there is nothing to do; for this thread only
   * @param core where to run, or {@link CorePinning#ANY_CORE}
   * @param errors told what turns throw, on the agent's thread
   * @return the running agent
   * @throws IllegalArgumentException when the core does not exist or is not allowed
   */
  public static AgentThread start(Agent agent, IdleStrategy idle, int core, ErrorHandler errors) {
    CorePinning.check(core);
    AgentThread started = new AgentThread(agent, idle, core, errors);
    started.thread.start();
    started.awaitBegin();
    return started;
  }

  private void awaitBegin() {
    try {
      begun.await();
    } catch (InterruptedException e) {
      running = false;
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while '" + thread.getName() + "' starts", e);
    }
    if (refusal != null) {
      throw refusal;
    }
  }

  private void run() {
    try {
      CorePinning.pinCurrentThread(core);
    } catch (RuntimeException e) {
      refusal = e;
      return;
    } finally {
      begun.countDown();
    }
    guarded(agent::onStart);
    try {
      turns();
    } finally {
      running = false;
      guarded(agent::onClose);
    }
  }

  private void turns() {
    while (running) {
      int done = 0;
      try {
        done = agent.doWork();
      } catch (AgentTerminationException e) {
        return;
      } catch (Throwable e) {
        report(e);
      }
      idle.idle(done);
      if (done == 0) {
        // An interrupt ends nothing here, but pending it would keep the thread from sleeping.
        Thread.interrupted();
      }
    }
  }

  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      report(e);
    }
  }

  private void report(Throwable error) {
    try {
      errors.onError(error);
    } catch (Throwable e) {
      error.addSuppressed(e);
      LOGGER.log(Level.ERROR, "the error handler of '" + thread.getName() + "' failed", error);
    }
  }

  /**
   * Whether the agent still takes turns.
   *
   * @return false once it was closed or has ended itself
   */
  public boolean isRunning() {
    return running;
  }

  /**
   * Ends the agent after its present turn and waits for that; from within a turn it does not wait.
   * Closing again does nothing. A turn that does not end within 10 s is logged with where it hangs,
   * and left to itself.
   */
  @Override
  public void close() {
    running = false;
    LockSupport.unpark(thread);
    if (thread.equals(Thread.currentThread())) {
      return;
    }
    long startNs = System.nanoTime();
    boolean interrupted = false;
    long leftNs = CLOSE_LIMIT_NS;
    while (thread.isAlive() && leftNs > 0) {
      try {
        TimeUnit.NANOSECONDS.timedJoin(thread, leftNs);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      leftNs = CLOSE_LIMIT_NS - (System.nanoTime() - startNs);
    }
    if (thread.isAlive()) {
      StackTraceElement[] stack = thread.getStackTrace();
      LOGGER.log(
          Level.ERROR,
          "'{0}' does not end: it is at {1}",
          thread.getName(),
          stack.length == 0 ? "an unknown place" : stack[0]);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
