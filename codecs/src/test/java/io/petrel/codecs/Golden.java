package io.petrel.codecs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Bytes that must not change, kept as text under src/test/resources/golden: hexadecimal, and the
 * decoded content in lines that begin with {@code #}. Files of the current version are written anew
 * by {@code mvn -pl codecs test -Dpetrel.update=true}; those of a version before never are.
 */
final class Golden {
  static final boolean UPDATE = Boolean.getBoolean("petrel.update");
  private static final Path ROOT = Path.of("src/test/resources/golden");
  private static final int BYTES_A_LINE = 16;

  private final String name;
  private final String text;
  private final byte[] bytes;

  Golden(String name, String text, byte[] bytes) {
    this.name = name;
    this.text = text;
    this.bytes = bytes.clone();
  }

  String name() {
    return name;
  }

  /** What the bytes mean. */
  String text() {
    return text;
  }

  byte[] bytes() {
    return bytes.clone();
  }

  static Golden read(String directory, String name) {
    try {
      List<String> lines = Files.readAllLines(ROOT.resolve(directory).resolve(name + ".hex"));
      String text =
          String.join(
              "\n",
              lines.stream().filter(l -> l.startsWith("# ")).map(l -> l.substring(2)).toList());
      String hex = String.join("", lines.stream().filter(l -> !l.startsWith("#")).toList());
      return new Golden(name, text, HexFormat.of().parseHex(hex.replace(" ", "")));
    } catch (IOException e) {
      throw new UncheckedIOException("no golden bytes; see " + Golden.class, e);
    }
  }

  static List<Golden> readAll(String directory) {
    try (Stream<Path> files = Files.list(ROOT.resolve(directory))) {
      return files
          .map(f -> f.getFileName().toString().replace(".hex", ""))
          .sorted()
          .map(name -> read(directory, name))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(String directory) {
    StringBuilder out = new StringBuilder();
    text.lines().forEach(line -> out.append("# ").append(line).append('\n'));
    for (int from = 0; from < bytes.length; from += BYTES_A_LINE) {
      int to = Math.min(from + BYTES_A_LINE, bytes.length);
      out.append(HexFormat.ofDelimiter(" ").formatHex(bytes, from, to)).append('\n');
    }
    try {
      Path folder = Files.createDirectories(ROOT.resolve(directory));
      Files.writeString(folder.resolve(name + ".hex"), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
