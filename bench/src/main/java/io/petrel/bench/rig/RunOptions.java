package io.petrel.bench.rig;

import io.petrel.bench.peer.Peer;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that all side-by-side rigs share, whoever their peers are. */
abstract class RunOptions {
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

  @Option(
      names = "--histograms",
      description = "Adds each round's HdrHistogram to --json, compressed and in base64.")
  private boolean histograms;

  private long roundSeconds;

  /** Whom to measure. */
  abstract List<String> peers();

  /** A peer by its name. */
  abstract Peer peer(String name);

  /** How many receive what one sends; 0 where there are two ends of a connection. */
  int receivers() {
    return 0;
  }

  /** Set in code, as the command line sets them. */
  void set(int givenMtu, long givenSeed, int... givenCores) {
    mtu = givenMtu;
    seed = givenSeed;
    cores = givenCores;
    rounds = 1;
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

  boolean histograms() {
    return histograms;
  }

  long roundSeconds() {
    return roundSeconds;
  }

  /** How long one round is meant to take, so that a hung one can be told from a long one. */
  void roundSeconds(long seconds) {
    roundSeconds = seconds;
  }
}
