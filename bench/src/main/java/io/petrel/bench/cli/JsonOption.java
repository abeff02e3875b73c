package io.petrel.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The option {@code --json FILE|-}, mixed into every command that measures, and the two outputs a
 * command then has: lines for programs and text for people. With {@code -} the standard output is
 * for programs alone.
 */
public final class JsonOption {
  @Option(
      names = "--json",
      paramLabel = "FILE|-",
      description = "Writes one JSON object a line to FILE, or to standard output alone with '-'.",
      showDefaultValue = CommandLine.Help.Visibility.NEVER)
  private @Nullable String target;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  /** Made by the command-line parser. */
  public JsonOption() {}

  /**
   * Opens both outputs.
   *
   * @return to be closed at the end of the run
   * @throws CommandFailure when the file cannot be written
   */
  public Output open() {
    if (command == null) {
      throw new IllegalStateException("not mixed into a command");
    }
    PrintWriter out = command.commandLine().getOut();
    if (target == null) {
      return new Output(new PrintWriter(Writer.nullWriter()), out, null);
    }
    if (target.equals("-")) {
      return new Output(out, new PrintWriter(Writer.nullWriter()), null);
    }
    try {
      PrintWriter file = new PrintWriter(Files.newBufferedWriter(Path.of(target)));
      return new Output(file, out, file);
    } catch (IOException e) {
      throw new CommandFailure("cannot write '" + target + "': " + e, e);
    }
  }

  /** Where a command's results go. */
  public static final class Output implements AutoCloseable {
    private final PrintWriter json;
    private final PrintWriter text;
    private final @Nullable PrintWriter file;

    private Output(PrintWriter json, PrintWriter text, @Nullable PrintWriter file) {
      this.json = json;
      this.text = text;
      this.file = file;
    }

    /**
     * Writes one object; a reader at the other end of a pipe sees it at once.
     *
     * @param line the object
     */
    public void line(JsonLine line) {
      json.print(line + "\n");
      json.flush();
    }

    /**
     * For people.
     *
     * @return prints to standard output, or nowhere when that is for programs alone
     */
    public PrintWriter text() {
      return text;
    }

    /**
     * Closes the file, if there is one.
     *
     * @throws CommandFailure when not all could be written
     */
    @Override
    public void close() {
      text.flush();
      if (file != null) {
        boolean failed = file.checkError();
        file.close();
        if (failed) {
          throw new CommandFailure("could not write all of the --json file: is its disk full?");
        }
      }
    }
  }
}
