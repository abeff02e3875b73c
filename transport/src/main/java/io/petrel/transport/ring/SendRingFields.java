package io.petrel.transport.ring;

import static java.lang.invoke.MethodHandles.lookup;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The fields of a send ring, two cache lines apart by the thread that writes them: what the
 * producers write, then what the engine writes. A superclass's fields lie before its subclass's, in
 * every object layout of the JVM; padding of whole words leaves no gap for another field, nor does
 * the half word that fills up the object's header.
 */
final class SendRingFields {
  private SendRingFields() {}

  /** Keeps the producers' fields away from whatever object lies in front. */
  abstract static class Front {
    int a;
    long a00, a01, a02, a03, a04, a05, a06, a07;
    long a08, a09, a10, a11, a12, a13, a14, a15;
  }

  /** Written by the producing threads. */
  abstract static class Producer extends Front {
    private static final VarHandle TAIL;
    private static final VarHandle LIMIT;
    private static final VarHandle STALLS;

    static {
      try {
        final MethodHandles.Lookup lookup = lookup();
        TAIL = lookup.findVarHandle(Producer.class, "tail", long.class);
        LIMIT = lookup.findVarHandle(Producer.class, "limit", long.class);
        STALLS = lookup.findVarHandle(Producer.class, "stalls", long.class);
      } catch (final ReflectiveOperationException ex) {
        throw new ExceptionInInitializerError(ex);
      }
    }

    /** One producer: what is published. Many: what is claimed, with the top bit set when closed. */
    private long tail;

    /** A claim may end here; behind the truth until a producer asks again. */
    private long limit;

    @SuppressWarnings("unused") // Read and written by its VarHandle.
    private long stalls;

    /** A claim must begin below this when the unsent bytes are limited; behind the truth, too. */
    long queueLimit;

    /** One producer: the open claim, or -1; where it ends. */
    long openClaim = -1;

    long openClaimEnd;

    /** Plain: the only thread that writes it asks. */
    final long tailPlain() {
      return tail;
    }

    /** Acquire: records below were written before. */
    final long tailAcquire() {
      return (long) TAIL.getAcquire(this);
    }

    /** Release: publishes the records below. */
    final void tailRelease(final long position) {
      TAIL.setRelease(this, position);
    }

    final boolean claimTail(final long expected, final long position) {
      return TAIL.compareAndSet(this, expected, position);
    }

    /** Plain: the only thread that writes it asks. */
    final long limitPlain() {
      return limit;
    }

    /** Acquire: whoever wrote this limit saw the memory allocated and cleared below it. */
    final long limitAcquire() {
      return (long) LIMIT.getAcquire(this);
    }

    /** Release: hands on to the other producers what {@link #limitAcquire} promises. */
    final void limitRelease(final long position) {
      LIMIT.setRelease(this, position);
    }

    /** Opaque: a count that a reader may see late. */
    final long stallsOpaque() {
      return (long) STALLS.getOpaque(this);
    }

    final void countStall() {
      STALLS.getAndAdd(this, 1L);
    }
  }

  /** Keeps the engine's fields away from the producers'. */
  abstract static class Middle extends Producer {
    long b00, b01, b02, b03, b04, b05, b06, b07;
    long b08, b09, b10, b11, b12, b13, b14, b15;
  }

  /** Written by the engine's thread. */
  abstract static class Engine extends Middle {
    private static final VarHandle SENT;
    private static final VarHandle ACKNOWLEDGED;
    private static final VarHandle FREED;

    static {
      try {
        final MethodHandles.Lookup lookup = lookup();
        SENT = lookup.findVarHandle(Engine.class, "sent", long.class);
        ACKNOWLEDGED = lookup.findVarHandle(Engine.class, "acknowledged", long.class);
        FREED = lookup.findVarHandle(Engine.class, "freed", long.class);
      } catch (final ReflectiveOperationException ex) {
        throw new ExceptionInInitializerError(ex);
      }
    }

    @SuppressWarnings("unused") // Read and written by its VarHandle.
    private long sent;

    @SuppressWarnings("unused") // Read and written by its VarHandle.
    private long acknowledged;

    @SuppressWarnings("unused") // Read and written by its VarHandle.
    private long freed;

    /** Many producers: everything below is committed. */
    long scanned;

    /** Many producers: the position that stands still, since when, and how often it was skipped. */
    long blockedPosition = -1;

    long blockedSinceNs;
    long abandonedClaims;

    /** Acquire: pairs with the release by which the engine moves it. */
    final long sentAcquire() {
      return (long) SENT.getAcquire(this);
    }

    final void sentRelease(final long position) {
      SENT.setRelease(this, position); // Release: pairs with sentAcquire.
    }

    /** Acquire: whoever drains sees all that the engine did before. */
    final long acknowledgedAcquire() {
      return (long) ACKNOWLEDGED.getAcquire(this);
    }

    final void acknowledgedRelease(final long position) {
      ACKNOWLEDGED.setRelease(this, position); // Release: pairs with acknowledgedAcquire.
    }

    /** Acquire: the engine has done with all bytes below, and cleared them where that is needed. */
    final long freedAcquire() {
      return (long) FREED.getAcquire(this);
    }

    final void freedRelease(final long position) {
      FREED.setRelease(this, position); // Release: pairs with freedAcquire.
    }
  }

  /** Keeps the engine's fields away from the final ones that everybody reads. */
  abstract static class Back extends Engine {
    long c00, c01, c02, c03, c04, c05, c06, c07;
    long c08, c09, c10, c11, c12, c13, c14, c15;
  }
}
