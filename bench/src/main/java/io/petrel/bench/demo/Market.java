package io.petrel.bench.demo;

/** A made-up market: what its numbers are at any change. */
final class Market {
  /** The only instrument. */
  static final int INSTRUMENT = 42;

  /** Every so many changes are a trade, the others quotes. */
  static final int CHANGES_A_TRADE = 10;

  /** 0.01 in units of 10^-8. */
  static final long TICK = 1_000_000;

  /** 1 in units of 10^-4. */
  static final long LOT = 10_000;

  private static final long BASE = 100 * 100 * TICK;
  private static final int SWING = 200;

  private Market() {}

  static boolean isTrade(long change) {
    return change % CHANGES_A_TRADE == 0;
  }

  /** Up and down again; whoever receives a change can tell whether it is whole. */
  static long bid(long change) {
    long step = change % (2 * SWING);
    return BASE + TICK * (step < SWING ? step : 2 * SWING - step);
  }
}
