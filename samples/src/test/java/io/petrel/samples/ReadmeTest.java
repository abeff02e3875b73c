package io.petrel.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is what runs. */
final class ReadmeTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern PROGRAM = Pattern.compile("(?s)```java\n(.*?)```");
  private static final Pattern FLAG = Pattern.compile("(--[a-z-]+[ =][^ ]*ALL-UNNAMED)");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)]+)\\)");
  private static final Pattern SAMPLE = Pattern.compile("\\./petrel sample ([a-z][a-z-]+)");
  private static final String PORT = "9000";

  @TempDir private Path dir;

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }

  @Test
  void programOnTheFirstScreenRunsAsItStands() throws Exception {
    String readme = readme();
    Matcher program = PROGRAM.matcher(readme);
    assertTrue(program.find(), "the README has no program");
    assertTrue(readme.substring(0, program.end()).lines().count() < 25, "it is not at the top");
    assertTrue(program.group(1).contains(PORT), program.group(1));
    Path source = dir.resolve("Quotes.java");
    Files.writeString(source, program.group(1).replace(PORT, Integer.toString(freePort())));

    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Matcher flags = FLAG.matcher(readme);
    while (flags.find()) {
      command.addAll(List.of(flags.group(1).split(" ")));
    }
    assertEquals(4, command.size(), command.toString()); // one flag of two words, one of one
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), source.toString()));
    Path out = dir.resolve("out.txt");
    Path err = dir.resolve("err.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it has not ended");
    } finally {
      process.destroyForcibly();
    }
    assertEquals(0, process.exitValue(), Files.readString(err));
    assertEquals("EURUSD 1.0842\n", Files.readString(out));
  }

  private static int freePort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      return socket.getLocalPort();
    }
  }

  @Test
  void everyFileItLinksToIsThere() throws IOException {
    List<String> missing =
        LINK.matcher(readme())
            .results()
            .map(link -> link.group(1))
            .filter(link -> !Files.exists(ROOT.resolve(link)))
            .toList();
    assertEquals(List.of(), missing);
  }

  @Test
  void everySampleItNamesIsThere() throws IOException {
    List<String> known = Samples.all().stream().map(Sample::name).toList();
    List<String> named =
        SAMPLE.matcher(readme()).results().map(sample -> sample.group(1)).distinct().toList();
    assertTrue(named.size() >= 5, named.toString());
    assertEquals(List.of(), named.stream().filter(name -> !known.contains(name)).toList());
  }
}
