package io.petrel.bench.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** The peers there are. */
public final class Peers {
  private static final List<Peer> ALL = all();

  private Peers() {}

  private static List<Peer> all() {
    List<Peer> peers = new ArrayList<>();
    peers.add(new RawUdpPeer());
    peers.add(new PetrelPeer("rudp"));
    peers.add(new PetrelPeer("tcp"));
    peers.add(new RawTcpPeer());
    peers.add(new PetrelPeer("ipc"));
    peers.add(new CacheLinePeer());
    for (AeronPeer.Kind kind : AeronPeer.Kind.values()) {
      peers.add(new AeronPeer(kind));
    }
    peers.add(new PetrelPeer(PetrelPeer.AERON));
    // Others bring their own transport to the comparison.
    ServiceLoader.load(Peer.class).forEach(peers::add);
    return List.copyOf(peers);
  }

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
        "no peer is named '" + name + "'; there are " + String.join(", ", names()));
  }
}
