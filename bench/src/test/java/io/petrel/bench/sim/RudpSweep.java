package io.petrel.bench.sim;

import io.petrel.bench.cli.LinkQuantities;
import io.petrel.transport.simulation.SeededRandom;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Draws a configuration of reliable UDP from a seed, runs it, and says what went wrong. */
final class RudpSweep {
  private static final long SECOND_NS = 1_000_000_000L;
  private static final int PACKET_LIMIT = 20_000;
  private static final int CERTAIN = 40; // expecting so many of a fault, none at all is no chance

  private final long seed;
  private final RudpOptions options = new RudpOptions();
  private final LinkOptions link = new LinkOptions();
  private final SeededRandom random;
  private @Nullable RudpResult result;

  RudpSweep(long seed) {
    this.seed = seed;
    random = new SeededRandom(seed).fork("configuration");
    drawLink();
    drawLoad();
    drawDisturbances();
  }

  private boolean maybe(String name, double probability) {
    return random.fork(name).chance(probability);
  }

  private void drawLink() {
    link.delayNs = random.fork("round trip").logarithmic(20_000, 600_000_000) / 2;
    link.rateBitsPerSecond = random.fork("rate").logarithmic(100_000, 10_000_000_000L);
    SeededRandom queue = random.fork("queue");
    link.queue =
        queue.chance(0.5)
            ? new LinkQuantities.Queue((int) queue.logarithmic(1, 1_000), Long.MAX_VALUE)
            : new LinkQuantities.Queue(Integer.MAX_VALUE, queue.logarithmic(20_000, 500_000_000));
    if (maybe("jitters", 0.3)) {
      link.jitterNs = random.fork("jitter").nextLong(link.delayNs + 1);
    }
    link.loss = share("loss", 0.5, 3_000);
    link.lossBack = share("loss back", 0.5, 3_000);
    link.meanBurst = maybe("bursts", 0.3) ? random.fork("burst").between(2, 10) : 1;
    double reordered = share("reorder", 0.3, 2_000);
    link.reordering =
        new LinkQuantities.Reordering(
            reordered, random.fork("reorder by").logarithmic(1_000, 2 * link.delayNs));
    link.duplicate = share("duplicate", 0.3, 1_000);
    link.corrupt = share("corrupt", 0.3, 1_000);
  }

  /** 0 in most runs, else from 0.01 % to {@code most} times that. */
  private double share(String name, double probability, int most) {
    SeededRandom own = random.fork(name);
    return own.chance(probability) ? own.logarithmic(1, most) / 10_000.0 : 0;
  }

  private void drawLoad() {
    SeededRandom load = random.fork("load");
    options.seed = seed;
    options.congestionControl = load.pick("cubic", "cubic", "bbr", "fixed");
    options.datagramBytes = load.between(576, 1_472);
    options.ringBytes = 1L << load.between(16, 19);
    options.messageBytes = load.logarithmic(8, options.ringBytes / 8);
    options.leastMessageBytes = load.chance(0.5) ? 0 : Math.max(1, options.messageBytes / 10);
    long packets = load.logarithmic(1, 2_000);
    options.messages = Math.max(1, packets * options.datagramBytes / (options.messageBytes + 8));
    options.messages = Math.min(options.messages, 20_000);
    if (load.chance(0.2)) {
      options.intervalNs = load.logarithmic(1_000, 20_000_000);
    }
    options.flows = load.chance(0.1) ? load.between(2, 4) : 1;
    options.staggerNs = load.logarithmic(1, SECOND_NS);
    options.closesEarly = load.chance(0.5);
    options.streams = load.chance(0.2) ? load.between(2, 8) : 1;
    options.packetLimit = PACKET_LIMIT;
    options.limitNs = 7_200 * SECOND_NS;
    // A burst may swallow probe after probe; that is no reason to give a session up here.
    options.idleTimeoutMs = 1_800_000;
    options.patienceNs = 100 * (link.longestRoundTripNs() + SECOND_NS);
  }

  private void drawDisturbances() {
    if (maybe("blackholes", 0.25)) {
      SeededRandom hole = random.fork("blackhole");
      long fromNs = 0;
      for (int i = hole.between(1, 3); i > 0; i--) {
        fromNs += hole.logarithmic(1_000_000, 5 * SECOND_NS);
        long untilNs = fromNs + hole.logarithmic(1_000_000, 5 * SECOND_NS);
        link.blackholes.add(new LinkQuantities.Window(fromNs, untilNs));
        fromNs = untilNs;
      }
    }
    if (maybe("rebinds", 0.25)) {
      SeededRandom moves = random.fork("rebind");
      for (int i = moves.between(1, 3); i > 0; i--) {
        options.rebindsNs.add((long) (moves.nextDouble() * expectedNs()));
      }
    }
    if (maybe("narrow path", 0.25)) {
      SeededRandom cut = random.fork("path size");
      long atNs = (long) (cut.nextDouble() * expectedNs());
      // Never less than what discovery takes to pass always.
      link.sizeLimits.add(new LinkQuantities.SizeLimit(atNs, cut.between(1_200, 1_450)));
    }
    if (maybe("slow reader", 0.2)) {
      SeededRandom reader = random.fork("reader");
      options.readerMessages = reader.between(1, 50);
      options.readerPauseNs = reader.logarithmic(10_000, 50_000_000);
    }
    if (maybe("clock jumps", 0.2)) {
      SeededRandom jumps = random.fork("jump");
      for (int i = jumps.between(1, 3); i > 0; i--) {
        long byNs = jumps.logarithmic(1_000_000, 60 * SECOND_NS);
        options.clockJumps.add(
            new RudpOptions.ClockJump(
                jumps.logarithmic(1_000, 10 * SECOND_NS),
                jumps.chance(0.5) ? byNs : -byNs,
                jumps.chance(0.5)));
      }
    }
  }

  /** How long it takes if nothing goes wrong. */
  private double expectedNs() {
    double bits = 8.0 * options.messageCount() * options.messageBytes * options.flows;
    return 8.0 * link.delayNs + bits / link.rateBitsPerSecond * SECOND_NS;
  }

  /** Runs it: null when all is well, else what is wrong, how to replay it, and what it was. */
  @Nullable String failure() {
    String what;
    try {
      RudpResult run = new RudpSimulation(options, link).run();
      result = run;
      what = run.failure();
      if (what == null && !run.isCompleted() && run.packetsSent() < PACKET_LIMIT) {
        what = "not all was delivered in " + run.seconds() + " s: " + run.network();
      }
      if (what == null) {
        what = missingFault(run);
      }
    } catch (RuntimeException | AssertionError e) {
      StackTraceElement[] trace = e.getStackTrace(); // the JVM may have left it out
      what = e + (trace.length == 0 ? "" : " at " + trace[0]);
    }
    return what == null
        ? null
        : what + "\n    replay: -Dpetrel.sweep.seed=" + seed + " at commit " + commit() + this;
  }

  /** A fault that was asked for must have happened, or the run shows nothing. */
  private @Nullable String missingFault(RudpResult run) {
    double packets = run.packetsSent() - run.queueDrops(); // the queue stands before the wire
    if (link.loss * packets / 2 > CERTAIN * link.meanBurst && run.injectedDrops() == 0) {
      return "no loss was injected";
    }
    if (link.reordering.probability() * packets / 2 > CERTAIN && run.injectedReorders() == 0) {
      return "no reordering was injected";
    }
    if (link.duplicate * packets / 2 > CERTAIN && run.injectedDuplicates() == 0) {
      return "no duplicate was injected";
    }
    if (link.corrupt * packets / 2 > CERTAIN && run.injectedCorruptions() == 0) {
      return "no corruption was injected";
    }
    return null;
  }

  /** What came of it; null before it ran or when it broke. */
  @Nullable RudpResult result() {
    return result;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%n    rate %d bit/s, delay %d ns, jitter %d ns, queue %s, loss %.4f / %.4f in bursts of"
            + " %.0f, reorder %.4f by %d ns, duplicate %.4f, corrupt %.4f, blackholes %s,%n    %s,"
            + " datagrams %d B, ring %d B, %d messages of %d to %d B each %d ns, %d flows"
            + " of %d streams, reader %d / %d ns, jumps %s, rebinds %s,"
            + " path sizes %s, closes early: %b",
        link.rateBitsPerSecond,
        link.delayNs,
        link.jitterNs,
        link.queue,
        link.loss,
        link.lossBack,
        link.meanBurst,
        link.reordering.probability(),
        link.reordering.extraNs(),
        link.duplicate,
        link.corrupt,
        link.blackholes,
        options.congestionControl,
        options.datagramBytes,
        options.ringBytes,
        options.messageCount(),
        options.leastMessageBytes,
        options.messageBytes,
        options.intervalNs,
        options.flows,
        options.streams,
        options.readerMessages,
        options.readerPauseNs,
        options.clockJumps,
        options.rebindsNs,
        link.sizeLimits,
        options.closesEarly);
  }

  private static String commit() {
    try {
      Process git =
          new ProcessBuilder("git", "rev-parse", "--short", "HEAD")
              .redirectErrorStream(true)
              .start();
      String answer = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return git.waitFor() == 0 ? answer.strip() : "unknown";
    } catch (IOException e) {
      return "unknown";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
  }
}
