package io.petrel.transport.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RunGuardTest {
  private long progress;
  private long memory;
  private final RunGuard guard = new RunGuard(100, () -> progress, 1_000, () -> memory);

  @Test
  void isPatientWhileThereIsProgress() {
    for (int now = 0; now < 1_000; now += 100) {
      progress++;
      assertTrue(guard.check(now, true), guard.failure());
      assertTrue(guard.check(now + 100, true), guard.failure());
    }
    assertEquals(100, guard.longestStallNs());
  }

  @Test
  void saysSinceWhenNothingMoved() {
    progress = 7;
    assertTrue(guard.check(50, true));
    assertTrue(guard.check(150, true));
    assertFalse(guard.check(151, true));
    assertEquals("no progress for 101 ns at 151 ns, after 7 deliveries", guard.failure());
  }

  @Test
  void startsCountingWhenTheNetworkIsUpAgain() {
    guard.check(0, true);
    assertTrue(guard.check(90, false));
    assertTrue(guard.check(5_000, false));
    assertTrue(guard.check(5_050, true));
    assertTrue(guard.check(5_150, true));
    assertFalse(guard.check(5_151, true));
  }

  @Test
  void limitsMemory() {
    memory = 1_000;
    assertTrue(guard.check(0, true));
    memory = 1_001;
    assertFalse(guard.check(10, true));
    assertEquals("1001 bytes held at 10 ns, the limit is 1000", guard.failure());
    memory = 5;
    assertFalse(guard.check(20, true));
    assertEquals(1_001, guard.maxMemoryBytes());
  }
}
