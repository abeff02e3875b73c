package io.petrel.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Lets a thread run before all ordinary ones: sched_setscheduler(2). Only for threads that sleep
 * most of the time; one that spins would take its core from the kernel's own work.
 */
public final class RealTimePriority {
  private static final int CALLING_THREAD = 0;
  private static final int SCHED_FIFO = 1; // <sched.h>

  private RealTimePriority() {}

  /**
   * Raises the calling thread.
   *
   * @param priority from 1 to 99 among threads of this kind
   * @return why not, in the system's words; empty if it was
   */
  public static String raiseCurrentThread(int priority) {
    MemorySegment errno = LinuxCalls.newErrno(Arena.ofAuto());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment parameter = arena.allocateFrom(JAVA_INT, priority); // struct sched_param
      int result =
          (int) Calls.SET.invokeExact(errno, CALLING_THREAD, SCHED_FIFO, parameter.address());
      return result == 0 ? "" : LinuxConstants.describe(LinuxCalls.errno(errno));
    } catch (Throwable e) {
      throw LinuxCalls.unexpected(e);
    }
  }

  /** Linked at the first use, so that other systems can load the class above. */
  private static final class Calls {
    static final MethodHandle SET =
        LinuxCalls.link(
            "sched_setscheduler", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));

    private Calls() {}
  }
}
