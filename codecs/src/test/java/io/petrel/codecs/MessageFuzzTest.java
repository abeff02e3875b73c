package io.petrel.codecs;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the bytes, they are rejected or read within their bounds; see {@link DatagramFuzzTest}
 * for how to fuzz.
 */
class MessageFuzzTest {

  static Stream<byte[]> marketData() {
    return Golden.readAll(MessageGoldenTest.MARKET_DATA.directory()).stream().map(Golden::bytes);
  }

  static Stream<byte[]> orders() {
    return Golden.readAll(MessageGoldenTest.ORDERS.directory()).stream().map(Golden::bytes);
  }

  @MethodSource
  @FuzzTest(maxDuration = "2m")
  void marketData(byte[] bytes) {
    readIfValid(MessageGoldenTest.MARKET_DATA, bytes);
  }

  @MethodSource
  @FuzzTest(maxDuration = "2m")
  void orders(byte[] bytes) {
    readIfValid(MessageGoldenTest.ORDERS, bytes);
  }

  private static void readIfValid(MessageGoldenTest.Family family, byte[] bytes) {
    if (family.verify(bytes) == Rejection.NONE) {
      family.describe(bytes);
    }
  }
}
