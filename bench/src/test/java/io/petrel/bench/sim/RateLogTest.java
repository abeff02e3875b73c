package io.petrel.bench.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RateLogTest {
  @Test
  void tellsTheBytesOfTheLastPartOfARunOfAnyLength() {
    for (long seconds : new long[] {1, 60, 3_600}) {
      RateLog log = new RateLog();
      long intervalNs = seconds * 1_000_000;
      for (int i = 0; i < 1_000; i++) {
        log.add(i * intervalNs, 100);
      }
      assertEquals(100_000, log.bytesSince(0));
      assertEquals(50_000.0, (double) log.bytesSince(500 * intervalNs), 200.0);
      assertEquals(10_000.0, (double) log.bytesSince(900 * intervalNs), 200.0);
      assertEquals(0, log.bytesSince(1_001 * intervalNs));
    }
  }
}
