package io.petrel.transport.time;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SteadyTimeTest {
  private static final long SECOND = 1_000_000_000L;

  private final SteadyTime time = new SteadyTime();

  @Test
  void followsAClockThatBehaves() {
    assertEquals(-5, time.steady(-5, Deadline.NONE));
    assertEquals(10, time.steady(10, Deadline.NONE));
    assertEquals(100 * SECOND, time.steady(100 * SECOND, 100 * SECOND));
    assertEquals(0, time.jumps());
  }

  @Test
  void standsStillWhenTheClockIsSetBackAndThenGoesOn() {
    time.steady(10 * SECOND, Deadline.NONE);
    assertEquals(10 * SECOND, time.steady(2 * SECOND, Deadline.NONE));
    assertEquals(11 * SECOND, time.steady(3 * SECOND, Deadline.NONE));
    assertEquals(4 * SECOND, time.clock(12 * SECOND));
    assertEquals(1, time.jumps());
  }

  @Test
  void inATurnThatComesFarTooLateNoTimeHasPassed() {
    time.steady(0, Deadline.NONE);
    assertEquals(0, time.steady(3_600 * SECOND, 2 * SECOND));
    assertEquals(SECOND, time.steady(3_601 * SECOND, 2 * SECOND));
    assertEquals(3_602 * SECOND, time.clock(2 * SECOND));
  }

  @Test
  void aLongRestWithNothingDueIsNoLeap() {
    time.steady(0, Deadline.NONE);
    assertEquals(3_600 * SECOND, time.steady(3_600 * SECOND, Deadline.NONE));
  }
}
