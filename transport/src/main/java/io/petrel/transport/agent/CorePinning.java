package io.petrel.transport.agent;

import io.petrel.transport.linux.ThreadAffinity;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.BitSet;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicBoolean;

/** Keeps a thread on one core, where its caches stay warm. Where that is not possible, says so. */
public final class CorePinning {
  /** Stands for: wherever the system puts it. */
  public static final int ANY_CORE = -1;

  private static final Logger LOGGER = System.getLogger("io.petrel");
  private static final AtomicBoolean WARNED = new AtomicBoolean();

  private CorePinning() {}

  /**
   * Whether a thread could be kept on a core, to be asked before one is started.
   *
   * @param core its number, or {@link #ANY_CORE}
   * @throws IllegalArgumentException when there is no such core or this process may not use it;
   *     names the core and those that it may use
   */
  public static void check(int core) {
    if (core == ANY_CORE || !ThreadAffinity.isSupported()) {
      return;
    }
    BitSet allowed = ThreadAffinity.allowedCores();
    if (core < 0 || !allowed.get(core)) {
      throw new IllegalArgumentException(
          ("core %d does not exist or is not allowed to this process; it may use %s: choose one of"
                  + " those, or start it under: taskset -c %d")
              .formatted(core, ranges(allowed), core));
    }
  }

  /**
   * Keeps the calling thread on a core from now on. On systems other than Linux it only warns, once
   * a process.
   *
   * @param core its number, or {@link #ANY_CORE}
   * @throws IllegalArgumentException as {@link #check}
   */
  public static void pinCurrentThread(int core) {
    if (core == ANY_CORE) {
      return;
    }
    if (!ThreadAffinity.isSupported()) {
      if (WARNED.compareAndSet(false, true)) {
        LOGGER.log(
            Level.WARNING,
            "threads are kept on a core on Linux only; here core {0} is a wish",
            core);
      }
      return;
    }
    check(core);
    BitSet one = new BitSet();
    one.set(core);
    ThreadAffinity.bindCurrentThread(one);
  }

  /** Numbers as people write them: {@code 0-3,6}. */
  static String ranges(BitSet cores) {
    StringJoiner text = new StringJoiner(",");
    for (int first = cores.nextSetBit(0); first >= 0; ) {
      int last = cores.nextClearBit(first) - 1;
      text.add(first == last ? String.valueOf(first) : first + "-" + last);
      first = cores.nextSetBit(last + 1);
    }
    return text.toString();
  }
}
