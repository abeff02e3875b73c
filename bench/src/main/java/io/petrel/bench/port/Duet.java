package io.petrel.bench.port;

import com.sun.management.ThreadMXBean;
import io.petrel.bench.cli.CommandFailure;
import io.petrel.transport.agent.CorePinning;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/** Two threads, each on a core of its own, that play one round together. */
final class Duet {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final int leaderCore;
  private final int followerCore;

  /** The follower plays until the leader is done. */
  private volatile boolean over;

  private volatile @Nullable Throwable failure;

  Duet(int leaderCore, int followerCore) {
    this.leaderCore = leaderCore;
    this.followerCore = followerCore;
  }

  /** Runs both parts to their ends. */
  void play(Runnable leader, Runnable follower) {
    over = false;
    failure = null;
    Thread following = start("port-follower", followerCore, follower);
    Thread leading = start("port-leader", leaderCore, leader);
    try {
      leading.join();
      over = true;
      following.join();
    } catch (InterruptedException e) {
      over = true;
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted", e);
    }
    Throwable thrown = failure;
    if (thrown != null) {
      throw new CommandFailure("a measuring thread failed: " + thrown, thrown);
    }
  }

  boolean isOver() {
    return over;
  }

  /** Bytes that the calling thread has allocated in its life; asking costs none. */
  static long allocatedBytes() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }

  private Thread start(String name, int core, Runnable part) {
    Thread thread =
        new Thread(
            () -> {
              CorePinning.pinCurrentThread(core);
              part.run();
            },
            name);
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler((_, e) -> {
      failure = e;
      over = true;
    });
    thread.start();
    return thread;
  }
}
