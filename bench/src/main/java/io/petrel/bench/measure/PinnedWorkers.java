package io.petrel.bench.measure;

import com.sun.management.ThreadMXBean;
import io.petrel.bench.cli.CommandFailure;
import io.petrel.transport.agent.CorePinning;
import io.petrel.transport.linux.ThreadAffinity;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads, each on a core of its own as far as there are cores, that begin a piece of work at the
 * same moment and say how long it took and what it allocated.
 */
public final class PinnedWorkers implements AutoCloseable {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final List<ExecutorService> workers = new ArrayList<>();
  private final List<Integer> cores = new ArrayList<>();

  /**
   * Starts them.
   *
   * @param count how many
   */
  public PinnedWorkers(int count) {
    int[] allowed =
        ThreadAffinity.isSupported()
            ? ThreadAffinity.allowedCores().stream().toArray()
            : new int[] {CorePinning.ANY_CORE};
    for (int i = 0; i < count; i++) {
      int core = allowed[i % allowed.length];
      cores.add(core);
      workers.add(
          Executors.newSingleThreadExecutor(work ->
              Thread.ofPlatform()
                  .daemon()
                  .name("worker on core " + core)
                  .unstarted(() -> {
                    CorePinning.pinCurrentThread(core);
                    work.run();
                  })));
    }
  }

  /**
   * The cores, a worker each.
   *
   * @return -1 for one that is not pinned
   */
  public List<Integer> cores() {
    return List.copyOf(cores);
  }

  /**
   * What one piece of work took.
   *
   * @param elapsedNs from its beginning to its end
   * @param allocatedBytes by its thread
   */
  public record Cost(long elapsedNs, long allocatedBytes) {}

  /**
   * Runs one piece of work on each of the first workers, all at once.
   *
   * @param pieces no more than there are workers
   * @return what each took
   */
  public List<Cost> run(List<? extends Runnable> pieces) {
    CyclicBarrier together = new CyclicBarrier(pieces.size());
    AtomicInteger awake = new AtomicInteger(pieces.size());
    List<Future<Cost>> running = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      Runnable piece = pieces.get(i);
      running.add(workers.get(i).submit(() -> measured(piece, together, awake)));
    }
    List<Cost> costs = new ArrayList<>();
    for (Future<Cost> one : running) {
      costs.add(resultOf(one));
    }
    return costs;
  }

  private static Cost measured(Runnable piece, CyclicBarrier together, AtomicInteger awake)
      throws InterruptedException, BrokenBarrierException {
    together.await();
    // The barrier wakes one after the other; only who spins starts at the same moment.
    awake.decrementAndGet();
    while (awake.get() > 0) {
      Thread.onSpinWait();
    }
    long allocated = THREADS.getCurrentThreadAllocatedBytes();
    long startNs = System.nanoTime();
    piece.run();
    long elapsedNs = System.nanoTime() - startNs;
    long allocatedBytes = THREADS.getCurrentThreadAllocatedBytes() - allocated;
    return new Cost(elapsedNs, allocatedBytes); // Made last: it would count itself.
  }

  private static Cost resultOf(Future<Cost> running) {
    try {
      return running.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted", e);
    } catch (ExecutionException e) {
      throw new CommandFailure("a worker failed: " + e.getCause(), e);
    }
  }

  /** Ends them. */
  @Override
  public void close() {
    workers.forEach(ExecutorService::shutdownNow);
  }
}
