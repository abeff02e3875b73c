package io.petrel.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;

/**
 * The C library's socket calls as method handles.
 *
 * <p>Pointers are passed as {@code long}: the ABIs of x86-64 and aarch64 pass both alike, and the
 * addresses come from Agrona's buffers. Each handle takes first the segment that receives {@code
 * errno}, which is written on failure only. None is linked as "critical": a thread in the kernel
 * would hold up the garbage collector.
 */
final class LinuxCalls {
  static final MethodHandle SOCKET =
      link("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  static final MethodHandle BIND =
      link("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));
  static final MethodHandle CONNECT =
      link("connect", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));
  static final MethodHandle GETSOCKNAME =
      link("getsockname", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
  static final MethodHandle CLOSE = link("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  static final MethodHandle SETSOCKOPT =
      link(
          "setsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));

  /**
   * The same without errno, for an option set in mid-stream: to hand out the place for errno costs
   * an object in code that is not compiled, and what is rarely called never is.
   */
  static final MethodHandle SETSOCKOPT_PLAIN =
      linkPlain(
          "setsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));

  static final MethodHandle GETSOCKOPT =
      link(
          "getsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
  static final MethodHandle SEND =
      link("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  static final MethodHandle RECV =
      link("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  static final MethodHandle SENDTO =
      link(
          "sendto",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
  static final MethodHandle RECVFROM =
      link(
          "recvfrom",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
  static final MethodHandle SENDMSG =
      link("sendmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
  static final MethodHandle RECVMSG =
      link("recvmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));

  private static final long ERRNO_OFFSET = errnoOffset();

  private static final int MEMBARRIER_PRIVATE_EXPEDITED = 1 << 3;
  private static final int MEMBARRIER_REGISTER_PRIVATE_EXPEDITED = 1 << 4;
  private static final long MEMBARRIER_CALL =
      "aarch64".equals(System.getProperty("os.arch")) ? 283 : 324; // <asm/unistd.h>
  private static final MethodHandle MEMBARRIER =
      link(
          "syscall",
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT),
          Linker.Option.firstVariadicArg(1));

  /**
   * Whether {@link #membarrier} works, which lets the threads that use sockets do without a fence.
   */
  static final boolean HAS_MEMBARRIER = membarrier(MEMBARRIER_REGISTER_PRIVATE_EXPEDITED);

  private LinuxCalls() {}

  /** Room for an {@code errno}. */
  static MemorySegment newErrno(Arena arena) {
    return arena.allocate(Linker.Option.captureStateLayout());
  }

  /** What the last failed call through this segment wrote. */
  static int errno(MemorySegment segment) {
    return segment.get(JAVA_INT, ERRNO_OFFSET);
  }

  private static long errnoOffset() {
    StructLayout layout = Linker.Option.captureStateLayout();
    return layout.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
  }

  /** Makes every thread of this process that is running pass a full memory barrier. */
  static void membarrier() {
    if (!membarrier(MEMBARRIER_PRIVATE_EXPEDITED)) {
      throw new IllegalStateException("membarrier was registered and then failed");
    }
  }

  private static boolean membarrier(int command) {
    try {
      return (long) MEMBARRIER.invokeExact(newErrno(Arena.ofAuto()), MEMBARRIER_CALL, command, 0, 0)
          == 0;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** For the checked type of {@code invokeExact}, which these calls never throw. */
  static AssertionError unexpected(Throwable e) {
    return new AssertionError("a system call does not throw", e);
  }

  @SuppressWarnings("restricted") // the manifest, or a flag, enables native access
  private static MethodHandle linkPlain(String function, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(function), descriptor);
  }

  /** A function that takes first the segment for {@code errno}. */
  @SuppressWarnings("restricted") // the manifest, or a flag, enables native access
  static MethodHandle link(
      String function, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    Linker.Option[] all = new Linker.Option[options.length + 1];
    System.arraycopy(options, 0, all, 0, options.length);
    all[options.length] = Linker.Option.captureCallState("errno");
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(function), descriptor, all);
  }
}
