package io.petrel.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class QuantitiesTest {
  @ParameterizedTest
  @CsvSource({"250us,250000", "20ms,20000000", "5s,5000000000", "1.5us,1500", "7ns,7", "0,0"})
  void readsDurations(String text, long ns) {
    assertEquals(ns, new Quantities.Nanoseconds().convert(text));
  }

  @ParameterizedTest
  @CsvSource({"288,288", "64KiB,65536", "10MB,10000000", "1GiB,1073741824", "3b,3"})
  void readsSizes(String text, long bytes) {
    assertEquals(bytes, new Quantities.Bytes().convert(text));
  }

  @ParameterizedTest
  @CsvSource({"100mbit,100000000", "1.5gbit,1500000000", "8bit,8"})
  void readsRates(String text, long bitsPerSecond) {
    assertEquals(bitsPerSecond, new Quantities.BitsPerSecond().convert(text));
  }

  @ParameterizedTest
  @CsvSource({"1%,0.01", "0.01,0.01", "100%,1", "0,0", "0.1%,0.001"})
  void readsShares(String text, double fraction) {
    assertEquals(fraction, new Quantities.Fraction().convert(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "-5ms", "5 parsecs", "ms", "99999999999999999999s"})
  void refusesWhatIsNoDurationAndSaysWhatIs(String text) {
    TypeConversionException refusal =
        assertThrows(
            TypeConversionException.class, () -> new Quantities.Nanoseconds().convert(text));
    assertTrue(String.valueOf(refusal.getMessage()).startsWith("'" + text + "' is not a duration"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"101%", "1.01", "half"})
  void refusesWhatIsNoShare(String text) {
    assertThrows(TypeConversionException.class, () -> new Quantities.Fraction().convert(text));
  }
}
