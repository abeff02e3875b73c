package io.petrel.codecs;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The sample messages keep their bytes, and no bytes lead a decoder out of bounds. */
class MessageGoldenTest {

  /** One of the two schemas with all that belongs to it. */
  record Family(
      String directory, SchemaModel schema, MessageVerifier verifier, Map<String, byte[]> samples) {

    int verify(byte[] message) {
      return verifier.verify(new UnsafeBuffer(message), 0, message.length);
    }

    String describe(byte[] message) {
      UnsafeBuffer buffer = new UnsafeBuffer(message);
      int template = unsignedShort(buffer, 2);
      SchemaModel.Message kind =
          schema.messages().stream().filter(m -> m.id() == template).findFirst().orElseThrow();
      return kind.name()
          + ": "
          + WireText.decoded(
              schema.packageName() + "." + kind.name(),
              buffer,
              MessageVerifier.HEADER_LENGTH,
              unsignedShort(buffer, 0),
              unsignedShort(buffer, 6),
              message.length);
    }

    private static int unsignedShort(UnsafeBuffer buffer, int offset) {
      return buffer.getShort(offset, LITTLE_ENDIAN) & 0xFFFF;
    }
  }

  record Case(Family family, Golden golden) {
    @Override
    public String toString() {
      return golden.toString();
    }
  }

  static final Family MARKET_DATA =
      new Family(
          "market-data-v0",
          SchemaModel.read("src/main/sbe/market-data.xml"),
          MessageVerifier.MARKET_DATA,
          SampleMessages.marketData());

  static final Family ORDERS =
      new Family(
          "orders-v0",
          SchemaModel.read("src/main/sbe/orders.xml"),
          MessageVerifier.ORDERS,
          SampleMessages.orders());

  static Stream<Family> families() {
    return Stream.of(MARKET_DATA, ORDERS);
  }

  static Stream<Case> goldens() {
    return families()
        .flatMap(family -> Golden.readAll(family.directory).stream().map(g -> new Case(family, g)));
  }

  @ParameterizedTest
  @MethodSource("families")
  void encodersWriteTheGoldenBytes(Family family) {
    if (Golden.UPDATE) {
      family.samples.forEach(
          (name, bytes) -> new Golden(name, family.describe(bytes), bytes).write(family.directory));
    }
    List<Golden> goldens = Golden.readAll(family.directory);

    assertEquals(
        family.samples.keySet().stream().toList(), goldens.stream().map(Golden::name).toList());
    goldens.forEach(
        g -> assertArrayEquals(g.bytes(), SampleMessages.named(family.samples, g.name())));
  }

  @ParameterizedTest
  @MethodSource("families")
  void everyMessageOfTheSchemaHasGoldenBytes(Family family) {
    assertEquals(
        family.schema.messages().stream()
            .map(SchemaModel.Message::name)
            .collect(Collectors.toSet()),
        Golden.readAll(family.directory).stream()
            .map(g -> g.text().substring(0, g.text().indexOf(':')))
            .collect(Collectors.toSet()));
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void decodersReadWhatTheGoldenBytesMean(Case it) {
    assertEquals("none", Rejection.name(it.family.verify(it.golden.bytes())));
    assertEquals(it.golden.text(), it.family.describe(it.golden.bytes()));
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void everyTruncationAndEveryAddedByteIsRejected(Case it) {
    byte[] bytes = it.golden.bytes();
    for (int length = 0; length <= bytes.length + 8; length++) {
      int rejection = it.family.verify(Arrays.copyOf(bytes, length));
      assertTrue(length == bytes.length || rejection < 0, "passed with " + length + " bytes");
    }
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void everyChangedByteIsRejectedOrReadWithinItsBounds(Case it) {
    for (int at = 0; at < it.golden.bytes().length; at++) {
      for (int value = 0; value < 256; value++) {
        byte[] changed = it.golden.bytes();
        changed[at] = (byte) value;
        if (it.family.verify(changed) == Rejection.NONE) {
          it.family.describe(changed);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void fieldsAddedByANewerVersionAreSkipped(Case it) {
    byte[] bytes = it.golden.bytes();
    UnsafeBuffer old = new UnsafeBuffer(bytes);
    int body = MessageVerifier.HEADER_LENGTH;
    int block = old.getShort(0, LITTLE_ENDIAN);
    byte[] newer = new byte[bytes.length + 5];
    System.arraycopy(bytes, 0, newer, 0, body + block);
    System.arraycopy(bytes, body + block, newer, body + block + 5, bytes.length - body - block);
    UnsafeBuffer header = new UnsafeBuffer(newer);
    header.putShort(0, (short) (block + 5), LITTLE_ENDIAN);
    header.putShort(6, (short) 1, LITTLE_ENDIAN);

    assertEquals("none", Rejection.name(it.family.verify(newer)));
    assertEquals(it.golden.text(), it.family.describe(newer));
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void aNewerMessageCutAnywhereIsRejectedOrReadWithinItsBounds(Case it) {
    byte[] newer = it.golden.bytes();
    newer[6] = 1;
    for (int length = 0; length <= newer.length; length++) {
      byte[] cut = Arrays.copyOf(newer, length);
      if (it.family.verify(cut) == Rejection.NONE) {
        it.family.describe(cut);
      }
    }
  }

  @Test
  void messagesOfAnotherSchemaOrKindAreToldApart() {
    byte[] quote = SampleMessages.named(MARKET_DATA.samples, "quote");
    byte[] unknown = quote.clone();
    unknown[2] = 99;

    assertEquals("schema", Rejection.name(ORDERS.verify(quote)));
    assertEquals("template", Rejection.name(MARKET_DATA.verify(unknown)));
    assertEquals("truncated", Rejection.name(MARKET_DATA.verify(new byte[7])));
  }

  @Test
  void enumValuesThatAreNotKnownReadAsSuch() {
    byte[] trade = SampleMessages.named(MARKET_DATA.samples, "trade");
    int aggressor = MessageVerifier.HEADER_LENGTH + 52;
    trade[aggressor] = 77;
    assertTrue(MARKET_DATA.describe(trade).contains("aggressor=SBE_UNKNOWN"));
    trade[aggressor] = -1;
    assertTrue(MARKET_DATA.describe(trade).contains("aggressor=NULL_VAL"));
  }
}
