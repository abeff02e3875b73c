package io.petrel.bench.rig;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.cli.JsonLine;
import io.petrel.bench.cli.JsonOption;
import io.petrel.bench.link.Emulator;
import io.petrel.bench.link.LinkAccounts;
import io.petrel.bench.link.LinkHosts;
import io.petrel.bench.link.LinkOptions;
import io.petrel.bench.link.NetworkHost;
import io.petrel.bench.peer.Route;
import io.petrel.bench.peer.Setup;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes one cell after the other over the link: each has the link to itself, from its first packet
 * on, with the same seed as all others of its round.
 */
final class LossyRun {
  private final LossyPlan plan;
  private final LinkOptions link;
  private final LinkHosts hosts;
  private final Path directory;
  private final JsonOption.Output output;
  private final PrintWriter text;
  private final Map<String, List<LossyResult>> results = new LinkedHashMap<>();
  private final List<String> complaints = new ArrayList<>();
  private final boolean histograms;
  private int pairsOpened;
  private boolean warned;

  LossyRun(
      LossyPlan plan,
      LinkOptions link,
      LinkHosts hosts,
      Path directory,
      JsonOption.Output output,
      boolean histograms) {
    this.histograms = histograms;
    this.plan = plan;
    this.link = link;
    this.hosts = hosts;
    this.directory = directory;
    this.output = output;
    text = output.text();
  }

  /** Says what is measured and how. */
  void introduce(boolean plain) {
    text.println("link: " + (plain ? "a plain pair of virtual devices" : link.toString()));
    text.println(
        plan.bulk()
            ? "load: messages of " + plan.size() + " B, as many as flow control takes"
            : "load: "
                + plan.sendRate()
                + " messages of "
                + plan.size()
                + " B a second, one way, timed from when each should have been sent");
    text.println("jvm: " + String.join(" ", ChildProcess.JVM_FLAGS));
    text.flush();
  }

  /** One cell; a peer that fails is reported and the run goes on. */
  void measure(LossyCell cell, int round) {
    String obstacle = obstacle(cell);
    if (obstacle.isEmpty()) {
      try {
        LossyResult result = run(cell, round);
        results.computeIfAbsent(cell.label(), label -> new ArrayList<>()).add(result);
        JsonLine line = result.json(line(cell).put("round", round));
        output.line(histograms ? result.histogram(line) : line);
        String flaw = result.flaw();
        if (!flaw.isEmpty()) {
          text.println(cell.label() + ": " + flaw);
        }
        if (!flaw.isEmpty() && cell.peer().repairsLoss()) {
          complaints.add(cell.label() + ": " + flaw);
        }
        return;
      } catch (CommandFailure e) {
        obstacle = "failed: " + e.getMessage();
        complaints.add(cell.label() + " " + obstacle);
      }
    }
    text.println(cell.label() + ": skipped, " + obstacle);
    text.flush();
    output.line(line(cell).put("skipped", obstacle));
  }

  private String obstacle(LossyCell cell) {
    if (!cell.skipped().isEmpty()) {
      return cell.skipped();
    }
    if (cell.peer().needsOneHost()) {
      return "both ends must be on one host";
    }
    @Nullable String unavailable = cell.peer().unavailable(plan.bulk(), 0);
    if (unavailable != null) {
      return unavailable;
    }
    return useController(cell);
  }

  private String useController(LossyCell cell) {
    if (!cell.peer().usesKernelTcp()) {
      return "";
    }
    String refused = hosts.first().useTcpController(cell.controller());
    return refused.isEmpty() ? hosts.second().useTcpController(cell.controller()) : refused;
  }

  private JsonLine line(LossyCell cell) {
    return new JsonLine()
        .put("bench", "lossy")
        .put("peer", cell.peer().name())
        .put("cc", cell.controller())
        .put("loss", link.loss(), 6)
        .put("rtt_ms", link.roundTripNs() / 1e6, 3)
        .put("rate_mbit", link.rateBitsPerSecond() / 1e6, 3)
        .put("size", plan.size())
        .put("send_rate", plan.bulk() ? 0 : plan.sendRate())
        .put("bulk", plan.bulk());
  }

  private LossyResult run(LossyCell cell, int round) {
    long dropsBefore = hosts.deviceDrops();
    Emulator emulator = hosts.emulate(link, plan.seed() + round);
    Pair rival = null;
    Pair pair = null;
    LossyResult result;
    try {
      warnOfPriority(emulator);
      LossyCell beside = plan.beside();
      rival = beside == null ? null : open(beside, List.of(beside), round);
      pair = open(cell, beside == null ? List.of(cell) : List.of(beside, cell), round);
      result = plan.bulk() ? bulk(pair, rival) : paced(pair);
      if (emulator != null) {
        LinkAccounts accounts = emulator.accounts();
        result.link(accounts, hosts.deviceDrops() - dropsBefore);
      }
    } finally {
      if (pair != null) {
        pair.abandon();
      }
      if (rival != null) {
        rival.abandon();
      }
      if (emulator != null) {
        emulator.close();
      }
    }
    if (emulator != null) {
      result.emulator(emulator.lateness(), emulator.writeFailures());
    }
    return result;
  }

  private void warnOfPriority(@Nullable Emulator emulator) {
    String refused = emulator == null ? "" : emulator.priorityRefused();
    if (!refused.isEmpty() && !warned) {
      warned = true;
      text.println("the emulator has no real-time priority and may be late: " + refused);
    }
  }

  private Pair open(LossyCell cell, List<LossyCell> opened, int round) {
    String refused = useController(cell);
    if (!refused.isEmpty()) {
      throw new CommandFailure(refused);
    }
    Pair pair = open(cell);
    String inUse = check(cell, opened);
    if (round == 0) {
      text.println(cell.label() + ": " + pair.settings() + inUse);
      text.flush();
    }
    return pair;
  }

  private Pair open(LossyCell cell) {
    NetworkHost first = hosts.first();
    NetworkHost second = hosts.second();
    Route route =
        new Route(first.address(), second.address(), link.roundTripNs(), link.rateBitsPerSecond());
    int number = pairsOpened++;
    Setup setup = plan.setup(directory.resolve("pair-" + number), route, cell.controller(), number);
    return new Pair(
        cell.peer().name(),
        setup,
        new Pair.Place(first.launcher(), plan.initiatorCore()),
        new Pair.Place(second.launcher(), plan.responderCore()),
        plan.timeoutSeconds());
  }

  /** What the kernel says that its connections use must be what was asked for. */
  private String check(LossyCell cell, List<LossyCell> opened) {
    if (!cell.peer().usesKernelTcp()) {
      return "";
    }
    List<String> known = cell.peer().controllers();
    List<String> inUse = hosts.first().tcpControllersInUse(known);
    if (inUse.isEmpty()) {
      return "; " + cell.controller() + " set for the host";
    }
    List<String> wanted =
        opened.stream()
            .filter(one -> one.peer().usesKernelTcp())
            .map(LossyCell::controller)
            .toList();
    if (!inUse.equals(known.stream().filter(wanted::contains).toList())) {
      throw new CommandFailure(
          "its connection uses " + inUse + " though the host was set to " + cell.controller());
    }
    return "; kernel " + cell.controller() + ", as its connection says";
  }

  private LossyResult paced(Pair pair) {
    List<Figures> warmUp =
        pair.round("paced", "record", plan.messagesIn(plan.warmUpNs()), plan.intervalNs());
    List<Figures> figures =
        pair.round("paced", "record", plan.messagesIn(plan.durationNs()), plan.intervalNs());
    return LossyResult.paced(plan, figures, warmUp.getLast().value("delivered"));
  }

  private LossyResult bulk(Pair pair, @Nullable Pair rival) {
    if (rival != null) {
      rival.beginStretch(plan.warmUpNs(), plan.durationNs());
    }
    pair.beginStretch(plan.warmUpNs(), plan.durationNs());
    LossyResult result = LossyResult.bulk(plan, pair.endStretch());
    LossyCell beside = plan.beside();
    if (rival != null && beside != null) {
      result.beside(beside.label(), LossyResult.bulk(plan, rival.endStretch()));
    }
    return result;
  }

  /** Medians over the rounds of each cell. */
  void printTable() {
    text.printf("%n%-20s%s%n", "", LossyResult.TITLES);
    boolean marked = false;
    for (Map.Entry<String, List<LossyResult>> cell : results.entrySet()) {
      text.printf("%-20s%s%n", cell.getKey(), LossyResult.row(cell.getValue()));
      cell.getValue().forEach(result -> text.print(result.besideText()));
      marked |= cell.getValue().stream().anyMatch(LossyResult::isTailThin);
    }
    if (marked) {
      text.println("* fewer than " + LossyResult.ENOUGH + " messages stand behind it");
    }
    text.flush();
  }

  /** Fails when a peer failed, or lost, repeated, reordered or damaged a message. */
  void complain() {
    if (!complaints.isEmpty()) {
      throw new CommandFailure(String.join("; ", complaints));
    }
  }
}
