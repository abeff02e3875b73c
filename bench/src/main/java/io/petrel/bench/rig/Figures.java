package io.petrel.bench.rig;

import io.petrel.bench.cli.CommandFailure;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What one end reported of one round. */
final class Figures {
  private final Map<String, String> values = new HashMap<>();

  Figures(String words) {
    for (String word : words.split(" ", -1)) {
      int equals = word.indexOf('=');
      values.put(word.substring(0, equals), word.substring(equals + 1));
    }
  }

  long value(String key) {
    return Long.parseLong(text(key));
  }

  Histogram histogram() {
    return Histogram.decodeFromByteBuffer(
        ByteBuffer.wrap(Base64.getDecoder().decode(text("histogram"))), 0);
  }

  private String text(String key) {
    String value = values.get(key);
    if (value == null) {
      throw new CommandFailure("an endpoint reported no '" + key + "': " + values.keySet());
    }
    return value;
  }
}
