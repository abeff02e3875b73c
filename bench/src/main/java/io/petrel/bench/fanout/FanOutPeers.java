package io.petrel.bench.fanout;

import io.petrel.bench.peer.Peer;
import java.util.List;

/** The peers of the fan-out rig. */
public final class FanOutPeers {
  /** Aeron with a media driver for each receiver, as if each were on a host of its own. */
  public static final String AERON = "aeron-mcast";

  /** Aeron with one media driver for all receivers. */
  public static final String AERON_SHARED = "aeron-mcast-shared";

  private static final List<Peer> ALL =
      List.of(
          new RawMulticastPeer(),
          new PetrelFanOutPeer("mcast"),
          new AeronMulticastPeer(AERON, false),
          new AeronMulticastPeer(AERON_SHARED, true),
          new PetrelFanOutPeer("tcp"));

  private FanOutPeers() {}

  /** The names, for help and errors. */
  public static List<String> names() {
    return ALL.stream().map(Peer::name).toList();
  }

  /**
   * The peer of that name.
   *
   * @throws IllegalArgumentException for an unknown name, saying which there are
   */
  public static Peer named(String name) {
    for (Peer peer : ALL) {
      if (peer.name().equals(name)) {
        return peer;
      }
    }
    throw new IllegalArgumentException(
        "no peer of a fan-out is named '" + name + "'; there are " + String.join(", ", names()));
  }
}
