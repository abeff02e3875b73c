package io.petrel.transport.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.BitSet;

/**
 * Which cores threads may run on: sched_setaffinity(2). For the control path; each call allocates.
 */
public final class ThreadAffinity {
  /** Bytes of a mask: room for 8,192 cores, the most that Linux is built for. */
  private static final int MASK_LENGTH = 1024;

  private static final int CALLING_THREAD = 0;

  private ThreadAffinity() {}

  /**
   * Whether threads can be bound to cores here.
   *
   * @return true on Linux
   */
  public static boolean isSupported() {
    return System.getProperty("os.name", "").equals("Linux");
  }

  /**
   * The cores that this process was started on: what its cgroup, {@code taskset} and the like left
   * it. Threads that were bound since make no difference.
   *
   * @return their numbers
   */
  public static BitSet allowedCores() {
    // A JVM's first thread only waits for its end; nothing in it ever binds that one.
    return coresOf((int) ProcessHandle.current().pid());
  }

  /**
   * The cores that the calling thread may run on.
   *
   * @return their numbers
   */
  public static BitSet currentCores() {
    return coresOf(CALLING_THREAD);
  }

  /**
   * Binds the calling thread to cores, until it is bound otherwise. Threads that it starts later
   * begin with the same binding.
   *
   * @param cores their numbers
   * @throws IllegalStateException when the system refuses
   */
  public static void bindCurrentThread(BitSet cores) {
    byte[] bits = cores.toByteArray();
    if (bits.length > MASK_LENGTH) {
      throw new IllegalStateException("no core " + (cores.length() - 1) + " can exist");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mask = arena.allocate(MASK_LENGTH);
      MemorySegment.copy(bits, 0, mask, JAVA_BYTE, 0, bits.length);
      if ((int) Calls.SET.invokeExact(CALLING_THREAD, (long) MASK_LENGTH, mask) != 0) {
        throw new IllegalStateException("sched_setaffinity refused the cores " + cores);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e); // A method handle declares all; these calls throw none.
    }
  }

  private static BitSet coresOf(int thread) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mask = arena.allocate(MASK_LENGTH);
      if ((int) Calls.GET.invokeExact(thread, (long) MASK_LENGTH, mask) != 0) {
        throw new IllegalStateException("sched_getaffinity failed for thread " + thread);
      }
      return BitSet.valueOf(mask.toArray(JAVA_BYTE));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e); // A method handle declares all; these calls throw none.
    }
  }

  /** Linked at the first use, so that other systems can load the class above. */
  private static final class Calls {
    private static final FunctionDescriptor DESCRIPTOR =
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);

    static final MethodHandle GET = link("sched_getaffinity");
    static final MethodHandle SET = link("sched_setaffinity");

    private Calls() {}

    @SuppressWarnings("restricted") // The manifest and the launch flags grant native access.
    private static MethodHandle link(String name) {
      Linker linker = Linker.nativeLinker();
      SymbolLookup library = linker.defaultLookup();
      return linker.downcallHandle(library.find(name).orElseThrow(), DESCRIPTOR);
    }
  }
}
