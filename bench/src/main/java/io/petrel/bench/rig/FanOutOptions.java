package io.petrel.bench.rig;

import io.petrel.bench.fanout.FanOutPeers;
import io.petrel.bench.peer.Peer;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of the rig with one sender and many receivers. */
final class FanOutOptions extends RunOptions {
  @Option(
      names = "--peers",
      split = ",",
      converter = PeerName.class,
      paramLabel = "PEER",
      description = {
        "Which peers, comma-separated: ${COMPLETION-CANDIDATES}. All by default.",
        "With aeron-mcast comes aeron-mcast-shared."
      },
      completionCandidates = PeerNames.class)
  private List<String> peers = FanOutPeers.names();

  @Option(names = "--receivers", defaultValue = "8", description = "How many receive it all.")
  private int receivers;

  /** A peer there is. */
  static final class PeerName implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      try {
        return FanOutPeers.named(value).name();
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  /** The peers' names for the help text. */
  static final class PeerNames implements Iterable<String> {
    @Override
    public java.util.Iterator<String> iterator() {
      return FanOutPeers.names().iterator();
    }
  }

  /** Options made in code, as the command line makes them. */
  static FanOutOptions of(String peer, int receivers, int mtu, long seed, int... cores) {
    FanOutOptions options = new FanOutOptions();
    options.peers = List.of(peer);
    options.receivers = receivers;
    options.set(mtu, seed, cores);
    return options;
  }

  /** Aeron with a driver for each receiver is not to be shown without what one driver does. */
  @Override
  List<String> peers() {
    List<String> all = new ArrayList<>(peers);
    int separate = all.indexOf(FanOutPeers.AERON);
    if (separate >= 0 && !all.contains(FanOutPeers.AERON_SHARED)) {
      all.add(separate + 1, FanOutPeers.AERON_SHARED);
    }
    return all;
  }

  @Override
  Peer peer(String name) {
    return FanOutPeers.named(name);
  }

  @Override
  int receivers() {
    return receivers;
  }
}
