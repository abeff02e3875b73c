package io.petrel.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class LinkQuantitiesTest {
  @Test
  void readsQueuesInPacketsAndInTime() {
    LinkQuantities.QueueConverter converter = new LinkQuantities.QueueConverter();
    assertEquals(new LinkQuantities.Queue(25, Long.MAX_VALUE), converter.convert("25p"));
    assertEquals(
        new LinkQuantities.Queue(Integer.MAX_VALUE, 30_000_000), converter.convert("30ms"));
    assertEquals(0, converter.convert("0p").packets());
  }

  @Test
  void readsReordering() {
    LinkQuantities.ReorderingConverter converter = new LinkQuantities.ReorderingConverter();
    assertEquals(new LinkQuantities.Reordering(0.01, 5_000_000), converter.convert("1%:5ms"));
    assertEquals(LinkQuantities.Reordering.NONE, converter.convert("0"));
  }

  @Test
  void readsWindows() {
    LinkQuantities.WindowConverter converter = new LinkQuantities.WindowConverter();
    assertEquals(
        new LinkQuantities.Window(5_000_000_000L, 7_000_000_000L), converter.convert("5s-7s"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"p", "-1p", "25", "25 packets", "", "1.5p", "30"})
  void refusesOtherQueues(String text) {
    assertNamed(text, new LinkQuantities.QueueConverter());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1%", "1%:", ":5ms", "101%:5ms", "1%:5", "x"})
  void refusesOtherReorderings(String text) {
    assertNamed(text, new LinkQuantities.ReorderingConverter());
  }

  @ParameterizedTest
  @ValueSource(strings = {"5s", "7s-5s", "5s-5s", "-5s", "5-7", "a-b"})
  void refusesOtherWindows(String text) {
    assertNamed(text, new LinkQuantities.WindowConverter());
  }

  private static void assertNamed(String text, picocli.CommandLine.ITypeConverter<?> converter) {
    String message =
        String.valueOf(
            assertThrows(TypeConversionException.class, () -> converter.convert(text))
                .getMessage());
    assertTrue(message.startsWith("'" + text + "' is not "), message);
  }
}
