package io.petrel.bench;

import picocli.CommandLine.Command;

/** Groups the benches; alone it prints which there are. */
@Command(
    name = "bench",
    description = "Measures on this machine: round trips, throughput, counters and more.",
    synopsisHeading = "usage: ",
    synopsisSubcommandLabel = "BENCH",
    commandListHeading = "%nbenches:%n")
final class BenchCommand {}
