package io.petrel.bench;

import io.petrel.samples.Sample;
import io.petrel.samples.Samples;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a sample; alone it lists them. */
@Command(name = "sample", description = "Runs a sample; without a name it lists them.")
final class SampleCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "Which; its source is in samples/src/main/java/io/petrel/samples.")
  private @Nullable String name;

  /** Made by the command-line parser. */
  SampleCommand() {}

  @Override
  public Integer call() throws Exception {
    CommandSpec command = spec;
    if (command == null) {
      throw new IllegalStateException("run by the command line only");
    }
    String wanted = name;
    if (wanted == null) {
      PrintWriter out = command.commandLine().getOut();
      Samples.all().forEach(each -> out.printf("  %-24s %s%n", each.name(), each.line()));
      out.printf("%npetrel sample NAME runs one.%n");
      return 0;
    }
    for (Sample sample : Samples.all()) {
      if (sample.name().equals(wanted)) {
        sample.program().run(System.out);
        return 0;
      }
    }
    throw new ParameterException(
        command.commandLine(),
        "no sample is called '%s'; there are %s"
            .formatted(
                wanted, String.join(", ", Samples.all().stream().map(Sample::name).toList())));
  }
}
