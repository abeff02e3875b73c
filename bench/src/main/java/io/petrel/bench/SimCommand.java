package io.petrel.bench;

import io.petrel.bench.sim.MulticastCommand;
import io.petrel.bench.sim.RudpCommand;
import picocli.CommandLine.Command;

/** Groups the simulators; alone it prints which there are. */
@Command(
    name = "sim",
    description = "Runs the protocols in virtual time: what would my link do?",
    synopsisHeading = "usage: ",
    synopsisSubcommandLabel = "PROTOCOL",
    commandListHeading = "%nprotocols:%n",
    subcommands = {RudpCommand.class, MulticastCommand.class})
final class SimCommand {}
