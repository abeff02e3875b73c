package io.petrel.transport.ring;

import static java.lang.invoke.MethodHandles.lookup;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The fields of a receive ring, two cache lines apart by the thread that writes them: the engine's,
 * then the reader's. See {@link SendRingFields} for why in this way.
 */
final class ReceiveRingFields {
  private ReceiveRingFields() {}

  /** Keeps the engine's fields away from whatever object lies in front. */
  abstract static class Front {
    int a;
    long a00, a01, a02, a03, a04, a05, a06, a07;
    long a08, a09, a10, a11, a12, a13, a14, a15;
  }

  /** Written by the engine's thread. */
  abstract static class Engine extends Front {
    private static final VarHandle CONTIGUOUS;

    static {
      try {
        CONTIGUOUS = lookup().findVarHandle(Engine.class, "contiguous", long.class);
      } catch (final ReflectiveOperationException ex) {
        throw new ExceptionInInitializerError(ex);
      }
    }

    private long contiguous;

    /** Bytes up to here may be placed; behind the truth until the engine asks again. */
    long limit;

    /** The last skip; written before the contiguous position that passes it is released. */
    long skipFrom = -1;

    long skipTo = -1;

    /** Plain: the only thread that writes it asks. */
    final long contiguousPlain() {
      return contiguous;
    }

    /** Acquire: the bytes below, and the skip that led here, were written before. */
    final long contiguousAcquire() {
      return (long) CONTIGUOUS.getAcquire(this);
    }

    /** Release: publishes the bytes below to the reader. */
    final void contiguousRelease(final long position) {
      CONTIGUOUS.setRelease(this, position);
    }
  }

  /** Keeps the reader's fields away from the engine's. */
  abstract static class Middle extends Engine {
    long b00, b01, b02, b03, b04, b05, b06, b07;
    long b08, b09, b10, b11, b12, b13, b14, b15;
  }

  /** Written by the reading thread. */
  abstract static class Reader extends Middle {
    private static final VarHandle READ;
    private static final VarHandle BREACH;

    static {
      try {
        final MethodHandles.Lookup lookup = lookup();
        READ = lookup.findVarHandle(Reader.class, "read", long.class);
        BREACH = lookup.findVarHandle(Reader.class, "breach", int.class);
      } catch (final ReflectiveOperationException ex) {
        throw new ExceptionInInitializerError(ex);
      }
    }

    private long read;

    @SuppressWarnings("unused") // Read and written by its VarHandle.
    private int breach;

    /** Set while a poll runs: one from within a handler reads nothing. */
    boolean polling;

    /** Plain: the only thread that writes it asks. */
    final long readPlain() {
      return read;
    }

    /** Acquire: the reader has done with the bytes below, they may be written again. */
    final long readAcquire() {
      return (long) READ.getAcquire(this);
    }

    /** Release: pairs with {@link #readAcquire}. */
    final void readRelease(final long position) {
      READ.setRelease(this, position);
    }

    /** Acquire: a flag that the engine acts on. */
    final int breachAcquire() {
      return (int) BREACH.getAcquire(this);
    }

    final void breachRelease(final int reason) {
      BREACH.setRelease(this, reason); // Release: pairs with breachAcquire.
    }
  }

  /** Keeps the reader's fields away from the final ones that everybody reads. */
  abstract static class Back extends Reader {
    long c00, c01, c02, c03, c04, c05, c06, c07;
    long c08, c09, c10, c11, c12, c13, c14, c15;
  }
}
