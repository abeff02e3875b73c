package io.petrel.transport.contract;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/** Counts what the calling thread and some others allocate, and allocates nothing itself. */
final class AllocationMeter {
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final long[] others;
  private final long[] before;
  private long beforeHere;

  AllocationMeter(List<Thread> others) {
    this.others = others.stream().mapToLong(Thread::threadId).toArray();
    before = new long[this.others.length];
  }

  void begin() {
    for (int i = 0; i < others.length; i++) {
      before[i] = threads.getThreadAllocatedBytes(others[i]);
    }
    beforeHere = threads.getCurrentThreadAllocatedBytes();
  }

  /** Since {@link #begin}. */
  long bytes() {
    long bytes = threads.getCurrentThreadAllocatedBytes() - beforeHere;
    for (int i = 0; i < others.length; i++) {
      bytes += threads.getThreadAllocatedBytes(others[i]) - before[i];
    }
    return bytes;
  }
}
