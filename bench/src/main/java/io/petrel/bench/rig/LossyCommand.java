package io.petrel.bench.rig;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.cli.JsonOption;
import io.petrel.bench.cli.Quantities;
import io.petrel.bench.link.LinkHosts;
import io.petrel.bench.link.LinkOptions;
import io.petrel.bench.peer.Setup;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code bench lossy}: what peers make of a link that loses, delays and limits. */
@Command(
    name = "lossy",
    description =
        "Through an impaired link that all peers cross alike: two network namespaces joined by an"
            + " emulator. One way, each message timed from when it should have been sent, or with"
            + " --bulk as much as goes through. Needs root.")
public final class LossyCommand implements Runnable {
  @Mixin private LinkOptions link = new LinkOptions();

  @Option(
      names = "--peers",
      split = ",",
      defaultValue = "rudp,tcp,aeron,aeron-tuned,aeron-cubic,kcp,quic",
      converter = RigOptions.PeerName.class,
      paramLabel = "PEER",
      description =
          "Which peers, comma-separated: ${COMPLETION-CANDIDATES}. One that lets its user choose a"
              + " congestion control runs with each.",
      completionCandidates = RigOptions.PeerNames.class)
  private List<String> peers = List.of();

  @Option(
      names = "--cc",
      paramLabel = "NAME",
      description = "Only this congestion control, for peers that have a choice: cubic, bbr ...")
  private @Nullable String controller;

  @Option(
      names = "--loss-threshold",
      defaultValue = "2%",
      converter = Quantities.Fraction.class,
      paramLabel = "SHARE",
      description = "Loss beyond this is taken for congestion (rudp's bbr).")
  private double lossThreshold = Setup.DEFAULT_LOSS_THRESHOLD;

  @Option(names = "--size", defaultValue = "256", description = "Message size in bytes.")
  private int size;

  @Option(names = "--send-rate", defaultValue = "1000", description = "Messages a second.")
  private long sendRate;

  @Option(
      names = "--bulk",
      description = "As many messages as flow control takes, for goodput, instead of a schedule.")
  private boolean bulk;

  @Option(
      names = "--beside",
      converter = CellName.class,
      paramLabel = "PEER[/CC]",
      description =
          "With --bulk: another flow that shares the link with each peer, such as tcp/cubic, to see"
              + " who gets how much.")
  private @Nullable LossyCell beside;

  @Option(names = "--seconds", defaultValue = "20", description = "Length of a round in seconds.")
  private double seconds;

  @Option(names = "--rounds", defaultValue = "1", description = "Interleaved rounds of each peer.")
  private int rounds;

  @Option(names = "--mtu", defaultValue = "1408", description = "Datagram size in bytes.")
  private int mtu;

  @Option(names = "--seed", defaultValue = "1", description = "Seed of all that is random.")
  private long seed;

  @Option(
      names = "--cores",
      split = ",",
      arity = "1",
      defaultValue = "0,1",
      paramLabel = "CORE",
      description = "The cores of the sending and of the receiving end.")
  private int[] cores = {0, 1};

  @Option(
      names = "--plain",
      description = "A pair of virtual Ethernet devices instead of the emulator: no impairment.")
  private boolean plain;

  @Option(
      names = "--histograms",
      description = "Adds each round's HdrHistogram to --json, compressed and in base64.")
  private boolean histograms;

  @Mixin private JsonOption json = new JsonOption();

  /** A peer there is, with a congestion control that it has. */
  static final class CellName implements ITypeConverter<LossyCell> {
    @Override
    public LossyCell convert(String value) {
      try {
        return LossyCell.parse(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  @Override
  public void run() {
    Latencies.checkSize(size);
    if (sendRate < 1 || sendRate > TimeUnit.SECONDS.toNanos(1) || seconds <= 0 || rounds < 1) {
      throw new CommandFailure("--send-rate, --seconds and --rounds must be above 0");
    }
    if (beside != null && !bulk) {
      throw new CommandFailure("--beside is for goodput: give --bulk as well");
    }
    LossyPlan plan =
        new LossyPlan(
            size,
            mtu,
            bulk,
            sendRate,
            (long) (seconds * TimeUnit.SECONDS.toNanos(1)),
            seed,
            lossThreshold,
            cores[0],
            cores[cores.length - 1],
            beside);
    List<LossyCell> cells = LossyCell.choose(peers, controller);
    try (JsonOption.Output output = json.open();
        RunDirectory directory = RunDirectory.make();
        LinkHosts hosts = LinkHosts.open(plain)) {
      LossyRun run = new LossyRun(plan, link, hosts, directory.path(), output, histograms);
      run.introduce(plain);
      for (int round = 0; round < rounds; round++) {
        for (LossyCell cell : cells) {
          run.measure(cell, round);
        }
      }
      run.printTable();
      run.complain();
    }
  }
}
