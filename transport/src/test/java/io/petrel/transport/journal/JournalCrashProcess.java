package io.petrel.transport.journal;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A process to be killed: appends to a journal and says of each entry that it is recorded. */
final class JournalCrashProcess {
  private JournalCrashProcess() {}

  /**
   * Appends until it is killed.
   *
   * @param arguments directory, first position
   */
  public static void main(String[] arguments) {
    long position = Long.parseLong(arguments[1]);
    Random random = new Random(position);
    PrintStream out = System.out;
    try (Journal journal = Journal.open(JournalFixture.small(Path.of(arguments[0])))) {
      while (!out.checkError()) {
        int length = random.nextInt(random.nextInt(4) == 0 ? JournalEntry.MAX_LENGTH : 500);
        JournalFixture.append(
            journal, JournalFixture.entry(JournalFixture.SESSION, 0, position, length, position));
        position += length;
        out.println(position);
      }
    }
  }

  static Process start(Path directory, long position, Path said) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            JournalCrashProcess.class.getName(),
            directory.toString(),
            Long.toString(position)));
    return new ProcessBuilder(command)
        .redirectOutput(said.toFile())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
