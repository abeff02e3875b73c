package io.petrel.bench.rig;

import io.petrel.bench.cli.CommandFailure;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A JVM that runs one end of a connection, told what to do a line at a time. */
final class ChildProcess implements AutoCloseable {
  /** The same for every peer; printed with the results. */
  static final List<String> JVM_FLAGS =
      List.of(
          "-Xms256m",
          "-Xmx256m",
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:GuaranteedSafepointInterval=0",
          "-Dagrona.disable.bounds.checks=true",
          "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
          "--enable-native-access=ALL-UNNAMED");

  private static final String ENDED = "ended";

  private final String name;
  private final Process process;
  private final Writer commands;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  /**
   * Starts it.
   *
   * @param name in messages to people
   * @param launcher what the command line begins with; empty for nothing
   * @param arguments of {@link EndpointProcess}
   */
  ChildProcess(String name, List<String> launcher, List<String> arguments) {
    this(name, launcher, EndpointProcess.class, arguments);
  }

  /** Starts another class's main, which reads commands and answers in the same way. */
  ChildProcess(String name, List<String> launcher, Class<?> main, List<String> arguments) {
    this.name = name;
    List<String> line = new ArrayList<>(launcher);
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(JVM_FLAGS);
    line.add("-cp");
    line.add(System.getProperty("java.class.path"));
    line.add(main.getName());
    line.addAll(arguments);
    try {
      process = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new CommandFailure("cannot start a process for " + name + ": " + e.getMessage(), e);
    }
    commands =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    Thread.ofPlatform().daemon().name(name).start(this::read);
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("@")) {
          answers.add(line.substring(1));
        } else {
          System.err.println(name + ": " + line);
        }
      }
    } catch (IOException e) {
      System.err.println(name + ": " + e.getMessage());
    }
    answers.add(ENDED);
  }

  void say(String command) {
    try {
      commands.write(command);
      commands.write('\n');
      commands.flush();
    } catch (IOException e) {
      throw new CommandFailure(name + " has ended before its time: " + e.getMessage(), e);
    }
  }

  /** Waits for an answer that begins with a word and returns the rest of it. */
  String await(String word, long timeoutSeconds) {
    String answer;
    try {
      answer = answers.poll(timeoutSeconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted", e);
    }
    if (answer == null) {
      throw new CommandFailure(
          name + " did not answer '" + word + "' within " + timeoutSeconds + " s");
    }
    if (!answer.equals(word) && !answer.startsWith(word + " ")) {
      throw new CommandFailure(
          name + " failed: it said '" + answer + "' instead of '" + word + "'");
    }
    return answer.substring(Math.min(answer.length(), word.length() + 1));
  }

  /** Ends it without a word. */
  void abandon() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    try {
      commands.write("quit\n");
      commands.flush();
    } catch (IOException e) {
      // Gone already; what remains of it is reaped below.
    }
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
