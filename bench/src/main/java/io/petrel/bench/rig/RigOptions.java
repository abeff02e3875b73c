package io.petrel.bench.rig;

import io.petrel.bench.peer.Peers;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that all side-by-side rigs share. */
final class RigOptions {
  @Option(
      names = "--peers",
      split = ",",
      required = true,
      converter = PeerName.class,
      paramLabel = "PEER",
      description = "Which peers, comma-separated: ${COMPLETION-CANDIDATES}.",
      completionCandidates = PeerNames.class)
  private List<String> peers = List.of();

  @Option(names = "--rounds", defaultValue = "9", description = "Interleaved rounds of each peer.")
  private int rounds;

  @Option(names = "--mtu", defaultValue = "1408", description = "Datagram size in bytes.")
  private int mtu;

  @Option(names = "--seed", defaultValue = "1", description = "Seed of whatever is random.")
  private long seed;

  @Option(
      names = "--cores",
      split = ",",
      arity = "1",
      defaultValue = "0,1",
      paramLabel = "CORE",
      description = "The cores of the sending and of the receiving end.")
  private int[] cores = {0, 1};

  private long roundSeconds;

  /** A peer there is. */
  static final class PeerName implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      try {
        return Peers.named(value).name();
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  /** The peers' names for the help text. */
  static final class PeerNames implements Iterable<String> {
    @Override
    public java.util.Iterator<String> iterator() {
      return Peers.names().iterator();
    }
  }

  /** Options made in code, as the command line makes them. */
  static RigOptions of(List<String> peers, int mtu, long seed, int... cores) {
    RigOptions options = new RigOptions();
    options.peers = peers;
    options.mtu = mtu;
    options.seed = seed;
    options.cores = cores;
    options.rounds = 1;
    return options;
  }

  List<String> peers() {
    return peers;
  }

  int rounds() {
    return rounds;
  }

  int mtu() {
    return mtu;
  }

  long seed() {
    return seed;
  }

  int initiatorCore() {
    return cores[0];
  }

  int responderCore() {
    return cores[cores.length - 1];
  }

  long roundSeconds() {
    return roundSeconds;
  }

  /** How long one round is meant to take, so that a hung one can be told from a long one. */
  void roundSeconds(long seconds) {
    roundSeconds = seconds;
  }
}
