package io.petrel.codecs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.codecs.wire.RefuseFrameDecoder;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Version 0 and version 1 understand each other, in both directions. */
class WireVersionPairTest {
  private static final WireText OLD = new WireText(SchemaModel.read("src/test/sbe/wire-v0.xml"));
  private static final WireText NEW = new WireText(SchemaModel.wire());

  private static final Set<String> KNOWN_BEFORE =
      SchemaModel.read("src/test/sbe/wire-v0.xml").messages().stream()
          .map(SchemaModel.Message::name)
          .collect(Collectors.toSet());

  static List<Golden> oldGoldens() {
    return Golden.readAll("wire-v0");
  }

  static List<Golden> newGoldens() {
    return Golden.readAll("wire-v1");
  }

  @ParameterizedTest
  @MethodSource("oldGoldens")
  void bytesOfTheOldVersionAreValidAndMeanTheSame(Golden old) {
    assertEquals("none", Rejection.name(Datagrams.validate(old.bytes())));
    assertEquals(old.text(), OLD.describe(old.bytes()));
    assertSaysAsMuch(old.text(), NEW.describe(old.bytes()));
  }

  @ParameterizedTest
  @MethodSource("newGoldens")
  void theOldVersionReadsWhatItKnowsOfTheNewBytes(Golden golden) {
    String[] read = OLD.describe(golden.bytes()).split("\n", -1);
    String[] written = golden.text().split("\n", -1);

    assertEquals(written.length, read.length);
    for (int i = 0; i < read.length; i++) {
      String name = written[i].substring(0, written[i].indexOf(':'));
      if (!KNOWN_BEFORE.contains(name)) {
        assertTrue(read[i].startsWith("unknown frame of "), read[i]);
      } else {
        assertSaysAsMuch(read[i], written[i]);
      }
    }
  }

  @Test
  void aFieldThatTheOldVersionLacksReadsAsAbsent() {
    UnsafeBuffer refuse = new UnsafeBuffer(Golden.read("wire-v0", "refuse").bytes());
    FrameCursor cursor = new FrameCursor().wrap(refuse, 0, refuse.capacity());
    assertTrue(cursor.next());
    RefuseFrameDecoder decoder = new RefuseFrameDecoder();
    decoder.wrap(refuse, cursor.body(), cursor.blockLength(), cursor.version());

    assertEquals(RefuseFrameDecoder.retryAfterMsNullValue(), decoder.retryAfterMs());
  }

  @Test
  void aFrameClaimsNoVersionOlderThanItself() {
    byte[] token = Golden.read("wire-v1", "token").bytes();
    token[DatagramHeader.LENGTH + 6] = 0;

    assertEquals("block length", Rejection.name(Datagrams.validate(token)));
  }

  @Test
  void theOldLengthOfABlockGoesWithTheOldVersionOnly() {
    byte[] old = Golden.read("wire-v0", "refuse").bytes();
    old[DatagramHeader.LENGTH + 6] = 1;
    byte[] current = Golden.read("wire-v1", "refuse").bytes();
    current[DatagramHeader.LENGTH + 6] = 0;

    assertEquals("block length", Rejection.name(Datagrams.validate(old)));
    assertEquals("block length", Rejection.name(Datagrams.validate(current)));
  }

  /** Every frame and field of the one text is in the other, which may have more fields. */
  private static void assertSaysAsMuch(String less, String more) {
    String[] lessLines = less.split("\n", -1);
    String[] moreLines = more.split("\n", -1);
    assertEquals(lessLines.length, moreLines.length);
    for (int i = 0; i < lessLines.length; i++) {
      List<String> fields = Arrays.asList(moreLines[i].split("\\|", -1));
      for (String field : lessLines[i].split("\\|", -1)) {
        assertFalse(field.isEmpty());
        assertTrue(fields.contains(field), () -> field + " is not in " + fields);
      }
    }
  }
}
