package io.petrel.bench;

import io.petrel.bench.metrics.MetricsCommand;
import io.petrel.bench.parts.PartsCommand;
import io.petrel.bench.port.PortCommand;
import io.petrel.bench.rig.FanOutCommand;
import io.petrel.bench.rig.IdleCommand;
import io.petrel.bench.rig.LossyCommand;
import io.petrel.bench.rig.RateCommand;
import io.petrel.bench.rig.RttCommand;
import io.petrel.bench.rig.ThroughputCommand;
import picocli.CommandLine.Command;

/** Groups the benches; alone it prints which there are. */
@Command(
    name = "bench",
    description = "Measures on this machine: round trips, throughput, counters and more.",
    synopsisHeading = "usage: ",
    synopsisSubcommandLabel = "BENCH",
    commandListHeading = "%nbenches:%n",
    subcommands = {
      RttCommand.class,
      RateCommand.class,
      ThroughputCommand.class,
      FanOutCommand.class,
      LossyCommand.class,
      IdleCommand.class,
      MetricsCommand.class,
      PartsCommand.class,
      PortCommand.class
    })
final class BenchCommand {}
