package io.petrel.bench.peer;

import io.netty.channel.epoll.Epoll;
import io.netty.handler.codec.quic.Quic;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** QUIC by Netty and quiche: one connection, one stream both ways, a length before each message. */
public final class QuicPeer implements Peer {
  /** For {@code ServiceLoader}. */
  public QuicPeer() {}

  @Override
  public String name() {
    return "quic";
  }

  @Override
  public @Nullable String unavailable(boolean bulk, double loss) {
    if (!Quic.isAvailable() || !Epoll.isAvailable()) {
      Throwable cause =
          Quic.isAvailable() ? Epoll.unavailabilityCause() : Quic.unavailabilityCause();
      return "Netty's QUIC has no native library for this machine: " + cause;
    }
    return Peer.super.unavailable(bulk, loss);
  }

  @Override
  public List<String> controllers() {
    return List.of("cubic", "bbr");
  }

  @Override
  public Endpoint open(Setup setup) throws IOException {
    return new QuicEndpoint(setup);
  }
}
