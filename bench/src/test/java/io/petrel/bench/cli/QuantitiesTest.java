package io.petrel.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

final class QuantitiesTest {
  @Test
  void readsEachQuantityInItsUnit() {
    assertEquals(20_000_000L, new Quantities.Nanoseconds().convert("20ms"));
    assertEquals(65_536L, new Quantities.Bytes().convert("64KiB"));
    assertEquals(100_000_000L, new Quantities.BitsPerSecond().convert("100mbit"));
    assertEquals(0.01, new Quantities.Fraction().convert("1%"));
  }

  @Test
  void refusesWhatIsNoneAndSaysWhatWouldBe() {
    assertRefused(new Quantities.Nanoseconds(), "5", "a duration such as");
    assertRefused(new Quantities.Bytes(), "many", "a size such as");
    assertRefused(new Quantities.BitsPerSecond(), "5", "a rate such as");
    assertRefused(new Quantities.Fraction(), "101%", "a share from 0 to 1");
  }

  private static void assertRefused(ITypeConverter<?> converter, String value, String wanted) {
    String refusal =
        assertThrows(TypeConversionException.class, () -> converter.convert(value)).getMessage();
    assertTrue(String.valueOf(refusal).startsWith("'" + value + "' is not " + wanted), refusal);
  }
}
