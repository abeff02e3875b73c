package io.petrel.multicast;

import java.util.concurrent.atomic.AtomicInteger;

/** Groups for tests, each used once, and by no other process of this machine that runs them. */
final class Groups {
  private static final AtomicInteger NEXT = new AtomicInteger();
  private static final long PROCESS = ProcessHandle.current().pid();

  private Groups() {}

  /** A group of the administratively scoped block, and a port with a free one behind it. */
  static String place() {
    int number = NEXT.incrementAndGet();
    long port = 20_000 + PROCESS % 10_000 * 4 + 2L * (number / 60_000);
    return "239.192."
        + (number / 250 + (PROCESS & 15) * 16) % 256
        + "."
        + (number % 250 + 1)
        + ":"
        + port;
  }

  /** The same as a URI without options. */
  static String fresh() {
    return "mcast://" + place();
  }
}
