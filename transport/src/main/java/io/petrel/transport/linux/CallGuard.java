package io.petrel.transport.linux;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps a call in one thread from hitting a descriptor's number after another thread has closed it
 * and the kernel has given the number to another file.
 *
 * <p>The caller says {@link #inCall} before it looks at {@link #closed}, the closer says {@link
 * #closed} before it looks at {@link #inCall}: one of the two sees the other. The fence that each
 * needs in between is put on the caller's side too by the closer's {@code membarrier}, so that a
 * call pays no more than two stores and a load.
 */
final class CallGuard {
  private static final int SPINS_BEFORE_PARKING = 1000;
  private static final long PARK_NS = 1000;
  private static final VarHandle IN_CALL;
  private static final VarHandle CLOSED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      IN_CALL = lookup.findVarHandle(CallGuard.class, "inCall", boolean.class);
      CLOSED = lookup.findVarHandle(CallGuard.class, "closed", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // Written by the thread that calls.
  @SuppressWarnings("unused") // by IN_CALL
  private boolean inCall;

  // Written by the thread that closes.
  @SuppressWarnings("FieldMayBeFinal") // by CLOSED
  private volatile boolean closed; // volatile: the caller is to see it soon

  /** Begins a call on the descriptor. If it returns false there must be none. */
  boolean enter() {
    IN_CALL.setOpaque(this, true); // opaque: the fence below orders it
    if (LinuxCalls.HAS_MEMBARRIER) {
      VarHandle.storeStoreFence(); // for the compiler; the closer sees to the processor
    } else {
      VarHandle.fullFence();
    }
    if (closed) {
      exit();
      return false;
    }
    return true;
  }

  /** Ends a call. */
  void exit() {
    IN_CALL.setRelease(this, false); // release: nothing of the call may move below
  }

  boolean isClosed() {
    return closed;
  }

  /**
   * Lets no more calls begin and waits for the end of one that is under way.
   *
   * @return false if this was done before: then the descriptor is not the caller's to close
   */
  boolean close() {
    if (!CLOSED.compareAndSet(this, false, true)) { // a full fence between this and the read below
      return false;
    }
    if (LinuxCalls.HAS_MEMBARRIER) {
      LinuxCalls.membarrier();
    }
    int spins = 0;
    while ((boolean) IN_CALL.getAcquire(this)) { // acquire: false means that the call is over
      // Calls do not block, so this is short unless the caller is off its core.
      if (++spins < SPINS_BEFORE_PARKING) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(PARK_NS);
      }
    }
    return true;
  }
}
