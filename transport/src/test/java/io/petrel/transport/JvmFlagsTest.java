package io.petrel.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JvmFlagsTest {
  private static final String EXPORT =
      "the JVM was started without a flag that is needed; add:"
          + " --add-exports java.base/jdk.internal.misc=ALL-UNNAMED";
  private static final String NATIVE =
      "the JVM was started without a flag that is needed; add: --enable-native-access=ALL-UNNAMED";

  @Test
  void aLaunchWithoutTheExportNamesTheFlag(@TempDir Path dir) throws Exception {
    assertEquals(EXPORT, launchWith(dir, "--enable-native-access=ALL-UNNAMED"));
  }

  @Test
  void aLaunchWithoutNativeAccessNamesTheFlag(@TempDir Path dir) throws Exception {
    assertEquals(
        NATIVE,
        launchWith(
            dir,
            "--add-exports",
            "java.base/jdk.internal.misc=ALL-UNNAMED",
            "--illegal-native-access=deny",
            "-Dpetrel.core=0")); // Asking for a core is the first native call.
  }

  @Test
  void aClassThatFailedBeforeStillNamesTheFlag() {
    NoClassDefFoundError again = new NoClassDefFoundError("Could not initialize class X");
    again.initCause(
        new ExceptionInInitializerError(
            "Exception java.lang.IllegalAccessError: class X cannot access class"
                + " jdk.internal.misc.Unsafe because module java.base does not export"
                + " jdk.internal.misc to unnamed module @0x1 [in thread \"main\"]"));
    assertEquals(EXPORT, JvmFlags.remedyFor(again));
  }

  @Test
  void otherFailuresHaveNoFlag() {
    assertNull(JvmFlags.remedyFor(new NoClassDefFoundError("X")));
    assertNull(JvmFlags.remedyFor(new IllegalStateException()));
  }

  private static String launchWith(Path dir, String... flags)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(flags));
    command.add("-Dpetrel.dir=" + dir);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Launching.class.getName());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    process.waitFor();
    return out;
  }

  /** Prints why the launch failed. */
  static final class Launching {
    private Launching() {}

    /**
     * Runs.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
      try (Petrel petrel = Petrel.launch()) {
        System.out.println("launched " + petrel);
      } catch (PetrelException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
