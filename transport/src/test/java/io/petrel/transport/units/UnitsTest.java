package io.petrel.transport.units;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "7ns, 7",
    "250us, 250000",
    "20ms, 20000000",
    "5s, 5000000000",
    "2m, 120000000000",
    "1.5ms, 1500000",
    "0.3ns, 0",
    "0.5ns, 1",
    "' 20 ms ', 20000000",
    "20MS, 20000000"
  })
  void readsDurations(String text, long ns) {
    assertEquals(ns, Units.durationNs(text));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "288, 288",
    "288B, 288",
    "64KiB, 65536",
    "1.5MiB, 1572864",
    "10MB, 10000000",
    "1kB, 1000",
    "1KB, 1000",
    "2GB, 2000000000",
    "1GiB, 1073741824"
  })
  void readsSizes(String text, long bytes) {
    assertEquals(bytes, Units.sizeBytes(text));
  }

  @ParameterizedTest
  @CsvSource({"9600bit, 9600", "500kbit, 500000", "100mbit, 100000000", "2.5gbit, 2500000000"})
  void readsRates(String text, long bitsPerSecond) {
    assertEquals(bitsPerSecond, Units.rateBitsPerSecond(text));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0%, 0", "1%, 0.01", "0.01, 0.01", "0.1%, 0.001", "100%, 1", "1, 1"})
  void readsFractions(String text, double share) {
    assertEquals(share, Units.fraction(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ms",
        "20",
        "-1ms",
        "1e3ms",
        "1.ms",
        ".5ms",
        "1..5ms",
        "20mss",
        "5 h",
        "0x10ms",
        "NaN",
        "99999999999999999999999999999999ms",
        "9999999999999s"
      })
  void refusesWhatIsNoDuration(String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Units.durationNs(text)).getMessage();
    assertTrue(
        String.valueOf(message).startsWith("'" + text + "' is not a duration such as"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"101%", "1.1", "-1%", "1%%", "percent", ""})
  void refusesWhatIsNoFraction(String text) {
    assertThrows(IllegalArgumentException.class, () -> Units.fraction(text));
  }

  @Test
  void namesTheUnitsThereAre() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Units.sizeBytes("3 furlongs"))
            .getMessage();
    assertEquals(
        "'3 furlongs' is not a size such as 288, 64KiB or 10MB;"
            + " units: B, kB, MB, GB, KiB, MiB, GiB",
        message);
  }
}
