package io.petrel.transport.aeron;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts the calls that are within Aeron's mapped memory, so that it is not unmapped under them.
 * One thread at a time counts by plain additions and release stores, many by atomic ones.
 */
final class InFlight {
  private static final VarHandle COUNT;

  static {
    try {
      COUNT = MethodHandles.lookup().findVarHandle(InFlight.class, "count", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final boolean many;

  @SuppressWarnings("unused") // by its handle
  private int count;

  InFlight(boolean many) {
    this.many = many;
  }

  void enter() {
    add(1);
  }

  void exit() {
    add(-1);
  }

  private void add(int difference) {
    if (many) {
      COUNT.getAndAdd(this, difference); // Several threads count.
    } else {
      COUNT.setRelease(this, count + difference); // Release: what the call did comes before.
    }
  }

  boolean isNone() {
    return (int) COUNT.getAcquire(this) == 0; // Acquire: pairs with the exits.
  }
}
