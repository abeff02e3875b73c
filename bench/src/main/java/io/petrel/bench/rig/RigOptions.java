package io.petrel.bench.rig;

import io.petrel.bench.peer.Peer;
import io.petrel.bench.peer.Peers;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of the rigs that measure the two ends of a connection. */
final class RigOptions extends RunOptions {
  @Option(
      names = "--peers",
      split = ",",
      defaultValue = "udp,rudp,tcp,aeron",
      converter = PeerName.class,
      paramLabel = "PEER",
      description = "Which peers, comma-separated: ${COMPLETION-CANDIDATES}.",
      completionCandidates = PeerNames.class)
  private List<String> peers = List.of();

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
    options.set(mtu, seed, cores);
    return options;
  }

  @Override
  List<String> peers() {
    return peers;
  }

  @Override
  Peer peer(String name) {
    return Peers.named(name);
  }
}
