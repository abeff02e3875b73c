package io.petrel.bench.jcstress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs jcstress on this package and on ipc in a process of its own; it exits with 1 on a forbidden
 * outcome.
 */
@Tag("slow")
class StressTest {
  private static final int LIMIT_MINUTES = 15;

  @Test
  void noForbiddenOutcomeIsSeen(@TempDir final Path directory)
      throws IOException, InterruptedException {
    final Path output = directory.resolve("output.txt");
    final Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-m",
                "quick",
                "-t",
                "io.petrel.(bench.jcstress|transport.ipc)",
                "-f",
                "1",
                "-iters",
                "2",
                "-time",
                "50",
                "-jvmArgs",
                "--add-exports java.base/jdk.internal.misc=ALL-UNNAMED",
                "-r",
                directory.resolve("results").toString())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    final boolean ended = process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES);
    process.destroyForcibly().waitFor();

    final String text = Files.readString(output);
    assertEquals(true, ended, "jcstress did not end:\n" + text);
    assertEquals(0, process.exitValue(), text);
  }
}
