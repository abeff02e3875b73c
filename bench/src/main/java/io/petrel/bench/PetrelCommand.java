package io.petrel.bench;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.demo.DemoCommand;
import io.petrel.bench.grid.ReportCommand;
import io.petrel.bench.journal.BridgeCommand;
import io.petrel.bench.journal.RecordCommand;
import io.petrel.bench.journal.ReplayCommand;
import io.petrel.bench.stat.StatCommand;
import io.petrel.transport.JvmFlags;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The {@code petrel} command. Exit status: 0 done, 1 the work could not be done and standard error
 * says why, 2 the command line is wrong and one line on standard error names what.
 */
@Command(
    name = "petrel",
    description = "Low-latency messaging on the JVM: measure it, simulate it, look inside.",
    synopsisHeading = "usage: ",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%ncommands:%n",
    footer = {"", "petrel COMMAND --help shows a command's options and their defaults."},
    subcommands = {
      DemoCommand.class,
      BenchCommand.class,
      SimCommand.class,
      ReportCommand.class,
      RecordCommand.class,
      ReplayCommand.class,
      BridgeCommand.class,
      StatCommand.class,
      SampleCommand.class
    })
public final class PetrelCommand {
  /** The work could not be done. */
  static final int EXIT_FAILED = 1;

  /** The command line is wrong. */
  static final int EXIT_USAGE = 2;

  PetrelCommand() {}

  /**
   * Runs the command and exits with its status.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, System.out.charset());
    PrintWriter err = new PrintWriter(System.err, true, System.err.charset());
    System.exit(run(commandLine(new PetrelCommand()), out, err, arguments));
  }

  /**
   * Runs one command line against the given writers.
   *
   * @param command a command line made by {@link #commandLine}
   * @param out takes what the command prints
   * @param err takes complaints and progress
   * @param arguments the words after {@code petrel}
   * @return the exit status
   */
  static int run(CommandLine command, PrintWriter out, PrintWriter err, String... arguments) {
    command.setOut(out).setErr(err);
    try {
      return command.execute(arguments);
    } catch (LinkageError e) {
      String remedy = JvmFlags.remedyFor(e);
      if (remedy == null) {
        throw e;
      }
      err.println("petrel: " + remedy);
      return EXIT_FAILED;
    }
  }

  /**
   * The root and everything below it, with the same manners everywhere: help with defaults, errors
   * in one line, usage when a command that only groups others is called alone.
   *
   * @param root an object annotated as a picocli command
   */
  static CommandLine commandLine(Object root) {
    CommandLine command = new CommandLine(root);
    teachManners(command);
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.setAbbreviatedOptionsAllowed(false);
    command.setOverwrittenOptionsAllowed(false);
    command.setParameterExceptionHandler((e, arguments) -> complain(e));
    command.setExecutionExceptionHandler((e, failed, result) -> explain(e, failed));
    command.setExecutionStrategy(result -> {
      CommandLine last = result.asCommandLineList().getLast();
      if (!last.isUsageHelpRequested() && !runs(last.getCommandSpec().userObject())) {
        last.usage(last.getOut());
        return 0;
      }
      return new CommandLine.RunLast().execute(result);
    });
    return command;
  }

  /** A command that only groups others does nothing itself. */
  private static boolean runs(Object command) {
    return command instanceof Runnable || command instanceof Callable;
  }

  private static void teachManners(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    spec.mixinStandardHelpOptions(false);
    spec.addOption(
        CommandLine.Model.OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("Shows this help.")
            .build());
    spec.usageMessage().showDefaultValues(true).sortOptions(false).width(100);
    for (Map.Entry<String, CommandLine> sub : command.getSubcommands().entrySet()) {
      teachManners(sub.getValue());
    }
  }

  private static int complain(ParameterException e) {
    CommandLine where = e.getCommandLine();
    String name = where.getCommandSpec().qualifiedName();
    String what = oneLine(e.getMessage());
    if (e instanceof UnmatchedArgumentException unmatched
        && !where.getSubcommands().isEmpty()
        && !unmatched.getUnmatched().getFirst().startsWith("-")) {
      what = "unknown command '" + unmatched.getUnmatched().getFirst() + "'";
    }
    where.getErr().println(name + ": " + what + " (" + name + " --help shows what there is)");
    return EXIT_USAGE;
  }

  private static int explain(Exception e, CommandLine failed) {
    PrintWriter err = failed.getErr();
    String name = failed.getCommandSpec().qualifiedName();
    if (e instanceof CommandFailure) {
      err.println(name + ": " + oneLine(e.getMessage()));
    } else {
      err.println(name + ": " + oneLine(e.toString()));
      e.printStackTrace(err);
    }
    return EXIT_FAILED;
  }

  private static String oneLine(@Nullable String message) {
    return message == null ? "no reason given" : message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
