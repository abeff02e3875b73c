package io.petrel.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.link.Emulator;
import io.petrel.bench.link.LinkAccounts;
import io.petrel.bench.link.LinkHosts;
import io.petrel.bench.link.LinkOptions;
import io.petrel.bench.peer.Route;
import io.petrel.bench.peer.Setup;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A real link of two namespaces, watched from its ends. Needs root; skips itself without. */
class LossyLinkTest {
  /** The receiver's socket holds them all, however long its thread has to wait for a core. */
  private static final int MESSAGES = 200;

  private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(1);

  @TempDir private Path directory;

  /** Takes the link's options from a command line, as the command does. */
  @Command
  static final class Options {
    @Mixin private LinkOptions link = new LinkOptions();
  }

  private static LinkOptions options(String... words) {
    Options options = new Options();
    new CommandLine(options).parseArgs(words);
    return options.link;
  }

  private static LinkHosts hosts(boolean plain) {
    try {
      return LinkHosts.open(plain);
    } catch (CommandFailure e) {
      return abort(String.valueOf(e.getMessage()));
    }
  }

  private Pair pair(LinkHosts hosts, String peer) {
    Route route = new Route(hosts.first().address(), hosts.second().address(), 0, 0);
    Setup setup =
        new Setup(true, 21_000, directory, 64, 1_408, false, 0, 1, route, "", 0.02, false);
    return new Pair(
        peer,
        setup,
        new Pair.Place(hosts.first().launcher(), 0),
        new Pair.Place(hosts.second().launcher(), Runtime.getRuntime().availableProcessors() - 1),
        60);
  }

  @Test
  void losesAndDelaysWhatTheEndsSeeLostAndDelayed() {
    LinkOptions options = options("--loss=20%", "--rtt=10ms", "--rate=100mbit");
    try (LinkHosts hosts = hosts(false);
        Emulator emulator = Objects.requireNonNull(hosts.emulate(options, 5));
        Pair pair = pair(hosts, "udp")) {
      List<Figures> figures = pair.round("paced", "record", MESSAGES, INTERVAL_NS);
      Figures receiver = figures.getLast();
      Histogram latency = receiver.histogram();
      LinkAccounts accounts = emulator.accounts();
      long lost = accounts.forward().lost();
      assertTrue(accounts.isBalanced(), accounts.toString());
      assertEquals(MESSAGES, accounts.forward().entered(), accounts.toString());
      assertTrue(Math.abs(lost - MESSAGES / 5) <= 20, accounts.toString());
      assertEquals(MESSAGES - lost, receiver.value("delivered"), accounts.toString());
      assertEquals(0, hosts.deviceDrops());
      // Nothing is ever early; what the machine adds only makes it later.
      assertTrue(latency.getMinValue() >= TimeUnit.MILLISECONDS.toNanos(5) * 99 / 100);
    }
  }

  @Test
  void kernelTcpCrossesItWithTheControllerThatWasAskedFor() {
    LinkOptions options = options("--loss=2%", "--rtt=2ms", "--rate=100mbit");
    try (LinkHosts hosts = hosts(false)) {
      for (String controller : List.of("reno", "cubic")) {
        String refused = hosts.first().useTcpController(controller);
        if (!refused.isEmpty()) {
          abort(refused);
        }
        try (Emulator emulator = Objects.requireNonNull(hosts.emulate(options, 5));
            Pair pair = pair(hosts, "tcp-raw")) {
          Figures receiver = pair.round("paced", "record", MESSAGES, INTERVAL_NS).getLast();
          assertEquals(MESSAGES, receiver.value("delivered"));
          assertEquals(0, receiver.value("lost") + receiver.value("misordered"));
          assertEquals(
              List.of(controller),
              hosts.first().tcpControllersInUse(List.of("bbr", "cubic", "reno")));
          assertTrue(emulator.accounts().injectedDrops() > 0);
        }
      }
      assertEquals(
          "this kernel's TCP has no nonesuch",
          hosts.first().useTcpController("nonesuch").replaceFirst(", only.*", ""));
    }
  }

  @Test
  void aPlainLinkLosesNothingAndLeavesNothingBehind() {
    List<ProcessHandle> holders;
    try (LinkHosts hosts = hosts(true);
        Pair pair = pair(hosts, "udp")) {
      holders = ProcessHandle.current().children().filter(LossyLinkTest::isHolder).toList();
      assertEquals(2, holders.size());
      Figures receiver = pair.round("paced", "record", MESSAGES, INTERVAL_NS).getLast();
      assertEquals(MESSAGES, receiver.value("delivered"));
    }
    for (ProcessHandle holder : holders) {
      holder.onExit().join();
      assertFalse(holder.isAlive());
    }
  }

  private static boolean isHolder(ProcessHandle process) {
    return process.info().command().orElse("").endsWith("cat");
  }
}
