package io.petrel.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonReaderTest {
  @Test
  void readsWhatIsWritten() {
    JsonLine line =
        new JsonLine()
            .put("text", "a \"quoted\" \\ line\nand a tab\t, \u0001 and \ud83d\ude00")
            .put("none", (String) null)
            .put("whole", -12_345_678_901L)
            .put("part", 0.125, 3)
            .put("truth", true)
            .put("list", new long[] {1, 2})
            .put("empty", new long[] {})
            .put("inner", new JsonLine().put("x", false));
    Map<String, @Nullable Object> read = JsonReader.read(line.toString());
    assertEquals("a \"quoted\" \\ line\nand a tab\t, \u0001 and \ud83d\ude00", read.get("text"));
    assertTrue(read.containsKey("none"));
    assertEquals(null, read.get("none"));
    assertEquals(-12_345_678_901.0, read.get("whole"));
    assertEquals(0.125, read.get("part"));
    assertEquals(true, read.get("truth"));
    assertEquals(List.of(1.0, 2.0), read.get("list"));
    assertEquals(List.of(), read.get("empty"));
    assertEquals(Map.of("x", false), read.get("inner"));
    assertEquals(8, read.size());
  }

  @Test
  void readsSpaceBetweenAnything() {
    Map<String, @Nullable Object> read =
        JsonReader.read(" { \"a\" : [ 1 , null ] , \"b\" : { } } ");
    assertEquals(Arrays.asList(1.0, null), read.get("a"));
    assertEquals(Map.of(), read.get("b"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[1]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":tru}",
        "{\"a\":1}x",
        "{\"a",
        "{\"a\\",
        "{\"a\":\"\\u12\"}",
        "{\"a\":1e}"
      })
  void refusesWhatIsNoObjectAndSaysWhere(String line) {
    String why =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> JsonReader.read(line)).getMessage());
    assertTrue(why.matches("no JSON object: .* expected at character [0-9]+"), why);
  }
}
