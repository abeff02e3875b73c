package io.petrel.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class JsonLineTest {
  @Test
  void keepsTheOrderOfTheKeys() {
    assertEquals(
        "{\"z\":1,\"a\":true,\"m\":\"x\",\"b\":{\"c\":[1,-2]}}",
        new JsonLine()
            .put("z", 1)
            .put("a", true)
            .put("m", "x")
            .put("b", new JsonLine().put("c", new long[] {1, -2}))
            .toString());
  }

  @Test
  void escapesWhatJsonCannotHold() {
    assertEquals(
        "{\"k\\\"\":\"a\\\\b\\n\\t\\r\\u0001é\\ud800\"}",
        new JsonLine().put("k\"", "a\\b\n\t\r\u0001é\ud800").toString());
  }

  @Test
  void writesNumbersPlainlyAndRounded() {
    assertEquals(
        "{\"big\":12345678901.50,\"half\":0.13,\"none\":null,\"all\":[1.0,null]}",
        new JsonLine()
            .put("big", 1.23456789015e10, 2)
            .put("half", 0.125, 2)
            .put("none", Double.NaN, 2)
            .put("all", new double[] {1, Double.POSITIVE_INFINITY}, 1)
            .toString());
  }

  @Test
  void writesNullForAMissingString() {
    @Nullable String missing = null;
    assertEquals("{\"k\":null}", new JsonLine().put("k", missing).toString());
  }
}
