package io.petrel.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.petrel.transport.metrics.Counters;
import io.petrel.transport.metrics.CountersReader;
import io.petrel.transport.metrics.MetricTypes;
import org.junit.jupiter.api.Test;

final class DutyCycleTest {
  private final Counters counters = Counters.local();
  private final DutyCycle dutyCycle = new DutyCycle(counters, "engine", 1_000);

  private long valueOf(int typeId) {
    CountersReader reader = counters.reader();
    return reader.value(reader.countersOfType(typeId).getFirst());
  }

  @Test
  void countsTurnsAndTellsTheLongest() {
    for (long nowNs : new long[] {-50, 50, 1_050, 1_150}) {
      dutyCycle.onTurn(nowNs);
    }
    assertEquals(4, valueOf(MetricTypes.TURNS));
    assertEquals(1_000, valueOf(MetricTypes.LONGEST_TURN));
    assertEquals(0, dutyCycle.stalls());
  }

  @Test
  void aTurnAboveTheThresholdIsAStall() {
    dutyCycle.onTurn(0);
    dutyCycle.onTurn(1_001);
    dutyCycle.onTurn(1_002);
    assertEquals(1, dutyCycle.stalls());
    assertEquals(1, valueOf(MetricTypes.STALLS));
  }

  @Test
  void theClocksWrapDoesNotLookLikeAStall() {
    dutyCycle.onTurn(Long.MAX_VALUE);
    dutyCycle.onTurn(Long.MIN_VALUE + 99);
    assertEquals(100, valueOf(MetricTypes.LONGEST_TURN));
    assertEquals(0, dutyCycle.stalls());
  }
}
